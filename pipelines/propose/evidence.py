"""What a file's header and values say about its columns, before any source is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import get_args

import pyarrow as pa

from pipelines import formats
from pipelines.macros import define_macros
from pipelines.plain import plain_header
from pipelines.profile import standard
from pipelines.propose.forms import ENOUGH, Forms, find_forms, today
from pipelines.read import Document, Sheet
from pipelines.recognise import HEADER_WITHIN, HEADLESS, visible_sheets
from pipelines.shape import is_data
from pipelines.sources import Column, Label, Period, Source, load_sources
from pipelines.sources.types import ColumnType
from pipelines.typed import Typist
from warehouse.engine import Engine

SAMPLE_CHUNKS = 2
"""So many chunks of rows are looked at (`Sheet.chunks`): a month of a large office."""

SAMPLE_WORDS = 300
"""Distinct values per cell that are read as each type."""

FULL = 0.6
"""A row of a table has at least this share of the cells that most rows have."""

_KINDS: tuple[ColumnType, ...] = tuple(kind for kind in get_args(ColumnType) if kind != "text")

_ANY = Source(
    id="any",
    label=Label("", ""),
    owner="",
    licence="",
    landing_page="",
    schedule="once",
    columns=tuple(Column(kind, kind, Label("", "")) for kind in _KINDS),
    key=(),
    period=Period("", ""),
)
"""A source with one column of each type, to read any value as each of them."""


class Reader:
    """Reads texts as values of any type, as loading would. One connection serves a whole file."""

    def __init__(self, engine: Engine, known: Mapping[str, str]) -> None:
        define_macros(engine)
        self._typist = Typist(engine, _ANY, standard(_ANY), known)

    def values(self, words: Sequence[str], kind: str) -> dict[str, object]:
        """Each word as a value of the type; null where it cannot be read."""
        found = self._typist.read(kind, pa.array(words, pa.string())).value.to_pylist()
        return dict(zip(words, found, strict=True))

    def share(self, words: Sequence[str], kind: str) -> float:
        """Share of the words that can be read as a type."""
        found = self.values(words, kind) if words else {}
        return sum(value is not None for value in found.values()) / len(found) if found else 0.0


@dataclass
class Cell:
    """One column of a file. at: its position from 0. words: value → how often it stands there.

    shares: type → share of the filled rows that can be read as it.
    """

    at: int
    header: str
    words: Counter[str]
    shares: Mapping[str, float] = field(default_factory=dict)
    _forms: dict[str, Forms] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """Rows that have a value."""
        return self.words.total()

    def forms(self, kind: str) -> Forms:
        """The forms in which its values are values of a type, where the usual reading fails."""
        if kind not in self._forms:
            read = self.shares.get(kind, 0.0) >= ENOUGH
            words = list(islice(self.words, SAMPLE_WORDS))
            self._forms[kind] = Forms(()) if read else find_forms(words, kind, today())
        return self._forms[kind]


@dataclass
class Evidence:
    """A file's table. header: index of its header row or HEADLESS. rows: how many were looked at.

    table: the sampled rows, columns `c0` …
    """

    document: Document
    sheet: Sheet
    header: int
    rows: int
    table: pa.Table
    cells: list[Cell]
    reader: Reader

    @cached_property
    def names(self) -> list[str]:
        """The header row's cells; empty without one."""
        return [] if self.header == HEADLESS else list(self.sheet.head[self.header])

    @cached_property
    def unnamed(self) -> frozenset[int]:
        """Cells that a header cannot tell from others: without one, or with one that stands twice.

        None in a file without a header, where places are named.
        """
        if self.header == HEADLESS:
            return frozenset()
        counts = Counter(plain_header(cell.header) for cell in self.cells)
        return frozenset(
            cell.at
            for cell in self.cells
            if not (name := plain_header(cell.header)) or counts[name] > 1
        )

    def moments(self, cell: Cell) -> list[str | None]:
        """A cell's values row by row as text that sorts by time; null where not readable."""
        forms = cell.forms("timestamp").forms or cell.forms("time").forms
        kind = "timestamp" if cell.forms("timestamp").forms else "time"
        found: dict[str, object] = {}
        if forms:
            read = formats.reader(forms[0], kind)
            found |= {word: read(word) for word in cell.words}
        else:
            kind = max(("timestamp", "time"), key=lambda k: cell.shares.get(k, 0.0))
            found |= self.reader.values(list(cell.words), kind)
        by_word = {word: None if value is None else str(value) for word, value in found.items()}
        return [by_word.get(value.strip()) for value in self.column(cell.at)]

    def column(self, at: int) -> list[str]:
        """The sampled values of one cell, "" where blank."""
        return [value or "" for value in self.table.column(f"c{at}").to_pylist()]


