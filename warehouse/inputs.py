"""What a build starts from besides the lake: shapes of tables, reference lists, the calendar."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pyarrow as pa

from warehouse import decisions
from warehouse.home import Config, Home

REFERENCE = Path(__file__).parent / "reference"
FIRST_DAY, LAST_DAY = date(1989, 1, 1), date(2060, 12, 31)
"""The calendar's span: from the first year of Heisei past the last year of any projection."""

LEDGER = pa.schema(
    [
        ("sha256", pa.string()),
        ("file", pa.string()),
        ("source", pa.string()),
        ("source_label_ja", pa.string()),
        ("source_label_en", pa.string()),
        ("owner", pa.string()),
        ("licence", pa.string()),
        ("landing_page", pa.string()),
        ("schedule", pa.string()),
        ("profile", pa.string()),
        ("municipality", pa.string()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("rows_read", pa.int64()),
        ("accepted", pa.int64()),
        ("quarantined", pa.int64()),
        ("duplicates", pa.int64()),
        ("ignored", pa.int64()),
        ("ignored_reasons", pa.string()),
        ("loaded_at", pa.timestamp("us", "UTC")),
        ("loaded_by", pa.string()),
        ("result", pa.string()),
        ("synthetic", pa.bool_()),
    ]
)
"""One row per loaded file. Dates and moments may come as ISO text."""

QUARANTINE = pa.schema(
    [
        ("source_sha256", pa.string()),
        ("source_file", pa.string()),
        ("sheet", pa.string()),
        ("source_row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("message_ja", pa.string()),
        ("message_en", pa.string()),
    ]
)
"""One row per reason for which a row was held back: a physical row has as many as faults."""

_KEY = [("municipality", pa.string()), ("scenario", pa.string()), ("year", pa.int32())]
MODELS: Mapping[str, pa.Schema] = {
    "mart_model_required": pa.schema(
        [
            *_KEY,
            ("department", pa.string()),
            ("category", pa.string()),
            ("hours", pa.float64()),
            ("fte", pa.float64()),
        ]
    ),
    "mart_model_staff": pa.schema(
        [
            *_KEY,
            ("age", pa.int32()),
            ("kind", pa.string()),
            ("headcount", pa.float64()),
            ("fte", pa.float64()),
        ]
    ),
    "mart_model_flow": pa.schema(
        [
            *_KEY,
            *((name, pa.float64()) for name in ("hires", "separations", "retirements")),
            ("pool_20_24", pa.float64()),
        ]
    ),
    "mart_model_rate": pa.schema(
        [
            ("municipality", pa.string()),
            ("age", pa.int32()),
            *((name, pa.float64()) for name in ("separation", "separation_se", "hire_share")),
            *((name, pa.string()) for name in ("source", "hire_source")),
            *((name, pa.float64()) for name in ("hires", "hires_se")),
        ]
    ),
    "mart_model_gap": pa.schema(
        [
            *_KEY,
            *((name, pa.float64()) for name in ("required_fte", "available_fte", "gap_fte")),
            *((f"gap_{end}{level}", pa.float64()) for level in (80, 95) for end in ("low", "high")),
        ]
    ),
}
"""Tables that the models fill, with their columns; empty where there is nothing to compute from."""


@dataclass(frozen=True)
class Input:
    """The lake's files of one source and the columns that they have.

    feeds: the core table that the source gives its rows to together with others (see feeds.py).
    """

    files: Sequence[Path]
    schema: pa.Schema
    feeds: str | None = None


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a table the columns and types of `schema`; missing columns are null, others go.

    Raises pyarrow.ArrowInvalid where a value does not fit.
    """
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def reference(name: str) -> pa.Table:
    """A list that ships with the product (`category`, `driver`, `municipality`), typed."""
    convert: dict[str, tuple[pa.DataType, Callable[[str], Any]]] = {
        "position": (pa.int32(), int),
        "valid_from": (pa.date32(), date.fromisoformat),
        "valid_to": (pa.date32(), date.fromisoformat),
    }
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {}
    for column in rows[0]:
        kind, read = convert.get(column, (pa.string(), str))
        columns[column] = pa.array([read(r[column]) if r[column] else None for r in rows], kind)
    return pa.table(columns)


def calendar() -> pa.Table:
    """One row per day of the span with weekday (1 = Monday), fiscal year and holiday's name."""
    names = holidays.country_holidays(
        "JP", years=range(FIRST_DAY.year, LAST_DAY.year + 1), language="ja"
    )
    days = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    return pa.table(
        {
            "date": pa.array(days, pa.date32()),
            "year": pa.array([day.year for day in days], pa.int32()),
            "month": pa.array([day.month for day in days], pa.int32()),
            "month_start": pa.array([day.replace(day=1) for day in days], pa.date32()),
            "day": pa.array([day.day for day in days], pa.int32()),
            "weekday": pa.array([day.isoweekday() for day in days], pa.int32()),
            "fiscal_year": pa.array([day.year - (day.month < 4) for day in days], pa.int32()),
            "holiday": pa.array([names.get(day) for day in days], pa.string()),
        }
    )


def driver_changes(home: Home) -> pa.Table:
    """What people decided about the population groups that work follows, oldest first."""
    rows = [asdict(one) for one in decisions.driver_changes(home)]
    names = [field.name for field in fields(decisions.DriverChange)]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def settings(config: Config) -> pa.Table:
    """One row: the settings that marts and metrics use."""
    return pa.table(
        {
            "wait_target_seconds": [config.wait_target_minutes * 60],
            "annual_hours_per_fte": [config.annual_hours_per_fte],
            "digital_from": [config.digital_from],
            "paper_majority": [config.paper_majority],
            "target_from": [config.target_from],
            "suppression_threshold": [config.suppression_threshold],
        }
    )


def version() -> str:
    """The product's version, as pyproject.toml says it."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])
