"""A small lake written as text tables, published by the real build, asked through the real door."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sources import load_sources
from warehouse.build import Models, build
from warehouse.home import Home
from warehouse.inputs import QUARANTINE, Input
from warehouse.query import Release, open_release

TEXT, INT, LONG, REAL = pa.string(), pa.int32(), pa.int64(), pa.float64()
DAY, MOMENT, FLAG = pa.date32(), pa.timestamp("us"), pa.bool_()
PROVENANCE = {"source_file": TEXT, "source_sha256": TEXT, "source_row": LONG}
POPULATION = {
    **dict.fromkeys(("series", "projection", "area", "area_name", "prefecture"), TEXT),
    **{"area_kind": TEXT},
    **{"year": INT, "sex": TEXT, "age_from": INT, "age_to": INT, "population": LONG},
    **{"is_actual": FLAG, "counts_in_nation": FLAG, "base_year": INT},
}
INDICATOR = {
    **{"municipality": TEXT, "indicator": TEXT, "as_of": DAY, "value": REAL},
    **dict.fromkeys(("status", "unit", "category"), TEXT),
}
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "ticket_log": {
        **dict.fromkeys(("municipality", "office", "department", "counter"), TEXT),
        **dict.fromkeys(("procedure", "channel", "ticket_number"), TEXT),
        **{"issued_at": MOMENT, "called_at": MOMENT, "finished_at": MOMENT},
        **{"outcome": TEXT, "forwarded_from": TEXT, "wait_seconds": INT, "service_seconds": INT},
        **{"issued_date": DAY, "weekday": INT, "issued_hour": INT, "issued_slot": INT},
        **{"records_finish": FLAG, "records_no_show": FLAG, "records_forward": FLAG},
    },
    "ipss_r5_suikei": POPULATION,
    "ipss_r5_kekkahyo1": POPULATION,
    "ipss_r5_kekkahyo2": POPULATION,
    "ipss_h30_suikei": POPULATION,
    "ipss_national": POPULATION,
    "ipss_national_5y": POPULATION,
    "ipss_national_pyramid": POPULATION,
    "juki_age": POPULATION,
    "workload_survey": {
        **dict.fromkeys(("municipality", "survey", "department", "section", "task"), TEXT),
        **{"work": TEXT, "category": TEXT, "staff_kind": TEXT},
        **{"hours": REAL, "volume": REAL, "minutes_per_case": REAL},
    },
    "staff_age": {
        **{"municipality": TEXT, "as_of": DAY, "department": TEXT, "age": INT, "job": TEXT},
        **{"kind": TEXT, "headcount": INT, "fte": REAL},
    },
    "staff_flow": {
        **{"municipality": TEXT, "fiscal_year": INT, "department": TEXT, "age": INT},
        **{"kind": TEXT, "hires": INT, "separations": INT, "reason": TEXT},
    },
    "queue_snapshot": {
        **{"municipality": TEXT, "office": TEXT, "queue": TEXT, "observed_at": MOMENT},
        **{"waiting": INT, "open_counters": INT, "current_number": TEXT},
        **{"shown_wait_minutes": REAL, "observed_date": DAY, "weekday": INT, "slot": INT},
    },
    "applications": {
        **{"municipality": TEXT, "month": DAY, "procedure": TEXT, "intake": TEXT, "place": TEXT},
        **{"processing": TEXT, "applications": INT, "minutes_per_case": REAL},
    },
    "opening": {
        **{"municipality": TEXT, "office": TEXT, "counter_group": TEXT, "date": DAY},
        **{"open_at": TEXT, "close_at": TEXT, "counters_open": INT},
    },
    "counter_month": {
        **{"municipality": TEXT, "month": DAY, "issued": INT, "called": INT, "no_show": INT},
        **{"abandoned": INT, "served": INT, "wait_minutes": REAL, "waits_over_target": INT},
        **{"service_minutes": REAL},
    },
    "event": {
        **{"municipality": TEXT, "event_date": DAY, "name": TEXT, "department": TEXT},
        **{"counter": TEXT, "note": TEXT},
    },
    "target": {"municipality": TEXT, "metric": TEXT, "value": REAL, "due": DAY, "basis": TEXT},
    "municipality": {
        **dict.fromkeys(("code", "prefecture", "name", "kana", "kind", "parent"), TEXT),
        **{"valid_from": DAY, "valid_to": DAY},
    },
    "municipality_change": {
        **{"effective_date": DAY, "reason": TEXT, "old_code": TEXT, "old_name": TEXT},
        **{"new_code": TEXT, "new_name": TEXT},
    },
    "indicator": INDICATOR,
    "mynumber_card": INDICATOR,
    "dx_overview": INDICATOR,
    "dx_dashboard": INDICATOR,
    "life_table": {
        **{"area": TEXT, "table_year": INT, "sex": TEXT, "age_from": INT},
        **dict.fromkeys(("mortality", "survivors", "person_years"), REAL),
    },
    "population_assumption": {
        **{"area": TEXT, "year_from": INT, "sex": TEXT, "age_from": INT},
        **dict.fromkeys(("survival", "net_migration", "child_woman_ratio", "sex_ratio"), REAL),
    },
    "name_mapping": dict.fromkeys(("written", "prefecture", "code", "note"), TEXT),
}


def rows(text: str) -> list[dict[str, str | None]]:
    """Read a text table: `|` between cells, the first line names columns, `-` is null."""
    lines = [line.strip().strip("|") for line in text.strip().splitlines()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [
        {name: None if cell == "-" else cell for name, cell in zip(cells[0], row, strict=True)}
        for row in cells[1:]
    ]


def typed(cell: str | None, kind: pa.DataType) -> Any:
    if cell is None:
        return None
    if kind == DAY:
        return date.fromisoformat(cell if len(cell) > 7 else f"{cell}-01")
    if kind == MOMENT:
        return datetime.fromisoformat(cell)
    if kind == FLAG:
        return {"yes": True, "no": False}[cell]
    return cell if kind == TEXT else float(cell) if kind == REAL else int(cell)


def arrow(source: str, text: str, sha256: str) -> pa.Table:
    """One lake file of a source. Columns that the text leaves out are null."""
    schema = SCHEMAS[source]
    found = rows(text)
    if unknown := set(found[0]) - schema.keys():
        raise KeyError(f"{source} has no column {sorted(unknown)}")
    columns = {
        name: pa.array([typed(row.get(name), kind) for row in found], kind)
        for name, kind in schema.items()
    }
    columns["source_file"] = pa.array([f"{source}.csv"] * len(found), TEXT)
    columns["source_sha256"] = pa.array([sha256] * len(found), TEXT)
    columns["source_row"] = pa.array(range(2, len(found) + 2), LONG)
    return pa.table(columns)


def tickets(text: str) -> str:
    """Complete a table of tickets: the columns computed at ingest follow from the times."""
    found = rows(text)
    for number, row in enumerate(found):
        issued = datetime.fromisoformat(str(row["issued_at"]))
        called, finished = (
            datetime.fromisoformat(str(row[name])) if row.get(name) else None
            for name in ("called_at", "finished_at")
        )
        wait = int((called - issued).total_seconds()) if called else None
        service = int((finished - called).total_seconds()) if finished and called else None
        outcome = "served" if finished else "called" if called else "abandoned"
        computed: dict[str, Any] = {
            "ticket_number": number + 1,
            "outcome": outcome,
            "wait_seconds": wait,
            "service_seconds": service,
            "issued_date": issued.date().isoformat(),
            "weekday": issued.isoweekday(),
            "issued_hour": issued.hour,
            "issued_slot": issued.hour * 2 + issued.minute // 30,
            "records_finish": "yes",
            "records_no_show": "yes",
            "records_forward": "no",
        }
        for name, value in computed.items():
            if name not in row:
                row[name] = None if value is None else str(value)
    return written(pd.DataFrame(found, dtype=object))


def written(frame: pd.DataFrame) -> str:
    """A frame as a text table: months and days in ISO form, whole numbers without a point."""
    lines = [" | ".join(str(column) for column in frame.columns)]
    for row in frame.itertuples(index=False):
        lines.append(" | ".join(cell_text(value) for value in row))
    return "\n".join(lines)


def cell_text(value: Any) -> str:
    if value is None or pd.isna(value):
        return "-"
    if isinstance(value, pd.Timestamp | datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def same(frame: pd.DataFrame, expected: str) -> None:
    """Compare a frame with a text table, row by row, in order."""
    found = [line.split(" | ") for line in written(frame).splitlines()]
    wanted = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in expected.strip().splitlines()
    ]
    assert found == wanted


class Lake:
    """Lake files of one home. `add` writes one file; `build` publishes them."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.files: dict[str, list[Path]] = {source: [] for source in SCHEMAS}
        self.ledger: list[dict[str, Any]] = []
        self.held: list[dict[str, Any]] = []

    def hold(self, sha256: str, text: str) -> None:
        """Write rows held back of a file: any columns of QUARANTINE."""
        for row in rows(text):
            number = row.get("source_row")
            self.held.append({**row, "source_sha256": sha256, "source_row": int(number or 0)})

    def add(self, source: str, text: str, **entry: Any) -> str:
        """Write a file and its ledger entry; return its sha256."""
        if source == "ticket_log":
            text = tickets(text)
        sha256 = hashlib.sha256(f"{source}{text}".encode()).hexdigest()
        table = arrow(source, text, sha256)
        path = self.home.lake / source / f"{sha256}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        self.files[source].append(path)
        counts = dict.fromkeys(("quarantined", "duplicates", "ignored"), 0)
        self.ledger.append(
            {
                **{"sha256": sha256, "file": f"{source}.csv", "source": source},
                **{"source_label_ja": source, "owner": "市", "licence": "内部", "synthetic": False},
                **{"rows_read": len(table), "accepted": len(table), **counts},
                **{"loaded_at": "2026-11-02T00:14:00+00:00", "result": "stored", **entry},
            }
        )
        return sha256

    def release(self, models: Models | None = None) -> Release:
        """Publish what was added and open it."""
        self.build(models)
        return open_release(self.home)

    def inputs(self) -> dict[str, Input]:
        """What a build reads: every source with its columns, its files and what it feeds."""
        return {
            source: Input(
                self.files[source],
                pa.schema({**schema, **PROVENANCE}),
                load_sources()[source].feeds,
            )
            for source, schema in SCHEMAS.items()
        }

    def build(self, models: Models | None = None) -> str:
        """Publish what was added; return the release's name."""
        inputs = self.inputs()
        columns = {name for entry in self.ledger for name in entry}
        ledger = pa.table(
            {name: [entry.get(name) for entry in self.ledger] for name in sorted(columns)}
        )
        held = pa.Table.from_pylist(self.held, schema=QUARANTINE)
        return build(self.home, inputs, ledger, held, models)


__all__ = ["Lake", "same", "written"]
