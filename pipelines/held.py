"""Rows held back: read them again, for people and for programs."""

from __future__ import annotations

import csv
import json
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import ledger
from pipelines.errors import PipelineError
from warehouse.formula import harmless
from warehouse.home import Home
from warehouse.inputs import QUARANTINE


def table(home: Home, sha256: str | None = None) -> pa.Table:
    """All rows held back, or those of the files whose hash begins with `sha256`.

    Raises PipelineError where no loaded file has such a hash.
    """
    entries = [e for e in ledger.entries(home) if e.sha256.startswith((sha256 or "").lower())]
    if sha256 and not entries:
        raise PipelineError(
            f"{sha256} で始まるファイルはありません。status --json の sha256 を確かめてください",
            f"no loaded file begins with {sha256}; see the sha256 in status --json",
        )
    parts = [
        pq.read_table(ledger.quarantine(home, entry), schema=QUARANTINE)
        for entry in entries
        if entry.quarantined
    ]
    return pa.concat_tables([QUARANTINE.empty_table(), *parts])


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
