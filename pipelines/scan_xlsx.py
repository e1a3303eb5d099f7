"""Look over the XML of a workbook's sheets, in pieces, before the library reads them whole.

The library makes a full rectangle of every sheet, from its first cell to its last: two cells far
apart, or one long text that a million cells share, would fill the memory. It also hands over
`#DIV/0!` as a blank and says nothing of hidden rows. This module finds all of that first.

Sheets of numbers and shared texts in plain writing are read whole on the way (xlsx_cells). Others
that are as Excel and the usual writers make them are gone over by a few searches over the bytes;
what is written in any other way goes through a parser, more slowly and with the same result.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np

from pipelines import xlsx_cells
from pipelines.errors import Refused
from pipelines.read_zip import content_of, damaged
from pipelines.scan import (
    LARGEST_TEXT,
    LARGEST_UNPACKED,
    MOST_CELLS,
    MOST_ROWS,
    Scan,
    column_of,
    too_large,
)
from pipelines.scan_xml import read_cells, read_lengths
from pipelines.xlsx_cells import Cells
from pipelines.xlsx_grid import Read, grids

LARGEST_STRINGS = 256 << 20
"""Bytes of the texts that cells share; the library keeps them in memory."""

LARGEST_LIST = 16 << 20
"""Bytes of the list of sheets and of that of their places."""

LARGEST_ROW = 16 << 20
"""Bytes of one row; Excel's widest row is far smaller."""

_BLOCK = 1 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ROW = re.compile(rb"<row r=\"(\d+)\"")
_ROW_OF_CELL = re.compile(rb"<c r=\"[A-Z]+(\d+)\"")
_HIDDEN = re.compile(rb"<row r=\"(\d+)\"[^>]*\bhidden=\"(?:1|true)\"")
_ERROR = re.compile(
    rb"<c r=\"([A-Z]+)(\d+)\"[^>]*\bt=\"e\"[^>]*(?<!/)>(?:(?!</c>).)*?<v>([^<]*)</v>", re.DOTALL
)


def scan(archive: zipfile.ZipFile) -> dict[str, Scan]:
    """What to know of each sheet, by name.

    Raises Refused where the sheets would not fit into memory, or are damaged.
    """
    book, places = _lists(archive)
    sheets = list(_sheets(archive, book, places))
    strings = _member(archive, "xl/sharedStrings.xml")
    if strings is not None and strings.file_size > LARGEST_STRINGS:
        raise too_large()
    if sum(member.file_size for _, member in sheets) > LARGEST_UNPACKED:
        raise too_large()  # of a list that names one sheet many times
    members = [member for _, member in sheets]
    found: list[Scan] = []
    read: list[Read] = []
    for name, member in sheets:
        one = Scan()
        few = sum(scan.cells for scan in found) <= MOST_CELLS
        cells = _plain(archive, member, one) if few else None
        read.append(Read(name, member.filename, cells))
        found.append(one if cells else _fast(archive, member, False) or _exact(archive, member))
    if sum(one.cells for one in found) > MOST_CELLS:
        found = [_fast(archive, member, True) or _exact(archive, member) for member in members]
    if sum(one.cells for one in found) > MOST_CELLS:  # perhaps only cells with a colour
        found = [_exact(archive, member) for member in members]
    if sum(one.cells for one in found) > MOST_CELLS:
        raise too_large()
    if strings is not None:
        _check_texts(archive, strings, members, found)
    for one, grid in zip(found, grids(archive, read), strict=True):
        one.grid = grid
    settings = book.find("{*}workbookPr")
    from_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    for one in found:
        one.from_1904 = from_1904
    return {name: one for (name, _), one in zip(sheets, found, strict=True)}


def _check_texts(
    archive: zipfile.ZipFile,
    strings: zipfile.ZipInfo,
    sheets: list[zipfile.ZipInfo],
    found: list[Scan],
) -> None:
    """Raise Refused where the cells' texts together are too long: cells share them, but each gets
    its own in memory."""
    cells = sum(one.texts for one in found)
    if _longest(archive, strings) * cells <= LARGEST_TEXT:
        return
    with archive.open(strings) as file:
        lengths = np.array(read_lengths(file), np.int64)
    total = 0
    for member in sheets:
        with archive.open(member) as file:
            for used in read_cells(file, Scan(), shared=True):
                total += int(lengths[used[used < len(lengths)]].sum())
                if total > LARGEST_TEXT:
                    raise too_large()


