"""Rows held back that are still open: read them again, for people and for programs.

A row is open until a returned file brings it again (see pipelines.returned) or its file is
replaced or forgotten. What was held when is kept in the ledger.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import ledger
from pipelines.entry import Entry, active_of, closed, replaced_by
from pipelines.errors import PipelineError
from warehouse.formula import harmless
from warehouse.home import Home
from warehouse.inputs import QUARANTINE


def table(home: Home, sha256: str | None = None) -> pa.Table:
    """All open rows, or those of the files whose hash begins with `sha256`.

    Raises PipelineError where no loaded file has such a hash, or another replaces it.
    """
    known = ledger.entries(home)
    if sha256:
        _refuse_replaced(known, sha256.lower())
    active = active_of(known)
    done = closed(active)
    parts = [
        _open_rows(home, entry, done.get(entry.sha256, {}))
        for entry in active
        if entry.quarantined and entry.sha256.startswith((sha256 or "").lower())
    ]
    return pa.concat_tables([QUARANTINE.empty_table(), *parts])


def _refuse_replaced(known: Sequence[Entry], start: str) -> None:
    meant = [entry for entry in known if entry.sha256.startswith(start)]
    if not meant:
        raise ledger.no_such_file(start)
    by = replaced_by(known)
    if gone := [entry for entry in meant if (entry.corrects or entry.sha256) in by]:
        later = by[gone[0].corrects or gone[0].sha256]
        raise PipelineError(
            f"{gone[0].file} は {later.file}（{later.sha256[:12]}）に置き換えられています",
            f"{gone[0].file} is replaced by {later.file} ({later.sha256[:12]})",
        )


def open_entries(home: Home) -> list[Entry]:
    """The active entries, with `quarantined` saying what is still open.

    Rows that a returned file brought again count there; here they are ignored with the reason
    `corrected`, so that rows still add up. Raises PipelineError.
    """
    active = ledger.active(home)
    done = closed(active)
    found = []
    for entry in active:
        if entry.quarantined and entry.sha256 in done:
            rows = _open_rows(home, entry, done[entry.sha256])
            still = len(set(zip(*(rows[name].to_pylist() for name in ROW), strict=True)))
            again = entry.quarantined - still
            reasons = {**entry.ignored_reasons, "corrected": again}
            entry = replace(
                entry, quarantined=still, ignored=entry.ignored + again, ignored_reasons=reasons
            )
        found.append(entry)
    return found


ROW = ("sheet", "source_row")
"""What names a physical row of a file."""


def _open_rows(home: Home, entry: Entry, done: Mapping[str, set[int]]) -> pa.Table:
    rows = pq.read_table(ledger.quarantine(home, entry), schema=QUARANTINE)
    if not done:
        return rows
    sheets, numbers = (rows[name].to_pylist() for name in ROW)
    keep = [
        number not in done.get(sheet or "", ())
        for sheet, number in zip(sheets, numbers, strict=True)
    ]
    return rows.filter(pa.array(keep, pa.bool_()))


def write_csv(rows: pa.Table, to: TextIO) -> None:
    """Comma-separated, with a header; no cell can be run as a formula."""
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(rows.column_names)
    for batch in rows.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            writer.writerow([_harmless(value) for value in row.values()])


def _harmless(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def write_json(rows: pa.Table, to: TextIO) -> None:
    """A list with one object per entry."""
    json.dump(rows.to_pylist(), to, ensure_ascii=False, indent=1)
    to.write("\n")


def write_lines(rows: pa.Table, to: TextIO) -> None:
    """One line per entry: file, row, column, value, message."""
    for batch in rows.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            sheet = f"［{row['sheet']}］" if row["sheet"] else ""
            column = f" {row['column']}" if row["column"] else ""
            value = f"「{row['value']}」" if row["value"] else ""
            to.write(
                f"{row['source_file']}{sheet} {row['source_row']}行目{column}{value}: "
                f"{row['message_ja']}\n"
            )
    if not rows.num_rows:
        to.write("保留されている行はありません\n")
