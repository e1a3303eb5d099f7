"""Bring the rows of plain tables up for judgement, as typed records beside what was written.

Of each chunk the rows that are no data (blank, header, total, title, filtered) are counted and
left out, rows that are broken as a whole are named, and the others become `Records`. A row is
looked at as a whole only where something about it is odd: a cell that cannot be read, a required
one that is blank, a word like 合計, another number of fields. So most rows cost only their cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import rows
from pipelines.ahead import ahead
from pipelines.arrays import Flags, flags, whole, words_of
from pipelines.lookout import Lookout
from pipelines.plain import plain_header, plain_word
from pipelines.profile import Profile
from pipelines.recognise import HEADLESS, Table
from pipelines.rows import SHEET_STEP
from pipelines.sources import Source
from pipelines.stage import Progress, Records, Staged, needed, no_rows, typed_records
from pipelines.typed import Typed, Typist
from warehouse.engine import Engine

PARTS = 100
"""rid = row_id × this + number of the record within its row; more than a source has words."""


def stage_tables(
    engine: Engine,
    tables: tuple[Table, ...],
    source: Source,
    profile: Profile,
    known: Mapping[str, str],
    progress: Progress,
    waived: Collection[str] = (),
) -> Staged:
    """Bring in the rows below the headers of plain tables.

    known: code → kind of municipality. waived: headers of columns that may look personal. The
    records raise Refused where values are personal data or there is no row of data.
    """
    given = {name for table in tables for name in table.match.cells} | set(profile.constants)
    spread = source.unpivot is not None and any(table.match.spread for table in tables)
    if spread and source.unpivot is not None:
        given |= set(source.unpivot.columns)
    staged = Staged(frozenset(given), iter(()), single=not spread)

    def records() -> Iterator[Records]:
        typist = Typist(engine, source, profile, known)
        for number, table in enumerate(tables):
            reader = _Reader(engine.cursor(), typist, table, number, source, profile, staged)
            lookout = Lookout(table, source, waived)
            for chunk in ahead(table.sheet.chunks(table.header + 1, table.width)):
                lookout.see(chunk)
                staged.rows_read += chunk.num_rows
                progress(chunk.num_rows)
                yield reader.read(chunk)
        if staged.rows_read == staged.ignored.total():
            raise no_rows()

    staged.records = records()
    return staged


class _Reader:
    """Reads the chunks of one table."""

    def __init__(
        self,
        engine: Engine,
        typist: Typist,
        table: Table,
        number: int,
        source: Source,
        profile: Profile,
        staged: Staged,
    ) -> None:
        self._engine, self._typist, self._table, self._staged = engine, typist, table, staged
        self._source, self._profile, self._number = source, profile, number
        head = () if table.header == HEADLESS else table.sheet.head[table.header]
        self._head = [*head, *[""] * table.width][: table.width]
        self._needed = needed(source)
        self._last: pa.Table | None = None
        self._words: dict[int, pa.DictionaryArray] = {}
        self._types = {column.name: column.type for column in source.read_columns}

    def read(self, chunk: pa.Table) -> Records:
        """Type and judge one chunk."""
        if self._table.match.spread:
            return self._wide(chunk)
        names = [column.name for column in self._source.read_columns]
        cells = {name: self._cell(chunk, name) for name in names if name in self._staged.given}
        typed = {name: self._typist.read(name, cell) for name, cell in cells.items()}
        odd = self._odd(chunk, typed)
        keep, faults = self._sift(chunk, odd)
        if not keep.all():
            kept = pa.array(np.flatnonzero(keep))
            chunk = chunk.take(kept)
            typed = {name: _taken(one, kept) for name, one in typed.items()}
        source_rows = chunk["source_row"].to_numpy()
        row_ids = self._number * SHEET_STEP + source_rows
        return Records(
            typed_records(
                row_ids * PARTS, row_ids, source_rows, self._table.sheet.name, typed, self._source
            ),
            faults,
        )

    def _cell(self, chunk: pa.Table, name: str) -> pa.Array:
        """A column's text out of a chunk's cells, with the date and the constant it may need."""
        match, constant = self._table.match, self._profile.constants.get(name)
        position = match.cells.get(name)
        if position is None:
            indices = pa.repeat(pa.scalar(0, pa.int32()), chunk.num_rows)
            return pa.DictionaryArray.from_arrays(indices, pa.array([constant], pa.string()))
        if name in match.dates:
            time = whole(chunk.column(f"c{position}"))
            cell = rows.dated(self._engine, chunk.column(f"c{match.dates[name]}"), time)
        elif self._types[name] != "timestamp":
            cell = self._encoded(chunk, position)
        else:
            cell = whole(chunk.column(f"c{position}"))
        if constant is None:
            return cell
        words = words_of(cell)
        plain = pc.utf8_trim_whitespace(words.cast(pa.string()))
        blank = pc.or_(pc.is_null(plain), pc.equal(pc.fill_null(plain, ""), ""))
        return pc.if_else(blank, constant, words.cast(pa.string()))

    def _encoded(self, chunk: pa.Table, position: int) -> pa.DictionaryArray:
        """A cell's column as words; each is encoded once per chunk."""
        if chunk is not self._last:
            self._last, self._words = chunk, {}
        if position not in self._words:
            self._words[position] = words_of(chunk.column(f"c{position}"))
        return self._words[position]

    def _odd(self, chunk: pa.Table, typed: Mapping[str, Typed]) -> Flags:
        """Rows to look at as a whole."""
        odd = flags(pc.not_equal(chunk["fields"], self._table.width))
        blank = np.ones(chunk.num_rows, np.bool_)  # emptied once a column is filled in all rows
        for column in self._source.read_columns:
            one = typed.get(column.name)
            if one is None:
                continue
            if not one.all_read:
                odd |= one.unread
            here = column.name in self._table.match.cells
            if not one.written.null_count:
                blank = np.zeros(0, np.bool_) if here else blank
                continue
            unwritten = flags(pc.is_null(one.written))
            if column.name in self._needed:
                odd |= unwritten
            if here and len(blank):
                blank &= unwritten
        if len(blank):
            odd |= blank
        moments = {
            at for name, at in self._table.match.cells.items() if self._types[name] == "timestamp"
        }
        for position in range(self._table.width):
            if position not in moments:
                words = self._encoded(chunk, position)
                telling = rows.telling(words.dictionary, self._head[position])
                if telling.any():
                    odd |= telling[words.indices.to_numpy(zero_copy_only=False)]
        return odd

    def _sift(self, chunk: pa.Table, odd: Flags) -> tuple[Flags, pa.Table | None]:
        """Rows to keep, and those that are broken. Rows that are no data are counted."""
        keep = np.ones(chunk.num_rows, np.bool_)
        faults = None
        at = np.flatnonzero(odd)
        if len(at):
            judged = rows.judge(self._engine, chunk.take(pa.array(at)), self._table, self._number)
            kinds = judged["row_kind"].to_pylist()
            self._staged.ignored.update(kind for kind in kinds if kind is not None)
            broken = flags(pc.is_valid(judged["fault"]))
            keep[at] = ~broken & np.array([kind is None for kind in kinds], np.bool_)
            if broken.any():
                faults = judged.filter(pa.array(broken)).drop_columns(["row_kind"])
        filtered = self._filtered(chunk) & keep
        if filtered.any():
            self._staged.ignored["filtered"] += int(filtered.sum())
            keep &= ~filtered
        return keep, faults

    def _filtered(self, chunk: pa.Table) -> Flags:
        """Rows that the profile leaves out (`ignore`)."""
        found = np.zeros(chunk.num_rows, np.bool_)
        for one in self._profile.ignore:
            wanted = {plain_word(value) for value in one.values}
            for position in self._positions(one.column, one.header):
                words = self._encoded(chunk, position)
                hit = [plain_word(word) in wanted for word in words.dictionary.to_pylist()]
                found |= np.array([*hit, False])[
                    words.indices.fill_null(-1).to_numpy(zero_copy_only=False)
                ]
        return found

    def _positions(self, column: str | None, header: str | None) -> list[int]:
        if column is not None:
            return [at for name, at in self._table.match.cells.items() if name == column]
        name = plain_header(header or "")
        return [at for at, cell in enumerate(self._head) if plain_header(cell) == name]

    def _wide(self, chunk: pa.Table) -> Records:
        """One record per filled cell of the columns that a wide table spreads."""
        keep, faults = self._sift(chunk, np.ones(chunk.num_rows, np.bool_))
        chunk = chunk.filter(pa.array(keep))
        names = [c.name for c in self._source.read_columns if c.name in self._staged.given]
        unpivot = self._source.unpivot
        assert unpivot is not None  # only such a source has a table with spread columns
        at, words, cells = rows.unpivoted(chunk, self._table.match.spread)
        part = np.arange(len(at)) - np.searchsorted(at, at)
        typed = {
            name: self._typist.read(
                name,
                words
                if name == unpivot.name
                else cells
                if name == unpivot.value
                else self._cell(chunk, name).take(pa.array(at)),
            )
            for name in names
        }
        source_rows = chunk["source_row"].to_numpy()[at]
        row_ids = self._number * SHEET_STEP + source_rows
        rids = row_ids * PARTS + part
        return Records(
            typed_records(rids, row_ids, source_rows, self._table.sheet.name, typed, self._source),
            faults,
        )


def _taken(one: Typed, at: pa.Array) -> Typed:
    problem = None if one.problem is None else one.problem.take(at)
    return Typed(one.written.take(at), one.value.take(at), problem)
