"""Look over an old workbook (.xls) before the library reads it whole.

The library follows the file's chain of sectors without end where it runs in a circle, makes a
full rectangle of every sheet, gives each cell its own copy of a text that many share, hands over
`#DIV/0!` as a blank and says nothing of hidden rows. Sources: [MS-CFB] and [MS-XLS], Microsoft
Open Specifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from mmap import mmap

import numpy as np
import numpy.typing as npt

from pipelines.read_zip import damaged
from pipelines.scan import LARGEST_TEXT, MOST_CELLS, Scan, too_large

LARGEST_FILE = 512 << 20
"""Bytes; a full .xls has far fewer."""

_MOST_SECTOR = 0xFFFFFFFA
"""Greater numbers of sectors mark ends and free places."""

_ROOT, _STREAM = 5, 2
_FAILED = 2
"""Kind of a formula's result that is an error."""

_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?"},
    **{0x24: "#NUM!", 0x2A: "#N/A"},
}
_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_BOUNDSHEET, _SST, _FILEPASS, _FROM_1904 = 0x0085, 0x00FC, 0x002F, 0x0022
_ROW, _BOOLERR, _FORMULA, _LABELSST, _MULRK = 0x0208, 0x0205, 0x0006, 0x00FD, 0x00BD
_ONE_CELL = {_BOOLERR, _FORMULA, _LABELSST, 0x0203, 0x0204, 0x027E, 0x00D6}
"""Records that begin with the row and column of a cell that has a value."""

_HIDDEN = 0x20
_SMALL = 4096
"""A stream with fewer bytes lies in the stream of small sectors."""

_SMALL_SECTOR = 64

Successors = npt.NDArray[np.uint32]


def scan(content: mmap) -> dict[str, Scan]:
    """What to know of each sheet, by name. Raises Refused where the file is damaged or too large.

    Nothing is found in a protected file: that is for the library to say.
    """
    if len(content) > LARGEST_FILE:
        raise too_large()
    try:
        name, book = _book(content)
        return _read(book, old=name == "book")
    except (struct.error, IndexError, ValueError) as error:
        raise damaged() from error


# --- the compound file ------------------------------------------------------------------------


def _sector(content: mmap, size: int, number: int) -> bytes:
    start = (number + 1) * size
    if number > _MOST_SECTOR or start >= len(content):
        raise damaged()
    return content[start : start + size]


def _chain(successors: Successors, first: int) -> list[int]:
    """The sectors of a stream. Raises Refused where they run in a circle or out of the file."""
    found: list[int] = []
    while first <= _MOST_SECTOR:
        if first >= len(successors) or len(found) > len(successors):
            raise damaged()
        found.append(first)
        first = int(successors[first])
    return found


def _successors(content: mmap, size: int) -> Successors:
    """Each sector's successor. The table lies in sectors that are themselves listed in some."""
    most = len(content) // size + 1
    first, count = struct.unpack_from("<II", content, 68)
    places = list(struct.unpack_from("<109I", content, 76))
    for _ in range(min(count, most)):
        if first > _MOST_SECTOR:
            break
        *more, first = struct.unpack(f"<{size // 4}I", _sector(content, size, first))
        places += more
    tables = [_sector(content, size, place) for place in places if place <= _MOST_SECTOR]
    return np.frombuffer(b"".join(tables[:most]), np.uint32)


def _book(content: mmap) -> tuple[str, bytes]:
    """Name and bytes of the workbook's stream. All chains that the library follows are followed
    here first."""
    (power,) = struct.unpack_from("<H", content, 30)
    if power not in (9, 12):
        raise damaged()
    size = 1 << power
    successors = _successors(content, size)

    def read(first: int) -> bytes:
        return b"".join(_sector(content, size, at) for at in _chain(successors, first))

    (folder,) = struct.unpack_from("<I", content, 48)
    (small,) = struct.unpack_from("<I", content, 60)
    small_successors = np.frombuffer(read(small), np.uint32)
    listed = read(folder)
    books: dict[str, bytes] = {}
    small_stream = b""
    followed = 0
    for at in range(0, len(listed) - 127, 128):
        (length,) = struct.unpack_from("<H", listed, at + 64)
        name = listed[at : at + min(62, max(0, length - 2))].decode("utf-16-le", "replace").lower()
        kind, (first, bytes_) = listed[at + 66], struct.unpack_from("<II", listed, at + 116)
        if kind == _ROOT and not small_stream:
            small_stream = read(first)
        elif kind == _STREAM and bytes_:
            small_one = bytes_ < _SMALL
            chain = _chain(small_successors if small_one else successors, first)
            followed += len(chain)
            if followed > 4 * (len(successors) + len(small_successors)):
                raise damaged()
            if name in ("workbook", "book") and small_one:
                places = (at * _SMALL_SECTOR for at in chain)
                books[name] = b"".join(small_stream[at : at + _SMALL_SECTOR] for at in places)
            elif name in ("workbook", "book"):
                books[name] = b"".join(_sector(content, size, at) for at in chain)[:bytes_]
    for name in ("workbook", "book"):
        if name in books:
            return name, books[name]
    return "", b""


