"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as sheets of text cells."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, HEAD_ROWS, Merged, Sheet
from pipelines.read_zip import content_of, open_archive

LARGEST_UNPACKED = 4 << 30
"""Bytes that a workbook may unpack to; a zip bomb says more."""

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def text_of(value: Any) -> str:
    """A cell as text: ISO for dates and times, plain digits for numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(value, ".15g") if 1e-4 <= abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        second = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return second.isoformat() if second.time() != dt.time() else second.date().isoformat()
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    return str(value)


class ExcelSheet(Sheet):
    """A sheet that is already in memory: the libraries that read workbooks read them whole.

    Values become text only when asked for: a table of numbers is turned column by column.
    """

    def __init__(
        self, name: str, values: list[list[Any]], merged: tuple[Merged, ...], hidden: bool
    ) -> None:
        self.name, self._values, self.merged, self.hidden = name, values, merged, hidden
        self.head = [[text_of(value) for value in row] for row in values[:HEAD_ROWS]]

    def rows(self) -> list[list[str]]:
        """All rows, each as long as the sheet is wide."""
        return [[text_of(value) for value in row] for row in self._values]

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks. Cells to the right of `width` are notes beside the table.

        A name that is merged over several rows stands in each of them.
        """
        values = self._with_names(skip)
        for first in range(skip, len(values), CHUNK_ROWS):
            rows = values[first : first + CHUNK_ROWS]
            by_column = zip(range(width), zip(*rows, strict=True), strict=False)
            columns = {f"c{index}": _texts(values) for index, values in by_column}
            numbers = pa.array(range(first + 1, first + 1 + len(rows)), pa.int64())
            fields = pa.array([width] * len(rows), pa.int32())
            yield pa.table({**columns, "source_row": numbers, "fields": fields})

    def _with_names(self, skip: int) -> list[list[Any]]:
        """The values, with names that are merged downwards repeated. Numbers are not: a number
        over three rows is one number."""
        values = list(self._values)
        for top, left, bottom, _ in self.merged:
            name = values[top][left] if top < len(values) and left < len(values[top]) else ""
            if top >= skip and isinstance(name, str) and name.strip() and not _NUMBER.match(name):
                for row in range(top + 1, min(bottom + 1, len(values))):
                    values[row] = [*values[row][:left], name, *values[row][left + 1 :]]
        return values


def _texts(values: Sequence[Any]) -> pa.Array:
    """A column as `text_of` gives it; one of whole numbers alone is turned at once."""
    if set(map(type, values)) == {float}:
        numbers = np.array(values)
        if (np.abs(numbers) < 1e15).all() and (numbers == np.floor(numbers)).all():
            return pa.array(numbers.astype(np.int64)).cast(pa.string())
    return pa.array([text_of(value) for value in values], pa.string())


def open_package(path: Path) -> list[Sheet]:
    """Open a workbook that is a zip. Raises Refused where it is damaged or too large."""
    try:
        with open_archive(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise Refused(
                    "展開すると大きすぎるブックです。シートを分けて保存し直してください",
                    "the workbook unpacks to too much; split it into smaller ones",
                )
            names = set(archive.namelist())
            errors = _error_cells(archive) if "xl/workbook.xml" in names else {}
    except (ElementTree.ParseError, KeyError) as error:
        raise _damaged() from error
    return _sheets(path, errors)


def open_ole(path: Path) -> list[Sheet]:
    """Open what starts like an old Office file. Raises Refused where it has a password."""
    with path.open("rb") as file:
        if ENCRYPTED in file.read():
            raise _locked()
    return _sheets(path, {})


def _damaged() -> Refused:
    return Refused(
        "ブックが壊れているか、途中で切れています。Excel で開いて保存し直してください",
        "the workbook is damaged or cut off; open it in Excel and save it again",
    )


def _locked() -> Refused:
    return Refused(
        "パスワードで保護されています。Excel で開き、パスワードを外して保存してください",
        "protected by a password; open it in Excel and save it without one",
    )


def _sheets(path: Path, errors: dict[str, dict[tuple[int, int], str]]) -> list[Sheet]:
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            sheets: list[Sheet] = [
                _sheet(book, meta, errors.get(meta.name, {})) for meta in book.sheets_metadata
            ]
    except PasswordError as error:
        raise _locked() from error
    except CalamineError as error:
        raise _damaged() from error
    if not any(sheet.head for sheet in sheets):
        raise Refused(
            "どのシートも空です。データのあるブックか確かめてください",
            "all sheets are empty; check that this is the right workbook",
        )
    return sheets


def _sheet(book: Any, meta: Any, errors: dict[tuple[int, int], str]) -> ExcelSheet:
    sheet = book.get_sheet_by_name(meta.name)
    values = sheet.to_python(skip_empty_area=False)
    for (row, column), text in errors.items():
        if row < len(values) and column < len(values[row]):
            values[row][column] = text
    merged = tuple(
        Merged(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return ExcelSheet(meta.name, values, merged, meta.visible is not SheetVisibleEnum.Visible)


_NUMBER = re.compile(r"^[\s\d０-９,.，．+\-△▲]+$")
_ERROR_CELL = re.compile(rb"<c (?P<attributes>[^>]*\bt=\"e\"[^>]*)>(?P<content>.*?)</c>", re.DOTALL)
_REFERENCE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _error_cells(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    """`#DIV/0!` and the like, by sheet name and (row, column) from 0.

    The reader hands such cells over as blanks; a blank would be taken for "nothing recorded".
    """
    book = ElementTree.fromstring(content_of(archive, "xl/workbook.xml"))
    relations = ElementTree.fromstring(content_of(archive, "xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in book.iterfind(".//{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if member not in archive.namelist() or not member.endswith(".xml"):
            continue
        content = content_of(archive, member)
        if b't="e"' not in content:
            continue
        cells: dict[tuple[int, int], str] = {}
        for match in _ERROR_CELL.finditer(content):
            reference = _REFERENCE.search(match["attributes"])
            value = _VALUE.search(match["content"])
            if reference and value:
                column = 0
                for letter in reference[1]:
                    column = column * 26 + letter - ord("A") + 1
                cells[int(reference[2]) - 1, column - 1] = value[1].decode()
        found[sheet.get("name", "")] = cells
    return found
