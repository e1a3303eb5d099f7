"""Look for personal data in all of a file: the original bytes are kept, with every column of it.

Plain tables are watched while their rows come in (pipelines.stage). Everything else is looked at
here: the headers of the columns that no one reads, sheets that an adapter reads, and sheets that
nobody reads, hidden ones included.
"""

from __future__ import annotations

from collections.abc import Collection

from pipelines.errors import PipelineError
from pipelines.personal import Watcher, is_waived, refuse_headers
from pipelines.read import Document, Sheet
from pipelines.recognised import Recognised
from pipelines.sources import load_sources
from warehouse.home import Config

_FEWEST_HEADERS = 3
"""A row of a sheet with fewer filled cells is no header: it may be a form to fill in."""

_FEWEST_BELOW = 3
"""Filled cells below a header from which it heads a column."""


def refuse_personal(document: Document, found: Recognised, waived: Collection[str]) -> None:
    """Raise Refused where a file holds personal data besides the rows of its plain tables.

    waived: headers of columns that config.toml lets pass.
    """
    for table in found.tables:
        refuse_headers((text for _, text in table.match.other), waived)
    plain = {id(table.sheet) for table in found.tables}
    for sheet in document.sheets:
        if id(sheet) not in plain and sheet.head:
            _look_at(sheet, waived)


def waived_columns(document: Document, config: Config, source: str) -> dict[str, str]:
    """Column → reason of those waivers for a source that let a column of this file pass.

    Raises PipelineError where a waiver names a source that is not there.
    """
    for waiver in config.waiver:
        if waiver.source not in load_sources():
            raise PipelineError(
                f"config.toml の waiver: 取込元「{waiver.source}」はありません。"
                f"使える名前: {'、'.join(load_sources())}",
                f"config.toml, waiver: there is no source {waiver.source};"
                f" there are: {', '.join(load_sources())}",
            )
    waived = config.waived(source)
    cells = {cell for sheet in document.sheets for row in sheet.head for cell in row if cell}
    return {
        column: reason
        for column, reason in waived.items()
        if any(is_waived(cell, [column]) for cell in cells)
    }


def hidden_rows(found: Recognised) -> int:
    """Rows that the workbook hides in the sheets that are read: they are read like any other."""
    sheets = [table.sheet for table in found.tables] or found.sheets
    return sum(sheet.hidden_rows for sheet in sheets)


def _look_at(sheet: Sheet, waived: Collection[str]) -> None:
    """Look at a sheet whose layout is not known here: its fullest row is taken for the header."""
    filled = [[at for at, cell in enumerate(row) if cell.strip()] for row in sheet.head]
    header = max(range(len(filled)), key=lambda row: len(filled[row]))
    width = max(map(len, sheet.head))
    filled_at = [frozenset(cells) for cells in filled]
    for row, cells in enumerate(filled):
        if len(cells) >= _FEWEST_HEADERS:
            below = filled_at[row + 1 :]
            heads = [at for at in cells if sum(at in other for other in below) >= _FEWEST_BELOW]
            refuse_headers((sheet.head[row][at] for at in heads), waived, whole=True)
    names = {at: sheet.head[header][at] for at in filled[header]}
    names = {at: names.get(at) or f"{_letters(at)}列" for at in range(width)}
    watcher = Watcher(names, waived, dates=range(width), sheet=sheet.name)
    for chunk in sheet.sample(width):
        watcher.see(chunk)


def _letters(column: int) -> str:
    """A column from 0 as a spreadsheet names it: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
