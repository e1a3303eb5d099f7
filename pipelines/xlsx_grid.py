"""A plainly written sheet by column, in the form in which the library hands over a sheet.

What a shared text says, and whether a style makes a number a moment, the library itself is asked:
it reads a small workbook with one cell for each text and each style in question.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, CalamineWorkbook

from pipelines.cell_text import texts_of
from pipelines.read_zip import content_of
from pipelines.scan import MOST_ROWS
from pipelines.xlsx_cells import Cells

PARTS = frozenset(
    {
        *("[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"),
        *("xl/sharedstrings.xml", "xl/styles.xml"),
    }
)
"""The parts of a workbook that say what its cells mean."""

LARGEST_PART = 256 << 20
"""Bytes of one of these parts."""

BLOCK = 1000
"""Rows that are made at a time where rows are asked for."""


Words = npt.NDArray[np.object_]


class Grid:
    """The cells of a sheet. start, end, merged_cell_ranges and iter_rows are as the library's.

    texts, words: those that cells share, and last the one of a blank cell; all sheets have them.
    """

    def __init__(self, cells: Cells, texts: pa.StringArray, words: Words) -> None:
        filled = len(cells.rows) > 0
        self.start = (0, 0) if filled else None
        self.end = (int(cells.rows[-1]), int(cells.columns.max())) if filled else None
        self.merged_cell_ranges = list(cells.merged)
        shape = (self.end[1] + 1, self.end[0] + 1) if self.end else (0, 0)
        self._values = np.full(shape, np.nan)
        self._shared = np.zeros(shape, np.bool_)
        self._values[cells.columns, cells.rows] = cells.values
        self._shared[cells.columns, cells.rows] = cells.shared
        self._texts, self._words = texts, words

    def iter_rows(self) -> Iterator[list[Any]]:
        """The rows from the sheet's first: texts, numbers, "" where blank."""
        for first in range(0, self._values.shape[1], BLOCK):
            rows = slice(first, first + BLOCK)
            columns = []
            for values, shared in zip(self._values[:, rows], self._shared[:, rows], strict=True):
                column = values.astype(object)
                column[np.isnan(values)] = ""
                column[shared] = self._words[values[shared].astype(np.int64)]
                columns.append(column.tolist())
            yield from map(list, zip(*columns, strict=True))

    def column(self, index: int, rows: slice) -> pa.StringArray:
        """A column's cells in some rows, as text."""
        values, shared = self._values[index, rows], self._shared[index, rows]
        figures = ~shared & ~np.isnan(values)
        if figures.all():
            return texts_of(values)
        at = np.where(shared, values, len(self._texts) - 1).astype(np.int64)
        words = self._texts.take(pa.array(at))
        if not figures.any():
            return words
        return pc.replace_with_mask(words, pa.array(figures), texts_of(values[figures]))


class Read(NamedTuple):
    """A sheet: its name, the member of the workbook that it is, its cells where it is plain."""

    name: str
    member: str
    cells: Cells | None


def grids(archive: zipfile.ZipFile, sheets: Sequence[Read]) -> list[Grid | None]:
    """A grid for each sheet that is plainly written, but not for those that hold moments."""
    plain = [(sheet, sheet.cells) for sheet in sheets if sheet.cells is not None]
    if not plain or len({sheet.name for sheet in sheets}) < len(sheets):
        return [None] * len(sheets)
    used = max(int(cells.values[cells.shared].max(initial=-1)) for _, cells in plain) + 1
    styles = sorted({style for _, cells in plain for style in cells.styles})
    asked = _asked(archive, plain[0][0], used, styles) if used < MOST_ROWS // 2 else None
    if asked is None:
        return [None] * len(sheets)
    words, numbers = asked
    texts = pa.array(words, pa.string())
    return [
        Grid(one.cells, texts, words) if one.cells and one.cells.styles <= numbers else None
        for one in sheets
    ]


def _asked(
    archive: zipfile.ZipFile, sheet: Read, used: int, styles: Sequence[int]
) -> tuple[Words, frozenset[int]] | None:
    """The first `used` shared texts and "", and those of the styles that leave a number a number.

    sheet: the one whose place the made-up sheet takes. None where the workbook has not so many
    texts, or the library cannot read it.
    """
    cells = [f' t="s"><v>{index}</v>' for index in range(used)]
    cells += [f' s="{style}"><v>1</v>' if style >= 0 else "><v>1</v>" for style in styles]
    # A number before each cell, so that the rectangle has all of them.
    rows = (
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="B{row}"{cell}</c></row>'
        for row, cell in enumerate(cells, 1)
    )
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as book:
        for info in archive.infolist():
            if info.filename.lower() in PARTS:
                if info.file_size > LARGEST_PART:
                    return None
                book.writestr(info.filename, content_of(archive, info.filename))
        book.writestr(
            sheet.member, f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"
        )
    small.seek(0)
    try:
        made = CalamineWorkbook.from_filelike(small).get_sheet_by_name(sheet.name)
        values = [row[-1] for row in made.iter_rows()]
    except BaseException as error:
        # The library panics at some damaged workbooks; its panic is no Exception.
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            return None
        raise
    texts, numbers = values[:used], values[used:]
    if len(values) != len(cells) or not all(isinstance(text, str) for text in texts):
        return None
    plain = (style for style, one in zip(styles, numbers, strict=True) if isinstance(one, float))
    return np.array([*texts, ""], object), frozenset(plain)
