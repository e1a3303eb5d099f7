"""Workbooks (.xlsx, .xlsm, .xls, .ods) as sheets of text cells."""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pipelines import scan_ods, scan_xls, scan_xlsx
from pipelines.cell_text import text_of, texts_of
from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, HEAD_ROWS, Merged, Sheet
from pipelines.read_zip import damaged, open_archive
from pipelines.scan import LARGEST_UNPACKED, MOST_CELLS, Scan, too_large
from pipelines.xlsx_grid import Grid

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

SAMPLED_ROWS = 1000
"""Rows of a large sheet that show what its columns hold."""

Row = list[Any]


class ExcelSheet(Sheet):
    """A sheet that the library holds in memory; its values become text only when asked for."""

    def __init__(self, name: str, sheet: Any, scan: Scan, hidden: bool) -> None:
        self.name, self.hidden, self._sheet = name, hidden, sheet
        bottom, right = sheet.end or (-1, -1)
        self.height, self.width = bottom + 1, right + 1
        self.cells = self.height * self.width
        self.from_1904 = scan.from_1904
        self.hidden_rows = sum(row < self.height for row in scan.hidden)
        self.merged = tuple(
            Merged(top, left, bottom, right)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        )
        if sum(merged.bottom - merged.top for merged in self.merged) > MOST_CELLS:
            raise damaged()  # they overlap, which no spreadsheet lets them
        self._errors: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), text in scan.errors.items():
            if row < self.height and column < self.width:
                self._errors[row][column] = text
        self.head = [[text_of(value) for value in row] for row in islice(self._values(), HEAD_ROWS)]

    def _values(self) -> Iterator[Row]:
        """All rows, each as wide as the sheet."""
        if self._sheet.start is None:
            return iter(())
        blanks: Row = [""] * int(self._sheet.start[1])
        rows: Iterator[Row] = self._sheet.iter_rows()
        if blanks:
            rows = (blanks + row for row in rows)
        return self._with_errors(rows) if self._errors else rows

    def _with_errors(self, rows: Iterator[Row]) -> Iterator[Row]:
        for index, row in enumerate(rows):
            for column, text in self._errors.get(index, {}).items():
                row[column] = text
            yield row

    def rows(self) -> list[list[str]]:
        """All rows, each as long as the sheet is wide."""
        return [[text_of(value) for value in row] for row in self._values()]

    def sample(self, width: int) -> Iterator[pa.Table]:
        """See Sheet.sample: every n-th row."""
        step = max(1, self.height // SAMPLED_ROWS)
        if isinstance(self._sheet, Grid):
            if self.height:
                yield self._of_grid(self._sheet, slice(0, None, step), 1, width)
        elif block := list(islice(self._values(), 0, None, step)):
            yield _table(block, 1, width)

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks. Cells to the right of `width` are notes beside the table.

        A name that is merged over several rows stands in each of them.
        """
        downwards = any(m.top >= skip and m.bottom > m.top for m in self.merged)
        if isinstance(self._sheet, Grid) and not downwards:
            for first in range(skip, self.height, CHUNK_ROWS):
                rows = slice(first, first + CHUNK_ROWS)
                yield self._of_grid(self._sheet, rows, first + 1, width)
            return
        below = islice(self._with_names(skip) if downwards else self._values(), skip, None)
        first = skip + 1
        while block := list(islice(below, CHUNK_ROWS)):
            yield _table(block, first, width)
            first += len(block)

    def _of_grid(self, grid: Grid, rows: slice, first: int, width: int) -> pa.Table:
        columns = [grid.column(index, rows) for index in range(min(width, self.width))]
        return _numbered(columns, len(range(self.height)[rows]), first, width)

    def _with_names(self, skip: int) -> Iterator[Row]:
        """The values, with names that are merged downwards repeated. Numbers are not: a number
        over three rows is one number."""
        begins: dict[int, list[Merged]] = defaultdict(list)
        for merged in self.merged:
            if merged.top >= skip and merged.bottom > merged.top and merged.left < self.width:
                begins[merged.top].append(merged)
        open_: list[tuple[Merged, str]] = []
        for index, row in enumerate(self._values()):
            for merged, name in open_:
                row[merged.left] = name
            for merged in begins.get(index, ()):
                name = row[merged.left]
                if isinstance(name, str) and name.strip() and not _NUMBER.match(name):
                    open_.append((merged, name))
            open_ = [(merged, name) for merged, name in open_ if merged.bottom > index]
            yield row


def _table(block: list[Row], first: int, width: int) -> pa.Table:
    """Rows as Sheet.chunks has them, the first being row number `first`."""
    by_column = islice(zip(*block, strict=True), width)
    return _numbered([_texts(values) for values in by_column], len(block), first, width)


def _numbered(columns: Sequence[pa.Array], rows: int, first: int, width: int) -> pa.Table:
    """Columns of text as Sheet.chunks has them; those that the sheet lacks are blank."""
    named = {f"c{index}": column for index, column in enumerate(columns)}
    for index in range(len(columns), width):
        named[f"c{index}"] = pa.array([""] * rows, pa.string())
    numbers = pa.array(range(first, first + rows), pa.int64())
    fields = pa.array([width] * rows, pa.int32())
    return pa.table({**named, "source_row": numbers, "fields": fields})


def _texts(values: Sequence[Any]) -> pa.Array:
    """A column as `text_of` gives it; one of texts or numbers alone is turned at once."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return pa.array(values, pa.string())
    if kinds == {float}:
        return texts_of(np.array(values))
    return pa.array([text_of(value) for value in values], pa.string())


def open_package(path: Path) -> list[Sheet]:
    """Open a workbook that is a zip. Raises Refused where it is damaged or too large."""
    with open_archive(path) as archive:
        names = [info.filename.lower() for info in archive.infolist()]
        if sum(info.file_size for info in archive.infolist()) > LARGEST_UNPACKED:
            raise too_large()
        kinds = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}.intersection(names)
        if len(set(names)) != len(names) or len(kinds) != 1:
            raise damaged()
        if "xl/workbook.bin" in kinds:
            raise Refused(
                "バイナリ形式（.xlsb）のブックは読み込めません。.xlsx で保存し直してください",
                "a binary workbook (.xlsb) cannot be read; save it as .xlsx",
            )
        scan = scan_xlsx.scan if "xl/workbook.xml" in kinds else scan_ods.scan
        try:
            scans = scan(archive)
        except (ElementTree.ParseError, KeyError) as error:
            raise damaged() from error
    return _sheets(path, scans)


