"""Figures of one area that a table spreads over several rows: kept together or not at all.

In such tables a row is an age, so that an area without one of its rows would look like an area with
fewer people. Where any figure of a group is wrong, every row of the group is held back: the wrong
ones with their fault, the others because of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa

from pipelines.adapters.base import Adapted, Finding, Ignored
from pipelines.adapters.population_layout import SEX_JA
from pipelines.adapters.words import Band, plain
from pipelines.read import Sheet

STORED = ("male", "female")
Row = tuple[str, int]
"""Sheet and row number."""


class Cell(NamedTuple):
    """A figure and where it stands. column: what a reader would call its column."""

    persons: int
    row: Row
    column: str
    text: str


def persons(text: str, unit: int) -> int | None:
    """Persons that a cell means; None where it is no number, or no whole one of persons.

    unit: persons per 1 of the cell; figures in thousands are rounded to a person.
    """
    word = plain(text).replace(",", "")
    if word.isascii() and word.isdigit() and len(word) <= 12:
        return int(word) * unit
    whole, point, fraction = word.partition(".")
    if unit == 1 or not point or not (whole + fraction).isdigit() or not word.isascii():
        return None
    return int((Decimal(word or "0") * unit).to_integral_value()) if len(word) <= 24 else None


@dataclass
class Group:
    """Figures that stand or fall together: those of an area, in one year or in all.

    about: columns of the lake that hold for all of them. unit: persons per 1 of a cell; where it is
    not 1 the publisher has rounded each figure by itself, and sums may differ by the rounding.
    width: years of age of a band.
    """

    about: Mapping[str, str | None]
    width: int
    unit: int = 1
    cells: dict[tuple[int, str], dict[Band | None, Cell]] = field(default_factory=dict)
    """Figures of each year and sex by band; None stands for all ages."""
    rows: dict[Row, str | None] = field(default_factory=dict)
    """Rows of the group, and why one that gives no record is left out (total, subtotal)."""
    findings: list[Finding] = field(default_factory=list)

    def put(self, year: int, sex: str, band: Band | None, row: Row, column: str, text: str) -> None:
        """Take in a figure. A cell that is no number of persons is a finding."""
        self.rows.setdefault(row, None)
        number = persons(text, self.unit)
        if number is None:
            self.reject(
                row,
                column,
                text,
                "not_a_count",
                "人数は0以上の数で書いてください。元の表を確かめてください",
                "a number of persons must be 0 or more; check the original",
            )
            return
        cell = Cell(number, row, column, text)
        known = self.cells.setdefault((year, sex), {}).setdefault(band, cell)
        if known.persons != number:
            self.reject(
                row,
                column,
                text,
                "repeated",
                f"{known.row[1]}行目と同じ年齢なのに人数が違います。元の表を確かめてください",
                f"row {known.row[1]} has the same age and another number; check the original",
            )

    def reject(
        self, row: Row, column: str, text: str, rule: str, message_ja: str, message_en: str
    ) -> None:
        """Note what is wrong with a row."""
        self.rows.setdefault(row, None)
        self.findings.append(Finding(row[1], column, text, rule, message_ja, message_en, row[0]))

    def settle(self) -> None:
        """Check ages and sums, once all figures are in, and tell bands from subtotals of them."""
        if self.findings:
            return
        for (_, sex), given in self.cells.items():
            self._check_ages(sex, given)
        for year in dict.fromkeys(year for year, _ in self.cells):
            self._check_sexes(year)
        stored: set[Row] = set()
        totals: set[Row] = set()
        for (_, sex), given in self.cells.items():
            for band, cell in given.items():
                if band is None:
                    totals.add(cell.row)
                elif sex in STORED:
                    stored.add(cell.row)
        for row in self.rows:
            if row not in stored:
                self.rows[row] = "total" if row in totals else "subtotal"

    def _check_ages(self, sex: str, given: dict[Band | None, Cell]) -> None:
        """Bands follow each other from 0 to the open one; they make up the total and subtotals."""
        oldest = max((band.first for band in given if band and band.last is None), default=None)
        bands = [
            band
            for band in sorted((band for band in given if band), key=lambda band: band.first)
            if (band.first == oldest if band.last is None else band.last - band.first < self.width)
        ]
        follows = 0
        for band in bands:
            if band.first != follows:
                self._broken(given[band], follows)
            follows = -1 if band.last is None else band.last + 1
        if bands and follows != -1:
            self._broken(given[bands[-1]], follows)
        for whole in [band for band in given if band not in bands]:
            cell = given[whole]
            of = [given[band].persons for band in bands if whole is None or _within(band, whole)]
            if abs(sum(of) - cell.persons) > (0 if self.unit == 1 else (len(of) + 1) // 2):
                self.reject(
                    cell.row,
                    cell.column,
                    cell.text,
                    "bands_and_total",
                    f"{SEX_JA[sex]}の年齢別の合計 {sum(of):,} が {cell.persons:,} と一致しません。"
                    "元の表を確かめてください",
                    f"the ages add up to {sum(of):,}, but the table says {cell.persons:,}; "
                    "check the original",
                )
            if whole is not None:
                del given[whole]

    def _broken(self, cell: Cell, age: int) -> None:
        self.reject(
            cell.row,
            cell.column,
            cell.text,
            "missing_age",
            f"{age}歳からの行が見つかりません。元の表を確かめてください"
            if age >= 0
            else "最も上の年齢の行が2つあります。元の表を確かめてください",
            f"there is no row of the age {age}; check the original"
            if age >= 0
            else "there are two rows of the oldest; check the original",
        )

    def _check_sexes(self, year: int) -> None:
        """Men and women are both there and make up both sexes, in each age and in the total."""
        for sex in STORED:
            if (year, sex) not in self.cells:
                self.reject(
                    next(iter(self.rows)),
                    SEX_JA[sex],
                    "",
                    "missing_sex",
                    f"{year}年の{SEX_JA[sex]}の人数がありません。元の表を確かめてください",
                    f"there are no figures of {sex} in {year}; check the original",
                )
        for band, whole in self.cells.get((year, "both"), {}).items():
            parts = [self.cells.get((year, sex), {}).get(band) for sex in STORED]
            men, women = (part.persons if part else 0 for part in parts)
            if abs(whole.persons - men - women) > (0 if self.unit == 1 else 1):
                self.reject(
                    whole.row,
                    whole.column,
                    whole.text,
                    "sexes_and_both",
                    f"男 {men:,} と女 {women:,} の和 {men + women:,} が男女計 "
                    f"{whole.persons:,} と一致しません。元の表を確かめてください",
                    f"men {men:,} and women {women:,} make {men + women:,}, "
                    f"but both sexes are {whole.persons:,}; check the original",
                )

    def stored(self) -> Iterator[tuple[int, str, Band, Cell]]:
        """What the lake keeps: year, sex, band and figure of men and of women."""
        for (year, sex), given in self.cells.items():
            if sex in STORED:
                yield from ((year, sex, band, cell) for band, cell in given.items() if band)

    def held(self) -> list[Finding]:
        """The findings, and one for each row that is held back because of them."""
        if not self.findings:
            return []
        first = self.findings[0]
        place = f"シート「{first.sheet}」の{first.row}行目" if first.sheet else f"{first.row}行目"
        because = [
            Finding(
                row[1],
                "",
                "",
                "incomplete_area",
                f"同じ地域の{place}に誤りがあるため、この地域の行をまとめて保留にします",
                f"row {first.row} of the same area is wrong; all rows of the area are held back",
                row[0],
            )
            for row in self.rows
            if not any((finding.sheet, finding.row) == row for finding in self.findings)
        ]
        return self.findings + because


def _within(band: Band, whole: Band) -> bool:
    if band.first < whole.first:
        return False
    return whole.last is None or (band.last is not None and band.last <= whole.last)


def notes_of(sheet: Sheet) -> list[Ignored]:
    """All rows of a sheet that holds no table, as left out."""
    return [
        Ignored(number, "title" if any(map(str.strip, row)) else "blank", sheet.name)
        for number, row in enumerate(sheet.rows(), 1)
    ]


def collected(groups: Sequence[Group], ignored: Iterable[Ignored]) -> Adapted:
    """One result from settled groups and the rows that belong to none."""
    result = Adapted(pa.table({}), ignored=list(ignored))
    names = list(groups[0].about) if groups else []
    columns: dict[str, list[str | None]] = {name: [] for name in names}
    columns |= {name: [] for name in ("year", "sex", "age_from", "age_to", "population", "sheet")}
    numbers: list[int] = []
    for group in groups:
        result.rows_read += len(group.rows)
        if group.findings:
            result.rejected += group.held()
            continue
        result.ignored += [
            Ignored(row[1], reason, row[0]) for row, reason in group.rows.items() if reason
        ]
        result.rows_read -= sum(1 for reason in group.rows.values() if reason)
        for year, sex, band, cell in group.stored():
            for name in names:
                columns[name].append(group.about[name])
            columns["year"].append(str(year))
            columns["sex"].append(sex)
            columns["age_from"].append(str(band.first))
            columns["age_to"].append(None if band.last is None else str(band.last))
            columns["population"].append(str(cell.persons))
            columns["sheet"].append(cell.row[0])
            numbers.append(cell.row[1])
    result.rows_read += len(result.ignored)
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    result.records = pa.table({**texts, "source_row": pa.array(numbers, pa.int64())})
    return result
