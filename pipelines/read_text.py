"""Text files (CSV, TSV) in the encodings that Japanese offices write, row by row."""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import AnyStr

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import split
from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, HEAD_ROWS, Sheet
from pipelines.split import Block

csv.field_size_limit((1 << 31) - 1)  # a long line is judged by the rules, not by the parser

JOINED_LINES = 20
"""A quoted cell may run over this many lines; more, and the quotation mark is a slip."""

GOOD_PER_BAD = 3
"""A text with more good letters than this per bad one is UTF-8."""

ENOUGH_LETTERS = 10_000
"""So many letters beyond ASCII tell the encoding; the rest of the file need not be looked at."""

BLOCK_BYTES = 16 << 20
"""Bytes that are split at a time."""

LONGEST_LINE = 64 << 20
"""No line of a table is longer."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKUP = re.compile(
    r"^\ufeff?\s*<(!doctype|html|head|body|table|\?xml|meta|script)", re.IGNORECASE
)

Row = tuple[list[str], bool]
"""Fields of a row, and whether its quotation marks are in order."""

More = Callable[[], list[str]]
"""Gives the next line or lines of a file; nothing at its end."""


def detect_encoding(path: Path) -> str:
    """Name of the encoding: by its mark, by UTF-16's zeros, else UTF-8 or CP932.

    Letters of CP932 are hardly ever valid UTF-8, so a UTF-8 file with a few bad bytes (cut off
    within a letter) still has far more good letters than bad ones.
    """
    with path.open("rb") as file:
        start = file.read(1 << 16)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (zeros := start.count(0)) * 5 > len(start):
        # Every other byte of ASCII in UTF-16 is zero: at odd places in little-endian.
        return "utf-16-le" if start[1::2].count(0) * 2 > zeros else "utf-16-be"
    good, bad = _letters(path)
    return "utf-8" if good > GOOD_PER_BAD * bad or not bad else "cp932"


def _letters(path: Path) -> tuple[int, int]:
    """Letters beyond ASCII that are valid UTF-8, and places that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    beyond = bad = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            text = decoder.decode(block, final=len(block) < 1 << 20)
            if not text.isascii():
                bad += text.count("\ufffd")
                beyond += len(text) - len(text.encode("ascii", "ignore"))
            if beyond > ENOUGH_LETTERS:
                break
    return beyond - bad, bad


