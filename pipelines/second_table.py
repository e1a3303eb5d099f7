"""Notice a second table below the first: its rows are not of the columns that the first one has.

A row of words that head columns, of whatever source, but other ones than the table's own, begins
another table. To read its rows as those of the first would be wrong without a trace wherever the
cells happen to fit, so that the file is refused.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from pipelines.arrays import whole
from pipelines.errors import Refused
from pipelines.plain import plain_header
from pipelines.recognised import HEADLESS, Table
from pipelines.sources import load_sources

FEWEST_WORDS = 3
"""Fewer words that head columns may stand in a row of data."""

SHARE = 0.6
"""Share of a row's filled cells that are such words."""


@cache
def _vocabulary() -> frozenset[str]:
    """Headers of all sources as files write them. Those in ASCII are also values elsewhere."""
    columns = [column for source in load_sources().values() for column in source.read_columns]
    words = {word for column in columns for word in (*column.headers, *column.date_headers)}
    return frozenset(word for word in words if not word.isascii())


class SecondTable:
    """Looks at each chunk of a table for the header of another one."""

    def __init__(self, table: Table) -> None:
        head = [] if table.header == HEADLESS else table.sheet.head[table.header]
        self._sheet, self._width = table.sheet.name, table.width
        self._own = [plain_header(cell) for cell in head]
        self._words = _vocabulary() | {cell.strip() for cell in head if not cell.isascii()}

    def see(self, chunk: pa.Table) -> None:
        """Look at the next chunk. Raises Refused, naming the row."""
        counts = np.zeros(chunk.num_rows, np.int32)
        for position in range(self._width):
            counts += self._heading(whole(chunk.column(f"c{position}")))
        for at in np.flatnonzero(counts >= FEWEST_WORDS):
            (row,) = chunk.slice(int(at), 1).to_pylist()
            cells = [str(row[f"c{position}"]).strip() for position in range(self._width)]
            filled = sum(map(bool, cells))
            own = [plain_header(cell) for cell in cells] == self._own[: self._width]
            if counts[at] >= SHARE * filled and not own:
                raise self._refused(row["source_row"])

    def _heading(self, column: pa.Array) -> np.ndarray:
        """True for each cell that heads a column somewhere."""
        if not pa.types.is_dictionary(column.type):
            data = column.buffers()[2]
            if data is None or not len(data) or int(np.frombuffer(data, np.uint8).max()) < 0x80:
                return np.zeros(len(column), np.bool_)
            column = column.dictionary_encode()
        words = [str(word).strip() in self._words for word in column.dictionary.to_pylist()]
        if not any(words):
            return np.zeros(len(column), np.bool_)
        codes = column.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        return np.array([*words, False])[codes]

    def _refused(self, row: int) -> Refused:
        where_ja = f"シート「{self._sheet}」の" if self._sheet else ""
        where_en = f" of the sheet {self._sheet}" if self._sheet else ""
        return Refused(
            f"{where_ja}{row}行目に別の表の見出しがあります。表を1つずつ別のシートかファイルに"
            "分けてください",
            f"row {row}{where_en} is the header of another table; put each table into a sheet or"
            " file of its own",
        )
