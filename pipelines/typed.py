"""From text cells to typed columns, a chunk at a time.

A column of a file holds few distinct words, so each word is read once by the macros of parse.sql
(or looked up) and its rows follow. Moments have many distinct words: those in the usual forms are
read by their digits' places (pipelines.moments), the rest by the macros.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.arrays import Flags, flags, whole, words_of
from pipelines.formats import reader
from pipelines.lookup import area_code, dictionary, municipality_code
from pipelines.moments import read_moments
from pipelines.plain import plain_word
from pipelines.profile import Profile
from pipelines.sources import ARROW, Column, Source
from warehouse.engine import Engine

DUCKDB = {
    "text": "VARCHAR",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
    "time": "VARCHAR",
    "municipality": "VARCHAR",
    "area": "VARCHAR",
}
"""Engine type of each column type."""

REMEMBERED = 5_000
"""A chunk's words are kept for the next chunk where they are no more than this."""

SERIALS_1904 = 1462
"""Days between the first days of the two systems in which spreadsheets count days."""

LARGEST = {"int": 2**31 - 1, "long": 2**62}
"""The greatest number that a column of whole numbers holds."""

DATED = frozenset({"date", "month", "timestamp"})
CODED = frozenset({"municipality", "area"})


@dataclass(frozen=True)
class Typed:
    """A column of a chunk. written: the text (of an adapter's whole numbers: themselves), null
    where blank. value: null where not readable.

    problem: rule that a code breaks (municipality and area only).
    """

    written: pa.Array
    value: pa.Array
    problem: pa.Array | None

    @property
    def all_read(self) -> bool:
        """True where nothing is written that could not be read."""
        return bool(self.written.null_count == self.value.null_count)

    @property
    def unread(self) -> Flags:
        """True where something is written that could not be read."""
        return flags(pc.and_(pc.is_valid(self.written), pc.is_null(self.value)))


