"""What the tables of population have in common: read, name the areas, count, hold bad rows back.

A `Round` is one round of the projection, from the settings of its source's YAML:
projection (id), base_year (the census that it starts from) and nation (`by_kind`: every city has
its wards and every prefecture its municipalities; `finest`: some are published only whole).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.adapters import areas
from pipelines.adapters.base import Adapted, Finding, Ignored
from pipelines.adapters.population_layout import Layout
from pipelines.adapters.words import plain
from pipelines.errors import Refused
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.sources import Source

Counts = npt.NDArray[np.int64]
Labels = Mapping[str, str | None]
"""What a column of counts is about: sex, ages, year, as the lake names them."""

LARGEST = 10**15
"""No count of persons is as large."""


@dataclass(frozen=True)
class Round:
    """A round of the projection; the module's docstring explains each field."""

    projection: str
    base_year: int
    nation: str


def round_of(source: Source, profile: Profile | None = None) -> Round:
    """The round that a source's settings describe; a profile's settings win."""
    settings = {**source.settings, **(profile.settings if profile else {})}
    return Round(settings["projection"], int(settings["base_year"]), settings["nation"])


def check_base_year(years: Sequence[str | None], of: Round) -> None:
    """Raise Refused where the first year of a table is not the round's base year."""
    written = [int(year) for year in years if year]
    if written and min(written) != of.base_year:
        raise Refused(
            f"この表は{min(written)}年から始まります。{of.base_year}年から始まる推計ではありません。"
            "ソースの指定を確かめてください",
            f"the table begins in {min(written)}, not in {of.base_year}; "
            "check which source it belongs to",
        )


