"""The cells of a plainly written sheet, read from its bytes in one pass.

Plain is a sheet of whole and decimal numbers and shared texts, written as Excel and the usual
writers write them: `<c r="AB12" s="3"><v>45</v></c>`. Every byte that could mean anything else (a
formula, an error, a moment's text, a comment, another order of attributes) makes the sheet not
plain, and it is read the longer way. What styles and shared texts mean is not decided here.

A block of bytes is looked at as a whole: the places of `<` give the cells, eight bytes at a time
give their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.ahead import ahead
from pipelines.scan import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Scan, column_of

LARGEST_TAIL = 4 << 20
"""Bytes after the cells that are looked at for merged ranges."""

MOST_WAYS = 32
"""Different attributes of cells in one block; a sheet has one for each of its few formats."""

_WAY = re.compile(rb'(?: s="(\d{1,5})")?(?: t="(s|n)")?')
_ROW = re.compile(rb'<row r="(\d{1,7})"([^<]*)')
_NUMBER = rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_NUMBERS = re.compile(rb"(?:" + _NUMBER + rb"<)*+")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"/>')


def _bytes(text: bytes) -> np.uint64:
    """Up to eight bytes as they lie in a file, as one integer."""
    return np.uint64(int.from_bytes(text, "little"))


_CELL, _VALUE, _CLOSE = _bytes(b'<c r="'), _bytes(b"><v>"), _bytes(b"</v></c>")
_SINGLE, _PAIRED, _ROW_END = _bytes(b"/>"), _bytes(b"></c>"), _bytes(b"</row>")
_TWO_BYTES, _FOUR_BYTES, _FIVE_BYTES, _SIX_BYTES = (
    _bytes(b"\xff" * count) for count in (2, 4, 5, 6)
)
_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIX = np.uint64(0x0606060606060606)
_PAD = bytes(24)
_END = b"<       " * 3 + _PAD
"""Behind the last cell: marks and bytes that may be looked at and mean nothing."""

Whole = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]
Letters = npt.NDArray[np.uint8]
Eights = npt.NDArray[np.uint64]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Cells:
    """The cells of a sheet that have a value, from top left to bottom right.

    rows, columns: from 0. values: the number, or the position in the list of shared texts where
    `shared` is true. styles: those that numbers have (-1: none). merged: first and last cell of
    each merged range.
    """

    rows: Whole
    columns: Whole
    values: npt.NDArray[np.float64]
    shared: npt.NDArray[np.bool_]
    styles: frozenset[int]
    merged: tuple[Range, ...] = ()


def read(blocks: Iterable[bytes], found: Scan) -> Cells | None:
    """The cells of a sheet, and in `found` what a scan tells of it; None where it is not plain.

    blocks: the sheet's bytes, cut between rows. Blocks are read beside their unpacking.
    """
    parts: list[Cells] = []
    tail, begun, done = b"", False, False
    for block in ahead(iter(blocks)):
        if done:
            tail += block
        else:
            rows = block
            if not begun:
                head, mark, rows = block.partition(b"<sheetData>")
                begun = bool(mark)
                if not begun or b"<!" in head:
                    return None
            if not rows.endswith(b"row>"):  # only the last block with rows ends otherwise
                rows, mark, tail = rows.partition(b"</sheetData>")
                done = bool(mark)
            part = _read_block(rows, found)
            if part is None:
                return None
            parts.append(part)
        if len(tail) > LARGEST_TAIL or sum(len(part.rows) for part in parts) > MOST_CELLS:
            return None
    merged = _merged(tail) if done else None
    return None if merged is None else _joined(parts, merged, found)


def _joined(parts: list[Cells], merged: tuple[Range, ...], found: Scan) -> Cells | None:
    rows = np.concatenate([part.rows for part in parts])
    columns = np.concatenate([part.columns for part in parts])
    last = [part.rows for part in parts if len(part.rows)]
    if any(after[0] <= before[-1] for before, after in pairwise(last)):
        return None
    shared = np.concatenate([part.shared for part in parts])
    if len(rows):
        found.reach(int(rows[-1]) + 1, int(columns.max()) + 1)
    found.texts = int(np.count_nonzero(shared))
    return Cells(
        rows,
        columns,
        np.concatenate([part.values for part in parts]),
        shared,
        frozenset().union(*(part.styles for part in parts)),
        merged,
    )


def _merged(tail: bytes) -> tuple[Range, ...] | None:
    """The merged ranges that stand below the cells; None where they are written otherwise."""
    ranges = _MERGED.findall(tail)
    if tail.count(b"mergeCell") - tail.count(b"mergeCells") != len(ranges):
        return None
    if b"<!" in tail or b"<sheetData" in tail:
        return None
    return tuple(
        (
            (int(top) - 1, column_of(left.decode()) - 1),
            (int(bottom) - 1, column_of(right.decode()) - 1),
        )
        for left, top, right, bottom in ranges
    )


def _read_block(rows: bytes, found: Scan) -> Cells | None:
    """The cells of whole rows; None where they are not plain. Hidden rows are told to `found`."""
    padded = _PAD + rows + _END
    letters = np.frombuffer(padded, np.uint8)
    eights = np.ndarray((len(padded) - 7,), "<u8", buffer=padded, strides=(1,))
    marks = np.flatnonzero(letters == ord("<"))
    tokens = len(marks) - 3
    kinds = letters[marks + 1]
    at = np.flatnonzero(kinds == ord("c"))
    begins = np.flatnonzero(kinds == ord("r"))
    if not len(begins):
        empty = np.empty(0, np.int32)
        none = Cells(empty, empty, np.empty(0), np.empty(0, np.bool_), frozenset())
        return none if not tokens else None
    line = _lines(padded, marks[begins], found)
    if line is None or ((eights[marks[at]] ^ _CELL) & _SIX_BYTES).any():
        return None
    if begins[0] != 0 or line[0] < 1 or line[-1] > MOST_ROWS or (np.diff(line) <= 0).any():
        return None
    filled = kinds[at + 1] == ord("v")
    cells, blank = at[filled], at[~filled]
    start, value, end = (marks[cells + step] for step in range(3))
    ends = np.count_nonzero(kinds[:tokens] == ord("/"))
    closes = ends - 2 * len(cells)
    before = np.append(begins[1:], tokens) - 1
    if len(blank):
        alone = marks[blank + 1]
        single = (eights[alone - 2] & _TWO_BYTES) == _SINGLE
        paired = (eights[alone - 1] & _FIVE_BYTES) == _PAIRED
        closes -= np.count_nonzero(paired)
        if not (single | paired).all():
            return None
    if (
        len(cells) + len(at) + len(begins) + ends != tokens
        or np.count_nonzero((eights[marks[before]] & _SIX_BYTES) == _ROW_END) != closes
        or (eights[end] != _CLOSE).any()
        or ((eights[value - 1] ^ _VALUE) & _FOUR_BYTES).any()
    ):
        return None
    in_row = np.searchsorted(begins, cells) - 1
    placed = _places(letters, eights, start, line[in_row])
    if placed is None:
        return None
    columns, quote = placed
    same_row = np.diff(in_row) == 0
    if (np.diff(columns)[same_row] <= 0).any():
        return None
    ways = _ways(padded, eights, quote + 1, value - 1)
    if ways is None:
        return None
    shared, styles = ways
    values = _values(padded, eights, value + 3, end, shared)
    if values is None:
        return None
    return Cells(line[in_row] - 1, columns - 1, values, shared, styles)


def _lines(padded: bytes, begins: Places, found: Scan) -> Whole | None:
    """Numbers of the rows that begin there; None where one is written in another way."""
    numbers = []
    for begin in begins.tolist():
        row = _ROW.match(padded, begin)
        if row is None:
            return None
        numbers.append(int(row[1]))
        if b"hidden" in row[2]:
            if b' hidden="1"' in row[2]:
                found.hide([numbers[-1] - 1])
            elif b' hidden="0"' not in row[2]:
                return None
    return np.array(numbers, np.int32)


def _places(
    letters: Letters,
    eights: Eights,
    start: Places,
    line: Whole,
) -> tuple[Whole, Places] | None:
    """Columns (from 1) of cells that begin at `start`, and where their references end.

    line: number of the row that each stands in. None where a cell names another.
    """
    first, second, third = (letters[start + step].astype(np.int32) - 64 for step in (6, 7, 8))
    two = second > 0
    three = two & (third > 0)
    columns = np.where(two, first * 26 + second, first)
    columns = np.where(three, columns * 26 + third, columns)
    digits = np.searchsorted(10 ** np.arange(1, 8), line, side="right") + 1
    quote = start + 7 + two + three + digits
    read = _digits(eights, quote, digits)
    fine = (
        (first > 0)
        & (first <= 26)
        & (~two | (second <= 26))
        & (~three | (third <= 26))
        & (columns <= MOST_COLUMNS)
        & (letters[quote] == ord('"'))
        & (read == line)
    )
    return (columns.astype(np.int32), quote) if fine.all() else None


def _ways(
    padded: bytes,
    eights: Eights,
    first: Places,
    end: Places,
) -> tuple[npt.NDArray[np.bool_], frozenset[int]] | None:
    """Which cells are shared texts, and the styles of the others, from their attributes."""
    lengths = end - first
    if len(lengths) and (lengths.min() < 0 or lengths.max() > 16):
        return None
    # Up to sixteen bytes: the first eight, cut off where they are fewer, and the last eight.
    over = np.maximum(8 - lengths, 0).astype(np.uint64) * np.uint64(8)
    begin = np.where(lengths > 0, (eights[first] << over) >> over, np.uint64(0))
    close = np.where(lengths > 8, eights[end - 8], np.uint64(0))
    begin[lengths == 0] = 0
    shared = np.zeros(len(first), np.bool_)
    left = np.ones(len(first), np.bool_)
    styles: set[int] = set()
    for _ in range(MOST_WAYS):
        if not left.any():
            return shared, frozenset(styles)
        one = int(np.argmax(left))
        same = (lengths == lengths[one]) & (begin == begin[one]) & (close == close[one])
        way = _WAY.fullmatch(padded[first[one] : end[one]])
        if way is None:
            return None
        if way[2] == b"s":
            shared |= same
        else:
            styles.add(-1 if way[1] is None else int(way[1]))
        left &= ~same
    return None


def _values(
    padded: bytes,
    eights: Eights,
    first: Places,
    end: Places,
    shared: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64] | None:
    """The numbers between `first` and `end`; None where one is not written as a number."""
    lengths = end - first
    low = _digits(eights, end, np.minimum(lengths, 8))
    long = lengths > 8
    values = low.astype(np.float64)
    if long.any():
        high = _digits(eights, end[long] - 8, np.minimum(lengths[long] - 8, 8))
        values[long] += np.where(high < 0, np.nan, high * 1e8)
    others = np.flatnonzero((low < 0) | (lengths < 1) | (lengths > 15) | np.isnan(values))
    if shared[others].any():
        return None
    if len(others):
        places = zip(first[others].tolist(), end[others].tolist(), strict=True)
        texts = [padded[begin:end] for begin, end in places]
        if not _NUMBERS.fullmatch(b"<".join([*texts, b""])):
            return None
        values[others] = [float(text) for text in texts]
    return values


def _digits(eights: Eights, end: Places, digits: Places) -> Places:
    """The number that up to eight digits before `end` make; -1 where they are none.

    The bytes are the digits of one integer; neighbours are put together three times.
    """
    over = ((8 - digits) * 8).astype(np.uint64)
    inside = np.where(digits > 0, ~np.uint64(0) << np.minimum(over, np.uint64(63)), np.uint64(0))
    eight = (eights[end - 8] & inside) | (_ZEROS & ~inside)
    fine = ((eight & _HIGH) == _ZEROS) & (((eight + _SIX) & _HIGH) == _ZEROS)
    eight -= _ZEROS
    eight = eight * np.uint64(10) + (eight >> np.uint64(8))
    pairs = np.uint64(0x000000FF000000FF)
    eight = (
        (eight & pairs) * np.uint64(0x000F424000000064)
        + ((eight >> np.uint64(16)) & pairs) * np.uint64(0x0000271000000001)
    ) >> np.uint64(32)
    return np.where(fine, eight.astype(np.int64), -1)
