"""Put a judged file into the lake: bytes, accepted rows, rows held back, and last the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import ledger
from pipelines.ahead import ahead
from pipelines.ledger import Entry, write_atomically
from pipelines.read import Fingerprint
from pipelines.rows import text
from pipelines.sources import Source
from pipelines.validate import Judge
from warehouse.engine import Engine, identifier
from warehouse.home import Home


def period(engine: Engine, source: Source, table: str) -> tuple[str | None, str | None]:
    """First and last date (ISO) of the rows of a table that has the source's columns.

    Both are None where it has no rows, or the source no period. The count makes an aggregate of a
    period that is none (NULL), so that there is one row even then.
    """
    sql = (
        f"SELECT CAST(CAST({source.period.from_} AS DATE) AS VARCHAR),"
        f" CAST(CAST({source.period.to} AS DATE) AS VARCHAR), count(*) FROM {table}"
    )
    first, last, _ = engine.execute(sql)[0]
    return first, last


def create_accepted(engine: Engine, source: Source, *, adds_up: bool) -> None:
    """Make the view `accepted`: the records to store. adds_up: rows of one key are one record."""
    columns = ", ".join(identifier(c.name) for c in source.columns if c.stored)
    sql = f"SELECT {columns}, source_row FROM kept"
    if adds_up:
        sql = (
            f"SELECT * EXCLUDE (rid) FROM (SELECT {columns}, min(source_row) AS source_row,"
            " min(rid) AS rid FROM kept GROUP BY ALL) ORDER BY rid"
        )
    engine.execute(f"CREATE VIEW accepted AS {sql}")


def whole_chunks(engine: Engine, judge: Judge) -> Iterator[pa.Table]:
    """The rows of `accepted` where it is all that `judge` has kept but for repeats and findings.

    The words of the chunks come as the dictionaries that they have been since they were read.
    """
    repeated = engine.arrow("SELECT DISTINCT rid FROM repeats")["rid"].to_numpy()
    held = engine.arrow("SELECT DISTINCT row_id FROM findings")["row_id"].to_numpy()
    for chunk in judge.chunks():
        if len(repeated) or len(held):
            out = np.isin(chunk["rid"].to_numpy(), repeated)
            out |= np.isin(chunk["row_id"].to_numpy(), held)
            chunk = chunk.filter(pa.array(~out))
        yield chunk


def batches(engine: Engine) -> Iterator[pa.Table]:
    """The rows of `accepted`, whatever it is."""
    for batch in engine.batches("SELECT * FROM accepted"):
        yield pa.Table.from_batches([batch])


def _write(tables: Iterator[pa.Table], entry: Entry, schema: pa.Schema, path: Path) -> None:
    """Write tables to Parquet, with where the rows come from. Words as dictionaries."""
    words = pa.dictionary(pa.int32(), pa.string())
    fields = [(f.name, words if pa.types.is_string(f.type) else f.type) for f in schema]
    dictionaries = [name for name, kind in fields if kind == words]
    others = {name: "DELTA_BINARY_PACKED" for name, kind in fields if _counts(kind)}
    with pq.ParquetWriter(
        path,
        pa.schema(fields),
        store_schema=False,
        use_dictionary=dictionaries,
        write_statistics=list(others),
        column_encoding=others or None,
    ) as writer:
        for table in tables:
            same = {"source_file": entry.file, "source_sha256": entry.sha256}
            columns = []
            for name, kind in fields:
                if name in same:
                    indices = pa.repeat(pa.scalar(0, pa.int32()), table.num_rows)
                    column = pa.DictionaryArray.from_arrays(indices, pa.array([same[name]]))
                else:
                    column = table[name]
                    if kind == words and pa.types.is_string(column.type):
                        column = column.dictionary_encode()
                columns.append(column)
            writer.write_table(pa.table(columns, schema=pa.schema(fields)))


def _counts(kind: pa.DataType) -> bool:
    """Whole numbers, days and moments lie close together."""
    return pa.types.is_integer(kind) or pa.types.is_temporal(kind)


def store(
    home: Home,
    entry: Entry,
    original: Fingerprint,
    engine: Engine,
    source: Source,
    tables: Iterator[pa.Table],
) -> None:
    """Write everything that belongs to a file; the ledger entry comes last and commits it.

    original: its bytes, copied. tables: the rows of `accepted`, see `whole_chunks` and `batches`.
    """
    with ThreadPoolExecutor(1) as beside:
        bytes_kept = beside.submit(_keep_bytes, home.raw / entry.sha256, original)
        write_atomically(
            ledger.parquet(home, entry),
            lambda to: _write(ahead(tables), entry, source.schema, to),
        )
        bytes_kept.result()
    if entry.quarantined:
        held = (
            f"SELECT {text(entry.sha256)} AS source_sha256, {text(entry.file)} AS source_file,"
            ' sheet, source_row, "column", value, rule, message_ja, message_en'
            " FROM findings ORDER BY row_id"
        )
        write_atomically(ledger.quarantine(home, entry), lambda to: engine.write_parquet(held, to))
    ledger.commit(home, entry)


def _keep_bytes(raw: Path, original: Fingerprint) -> None:
    """Keep a file's bytes: the copy that was made while they were hashed."""
    copy = original.copy
    if not raw.exists() and copy is not None:
        write_atomically(raw, lambda to: _move(copy, to))


def _move(path: Path, to: Path) -> None:
    path.replace(to)
