"""Rows that say again what is known, and rows that contradict it.

Within a file the first row of a key stands; later ones are duplicates where they agree with it
and conflicts where they do not. The same holds against the files loaded before. So loading a file
in two halves gives what loading it whole gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.messages import CONFLICT
from pipelines.sources import Source
from pipelines.stage import text
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


def _within_file(engine: Engine, source: Source, file_name: str) -> None:
    key = ", ".join(identifier(name) for name in source.key)
    engine.execute(
        f"""
        INSERT INTO repeats
        WITH twice AS (
            SELECT {key}, min(rid) AS first_rid FROM good GROUP BY {key} HAVING count(*) > 1
        ),
        paired AS (
            SELECT g.rid, t.first_rid FROM good g JOIN twice t ON {_same_key(source, "g", "t")}
            WHERE g.rid <> t.first_rid
        )
        SELECT p.rid, {_same_values(source, "g", "f")}, {text(file_name)}, f.source_row, NULL
        FROM paired p JOIN good g ON g.rid = p.rid JOIN good f ON f.rid = p.first_rid"""
    )


def _against_lake(
    engine: Engine, source: Source, files: Sequence[Path], *, whole_keys: bool
) -> None:
    engine.register_parquet("earlier", files, source.schema)
    others = "" if whole_keys else " AND g.rid NOT IN (SELECT rid FROM repeats)"
    engine.execute(
        f"""
        INSERT INTO repeats
        SELECT g.rid, {_same_values(source, "g", "e")}, e.source_file, e.source_row,
            e.source_sha256
        FROM good g JOIN earlier e ON {_same_key(source, "g", "e")} WHERE TRUE{others}"""
    )


def dedupe(
    engine: Engine,
    source: Source,
    file_name: str,
    earlier: Sequence[Path],
    *,
    adds_up: bool,
) -> None:
    """Tell new records from repeated ones.

    earlier: Parquet files of this source whose period overlaps. adds_up: rows of one key belong
    together (one row per person), so they do not repeat each other.
    Conflicts are added to `findings`; `kept` holds the rid of every record to store; `repeats` the
    records that repeat others, with the sha256 of the earlier file (null: the file itself).
    """
    engine.execute(
        "CREATE TABLE repeats (rid BIGINT, same BOOLEAN, file VARCHAR, row BIGINT, sha256 VARCHAR)"
    )
    if not adds_up:
        _within_file(engine, source, file_name)
    if earlier:
        _against_lake(engine, source, earlier, whole_keys=adds_up)
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
    engine.execute(
        """
        CREATE TABLE kept AS SELECT rid, row_id FROM good
        WHERE row_id NOT IN (SELECT row_id FROM findings)
            AND rid NOT IN (SELECT rid FROM repeats)"""
    )
