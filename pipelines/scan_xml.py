"""A sheet's cells as a parser sees them, whatever way the XML is written in. Slow and exact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import numpy as np
import numpy.typing as npt

from pipelines.read_zip import damaged
from pipelines.scan import Scan, column_of

_BLOCK = 1 << 20
_REFERENCE = re.compile(r"([A-Za-z]{1,7})(\d{1,10})")
_TRUE = {"1", "true"}


class _Rows:
    """Handlers of a parser: rows and cells of the first `sheetData`."""

    def __init__(self, found: Scan) -> None:
        self._found = found
        self._row = self._column = 0
        self._kind = ""
        self._text: list[str] | None = None
        self._inside = self._done = False
        self.shared: list[int] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "sheetData":
            self._inside = not self._done
        elif not self._inside:
            return
        elif name == "row":
            self._row = int(given["r"]) if given.get("r", "").isdecimal() else self._row + 1
            self._column = 0
            if given.get("hidden") in _TRUE:
                self._found.hide([self._row - 1])
        elif name == "c":
            place = _REFERENCE.fullmatch(given.get("r", ""))
            self._column = column_of(place[1]) if place else self._column + 1
            self._line = int(place[2]) if place else self._row
            self._kind = given.get("t", "")
            self._found.texts += self._kind == "s"
        elif name in ("v", "is"):
            self._found.reach(max(self._line, 1), self._column)
            self._text = [] if name == "v" and self._kind in ("e", "s") else None

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "sheetData":
            self._done = self._done or self._inside
            self._inside = False
        elif name == "v" and self._text is not None:
            text = "".join(self._text)
            if self._kind == "e":
                self._found.fail(max(self._line, 1) - 1, self._column - 1, text)
            elif text.strip().isdecimal():
                self.shared.append(int(text))
            self._text = None


def parsed(file: IO[bytes], parser: expat.XMLParserType) -> Iterator[None]:
    """Feed a file to a parser, piece by piece. Raises Refused where it is no sound XML."""

    def refuse(*_: object) -> None:
        raise damaged()  # entities of a document type can grow without bound

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise damaged() from error


def read_cells(
    file: IO[bytes], found: Scan, *, shared: bool = False
) -> Iterator[npt.NDArray[np.int64]]:
    """Read a sheet into `found`, piece by piece; with `shared` gives which shared texts are used.

    A cell counts where it has a value. Raises Refused where the sheet is damaged or too large.
    """
    parser = expat.ParserCreate()
    rows = _Rows(found)
    parser.StartElementHandler = rows.start
    parser.EndElementHandler = rows.end
    parser.CharacterDataHandler = rows.text
    for _ in parsed(file, parser):
        if shared:
            yield np.array(rows.shared, np.int64)
        rows.shared.clear()


def read_lengths(file: IO[bytes]) -> list[int]:
    """Bytes of each shared text, at most. Raises Refused where the XML is damaged."""
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(content: str) -> None:
        if lengths:
            lengths[-1] += len(content.encode("utf-8", "replace"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    for _ in parsed(file, parser):
        pass
    return lengths
