"""Split blocks of a text file's bytes into columns of cells, as fast as the bytes can be read.

In the encodings of ASCII_SAFE no byte of a letter looks like a separator, a quotation mark or a
line end, so that lines are cut into cells before they are decoded; cells are then decoded once per
distinct value, by Python's own codecs. Only blocks are taken here whose quotation marks leave no
doubt; the others are for pipelines.read_text, which reads row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from pipelines.arrays import whole

ASCII_SAFE = frozenset({"utf-8", "cp932", "shift_jis"})
"""Encodings (as codecs.lookup names them) of which trail bytes are never , ; " tab or line end."""

_LF, _CR, _QUOTE = 10, 13, 34


@dataclass(frozen=True)
class Block:
    """Some bytes of a file that end at a line's end: the first `size` of `data`.

    `data` is used again for the next block, because fresh memory costs more than the reading.
    """

    data: bytearray
    size: int

    @property
    def marks(self) -> npt.NDArray[np.uint8]:
        """The bytes as numbers, not copied."""
        return np.frombuffer(self.data, np.uint8, self.size)

    @cached_property
    def quoted(self) -> bool:
        """True where there is a quotation mark."""
        return self.data.find(b'"', 0, self.size) >= 0

    def __bytes__(self) -> bytes:
        return bytes(memoryview(self.data)[: self.size])


def is_plain(block: Block, delimiter: str) -> bool:
    """True where splitting at separators gives what a strict reader of quoted cells gives.

    A quotation mark must open a cell right behind a separator or line end, and close it right
    before one; no line end and no further mark may stand between.
    """
    if not block.quoted:
        return True
    marks = block.marks
    at = np.flatnonzero(marks == _QUOTE)
    if len(at) % 2:
        return False
    opening, closing = at[::2], at[1::2]
    ends = (ord(delimiter), _LF, _CR)
    before = marks[np.maximum(opening - 1, 0)]
    after = marks[np.minimum(closing + 1, len(marks) - 1)]
    opens = np.isin(before, ends) | (opening == 0)
    closes = np.isin(after, ends) | (closing == len(marks) - 1)
    lines = np.flatnonzero((marks == _LF) | (marks == _CR))
    one_line = np.searchsorted(lines, opening) == np.searchsorted(lines, closing)
    return bool((opens & closes & one_line).all())


def cells(block: Block | bytes, delimiter: str, count: int, encoding: str) -> pa.Table | None:
    """Columns c0 … c{count-1} of a plain block, as text; None where a line has another count.

    A column with letters beyond ASCII comes dictionary-encoded. What cannot be decoded becomes
    U+FFFD, exactly as `bytes.decode(encoding, "replace")` does it.
    """
    names = [f"c{index}" for index in range(count)]
    if isinstance(block, Block):
        content, quoted = pa.py_buffer(block.data).slice(0, block.size), block.quoted
    else:
        content, quoted = pa.py_buffer(block), b'"' in block
    try:
        table = csv.read_csv(
            content,
            read_options=csv.ReadOptions(
                column_names=names, use_threads=False, block_size=content.size + 1
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()),
                check_utf8=False,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = [_decoded(whole(column), encoding) for column in table.columns]
    return pa.table(columns, names=names)


def _decoded(column: pa.Array, encoding: str) -> pa.Array:
    """Bytes as text. ASCII is taken as it stands; other columns are decoded by distinct value."""
    data = column.buffers()[2]
    if data is None or len(data) == 0 or int(np.frombuffer(data, np.uint8).max()) < 0x80:
        return column.view(pa.string())
    encoded = pc.dictionary_encode(column)
    words = [word.decode(encoding, "replace") for word in encoded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(words, pa.string()))


def irregular_lines(
    block: Block, delimiter: str, count: int
) -> tuple[bytes, npt.NDArray[np.int64], list[bytes]] | None:
    """Part a block without quotation marks into regular lines and those of another field count.

    Returns the regular lines as one block, the numbers (from 0) of the others, and those lines
    without their line ends. None where the block has quotation marks or other line ends, so that
    counting says nothing.
    """
    content = bytes(block)
    if block.quoted or content.count(b"\r") != content.count(b"\r\n"):
        return None
    lines = content.split(b"\n")
    if not lines[-1]:
        lines.pop()
    marks = block.marks
    ends = np.flatnonzero(marks == _LF)
    if len(ends) < len(lines):
        ends = np.append(ends, len(marks))
    separators = np.searchsorted(np.flatnonzero(marks == ord(delimiter)), ends)
    fields = np.diff(separators, prepend=0) + 1
    odd = np.flatnonzero(fields != count)
    others = set(odd.tolist())
    regular = b"".join(line + b"\n" for at, line in enumerate(lines) if at not in others)
    return regular, odd, [lines[at].rstrip(b"\r") for at in odd]
