"""IPSS national projections: single years of age (`1-9` … `9-9`), five-year bands (`1-9A` …).

Single years have a sheet per year with two blocks side by side; five-year bands have several years
below each other, each under a heading (`令和2(2020)年`, or `平成 27` and then a bare `28`) or
beside a column of years. Figures are in thousands. The setting `width` says which layout is the
source's, `rounds` which projection begins with which census.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.adapters.base import Adapted, Context, Ignored
from pipelines.adapters.national_layout import (
    BOTH,
    Block,
    NationalLayout,
    NationalRound,
    band_of,
    layout,
    projection_id,
    rounds,
    title,
    variant,
    year_of,
)
from pipelines.adapters.population_group import Group, Row, collected, notes_of
from pipelines.adapters.population_layout import SEX_JA, SEXES
from pipelines.adapters.words import is_derived, plain, year_heading
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source

NATION, NAME = "000000", "全国"
"""Area of the nation: no local government has this code, it carries no check digit."""

THOUSAND = 1000
Found = list[tuple[Sheet, NationalLayout]]


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where sheets have the source's layout and their years begin with a round's census."""
    found = _tables(sheets, source)
    return bool(found) and _round(found, source) is not None


def _tables(sheets: Sequence[Sheet], source: Source) -> Found:
    width = int(source.settings["width"])
    return [(sheet, found) for sheet in sheets if (found := layout(sheet, width))]


def _first_year(sheet: Sheet, found: NationalLayout, width: int) -> int | None:
    """The first year that a sheet's head names: of the whole sheet, or its first heading."""
    if width == 1:
        return year_of(sheet, found.header)
    block = found.blocks[0]
    for row in [*sheet.head[found.header + 1 :], *reversed(sheet.head[: found.header])]:
        for column in (block.ages,) if block.years is None else (block.years, block.ages):
            if len(row) > column and (heading := year_heading(row[column])):
                return heading[0]
    return year_of(sheet, found.header)