class Rows:
    """The data rows of one sheet, and what has been found wrong with them so far."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet, self.layout = sheet.name, layout
        self.table = sheet.table(layout.skip, layout.width).combine_chunks()
        self.source_row: Counts = self.table["source_row"].to_numpy()
        self.good = np.ones(self.table.num_rows, dtype=bool)
        self.findings: list[Finding] = []
        self.ignored: list[Ignored] = []
        self._leave_out()
        self._hold_back_broken()

    def column(self, index: int) -> pa.Array:
        """The text of a column, one value per row."""
        return self.table[f"c{index}"].combine_chunks()

    def reject(self, row: int, column: int, rule: str, message_ja: str, message_en: str) -> None:
        """Hold back the row at a position, because of one of its cells."""
        self.good[row] = False
        value = self.table[f"c{column}"][row].as_py()
        label = self.layout.labels[column]
        number = int(self.source_row[row])
        self.findings.append(
            Finding(number, label, value, rule, message_ja, message_en, self.sheet)
        )

    def counts(self, index: int) -> Counts:
        """A column as whole numbers. A row whose cell is not a count is held back, and counts 0."""
        text = self.column(index)
        with suppress(pa.ArrowInvalid):
            numbers: Counts = text.cast(pa.int64()).to_numpy()
            if not len(numbers) or 0 <= numbers.min() <= numbers.max() < LARGEST:
                return numbers
        is_plain = pc.match_substring_regex(text, "^[0-9]{1,15}$").to_numpy(zero_copy_only=False)
        numbers = pc.if_else(is_plain, text, "0").cast(pa.int64()).to_numpy().copy()
        for row in positions(~is_plain):
            word = plain(text[row].as_py()).replace(",", "")
            if word.isascii() and word.isdigit() and len(word) <= 15:
                numbers[row] = int(word)
            elif self.good[row]:
                self.reject(
                    row,
                    index,
                    "not_a_count",
                    "人数は0以上の整数で書いてください。元の表を確かめてください",
                    "a number of persons must be a whole number, 0 or more; check the original",
                )
        return numbers

    def areas(self, nation: str) -> dict[str, pa.Array]:
        """The area columns of the lake; rows without a known area and kind are held back."""
        code, kind, prefecture, name = self.layout.area
        area = areas.by_distinct(self.column(code), areas.area_code)
        area_kind = areas.area_kinds(self.column(kind), area)
        for row in positions(self.good & pc.is_null(area).to_numpy(zero_copy_only=False)):
            self.reject(
                row,
                code,
                "unknown_area",
                "市区町村の一覧にない地域コードです。コードを確かめてください",
                "the area code is not in the list of municipalities; check the code",
            )
        for row in positions(self.good & pc.is_null(area_kind).to_numpy(zero_copy_only=False)):
            self.reject(
                row,
                kind,
                "unknown_kind",
                "市などの別は a・0・1・2・3・9 のどれかです。元の表を確かめてください",
                "the kind of area must be a, 0, 1, 2, 3 or 9; check the original",
            )
        # Rows held back count here: a city whose ward is held back is still published by ward.
        kinds = area_kind.to_pylist()
        counts_in_nation = (
            areas.finest(area.to_pylist(), kinds) if nation == "finest" else areas.by_kind(kinds)
        )
        prefectures = areas.by_distinct(self.column(prefecture), plain)
        names = areas.by_distinct(self.column(name), plain)
        return {
            "area": area,
            "area_name": pc.if_else(pc.equal(names, ""), prefectures, names),
            "prefecture": prefectures,
            "area_kind": area_kind,
            "counts_in_nation": as_words(counts_in_nation),
        }

    def _leave_out(self) -> None:
        """Ignore blank rows, and rows of one text such as a note below the table."""
        code = self.column(self.layout.area[0])
        without_code = pc.invert(pc.match_substring_regex(code, r"^\s*\d+(\.0)?\s*$"))
        for row in positions(without_code.to_numpy(zero_copy_only=False)):
            cells = [self.table[f"c{index}"][row].as_py() for index in range(self.layout.width)]
            written = sum(bool(cell.strip()) for cell in cells)
            if written <= 1:
                reason = "title" if written else "blank"
                self.good[row] = False
                self.ignored.append(Ignored(int(self.source_row[row]), reason, self.sheet))

    def _hold_back_broken(self) -> None:
        """Hold back rows that have not as many cells as the header."""
        fields = self.table["fields"].to_numpy()
        for row in positions(self.good & (fields != self.layout.width)):
            self.reject(
                row,
                0,
                "broken_row",
                f"この行は見出しの{self.layout.width}列と合いません。"
                "途中で切れていないか確かめてください",
                f"the row does not have the {self.layout.width} columns of the header; "
                "check whether the file is cut off",
            )

    def adapted(
        self, described: Mapping[str, pa.Array], cells: Sequence[tuple[Labels, Counts]]
    ) -> Adapted:
        """Put the records of the good rows together: one per row and cell.

        described: columns of the lake with one value per physical row. cells: what the columns of
        counts are about, and their numbers. Text comes as positions in a list of its words, so
        that each word is read once, however many records repeat it; numbers need no reading.
        """
        keep = np.flatnonzero(self.good)
        times = len(cells)
        columns = {
            name: _repeated(column.take(pa.array(keep)), times)
            for name, column in described.items()
        }
        for name in cells[0][0]:
            words = [labels[name] for labels, _ in cells]
            columns[name] = _each(words, len(keep))
        numbers = np.concatenate([count[keep] for _, count in cells])
        columns["population"] = pa.array(numbers)
        columns["sheet"] = _each([self.sheet], len(numbers))
        columns["source_row"] = pa.array(np.tile(self.source_row[keep], times))
        return Adapted(pa.table(columns), self.ignored, self.findings, len(self.source_row))


def _repeated(column: pa.Array, times: int) -> pa.DictionaryArray:
    """A column of text, again and again."""
    encoded = column.dictionary_encode()
    indices = np.tile(encoded.indices.to_numpy(zero_copy_only=False), times)
    return pa.DictionaryArray.from_arrays(pa.array(indices), encoded.dictionary)


def _each(words: Sequence[str | None], times: int) -> pa.DictionaryArray:
    """Every word so many times before the next."""
    encoded = pa.array(words, pa.string()).dictionary_encode()
    return encoded.take(pa.array(np.repeat(np.arange(len(words), dtype=np.int32), times)))


def positions(flags: npt.NDArray[np.bool_]) -> list[int]:
    """Indices of the true values."""
    found: list[int] = np.flatnonzero(flags).tolist()
    return found


def as_words(flags: npt.NDArray[np.bool_]) -> pa.Array:
    """Booleans as the text that the framework reads."""
    return pc.if_else(pa.array(flags), "true", "false")


def joined(parts: Sequence[Adapted]) -> Adapted:
    """One result from those of several sheets."""
    return Adapted(
        pa.concat_tables([part.records for part in parts]),
        [row for part in parts for row in part.ignored],
        [finding for part in parts for finding in part.rejected],
        sum(part.rows_read for part in parts),
    )
