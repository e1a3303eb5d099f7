"""Bring a file's rows into the engine as text, each with what kind of row it is.

Table `staging`, one row per record: `rid` (unique), `row_id` (the same for all records of one
physical row), `source_row`, `sheet`, `row_kind` (blank, header, total, title; null for data),
`fault` (what is wrong with the row as a whole), `line` (the row's text where there is a fault), and
one text column per column of the source. An adapter's own findings become the table `rejected`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from pipelines import personal
from pipelines.adapters.base import Adapted
from pipelines.errors import Refused
from pipelines.profile import Profile
from pipelines.recognise import Table
from pipelines.sources import Source
from warehouse.engine import Engine, identifier

SHEET_STEP = 10_000_000_000
"""row_id = number of the sheet × this + source_row."""

PARTS = 100
"""rid = row_id × this + number of the record within its row; more than a source has words."""

BLANK = r"[\s　\x1f\x1a]*"
"""A row without text; the mark 1A closes files of old systems."""

TOTAL = (
    r"(?i)(^|\x1f)[\s　]*([合総小累][\s　]*計|総合計|計|総数|(sub)?total)"
    r"[\s　:：=（(]*[0-9０-９,，.]*[\s　]*(件|人|名|枚|分|時間)?[\s　)）]*($|\x1f)"
)
"""A row in which one cell says nothing but "total"."""

NOTE = r"[\s　\x1f]*(※|＊|\*|注|出典|資料)[^\x1f]*[\s　\x1f]*"
"""A row that has one cell, and in it a note."""

Progress = Callable[[int], None]
"""Called with the number of rows read since the last call."""


@dataclass
class Staged:
    """What was brought in. given: columns that the file (or its profile) has."""

    given: frozenset[str]
    rows_read: int
    ignored: Counter[str]


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _create(engine: Engine, source: Source) -> None:
    columns = "".join(f", {identifier(c.name)} VARCHAR" for c in source.read_columns)
    engine.execute(
        "CREATE TABLE staging (rid BIGINT, row_id BIGINT, source_row BIGINT, sheet VARCHAR,"
        f" row_kind VARCHAR, fault VARCHAR, line VARCHAR{columns})"
    )


def _cell(table: Table, name: str, profile: Profile) -> str:
    """SQL that gives a column's text out of a chunk's cells."""
    constant = profile.constants.get(name)
    position = table.match.cells.get(name)
    if position is None:
        return "NULL" if constant is None else text(constant)
    cell = f"c{position}"
    if name in table.match.dates:
        day = f"c{table.match.dates[name]}"
        return (
            f"CASE WHEN mado_clean({cell}) IS NULL THEN NULL"
            f" WHEN mado_has_date({cell}) THEN {cell} ELSE {day} || ' ' || {cell} END"
        )
    blank = "NULL" if constant is None else text(constant)
    return f"CASE WHEN mado_clean({cell}) IS NULL THEN {blank} ELSE {cell} END"


def _judged(table: Table, width: int) -> str:
    """SQL: the rows of `chunk` with what kind of row each is and what is wrong with it."""
    header = "\x1f".join((table.sheet.head[table.header] + [""] * width)[:width])
    cells = ", ".join(f"c{position}" for position in range(width))
    return f"""
        SELECT * EXCLUDE (fault, line),
            CASE WHEN row_kind IS NULL THEN fault END AS fault,
            CASE WHEN row_kind IS NULL AND fault IS NOT NULL
                THEN rtrim(replace(line, chr(31), ','), ',') END AS line
        FROM (
            SELECT *,
                CASE WHEN regexp_full_match(line, {text(BLANK)}) THEN 'blank'
                    WHEN line = {text(header)} THEN 'header'
                    WHEN regexp_matches(line, {text(TOTAL)}) THEN 'total'
                    WHEN regexp_full_match(line, {text(NOTE)}) THEN 'title' END AS row_kind,
                CASE WHEN fields < 0 THEN 'quote'
                    WHEN fields < {width} THEN 'short_row'
                    WHEN fields > {width} THEN 'long_row'
                    WHEN contains(line, chr(65533)) THEN 'encoding' END AS fault
            FROM (SELECT *, concat_ws(chr(31), {cells}) AS line FROM chunk)
        )"""


def _records(table: Table, source: Source) -> tuple[str, dict[str, str]]:
    """SQL: the records of the rows of `judged`, and the columns that a wide table spreads.

    A plain table has one record per row. A wide one has one per filled cell of its spread columns
    (`part` counts them); a row that fills none of them keeps one, so that it is not lost.
    """
    if not table.match.spread or source.unpivot is None:
        return "SELECT *, 0 AS part FROM judged", {}
    listed = ", ".join(
        f"{{'word': {text(word)}, 'cell': c{position}}}" for position, word in table.match.spread
    )
    filled = f"list_filter([{listed}], lambda pair: mado_clean(pair.cell) IS NOT NULL)"
    pairs = f"CASE WHEN row_kind IS NULL AND fault IS NULL THEN {filled} ELSE [] END"
    sql = f"""
        SELECT *, unnest(CASE WHEN len(pairs) = 0 THEN [NULL] ELSE pairs END) AS pair,
            unnest(range(greatest(len(pairs), 1))) AS part
        FROM (SELECT *, {pairs} AS pairs FROM judged)"""
    return sql, {source.unpivot.name: "pair.word", source.unpivot.value: "pair.cell"}


def _insert(table: Table, number: int, width: int, source: Source, profile: Profile) -> str:
    records, spread = _records(table, source)
    columns = "".join(
        f", {spread.get(c.name) or _cell(table, c.name, profile)}" for c in source.read_columns
    )
    return f"""
        INSERT INTO staging
        WITH judged AS ({_judged(table, width)}), records AS ({records})
        SELECT ({number * SHEET_STEP} + source_row) * {PARTS} + part,
            {number * SHEET_STEP} + source_row, source_row, {text(table.sheet.name)},
            row_kind, fault, line{columns}
        FROM records"""


def stage_tables(
    engine: Engine,
    tables: tuple[Table, ...],
    source: Source,
    profile: Profile,
    progress: Progress,
) -> Staged:
    """Bring in the rows below the headers of plain tables.

    Raises Refused where there is no row of data, or where values are personal data.
    """
    _create(engine, source)
    for number, table in enumerate(tables):
        head = table.sheet.head[table.header]
        width = max(at for at, cell in enumerate(head) if cell.strip()) + 1
        names = {at: cell for at, cell in enumerate(head[:width]) if cell.strip()}
        insert = _insert(table, number, width, source, profile)
        for index, chunk in enumerate(table.sheet.chunks(table.header + 1, width)):
            if index == 0:
                personal.refuse_values(chunk, names)
            engine.register("chunk", chunk)
            engine.execute(insert)
            progress(chunk.num_rows)
    counts = dict(
        engine.execute("SELECT row_kind, count(DISTINCT row_id) FROM staging GROUP BY row_kind")
    )
    if not counts.get(None):
        raise _no_rows()
    given = {name for table in tables for name in table.match.cells} | set(profile.constants)
    if source.unpivot and any(table.match.spread for table in tables):
        given |= set(source.unpivot.columns)
    ignored = Counter({kind: count for kind, count in counts.items() if kind is not None})
    return Staged(frozenset(given), sum(counts.values()), ignored)


def stage_adapted(
    engine: Engine, adapted: Adapted, source: Source, profile: Profile, progress: Progress
) -> Staged:
    """Bring in the records of an adapter, without those of rows that it rejects itself.

    Raises Refused where there is no row of data.
    """
    if not adapted.records.num_rows and not adapted.rejected:
        raise _no_rows()
    _create(engine, source)
    records = adapted.records
    given = frozenset(records.column_names) & {c.name for c in source.read_columns}
    columns = ""
    for name in (column.name for column in source.read_columns):
        cell = f"nullif(CAST({identifier(name)} AS VARCHAR), '')" if name in given else "NULL"
        constant = profile.constants.get(name)
        columns += f", {cell}" if constant is None else f", coalesce({cell}, {text(constant)})"
    if "sheet" not in records.column_names:
        records = records.append_column("sheet", pa.repeat("", records.num_rows))
    engine.register("records", records.append_column("rid", pa.array(range(records.num_rows))))
    engine.register("rejected_rows", _rejected(adapted))
    engine.execute(
        f"""
        CREATE TABLE sheets AS
        SELECT sheet, row_number() OVER (ORDER BY sheet) * {SHEET_STEP} AS first_row_id
        FROM (SELECT CAST(sheet AS VARCHAR) AS sheet FROM records
            UNION SELECT sheet FROM rejected_rows)"""
    )
    engine.execute(
        "CREATE TABLE rejected AS SELECT first_row_id + source_row AS row_id, rejected_rows.*"
        " FROM rejected_rows JOIN sheets USING (sheet)"
    )
    engine.execute(
        f"""
        INSERT INTO staging
        SELECT rid, first_row_id + source_row, source_row, sheet, NULL, NULL, NULL{columns}
        FROM records JOIN sheets USING (sheet)
        WHERE first_row_id + source_row NOT IN (SELECT row_id FROM rejected)"""
    )
    progress(adapted.rows_read)
    ignored = Counter(row.reason for row in adapted.ignored)
    return Staged(given | set(profile.constants), adapted.rows_read, ignored)


def _rejected(adapted: Adapted) -> pa.Table:
    """What an adapter rejects, as columns."""
    names = ("source_row", "column", "value", "rule", "message_ja", "message_en", "sheet")
    kinds = (pa.int64(), *[pa.string()] * 6)
    columns = zip(*adapted.rejected, strict=True) if adapted.rejected else [()] * len(names)
    return pa.table(
        {
            name: pa.array(values, kind)
            for name, values, kind in zip(names, columns, kinds, strict=True)
        }
    )


def _no_rows() -> Refused:
    return Refused(
        "見出しだけで、データの行がありません。出力の条件（期間など）を確かめてください",
        "there is a header but no row of data; check the period of the export",
    )
