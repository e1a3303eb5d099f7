"""Rows as wholes: which are no data, which are broken, and what their cells say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.adapters.base import Finding
from pipelines.arrays import Flags, flags
from pipelines.recognise import HEADLESS, Table
from warehouse.engine import Engine

SHEET_STEP = 10_000_000_000
"""row_id = number of the sheet × this + source_row."""

BLANK = r"[\s　\x1f\x1a]*"
"""A row without text; the mark 1A closes files of old systems."""

_SUM = (
    r"[\s　]*([合総小累][\s　]*計|総合計|計|総数|(sub)?total)"
    r"[\s　:：=（(]*[0-9０-９,，.]*[\s　]*(件|人|名|枚|分|時間)?[\s　)）]*"
)
TOTAL = rf"(?i)(^|\x1f){_SUM}($|\x1f)"
"""A row in which one cell says nothing but "total"."""

NOTE = r"[\s　\x1f]*(※|＊|\*|注|出典|資料)[^\x1f]*[\s　\x1f]*"
"""A row that has one cell, and in it a note."""

_TELLING = rf"(?i)^{_SUM}$|^[\s　]*(※|＊|\*|注|出典|資料)|\x{{FFFD}}"
"""A cell for which its row is looked at as a whole."""


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def telling(words: pa.StringArray, header: str) -> Flags:
    """Words for which their rows are looked at as wholes: totals, notes, the header again."""
    found = flags(pc.fill_null(pc.match_substring_regex(words, _TELLING), False))
    if header:
        found = found | flags(pc.fill_null(pc.equal(words, header), False))
    return found


def judge(engine: Engine, chunk: pa.Table, table: Table, number: int) -> pa.Table:
    """What kind of row each is, or what is wrong with it as a whole.

    chunk: as Sheet.chunks gives it. Columns of the result, in the order of the chunk: row_kind
    (blank, header, total, title; null for data), row_id, source_row, sheet, fault (quote,
    short_row, long_row, encoding; null where sound), line (the row's text where there is a fault).
    """
    width = table.width
    head = [] if table.header == HEADLESS else table.sheet.head[table.header]
    header = "\x1f".join([*head, *[""] * width][:width])
    cells = ", ".join(f"c{position}" for position in range(width))
    engine.register("odd_rows", chunk)
    return engine.arrow(
        f"""
        SELECT row_kind, {number * SHEET_STEP} + source_row AS row_id, source_row,
            {text(table.sheet.name)} AS sheet,
            CASE WHEN row_kind IS NULL THEN fault END AS fault,
            CASE WHEN row_kind IS NULL AND fault IS NOT NULL
                THEN rtrim(replace(line, chr(31), ','), ',') END AS line
        FROM (
            SELECT source_row, line,
                CASE WHEN regexp_full_match(line, {text(BLANK)}) THEN 'blank'
                    WHEN line = {text(header)} AND {bool(head)} THEN 'header'
                    WHEN regexp_matches(line, {text(TOTAL)}) THEN 'total'
                    WHEN regexp_full_match(line, {text(NOTE)}) THEN 'title' END AS row_kind,
                CASE WHEN fields < 0 THEN 'quote'
                    WHEN fields < {width} THEN 'short_row'
                    WHEN fields > {width} THEN 'long_row'
                    WHEN contains(line, chr(65533)) THEN 'encoding' END AS fault
            FROM (SELECT source_row, fields, concat_ws(chr(31), {cells}) AS line FROM odd_rows)
        ) ORDER BY source_row"""
    )


def dated(engine: Engine, days: pa.ChunkedArray, times: pa.Array) -> pa.StringArray:
    """Times with the date of another column before them, unless they have one of their own."""
    joined = pa.table({"day": days, "time": times, "place": np.arange(len(times))})
    engine.register("apart", joined)
    found: pa.ChunkedArray = engine.arrow(
        "SELECT CASE WHEN mado_clean(time) IS NULL THEN NULL WHEN mado_has_date(time) THEN time"
        " ELSE day || ' ' || time END AS moment FROM apart ORDER BY place"
    )["moment"]
    return found.combine_chunks()


def unpivoted(
    chunk: pa.Table, spread: Sequence[tuple[int, str]]
) -> tuple[npt.NDArray[np.int64], pa.Array, pa.Array]:
    """The filled cells of spread columns, row by row: row of the chunk, word, cell.

    A row that fills none of them keeps one record without word and cell, so that it is not lost.
    """
    filled = np.column_stack(
        [flags(pc.not_equal(pc.utf8_trim_whitespace(_plain(chunk, at)), "")) for at, _ in spread]
    )
    none = ~filled.any(axis=1)
    row, column = np.nonzero(np.column_stack([filled, none]))
    words = pa.array([word for _, word in spread], pa.string())
    named = pa.array(np.where(column < len(spread), column, 0), mask=column >= len(spread))
    values = np.full(len(row), None, object)
    for index, (at, _) in enumerate(spread):
        here = column == index
        values[here] = _plain(chunk, at).take(pa.array(row[here])).to_pylist()
    return row, words.take(named), pa.array(values, pa.string())


def _plain(chunk: pa.Table, at: int) -> pa.Array:
    return chunk.column(f"c{at}").combine_chunks().cast(pa.string())


def rejected(findings: Sequence[Finding], sheets: Mapping[str, int]) -> pa.Table:
    """What an adapter rejects, as columns, with the row_id. sheets: name → number."""
    names = ("source_row", "column", "value", "rule", "message_ja", "message_en", "sheet")
    kinds = (pa.int64(), *[pa.string()] * 6)
    columns = zip(*findings, strict=True) if findings else [()] * len(names)
    table = {
        name: pa.array(values, kind)
        for name, values, kind in zip(names, columns, kinds, strict=True)
    }
    ids = [sheets[finding.sheet] * SHEET_STEP + finding.row for finding in findings]
    return pa.table({"row_id": pa.array(ids, pa.int64()), **table})