def _parse(lines: list[str], delimiter: str) -> list[str] | None:
    """Fields of the one record that these lines are, or None where they are not one."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _records(
    lines: list[str], more: More, delimiter: str, width: int | None, free: int
) -> Iterator[Row]:
    """Rows of lines that hold quotation marks, to the last line of `lines` and of what it needs.

    A cell may contain line ends. It is believed only when the joined lines are sound and as wide
    as the header: otherwise one stray mark would swallow the lines up to the next. more: further
    lines of the file, so that where `lines` end does not matter. free: so many rows may have any
    width (those down to the header).
    """
    at = count = 0
    while at < len(lines):
        if at >= CHUNK_ROWS:
            del lines[:at]
            at = 0
        wanted = None if count < free else width
        fields, used = _record(lines, at, more, delimiter, wanted)
        yield (fields, True) if fields is not None else ([lines[at].rstrip("\n")], False)
        at += used
        count += 1


def _record(
    lines: list[str], at: int, more: More, delimiter: str, width: int | None
) -> tuple[list[str] | None, int]:
    """Fields of the record that begins with a line, None where it is none, and its lines."""
    fields = _parse(lines[at : at + 1], delimiter)
    if fields is not None:
        return fields, 1
    for used in range(2, JOINED_LINES + 1):
        if at + used > len(lines):
            lines += more()
            if at + used > len(lines):
                break
        if '"' in lines[at + used - 1]:
            joined = _parse(lines[at : at + used], delimiter)
            if joined is not None:
                if width is None or len(joined) == width or _is_blank(joined, width):
                    return joined, used
                break
    return None, 1


def _is_blank(fields: list[str], width: int) -> bool:
    """True where fields stand beyond the width and nothing is in them."""
    return len(fields) > width and not any(field.strip() for field in fields[width:])


class TextSheet(Sheet):
    """A whole text file. Only the head and one block at a time are in memory."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path, self.encoding, self.delimiter = path, encoding, delimiter
        self.head = [fields for fields, _ in islice(self._rows(), HEAD_ROWS)]

    def _rows(self) -> Iterator[Row]:
        with _Lines(self._path, self.encoding) as lines:
            while block := lines.block(CHUNK_ROWS):
                yield from _parsed(block, lines.more, self.delimiter, None)

    def rows(self) -> list[list[str]]:
        """All rows as they stand; they may differ in length."""
        return [fields for fields, _ in self._rows()]

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks. A chunk is a block of the file: some tens of thousands of rows."""
        with _Lines(self._path, self.encoding) as lines:
            head = lines.block(HEAD_ROWS)
            rows = list(_parsed(head, lines.more, self.delimiter, width, skip))
            while head and len(rows) <= skip:
                head = lines.block(HEAD_ROWS)
                rows.extend(_parsed(head, lines.more, self.delimiter, width, skip - len(rows)))
            if rows[skip:]:
                yield _table(rows[skip:], skip + 1, width)
            number = len(rows) + 1
            count = max(width, _usual(rows[skip:], width))
            for block in lines.blocks():
                for table in self._tables(block, number, width, count, lines):
                    number += table.num_rows
                    yield table

    def _tables(
        self, block: Block, first: int, width: int, count: int, lines: _Lines
    ) -> Iterator[pa.Table]:
        """A block's rows, from row number `first`. count: fields that a line usually has."""
        if split.is_plain(block, self.delimiter):
            table = split.cells(block, self.delimiter, count, lines.encoding)
            if table is not None:
                numbers = np.arange(first, first + table.num_rows)
                yield _fitted(table, numbers, width)
                return
            parted = split.irregular_lines(block, self.delimiter, count)
            if parted is not None:
                yield from self._parted(*parted, first, width, count, lines.encoding)
                return
        rows = _parsed(lines.text(block), lines.more, self.delimiter, width)
        while some := list(islice(rows, CHUNK_ROWS)):
            yield _table(some, first, width)
            first += len(some)

    def _parted(
        self,
        regular: bytes,
        odd: npt.NDArray[np.int64],
        others: list[bytes],
        first: int,
        width: int,
        count: int,
        encoding: str,
    ) -> Iterator[pa.Table]:
        """Regular lines as columns, the others row by row; both with their own numbers."""
        numbers = np.arange(first, first + regular.count(b"\n") + len(others))
        if regular:
            table = split.cells(regular, self.delimiter, count, encoding)
            assert table is not None  # every line of it has `count` fields
            yield _fitted(table, np.delete(numbers, odd), width)
        text = [other.decode(encoding, "replace") + "\n" for other in others]
        rows = list(_parsed(text, list, self.delimiter, width))
        yield _table(rows, first, width, numbers[odd])


class _Lines:
    """The lines of a text file, a few at a time as text or many at a time as bytes.

    `encoding` is that of the bytes: the file's own where that is safe to split, else UTF-8.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        name = codecs.lookup(encoding).name
        self._bom = name == "utf-8-sig"
        self.encoding = "utf-8" if self._bom else name
        self._raw = self.encoding in split.ASCII_SAFE and not _is_mac(path)
        if self._raw:
            self._bytes = path.open("rb")
            if self._bom:
                self._bytes.read(len(codecs.BOM_UTF8))
        else:
            self._text = path.open(encoding=encoding, errors="replace", newline=None)
            self.encoding = "utf-8"

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        (self._bytes if self._raw else self._text).close()

    def more(self) -> list[str]:
        """The next line; several where one ends with CR alone. Nothing at the file's end."""
        if not self._raw:
            line = _whole(self._text.readline(LONGEST_LINE))
            return [line] if line else []
        line = _whole(self._bytes.readline(LONGEST_LINE)).decode(self.encoding, "replace")
        lines = _universal(line).split("\n")
        last = lines.pop()
        return [f"{line}\n" for line in lines] + ([last] if last else [])

    def block(self, count: int) -> list[str]:
        """The next `count` lines, or a few more where some end with CR alone."""
        lines: list[str] = []
        while len(lines) < count and (more := self.more()):
            lines += more
        return lines

    def blocks(self) -> Iterator[Block]:
        """The rest of the file in blocks that end at a line's end. A block lives until the next."""
        data = bytearray(BLOCK_BYTES)
        while self._raw and (size := self._bytes.readinto(data)):
            end = size if size < len(data) else data.rfind(b"\n", 0, size) + 1
            if end:
                self._bytes.seek(end - size, os.SEEK_CUR)
                yield Block(data, end)
            else:  # a line that is longer than the block
                rest = _whole(self._bytes.readline(LONGEST_LINE))
                yield Block(bytearray(data[:size] + rest), size + len(rest))
        while not self._raw and (text := self._text.read(BLOCK_BYTES)):
            if not text.endswith("\n"):
                text += _whole(self._text.readline(LONGEST_LINE))
            content = bytearray(text.encode("utf-8", "replace"))
            yield Block(content, len(content))

    def text(self, block: Block) -> list[str]:
        """A block as lines of text."""
        lines = _universal(bytes(block).decode(self.encoding, "replace")).split("\n")
        last = lines.pop()
        return [f"{line}\n" for line in lines] + ([last] if last else [])