def _round(found: Found, source: Source) -> NationalRound | None:
    width = int(source.settings["width"])
    years = [_first_year(sheet, where, width) for sheet, where in found]
    first = min((year for year in years if year is not None), default=None)
    return next((of for of in rounds(source) if of.base_year == first), None)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn each year into one record per sex and band, in persons.

    A year that contradicts itself is held back whole. Raises Refused where no sheet has the layout,
    where the round or the levels of births and deaths are not said, and where the table is not of
    the whole population.
    """
    found = _tables(sheets, source)
    of = _round(found, source)
    if of is None:
        raise Refused(
            "年齢・総数・男・女の列と、推計の基準年（国勢調査の年）から始まる年次が見つかりません。"
            "社人研の表（1-9、1-9A など）のまま読み込んでください",
            "no columns of age, both sexes, men and women with years from a projection's base "
            "year on; load the publisher's table (1-9, 1-9A and the like) as it is",
        )
    text = " ".join(title(sheet, where.header) for sheet, where in found)
    if "日本人" in text:
        raise Refused(
            "日本人だけの推計です。総人口の表（1-9 など）を読み込んでください",
            "this projection is of Japanese nationals only; load the table of the total population",
        )
    levels = variant(text, context.file_name)
    if levels is None:
        raise Refused(
            "出生と死亡の仮定（中位・高位・低位）が表題にもファイル名にもありません。"
            "ファイル名を 1-9.xlsx のように公表時のものに戻してください",
            "neither title nor file name says the assumed level of births and deaths; "
            "give the file its published name, such as 1-9.xlsx",
        )
    about = {
        "projection": projection_id(of, levels),
        "base_year": str(of.base_year),
        "area": NATION,
        "area_name": NAME,
        "prefecture": NAME,
        "area_kind": "nation",
        "counts_in_nation": "true",
    }
    width = int(source.settings["width"])
    groups: list[Group] = []
    tables = {id(sheet): where for sheet, where in found}
    ignored: list[Ignored] = []
    for sheet in sheets:
        if id(sheet) not in tables:
            ignored += notes_of(sheet)
            continue
        reader = _Reader(sheet, tables[id(sheet)], about, width)
        reader.read()
        groups += reader.groups
        ignored += reader.ignored
    for group in groups:
        group.settle()
    return collected(groups, ignored)


class _Reader:
    """Reads one sheet from top to bottom; a heading begins the group of another year."""

    def __init__(
        self, sheet: Sheet, found: NationalLayout, about: dict[str, str], width: int
    ) -> None:
        self.sheet, self.found, self.about, self.width = sheet, found, about, width
        self.groups: list[Group] = []
        self.ignored: list[Ignored] = []
        self.year: int | None = None
        self.era: str | None = None

    def read(self) -> None:
        """Take in all rows below the header."""
        rows = self.sheet.rows()
        if self.width == 1:
            self._begin(year_of(self.sheet, self.found.header), None)
        else:
            for row in rows[: self.found.header]:
                self._heading(row)
        names = [plain(cell) for cell in rows[self.found.header]]
        for number, cells in enumerate(rows[self.found.header + 1 :], self.found.header + 2):
            written = any(cell.strip() for cell in cells)
            filled = [
                block for block in self.found.blocks if any(cells[c].strip() for c in block.figures)
            ]
            if not written:
                self._leave_out(number, "blank")
            elif [plain(cell) for cell in cells] == names or not self._is_table(cells, filled):
                is_heading = self._heading(cells)
                self._leave_out(number, "header" if filled or is_heading else "title")
            else:
                self._heading(cells)
                told = [block for block in filled if not is_derived(cells[block.ages])]
                for block in told:
                    self._figures((self.sheet.name, number), cells, block)
                if not told:
                    self._leave_out(number, "filtered")

    def _is_table(self, cells: Sequence[str], filled: Sequence[Block]) -> bool:
        """False for notes, headings, and header rows that are repeated on each page."""
        return any(
            plain(cells[block.figures[0]]) not in BOTH and plain(cells[block.figures[1]]) != "男"
            for block in filled
        )

    def _leave_out(self, number: int, reason: str) -> None:
        self.ignored.append(Ignored(number, reason, self.sheet.name))

    def _heading(self, cells: Sequence[str]) -> bool:
        """Begin another year where the row names one; True where it does."""
        if self.width == 1:
            return False
        block = self.found.blocks[0]
        columns = (block.ages, 0) if block.years is None else (block.years,)
        for column in dict.fromkeys(columns):
            is_age = column == block.ages and any(
                cells[c].strip() for c in block.figures if c < len(cells)
            )
            heading = None if is_age else year_heading(cells[column], self.era)
            if heading:
                self._begin(*heading)
                return True
        return False

    def _begin(self, year: int | None, era: str | None) -> None:
        if year == self.year and self.groups:
            return
        self.year, self.era = year, era
        self.groups.append(Group(self.about, self.width, THOUSAND))

    def _figures(self, row: Row, cells: Sequence[str], block: Block) -> None:
        if not self.groups:
            self.groups.append(Group(self.about, self.width, THOUSAND))
        group, label = self.groups[-1], plain(cells[block.ages])
        is_total = label in (*BOTH, "総計", "総人口")
        band = None if is_total else band_of(label, self.width)
        if self.year is None or (band is None and not is_total):
            what = ("年", "year") if self.year is None else ("年齢", "age")
            group.reject(
                row,
                what[0],
                cells[block.ages],
                f"unknown_{what[1]}",
                f"この行の{what[0]}が分かりません。元の表を確かめてください",
                f"the row's {what[1]} is not known; check the original",
            )
            return
        for sex, column in zip(SEXES, block.figures, strict=True):
            group.put(self.year, sex, band, row, SEX_JA[sex], cells[column])