def _known_names() -> frozenset[str]:
    names = (
        name
        for source in load_sources().values()
        for column in source.read_columns
        for name in (*column.headers, *column.date_headers)
    )
    return frozenset(map(plain_header, names))


def _width(sheet: Sheet) -> int:
    """Filled cells of most of the rows."""
    counts = Counter(n for row in sheet.head if (n := sum(1 for c in row if c.strip())) > 1)
    return max(counts, key=lambda n: (counts[n], n), default=0)


def find_header(sheet: Sheet) -> int:
    """The row of names above the data: the one with most known names, else the first wide row
    that does not look like data. HEADLESS where data comes first."""
    known, width = _known_names(), _width(sheet)
    wide = [
        (at, [cell for cell in row if cell.strip()])
        for at, row in enumerate(sheet.head[:HEADER_WITHIN])
    ]
    wide = [(at, cells) for at, cells in wide if len(cells) >= max(2, FULL * width)]
    hits = {at: sum(plain_header(cell) in known for cell in cells) for at, cells in wide}
    best = max(hits, key=lambda at: (hits[at], -at), default=HEADLESS)
    if hits.get(best, 0) > 1:
        return best
    if not wide or is_data(wide[0][1]) or len(set(wide[0][1])) < len(wide[0][1]):
        return HEADLESS
    return wide[0][0]


def _best_sheet(document: Document) -> Sheet:
    """The sheet with the widest table."""
    return max(visible_sheets(document), key=lambda sheet: (_width(sheet), len(sheet.head)))


def gather(document: Document, reader: Reader) -> Evidence:
    """Look at a file's widest sheet."""
    sheet = _best_sheet(document)
    header = find_header(sheet)
    if header == HEADLESS:
        width = max((len(row) for row in sheet.head), default=0)
    else:
        row = sheet.head[header]
        width = max((at for at, cell in enumerate(row) if cell.strip()), default=-1) + 1
    chunks = list(islice(sheet.chunks(header + 1, width), SAMPLE_CHUNKS))
    names = [f"c{at}" for at in range(width)]
    table = pa.concat_tables([_plain(chunk.select(names)) for chunk in chunks]) if chunks else None
    if table is None:
        table = pa.table({name: pa.array([], pa.string()) for name in names})
    cells = []
    for at in range(width):
        words = Counter(value.strip() for value in table.column(f"c{at}").to_pylist() if value)
        words.pop("", None)
        text = sheet.head[header][at] if header != HEADLESS else ""
        cells.append(Cell(at, " ".join(text.split()), words))
    _judge(cells, reader)
    return Evidence(document, sheet, header, table.num_rows, table, cells, reader)


def _plain(chunk: pa.Table) -> pa.Table:
    """The same rows as plain text columns."""
    return chunk.cast(pa.schema([pa.field(name, pa.string()) for name in chunk.column_names]))


def _judge(cells: Sequence[Cell], reader: Reader) -> None:
    """Fill in the shares: all cells' words are read together, once per type."""
    samples = [list(islice(cell.words, SAMPLE_WORDS)) for cell in cells]
    words = list(dict.fromkeys(word for sample in samples for word in sample))
    if not words:
        return
    read = {kind: reader.values(words, kind) for kind in _KINDS}
    for cell, sample in zip(cells, samples, strict=True):
        total = sum(cell.words[word] for word in sample)
        cell.shares = {
            kind: sum(cell.words[word] for word in sample if values[word] is not None) / total
            if total
            else 0.0
            for kind, values in read.items()
        }
