"""Rows that say again what is known, and rows that contradict it.

The first row of a key stands, be it of this file or of one loaded before; later ones are
duplicates where they agree with it and conflicts where they do not. So loading a file in two halves
gives what loading it whole gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.keys import key_hashes
from pipelines.messages import CONFLICT
from pipelines.rows import text
from pipelines.sources import Source
from pipelines.spool import Hashes
from pipelines.validate import Judge
from warehouse.engine import Engine, identifier


def _same_key(source: Source, left: str, right: str) -> str:
    return " AND ".join(
        f"{left}.{identifier(name)} IS NOT DISTINCT FROM {right}.{identifier(name)}"
        for name in source.key
    )


def _same_values(source: Source, left: str, right: str) -> str:
    compared = [
        c.name for c in source.columns if c.stored and c.compared and c.name not in source.key
    ]
    return (
        " AND ".join(
            f"{left}.{identifier(name)} IS NOT DISTINCT FROM {right}.{identifier(name)}"
            for name in compared
        )
        or "TRUE"
    )


def _hashed(
    engine: Engine, source: Source, judge: Judge
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]]:
    """rid and hash of the key of each row, a chunk at a time."""
    keys = judge.telling_keys
    if keys is not None:
        for chunk in judge.spool.chunks(["rid", *keys]):
            hashes = key_hashes([chunk[name] for name in keys], chunk.num_rows)
            yield chunk["rid"].to_numpy(), hashes
        return
    listed = ", ".join(identifier(name) for name in source.key)
    for batch in engine.batches(f"SELECT rid, {listed} FROM good"):
        hashes = key_hashes([batch[name] for name in source.key], batch.num_rows)
        yield batch["rid"].to_numpy(), hashes


def _suspects(engine: Engine, source: Source, judge: Judge, folder: Path) -> npt.NDArray[np.int64]:
    """rid of the rows that may have the key of another row."""
    seen = Hashes(folder)
    for _, hashes in _hashed(engine, source, judge):
        seen.add(hashes)
    repeated = seen.repeated()
    if not len(repeated):
        return np.empty(0, np.int64)
    return np.concatenate(
        [rids[np.isin(hashes, repeated)] for rids, hashes in _hashed(engine, source, judge)]
    )


def _within_file(
    engine: Engine, source: Source, judge: Judge, file_name: str, folder: Path
) -> None:
    rids = _suspects(engine, source, judge, folder)
    if not len(rids):
        return
    engine.register("suspect_rids", pa.table({"rid": rids}))
    engine.execute(
        "CREATE TEMP TABLE suspects AS FROM good WHERE rid IN (SELECT rid FROM suspect_rids)"
        " AND rid NOT IN (SELECT rid FROM repeats)"
    )
    key = ", ".join(identifier(name) for name in source.key)
    engine.execute(
        f"""
        INSERT INTO repeats
        WITH twice AS (
            SELECT {key}, min(rid) AS first_rid FROM suspects GROUP BY {key} HAVING count(*) > 1
        ),
        paired AS (
            SELECT g.rid, t.first_rid FROM suspects g JOIN twice t ON {_same_key(source, "g", "t")}
            WHERE g.rid <> t.first_rid
        )
        SELECT p.rid, {_same_values(source, "g", "f")}, {text(file_name)}, f.source_row, NULL
        FROM paired p JOIN suspects g ON g.rid = p.rid JOIN suspects f ON f.rid = p.first_rid"""
    )
    engine.execute("DROP TABLE suspects")


def _against_lake(engine: Engine, source: Source, files: Sequence[Path]) -> None:
    engine.register_parquet("earlier", files, source.schema)
    key = ", ".join(identifier(name) for name in source.key)
    engine.execute(
        f"CREATE TEMP TABLE met AS SELECT * FROM earlier"
        f" WHERE hash({key}) IN (SELECT hash({key}) FROM good)"
    )
    engine.execute(
        f"""
        INSERT INTO repeats
        SELECT g.rid, {_same_values(source, "g", "e")}, e.source_file, e.source_row,
            e.source_sha256
        FROM good g JOIN met e ON {_same_key(source, "g", "e")}"""
    )


def dedupe(
    engine: Engine,
    source: Source,
    judge: Judge,
    file_name: str,
    earlier: Sequence[Path],
    folder: Path,
    *,
    adds_up: bool,
) -> None:
    """Tell new records from repeated ones.

    earlier: Parquet files of this source whose period overlaps. folder: for passing files. adds_up:
    rows of one key belong
    together (one row per person), so they do not repeat each other.
    Conflicts are added to `findings`; the view `kept` has the records to store; `repeats` those
    that repeat others, with the sha256 of the earlier file (null: the file itself).
    """
    engine.execute(
        "CREATE TABLE repeats (rid BIGINT, same BOOLEAN, file VARCHAR, row BIGINT, sha256 VARCHAR)"
    )
    if earlier:
        _against_lake(engine, source, earlier)
    if not adds_up:
        _within_file(engine, source, judge, file_name, folder)
    left_out = []
    if engine.execute("SELECT 1 FROM repeats LIMIT 1"):
        _find_conflicts(engine, source)
        left_out.append("rid NOT IN (SELECT rid FROM repeats)")
        left_out.append("row_id NOT IN (SELECT row_id FROM findings)")
    where = f" WHERE {' AND '.join(left_out)}" if left_out else ""
    engine.execute(f"CREATE VIEW kept AS SELECT * FROM good{where}")


@dataclass(frozen=True)
class Counts:
    """Physical rows of a file by what became of them."""

    accepted: int
    quarantined: int
    duplicates: int


def counts(engine: Engine, *, single: bool) -> Counts:
    """Count rows, once `dedupe` is done. single: each physical row has one record."""
    rows = "count(*)" if single else "count(DISTINCT row_id)"
    held = engine.execute("SELECT count(DISTINCT row_id) FROM findings")[0][0]
    accepted = engine.execute(f"SELECT {rows} FROM kept")[0][0]
    if not engine.execute("SELECT 1 FROM repeats LIMIT 1"):
        return Counts(accepted, held, 0)
    seen = engine.execute(
        f"SELECT {rows} FROM good WHERE row_id NOT IN (SELECT row_id FROM findings)"
    )[0][0]
    return Counts(accepted, held, seen - accepted)


def _find_conflicts(engine: Engine, source: Source) -> None:
    labels = "・".join(source.column(name).label.ja for name in source.key)
    names = ", ".join(source.key)
    ja, en = (
        f"replace(replace({text(template.replace('{key}', key))}, '{{file}}', r.file),"
        " '{row}', CAST(r.row AS VARCHAR))"
        for template, key in ((CONFLICT.ja, labels), (CONFLICT.en, names))
    )
    engine.execute(
        f"""
        INSERT INTO findings
        SELECT g.row_id, g.source_row, g.sheet, {text(labels)},
            concat_ws('・', {", ".join(identifier(name) for name in source.key)}),
            'conflict', {ja}, {en}
        FROM repeats r JOIN good g USING (rid) WHERE NOT r.same"""
    )