def _longest(archive: zipfile.ZipFile, strings: zipfile.ZipInfo) -> int:
    """Bytes of the longest shared text with its marks, or more."""
    longest = length = 0
    with archive.open(strings) as file:
        while block := file.read(_BLOCK):
            first, *others = block.split(b"<si")
            length += len(first)
            if others:
                longest = max(longest, length, *map(len, others[:-1]))
                length = len(others[-1])
    return max(longest, length)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    """A member whatever the case of its name: the library does not look at it either."""
    same = (info for info in archive.infolist() if info.filename.lower() == name.lower())
    return next(same, None)


def _lists(archive: zipfile.ZipFile) -> tuple[ElementTree.Element, ElementTree.Element]:
    """The list of sheets and that of their places. Raises Refused."""
    lists = []
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        member = _member(archive, name)
        if member is None or member.file_size > LARGEST_LIST:
            raise damaged()
        content = content_of(archive, member.filename)
        if b"<!DOCTYPE" in content:
            raise damaged()
        lists.append(ElementTree.fromstring(content))
    return lists[0], lists[1]


def _sheets(
    archive: zipfile.ZipFile, book: ElementTree.Element, places: ElementTree.Element
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Name and member of each sheet. One that has no member is for the library to judge."""
    targets = {relation.get("Id"): relation.get("Target", "") for relation in places}
    for sheet in book.iterfind(".//{*}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        for place in (target, f"xl/{target}"):
            member = _member(archive, place)
            if target and member is not None:
                yield sheet.get("name", ""), member
                break


def _plain(archive: zipfile.ZipFile, member: zipfile.ZipInfo, found: Scan) -> Cells | None:
    """The cells of a sheet in plain writing; None where it is in another."""
    try:
        return xlsx_cells.read(_blocks(archive, member), found)
    except Refused:  # what stands below the cells has no end that was found; it may be sound
        return None


def _exact(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Scan:
    """A sheet in any way of writing; cells that are only formatted do not count."""
    found = Scan()
    with archive.open(member) as file:
        for _ in read_cells(file, found):
            pass
    return found


def _fast(archive: zipfile.ZipFile, member: zipfile.ZipInfo, closely: bool) -> Scan | None:
    """A sheet in the usual way of writing; None where it is written in another.

    closely: look at the row that each cell names; else a sheet of 4,321 rows is said to have 9,999.
    """
    found = Scan()
    begun = False
    for block in _blocks(archive, member):
        rows = block
        if not begun:
            head, mark, rows = block.partition(b"<sheetData")
            begun = bool(mark)
            if not begun or b"<!" in head:
                return None
        rows, mark, _ = rows.partition(b"</sheetData")
        if _is_unusual(rows) or not _reach(rows, found, closely):
            return None
        found.texts += rows.count(b'"s"')
        if b"hidden=" in rows:
            found.hide(int(row) - 1 for row in _HIDDEN.findall(rows))
        if b"#" in rows:
            for letters, row, text in _ERROR.findall(rows):
                column = column_of(letters.decode())
                found.fail(int(row) - 1, column - 1, text.decode("utf-8", "replace"))
        if mark:
            break
    return found if begun else None


def _is_unusual(rows: bytes) -> bool:
    """True where the searches might miss a cell, an error or a hidden row.

    One letter is looked for before two: that is many times as fast.
    """
    if any(mark in rows for mark in (b"\t", b"\n", b"\r")):
        return True
    if b":" in rows and (b":c" in rows or b":r" in rows):
        return True
    if b"!" in rows and b"<!" in rows:
        return True
    if b"'" in rows or b"#" in rows or b"hidden" in rows:
        return any(mark in rows for mark in (b"='", b" =", b"= ")) or (
            rows.count(b"<row") != rows.count(b'<row r="')
        )
    return False


def _reach(rows: bytes, found: Scan, closely: bool) -> bool:
    """Tell `found` how far the cells of these rows reach; False where they are not all written as
    `<c r="AB12"`. Raises Refused where they reach too far."""
    last = max(map(int, _ROW.findall(rows)), default=0)
    digits = len(str(last))
    columns = re.findall(rb"<c r=\"([A-Z]+)\d{1,%d}\"" % digits, rows)
    if len(columns) != rows.count(b"<c"):
        return False
    if columns:
        width = max(column_of(letters.decode()) for letters in set(columns))
        if closely:
            last = max(map(int, set(_ROW_OF_CELL.findall(rows))))
        found.reach(last if closely else max(last, min(10**digits - 1, MOST_ROWS)), width)
    return True


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A sheet in blocks that do not cut a row in two. Raises Refused where a row has no end."""
    rest = b""
    with archive.open(member) as file:
        while block := file.read(_BLOCK):
            block = rest + block
            cut = block.rfind(b"row>") + len(b"row>")
            if cut >= len(b"row>"):
                yield block[:cut]
                rest = block[cut:]
            elif len(block) > LARGEST_ROW:
                raise damaged()
            else:
                rest = block
    yield rest
