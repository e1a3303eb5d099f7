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
from contextlib import contextmanager
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

    size: bytes of the file; -1 where it cannot be read, which `value` says in words.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._result: Future[str] | None = None
        try:
            self.size = path.stat().st_size
        except OSError:
            self.size = -1

    def begin(self) -> None:
        """Start computing."""
        if self._result is None:
            beside = ThreadPoolExecutor(1, thread_name_prefix="fingerprint")
            self._result = beside.submit(_digest, self._path)
            beside.shutdown(wait=False)

    @property
    def value(self) -> str:
        """The hash, awaited. Raises Refused where the file cannot be read."""
        self.begin()
        assert self._result is not None
        return self._result.result()

    @property
    def known(self) -> str | None:
        """The hash, or None where the file cannot be read."""
        try:
            return self.value
        except Refused:
            return None


def _digest(path: Path) -> str:
    digest, buffer = hashlib.sha256(), memoryview(bytearray(256 << 10))
    with _readable(path), path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
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