class Typist:
    """Reads the columns of one file. It has a connection of its own, so it may run in a thread."""

    def __init__(
        self, engine: Engine, source: Source, profile: Profile, known: Mapping[str, str]
    ) -> None:
        self._engine, self._profile, self._known = engine.cursor(), profile, known
        self._read: dict[str, dict[str, tuple[Any, str | None, bool]]] = {}
        self._columns = {column.name: column for column in source.read_columns}

    def read(self, name: str, cells: pa.Array | pa.ChunkedArray) -> Typed:
        """Read one column's cells (text, dictionary of text or whole numbers; null is blank)."""
        column = self._columns[name]
        cells = whole(cells)
        if pa.types.is_integer(cells.type):
            if column.type == "long" and name not in self._profile.units:
                return Typed(cells, cells, None)
            cells = cells.cast(pa.string())
        plain = column.type == "timestamp" and name not in self._profile.formats
        if plain and not isinstance(cells, pa.DictionaryArray):
            return self._moments(column, cells)
        return self._words(column, words_of(cells))

    def _moments(self, column: Column, cells: pa.StringArray) -> Typed:
        """A column of moments: by places where possible, the rest by distinct word."""
        value = read_moments(cells)
        filled = flags(pc.fill_null(pc.not_equal(pc.binary_length(cells), 0), False))
        if value.null_count == len(cells) - np.count_nonzero(filled):
            return Typed(_blanked(cells, value.buffers()[0]), value, None)
        rest = filled & flags(pc.is_null(value))
        if rest.any():
            other = self._words(column, words_of(cells.filter(pa.array(rest))))
            filled[rest] = flags(pc.is_valid(other.written))
            value = pc.replace_with_mask(value, pa.array(rest), other.value)
        validity = pa.py_buffer(np.packbits(filled, bitorder="little"))
        return Typed(_blanked(cells, validity), value, None)

    def _words(self, column: Column, cells: pa.DictionaryArray) -> Typed:
        """A column by its distinct words."""
        words = cells.dictionary
        values, problems, blank = self._look_up(column, words)
        if not (cells.null_count or blank.any() or values.null_count or column.type in CODED):
            if pa.types.is_string(values.type):
                return Typed(cells, pa.DictionaryArray.from_arrays(cells.indices, values), problems)
            return Typed(cells, values.take(cells.indices), problems)
        at = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        written = _pointing(np.where(np.append(blank, True)[at], -1, at), words)
        value: pa.Array
        if pa.types.is_string(values.type):
            unread = np.append(flags(pc.is_null(values)), True)
            value = _pointing(np.where(unread[at], -1, at), pc.fill_null(values, ""))
        else:
            value = values.take(written.indices)
        problem = None if problems is None else problems.take(written.indices)
        return Typed(written, value, problem)

    def _look_up(
        self, column: Column, words: pa.StringArray
    ) -> tuple[pa.Array, pa.Array | None, Flags]:
        """Values and problems of words, and which of them are blank."""
        if len(words) > REMEMBERED:
            values, problems, clean = self._translate(column, words)
            return values, problems, flags(pc.is_null(clean))
        memory = self._read.setdefault(column.name, {})
        written = words.to_pylist()
        fresh = [word for word in written if word not in memory]
        if fresh:
            values, problems, clean = self._translate(column, pa.array(fresh, pa.string()))
            kept = problems.to_pylist() if problems is not None else [None] * len(fresh)
            blanks = flags(pc.is_null(clean)).tolist()
            memory |= zip(fresh, zip(values.to_pylist(), kept, blanks, strict=True), strict=True)
        found = [memory[word] for word in written]
        coded = column.type in CODED
        return (
            pa.array([value for value, _, _ in found], ARROW[column.type]),
            pa.array([problem for _, problem, _ in found], pa.string()) if coded else None,
            np.array([blank for _, _, blank in found], np.bool_),
        )

    def _translate(
        self, column: Column, words: pa.StringArray
    ) -> tuple[pa.Array, pa.Array | None, pa.Array]:
        """Words as values, the rules that codes break, and the words without blanks around."""
        engine = self._engine
        engine.register("words", pa.table({"x": words}))
        clean = engine.arrow("SELECT mado_clean(x) AS x FROM words")["x"].combine_chunks()
        kind = ARROW[column.type]
        if column.type in CODED:
            pairs = [
                (None, None) if w is None else self._code(column, w) for w in clean.to_pylist()
            ]
            problems = pa.array([problem for _, problem in pairs], pa.string())
            return pa.array([code for code, _ in pairs], kind), problems, clean
        if column.values:
            known = dictionary(column, self._profile)
            found = [None if w is None else known.get(plain_word(w)) for w in clean.to_pylist()]
            return pa.array(found, kind), None, clean
        if form := self._profile.formats.get(column.name):
            read = reader(form, column.type)
            moments = [None if w is None else read(w) for w in clean.to_pylist()]
            return pa.array(moments, kind), None, clean
        if self._profile.dates == "1904" and column.type in DATED:
            moved = [None if w is None else from_1904(w) for w in clean.to_pylist()]
            engine.register("words", pa.table({"x": pa.array(moved, pa.string())}))
        factor = self._profile.units.get(column.name)
        if column.type == "text":
            macro = "mado_half(x)" if column.half_width else "mado_clean(x)"
        elif factor is not None:  # 1.5 thousand is a whole number
            macro = "mado_float(x)"
        else:
            macro = f"CAST(mado_{column.type}(x) AS {DUCKDB[column.type]})"
        values = engine.arrow(f"SELECT {macro} AS x FROM words")["x"].combine_chunks()
        if factor is not None:
            values = pc.multiply(values, factor)
            if column.type != "float":
                fits = pc.less_equal(pc.abs(values), LARGEST[column.type])
                values = pc.if_else(fits, pc.round(values), None)
        return values.cast(kind), None, clean

    def _code(self, column: Column, word: str | None) -> tuple[str | None, str | None]:
        if word is None:
            return None, None
        if column.type == "area":
            return area_code(word)
        return municipality_code(word, self._known)


def _blanked(cells: pa.StringArray, validity: pa.Buffer) -> pa.StringArray:
    """The cells, null where a bit of `validity` is 0; nothing is copied."""
    if cells.offset:
        cells = pa.concat_arrays([cells])
    return pa.Array.from_buffers(pa.string(), len(cells), [validity, *cells.buffers()[1:]])


def _pointing(at: npt.NDArray[np.int32], words: pa.StringArray) -> pa.DictionaryArray:
    """A dictionary array from positions; -1 is null."""
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32(), mask=at < 0), words)


def from_1904(word: str) -> str:
    """A number of days since 1904 as one since 1900; any other text as it is."""
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", word):
        return word
    return str(Decimal(word) + SERIALS_1904)
