"""Text files (CSV, TSV) in the encodings that Japanese offices write, row by row."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa

from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, HEAD_ROWS, Sheet

csv.field_size_limit((1 << 31) - 1)  # a long line is judged by the rules, not by the parser

JOINED_LINES = 20
"""A quoted cell may run over this many lines; more, and the quotation mark is a slip."""

GOOD_PER_BAD = 3
"""A text with more good letters than this per bad one is UTF-8."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKUP = re.compile(
    r"^\ufeff?\s*<(!doctype|html|head|body|table|\?xml|meta|script)", re.IGNORECASE
)

Row = tuple[list[str], bool]
"""Fields of a row, and whether its quotation marks are in order."""


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
    return beyond - bad, bad


def _parse(lines: list[str], delimiter: str) -> list[str] | None:
    """Fields of the one record that these lines are, or None where they are not one."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _records(lines: list[str], delimiter: str, width: int | None) -> Iterator[Row]:
    """Rows of lines that hold quotation marks.

    A cell may contain line ends. It is believed only when the joined lines are sound and as wide
    as the header: otherwise one stray mark would swallow the lines up to the next.
    """
    at = 0
    while at < len(lines):
        fields = _parse(lines[at : at + 1], delimiter)
        used = 1
        if fields is None:
            for more in range(2, min(JOINED_LINES, len(lines) - at) + 1):
                if '"' not in lines[at + more - 1]:
                    continue
                joined = _parse(lines[at : at + more], delimiter)
                if joined is not None:
                    if width is None or len(joined) == width:
                        fields, used = joined, more
                    break
        yield (fields, True) if fields is not None else ([lines[at].rstrip("\n")], False)
        at += used


class TextSheet(Sheet):
    """A whole text file. Only the head and one chunk at a time are in memory."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path, self.encoding, self.delimiter = path, encoding, delimiter
        self.head = [fields for fields, _ in islice(self._rows(None), HEAD_ROWS)]

    def _lines(self) -> Iterator[list[str]]:
        """Blocks of lines. A block does not end inside a cell that runs over lines."""
        with self._path.open(encoding=self.encoding, errors="replace", newline=None) as file:
            while lines := list(islice(file, CHUNK_ROWS)):
                for _ in range(JOINED_LINES):
                    if sum(line.count('"') for line in lines[-JOINED_LINES:]) % 2 == 0:
                        break
                    lines.extend(islice(file, 1))
                yield lines

    def _rows(self, width: int | None) -> Iterator[Row]:
        for lines in self._lines():
            if any('"' in line for line in lines):
                yield from _records(lines, self.delimiter, width)
            else:
                yield from ((row, True) for row in csv.reader(lines, delimiter=self.delimiter))

    def rows(self) -> list[list[str]]:
        """All rows as they stand; they may differ in length."""
        return [fields for fields, _ in self._rows(None)]

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks."""
        rows = self._rows(width)
        number = skip + 1
        for _ in islice(rows, skip):
            pass
        while block := list(islice(rows, CHUNK_ROWS)):
            yield _table(block, number, width)
            number += len(block)


def _table(block: list[Row], first: int, width: int) -> pa.Table:
    """Rows as columns: short rows are filled up, blank cells to the right are cut off."""
    cells = [fields for fields, _ in block]
    counts = [len(fields) if sound else -1 for fields, sound in block]
    for index, count in enumerate(counts):
        if count != width:
            fields = cells[index]
            if count > width and not any(field.strip() for field in fields[width:]):
                counts[index] = width
            cells[index] = (fields + [""] * width)[:width]
    columns = {
        f"c{index}": pa.array(column, pa.string())
        for index, column in enumerate(zip(*cells, strict=True))
    }
    numbers = pa.array(range(first, first + len(block)), pa.int64())
    return pa.table({**columns, "source_row": numbers, "fields": pa.array(counts, pa.int32())})


def _delimiter(lines: list[str]) -> str:
    """Comma, tab or semicolon, whichever splits the most lines into the most fields."""
    return max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))


def open_text(path: Path, encoding: str | None = None) -> TextSheet:
    """Open a text file. Raises Refused where it is a web page or no text at all."""
    encoding = encoding or detect_encoding(path)
    try:
        with path.open(encoding=encoding, errors="replace", newline=None) as file:
            start = list(islice(file, HEAD_ROWS))
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
