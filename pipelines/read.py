"""Open a file by its content, whatever its name says, as sheets of text cells.

Both kinds of file come out alike. A cell is text: "" where blank, ISO text for dates and times,
plain text for numbers ("1234", "0.5"; never "1234.0"). A row's number (`source_row`) is the one
a spreadsheet shows when it opens the file: from 1, title and blank rows counted. `rows()[i]` is
therefore row i + 1.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.errors import Refused

HEAD_ROWS = 60
"""Rows of `Sheet.head`: enough to find a header below titles."""

CHUNK_ROWS = 50_000
"""Rows that `Sheet.chunks` holds at a time."""


ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How a zip begins: with a member, or with its end where it is empty."""


class Merged(NamedTuple):
    """A merged range; all four count from 0 and are inclusive, so they index `rows()`."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(ABC):
    """One table of cells: a sheet of a workbook, or a whole text file (name "").

    head: the first HEAD_ROWS rows. merged: merged ranges (their text stands in the top left cell).
    hidden: the workbook hides this sheet. hidden_rows: rows that it hides; they are read all the
    same. from_1904: numbers that stand for days count from 1904. cells: how many are in memory.
    keeps: what must live as long as the sheet (the folder of unpacked files).
    """

    name: str = ""
    hidden: bool = False
    hidden_rows: int = 0
    from_1904: bool = False
    cells: int = 0
    merged: tuple[Merged, ...] = ()
    head: list[list[str]]
    keeps: object = None

    @abstractmethod
    def rows(self) -> list[list[str]]:
        """All rows; rows may differ in length. For small files and adapters."""

    @abstractmethod
    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """Rows after the first `skip`, as tables of a bounded number of rows.

        Columns: `c0` … `c{width-1}` text (dictionary-encoded where that is cheaper), `source_row`
        int64, and `fields` int32: how many fields the row has (`width` where all is well, -1 where
        a quotation mark is left open; then `c0` holds the line as it stands).
        """

    def table(self, skip: int, width: int) -> pa.Table:
        """The same as one table of plain text. For adapters of files that fit in memory."""
        cells = [(f"c{index}", pa.string()) for index in range(width)]
        schema = pa.schema([*cells, ("source_row", pa.int64()), ("fields", pa.int32())])
        chunks = [chunk.cast(schema) for chunk in self.chunks(skip, width)]
        return pa.concat_tables([schema.empty_table(), *chunks])

    def sample(self, width: int) -> Iterator[pa.Table]:
        """Rows that show what the columns hold, as `chunks` gives them; all where that is cheap."""
        return self.chunks(0, width)


class NotRead(Sheet):
    """A part of a file that is no table; it is there to be named as not read."""

    hidden = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = []

    def rows(self) -> list[list[str]]:
        """No rows."""
        return []

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """No chunks."""
        return iter(())


@dataclass
class Document:
    """An opened file: its name and its sheets.

    kind: "text", "excel", "json" or "zip". encoding and delimiter are those of a text file; others
    have None.
    """

    path: Path
    kind: str
    sheets: Sequence[Sheet]
    encoding: str | None = None
    delimiter: str | None = None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.path.name


class Fingerprint:
    """SHA-256 of a file's bytes, computed beside other work.

    size: bytes of the file; -1 where it cannot be read, which `value` says in words. copy: where
    the bytes are copied to as they are read, if anywhere.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._result: Future[str] | None = None
        self.copy: Path | None = None
        self._stamp = _stamp(path)
        self.size = self._stamp[0]

    def begin(self, copy: Path | None = None) -> None:
        """Start reading, unless that has begun already; copy the bytes on the way."""
        if self._result is None:
            self.copy = copy
            beside = ThreadPoolExecutor(1, thread_name_prefix="fingerprint")
            self._result = beside.submit(_digest, self._path, copy)
            beside.shutdown(wait=False)

    @property
    def value(self) -> str:
        """The hash, awaited. Raises Refused where the file cannot be read or has changed since."""
        self.begin()
        assert self._result is not None
        found = self._result.result()
        if _stamp(self._path) != self._stamp:
            raise Refused(
                "読み込み中にファイルが変わりました。書き込みが終わってからもう一度読み込んでください",
                "the file changed while it was loaded; load it again when it is complete",
            )
        return found

    @property
    def known(self) -> str | None:
        """The hash, or None where there is none."""
        try:
            return self.value
        except Refused:
            return None


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file is written: size, time of the last change, place."""
    try:
        found = path.stat()
    except OSError:
        return -1, -1, -1
    return found.st_size, found.st_mtime_ns, found.st_ino


COPIED = 256 << 10
"""Bytes that are copied at a time. Larger writes cost some file systems six times as much."""


def _digest(path: Path, copy: Path | None) -> str:
    digest, buffer = hashlib.sha256(), memoryview(bytearray(COPIED))
    with (
        _readable(path),
        path.open("rb", buffering=0) as file,
        nullcontext() if copy is None else copy.open("wb", buffering=0) as written,
    ):
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
            if written is not None:
                written.write(buffer[:size])
    return digest.hexdigest()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in words that a file cannot be read: raises Refused."""
    try:
        yield
    except FileNotFoundError as error:
        raise Refused(
            "ファイルがありません。場所と名前を確認してください",
            "there is no such file; check its place and name",
        ) from error
    except OSError as error:
        raise Refused(
            f"ファイルを開けません（{error.strerror}）。場所と権限を確認してください",
            f"cannot open the file ({error.strerror}); check its place and permissions",
        ) from error


def open_document(path: Path, encoding: str | None = None) -> Document:
    """Open a CSV, TSV, Excel or JSON file, or a zip of them. The content decides, not the name.

    `encoding` overrides the detection. Raises Refused for what is no table: missing, empty, a web
    page, a PDF, a password, a damaged workbook.
    """
    # Here because these import this module's classes.
    from pipelines import read_excel, read_json, read_text, read_zip

    with _readable(path), path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Refused(
            "ファイルが空です。元のシステムから出力し直してください",
            "the file is empty; export it again",
        )
    if start.startswith(b"%PDF"):
        raise Refused(
            "PDF は読み込めません。元の表を CSV か Excel で用意してください",
            "a PDF cannot be read; provide the table as CSV or Excel",
        )
    if start.startswith(ZIP):
        if read_zip.holds_workbook(path):
            return Document(path, "excel", read_excel.open_package(path))
        return Document(path, "zip", read_zip.open_zip(path, encoding))
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Document(path, "excel", read_excel.open_ole(path))
    if read_json.looks_like_json(start):
        return Document(path, "json", [read_json.open_json(path)])
    sheet = read_text.open_text(path, encoding)
    return Document(path, "text", [sheet], sheet.encoding, sheet.delimiter)
