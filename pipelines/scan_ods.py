"""Look over the sheets of an OpenDocument workbook (.ods) before the library reads them whole.

One cell or row may stand for a million of the same, so that a small file can fill the memory.
"""

from __future__ import annotations

import zipfile
from typing import Any
from xml.parsers import expat

from pipelines.scan import LARGEST_TEXT, MOST_CELLS, Scan, too_large
from pipelines.scan_xml import parsed

_HIDDEN = {"collapse", "filter"}


class _Tables:
    """Handlers of a parser: sheets, rows and cells with how often each stands."""

    def __init__(self) -> None:
        self.found: dict[str, Scan] = {}
        self._table = Scan()
        self._row = self._rows = self._column = self._columns = 0
        self._reach = self._letters = self._length = 0
        self._error: str | None = None
        self._filled = self._hidden = False
        self._errors: list[tuple[int, str]] = []
        self._total = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table:table":
            self._table = self.found.setdefault(given.get("table:name", ""), Scan())
            self._row = 0
        elif name == "table:table-row":
            self._rows = _times(given.get("table:number-rows-repeated"))
            self._hidden = given.get("table:visibility") in _HIDDEN
            self._column = self._reach = self._letters = 0
            self._errors = []
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._columns = _times(given.get("table:number-columns-repeated"))
            self._filled = "office:value-type" in given or "table:formula" in given
            self._error = "" if given.get("calcext:value-type") == "error" else None
            self._length = 0

    def text(self, text: str) -> None:
        self._length += len(text.encode("utf-8", "replace"))
        if self._error is not None:
            self._error += text.strip()

    def end(self, name: str) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self._filled or self._length:
                self._reach = self._column + self._columns
                self._letters += self._length * self._columns
            if self._error:
                self._errors.append((self._column, self._error))
            self._column += self._columns
            self._error, self._length = None, 0
        elif name == "table:table-row":
            if self._reach:
                self._table.reach(self._row + self._rows, self._reach)
                self._total += self._letters * self._rows
                if self._total > LARGEST_TEXT:
                    raise too_large()
                rows = range(self._row, self._row + self._rows)
                if self._hidden:
                    self._table.hide(rows)
                for column, text in self._errors:
                    for row in rows:
                        self._table.fail(row, column, text)
            self._row += self._rows


def _times(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 1


def scan(archive: zipfile.ZipFile) -> dict[str, Scan]:
    """What to know of each sheet, by name. Raises Refused where they would not fit into memory."""
    parser: Any = expat.ParserCreate()
    tables = _Tables()
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    with archive.open("content.xml") as file:
        for _ in parsed(file, parser):
            if sum(table.cells for table in tables.found.values()) > MOST_CELLS:
                raise too_large()
    return tables.found