def _universal(text: str) -> str:
    """Line ends as Python's text files give them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _whole(line: AnyStr) -> AnyStr:
    """A line that was read to its end. Raises Refused where it has none within reason."""
    if len(line) >= LONGEST_LINE:
        raise Refused(
            "1行が長すぎます（改行がありません）。表として書き出し直してください",
            "a line is too long (there are no line ends); export the table again",
        )
    return line


def _is_mac(path: Path) -> bool:
    """True where lines end as on old Macs: CR alone."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    return b"\r" in start and b"\n" not in start


def _parsed(
    lines: list[str], more: More, delimiter: str, width: int | None, free: int = 0
) -> Iterator[Row]:
    """Rows of these lines, and of those that a quoted cell at their end runs over."""
    if any('"' in line for line in lines):
        return _records(lines, more, delimiter, width, free)
    return ((row, True) for row in csv.reader(lines, delimiter=delimiter))


def _usual(rows: list[Row], width: int) -> int:
    """The number of fields that most rows have."""
    counts = Counter(len(fields) for fields, _ in rows)
    return counts.most_common(1)[0][0] if counts else width


def _fitted(table: pa.Table, numbers: npt.NDArray[np.int64], width: int) -> pa.Table:
    """Columns beyond the header's width are left out where blank, else counted in `fields`."""
    fields = np.full(table.num_rows, width, np.int32)
    for index in range(width, table.num_columns):
        filled = pc.not_equal(pc.utf8_trim_whitespace(table.column(index)), "")
        fields[filled.to_numpy(zero_copy_only=False)] = table.num_columns
    kept = table.select(range(width))
    return kept.append_column("source_row", pa.array(numbers, pa.int64())).append_column(
        "fields", pa.array(fields)
    )


def _table(
    block: list[Row], first: int, width: int, numbers: npt.NDArray[np.int64] | None = None
) -> pa.Table:
    """Rows as columns: short rows are filled up, blank cells to the right are cut off."""
    rows = [fields for fields, _ in block]
    counts = [len(fields) if sound else -1 for fields, sound in block]
    for index, count in enumerate(counts):
        if count != width:
            fields = rows[index]
            if _is_blank(fields, width):
                counts[index] = width
            rows[index] = (fields + [""] * width)[:width]
    columns = {
        f"c{index}": pa.array(column, pa.string())
        for index, column in enumerate(zip(*rows, strict=True))
    }
    if numbers is None:
        numbers = np.arange(first, first + len(block))
    return pa.table(
        {
            **columns,
            "source_row": pa.array(numbers, pa.int64()),
            "fields": pa.array(counts, pa.int32()),
        }
    )


def _delimiter(lines: list[str]) -> str:
    """Comma, tab or semicolon, whichever splits the most lines into the most fields."""
    return max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))


def open_text(path: Path, encoding: str | None = None) -> TextSheet:
    """Open a text file. Raises Refused where it is a web page or no text at all."""
    encoding = encoding or detect_encoding(path)
    try:
        with path.open(encoding=encoding, errors="replace", newline=None) as file:
            lines = iter(lambda: _whole(file.readline(LONGEST_LINE)), "")
            start = list(islice(lines, HEAD_ROWS))
    except LookupError as error:
        raise Refused(
            f"文字コード「{encoding}」はありません。プロファイルの encoding を直してください",
            f"there is no encoding {encoding}; correct the profile",
        ) from error
    text = "".join(start)
    if _MARKUP.match(text):
        raise Refused(
            "表ではなく Web ページ（HTML）です。ダウンロードし直すか Excel 形式で保存してください",
            "this is a web page (HTML or XML), not a table; download it again or save it as Excel",
        )
    if _CONTROL.search(text) or text.count("\ufffd") * 10 > len(text):
        raise Refused(
            "表として読めないファイルです。CSV か Excel で用意してください",
            "not readable as a table; provide CSV or Excel",
        )
    return TextSheet(path, encoding, _delimiter(start))