# --- the workbook -----------------------------------------------------------------------------


def _records(book: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """Kind and content of the records of one part of a workbook, up to its end."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return


def _read(book: bytes, *, old: bool) -> dict[str, Scan]:
    sheets: dict[str, int] = {}
    shared: list[bytes] = []
    before = 0
    from_1904 = False
    for kind, content in _records(book):
        if kind == _FILEPASS:
            return {}
        if kind == _FROM_1904:
            from_1904 = content[:1] == b"\1"
        if kind == _BOUNDSHEET:
            (place,) = struct.unpack_from("<I", content)
            sheets[_name(content[6:], old)] = place
        elif kind == _SST or (kind == _CONTINUE and before == _SST):
            shared.append(content)
            kind = _SST
        before = kind
    found = {name: _sheet(book, place) for name, place in sheets.items()}
    for one in found.values():
        one.from_1904 = from_1904
    texts = sum(one.texts for one in found.values())
    if sum(one.cells for one in found.values()) > MOST_CELLS:
        raise too_large()
    if texts * 3 * _longest(shared) > LARGEST_TEXT:
        raise too_large()
    return found


def _name(content: bytes, old: bool) -> str:
    """A sheet's name; before BIFF8 in the letters of Windows in Japan."""
    if old:
        return content[1 : 1 + content[0]].decode("cp932", "replace")
    wide = content[1] & 1
    raw = content[2 : 2 + content[0] * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _sheet(book: bytes, place: int) -> Scan:
    """A sheet's rectangle, errors and hidden rows."""
    found = Scan()
    for kind, content in _records(book, place):
        if kind in _ONE_CELL:
            row, column = struct.unpack_from("<HH", content)
            found.reach(row + 1, column + 1)
            found.texts += kind == _LABELSST
            code = None
            if kind == _BOOLERR and content[7]:
                code = content[6]
            elif kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == _FAILED:
                code = content[8]
            if code is not None:
                found.fail(row, column, _ERRORS.get(code, "#N/A"))
        elif kind == _MULRK:
            row, _ = struct.unpack_from("<HH", content)
            (last,) = struct.unpack_from("<H", content, len(content) - 2)
            found.reach(row + 1, last + 1)
        elif kind == _ROW:
            row, flags = struct.unpack_from("<H10xI", content)
            if flags & _HIDDEN:
                found.hide([row])
    return found


def _longest(shared: list[bytes]) -> int:
    """Letters of the longest shared text. A text may run over the end of its record; its letters
    then go on, one or two bytes each anew, in the next."""
    if not shared:
        return 0
    (count,) = struct.unpack_from("<I", shared[0], 4)
    part, at, longest = 0, 8, 0
    for _ in range(count):
        if at >= len(shared[part]):
            part, at = part + 1, 0
            if part >= len(shared):
                break
        letters, flags = struct.unpack_from("<HB", shared[part], at)
        at += 3
        behind = 0
        if flags & 8:
            behind += 4 * struct.unpack_from("<H", shared[part], at)[0]
            at += 2
        if flags & 4:
            behind += struct.unpack_from("<I", shared[part], at)[0]
            at += 4
        longest = max(longest, letters)
        wide = 1 + (flags & 1)
        while letters:
            here = min(letters, (len(shared[part]) - at) // wide)
            letters, at = letters - here, at + here * wide
            if letters:
                part, at = part + 1, 1
                wide = 1 + (shared[part][0] & 1)
        while behind > len(shared[part]) - at:
            behind -= len(shared[part]) - at
            part, at = part + 1, 0
        at += behind
    return longest