def open_ole(path: Path) -> list[Sheet]:
    """Open what starts like an old Office file. Raises Refused where it has a password."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED) >= 0:
            raise _locked()
        scans = scan_xls.scan(content)
    return _sheets(path, scans)


def _locked() -> Refused:
    return Refused(
        "パスワードで保護されています。Excel で開き、パスワードを外して保存してください",
        "protected by a password; open it in Excel and save it without one",
    )


def _sheets(path: Path, scans: Mapping[str, Scan]) -> list[Sheet]:
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            sheets: list[Sheet] = [
                ExcelSheet(
                    meta.name,
                    (scan := scans.get(meta.name) or Scan()).grid
                    or book.get_sheet_by_name(meta.name),
                    scan,
                    meta.visible is not SheetVisibleEnum.Visible,
                )
                for meta in book.sheets_metadata
            ]
    except PasswordError as error:
        raise _locked() from error
    except CalamineError as error:
        raise damaged() from error
    except BaseException as error:
        # The library panics at some damaged workbooks; its panic is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error
    if not any(sheet.head for sheet in sheets):
        raise Refused(
            "どのシートも空です。データのあるブックか確かめてください",
            "all sheets are empty; check that this is the right workbook",
        )
    return sheets


_NUMBER = re.compile(r"^[\s\d０-９,.，．+\-△▲]+$")
