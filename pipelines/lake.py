"""Put a judged file into the lake: bytes, accepted rows, rows held back, and last the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines import ledger
from pipelines.errors import Refused
from pipelines.ledger import Entry, write_atomically
from pipelines.read import fingerprint
from pipelines.rows import text
from pipelines.sources import Source
from warehouse.engine import Engine, identifier
from warehouse.home import Home


def period(engine: Engine, source: Source, table: str) -> tuple[str | None, str | None]:
    """First and last date (ISO) of the rows of a table that has the source's columns."""
    sql = (
        f"SELECT CAST(CAST({source.period.from_} AS DATE) AS VARCHAR),"
        f" CAST(CAST({source.period.to} AS DATE) AS VARCHAR) FROM {table}"
    )
    first, last = engine.execute(sql)[0]
    return first, last


def create_accepted(engine: Engine, source: Source, *, adds_up: bool) -> None:
    """Make the view `accepted`: the records to store. adds_up: rows of one key are one record."""
    columns = ", ".join(identifier(c.name) for c in source.columns if c.stored)
    sql = f"SELECT {columns}, source_row FROM kept"
    if adds_up:
        sql = (
            f"SELECT * EXCLUDE (rid) FROM (SELECT {columns}, min(source_row) AS source_row,"
            " min(rid) AS rid FROM kept GROUP BY ALL ORDER BY rid)"
        )
    engine.execute(f"CREATE VIEW accepted AS {sql}")


def store(home: Home, entry: Entry, path: Path, engine: Engine, source: Source) -> None:
    """Write everything that belongs to a file; the ledger entry comes last and commits it."""
    if not (home.raw / entry.sha256).exists():
        write_atomically(home.raw / entry.sha256, lambda to: _copy(path, to, entry.sha256))
    columns = ", ".join(identifier(name) for name in source.schema.names[:-3])
    rows = (
        f"SELECT {columns}, {text(entry.file)} AS source_file, {text(entry.sha256)} AS"
        " source_sha256, source_row FROM accepted"
    )
    write_atomically(ledger.parquet(home, entry), lambda to: engine.write_parquet(rows, to))
    if entry.quarantined:
        held = (
            f"SELECT {text(entry.sha256)} AS source_sha256, {text(entry.file)} AS source_file,"
            ' sheet, source_row, "column", value, rule, message_ja, message_en'
            " FROM findings ORDER BY row_id"
        )
        write_atomically(ledger.quarantine(home, entry), lambda to: engine.write_parquet(held, to))
    ledger.commit(home, entry)


def _copy(path: Path, to: Path, sha256: str) -> None:
    """Copy the bytes that were judged. Raises Refused where the file has changed meanwhile."""
    shutil.copyfile(path, to)
    if fingerprint(to) != sha256:
        raise Refused(
            "読み込み中にファイルが変わりました。書き込みが終わってからもう一度読み込んでください",
            "the file changed while it was loaded; load it again when it is complete",
        )
