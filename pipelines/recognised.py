"""What recognition finds: a file's source and profile, and where its rows stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from pipelines.adapters.base import Adapter
from pipelines.headers import HeaderMatch
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.sources import Source

HEADLESS = -1
"""Index of the header row of a table that has none."""


@dataclass(frozen=True)
class Table:
    """A sheet that holds rows of a source.

    header: index of its header row, HEADLESS where it has none; data starts at `header + 1`.
    """

    sheet: Sheet
    header: int
    match: HeaderMatch

    @property
    def width(self) -> int:
        """Cells of a row: up to the last one with a name, without a header those of most rows."""
        if self.header != HEADLESS:
            return (
                max(at for at, cell in enumerate(self.sheet.head[self.header]) if cell.strip()) + 1
            )
        widths = Counter(len(row) for row in self.sheet.head if any(cell.strip() for cell in row))
        return max(widths.most_common(1)[0][0], 1 + max(self.match.used))

    @property
    def names(self) -> dict[int, str]:
        """Position → header; a file without a header has the numbers of its cells instead."""
        if self.header == HEADLESS:
            return {at: f"{at + 1}列目" for at in range(self.width)}
        row = self.sheet.head[self.header]
        return {at: cell for at, cell in enumerate(row) if cell.strip()}


@dataclass(frozen=True)
class Recognised:
    """A file's source and profile, and either its tables or the adapter that reads its sheets.

    skipped: names of sheets that are not read.
    """

    source: Source
    profile: Profile
    tables: tuple[Table, ...] = ()
    adapter: Adapter | None = None
    sheets: tuple[Sheet, ...] = ()
    skipped: tuple[str, ...] = ()

    def dated(self) -> Recognised:
        """With numbers of days as the workbook counts them, where it counts from 1904."""
        sheets = [table.sheet for table in self.tables] or self.sheets
        if not any(sheet.from_1904 for sheet in sheets):
            return self
        return replace(self, profile=replace(self.profile, dates="1904"))

    @property
    def cells(self) -> frozenset[tuple[str, int]]:
        """Header cells that are understood: (name of the sheet, position)."""
        return frozenset((table.sheet.name, at) for table in self.tables for at in table.match.used)
