"""What is known of a sheet before it is read whole, and how much of a workbook is read at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.errors import Refused

if TYPE_CHECKING:
    from pipelines.xlsx_grid import Grid

MOST_CELLS = 12_000_000
"""Cells of all sheets of a file, blank ones between others included: a full sheet of Excel
(1,048,576 rows) with eleven columns. The library needs some hundred bytes for each."""

LARGEST_UNPACKED = 1 << 30
"""Bytes that a workbook may unpack to."""

LARGEST_TEXT = 1 << 30
"""Bytes of all cells' texts."""

MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Excel's own bounds of a sheet."""

MOST_ERRORS = 100_000
"""Cells with an error such as #REF!; a workbook with more is broken as a whole."""


@dataclass
class Scan:
    """What was found in a sheet.

    height, width: of the rectangle from its first cell to the last that is not blank, or more.
    texts: cells that take their text from the list that they share. hidden: rows, from 0.
    errors: (row, column) from 0 → the text of the error. from_1904: days count from 1904.
    grid: all cells, where they could be read on the way; the library need not read them again.
    """

    height: int = 0
    width: int = 0
    texts: int = 0
    hidden: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    from_1904: bool = False
    grid: Grid | None = None

    @property
    def cells(self) -> int:
        """Cells of the rectangle."""
        return self.height * self.width

    def reach(self, height: int, width: int) -> None:
        """A cell in row `height` and column `width`, from 1. Raises Refused beyond Excel's."""
        if height > MOST_ROWS or width > MOST_COLUMNS:
            raise too_large()
        self.height, self.width = max(self.height, height), max(self.width, width)

    def hide(self, rows: Iterable[int]) -> None:
        """Rows (from 0) that the workbook hides."""
        self.hidden.update(row for row in rows if 0 <= row < MOST_ROWS)

    def fail(self, row: int, column: int, text: str) -> None:
        """A cell (from 0) with an error. Raises Refused where there are too many."""
        self.errors[row, column] = text
        if len(self.errors) > MOST_ERRORS:
            raise Refused(
                f"エラー（{text[:10]} など）のセルが多すぎます。元のブックの数式を直してください",
                f"too many cells with an error such as {text[:10]}; correct the formulas",
            )


def column_of(letters: str) -> int:
    """The column, from 1, that a reference such as AB names. Raises ValueError for no letters."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + int(letter, 36) - 9
    return column


def too_large() -> Refused:
    """A workbook that would not fit into memory."""
    return Refused(
        f"大きすぎるブックです（空白を含めて {MOST_CELLS // 10_000:,}万セルまで）。"
        "離れた場所の不要なセルを消すか、CSV で出力し直すか、分けて保存してください",
        f"the workbook is too large (up to {MOST_CELLS:,} cells, blank ones between others"
        " included); delete stray cells, export as CSV or split it",
    )
