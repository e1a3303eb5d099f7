"""IPSS population pyramids of the nation: sheets of men and women, single years of age by year.

Ages stand below each other, years beside each other, in thousands; a sheet `Note` says how the
censuses were completed. Years up to the base year of the round that the title names are counted,
later ones projected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters.base import Adapted, Context, Ignored
from pipelines.adapters.ipss_national import NAME, NATION, THOUSAND
from pipelines.adapters.national_layout import (
    BOTH,
    NationalRound,
    projection_id,
    rounds,
    title,
    variant,
)
from pipelines.adapters.population_group import Group, collected, notes_of
from pipelines.adapters.population_layout import SEX_JA
from pipelines.adapters.words import era_year, one_age, plain, western_year
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source

_SEXES = {"男性": "male", "男": "male", "女性": "female", "女": "female"}
_PROJECTED = re.compile(r"((?:平成|令和)\d+)(?:\(\d{4}\))?年推計")


@dataclass(frozen=True)
class _Layout:
    """A sheet's sex, its header row (from 0), and (year, column) of its figures."""

    sex: str
    header: int
    years: tuple[tuple[int, int], ...]


def _layout(sheet: Sheet) -> _Layout | None:
    """Find the row that begins with the sex and goes on with years."""
    for at, cells in enumerate(sheet.head):
        sex = _SEXES.get(plain(cells[0])) if cells else None
        years = [western_year(cell) for cell in cells[1:]]
        columns = tuple((year, at) for at, year in enumerate(years, 1) if year is not None)
        if sex and len(columns) >= 2:
            return _Layout(sex, at, columns)
    return None


def _tables(sheets: Sequence[Sheet]) -> dict[str, tuple[Sheet, _Layout]]:
    """Sheets with a table, by name."""
    return {sheet.name: (sheet, found) for sheet in sheets if (found := _layout(sheet))}


def _text(tables: dict[str, tuple[Sheet, _Layout]]) -> str:
    return " ".join(title(sheet, found.header) for sheet, found in tables.values())


def _round(text: str, source: Source) -> NationalRound | None:
    named = [era_year(word) for word in _PROJECTED.findall(plain(text))]
    return next((of for of in rounds(source) if of.published in named), None)


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where one sheet has men and one women, under the title of a known round."""
    tables = _tables(sheets)
    sexes = {found.sex for _, found in tables.values()}
    return len(sexes) == 2 and _round(_text(tables), source) is not None


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn the sheets into one record per year, sex and age, in persons.

    Every age stands for all years, so that a wrong figure holds the whole workbook back. Raises
    Refused where the round or the levels of births and deaths are not said.
    """
    tables = _tables(sheets)
    of = _round(_text(tables), source)
    if of is None:
        raise Refused(
            "男性・女性のシートの表題に「平成29年推計」のような推計の名前が見つかりません。"
            "社人研の人口ピラミッドのデータのまま読み込んでください",
            "no title over the sheets of men and women names a projection; "
            "load the publisher's data of the population pyramid as it is",
        )
    levels = variant(_text(tables), context.file_name)
    if levels is None:
        raise Refused(
            "出生と死亡の仮定（中位・高位・低位）が表題にありません。公表時の表題に戻してください",
            "the title does not say the assumed level of births and deaths; restore it",
        )
    group = Group(
        {
            "projection": projection_id(of, levels),
            "base_year": str(of.base_year),
            "area": NATION,
            "area_name": NAME,
            "prefecture": NAME,
            "area_kind": "nation",
            "counts_in_nation": "true",
        },
        width=1,
        unit=THOUSAND,
    )
    ignored: list[Ignored] = []
    for sheet in sheets:
        if sheet.name in tables:
            ignored += _read(group, sheet, tables[sheet.name][1])
        else:
            ignored += notes_of(sheet)
    group.settle()
    return collected([group], ignored)


def _read(group: Group, sheet: Sheet, found: _Layout) -> list[Ignored]:
    ignored: list[Ignored] = []
    sex = SEX_JA[found.sex]
    for number, cells in enumerate(sheet.rows()[found.header + 1 :], found.header + 2):
        label = plain(cells[0])
        if not any(cells[column].strip() for _, column in found.years):
            written = any(cell.strip() for cell in cells)
            ignored.append(Ignored(number, "title" if written else "blank", sheet.name))
            continue
        band = one_age(label)
        if band is None and label not in BOTH:
            group.reject(
                (sheet.name, number),
                sex,
                cells[0],
                "unknown_age",
                "年齢（0歳 など）か総数の行ではありません。元の表を確かめてください",
                "the row is neither an age nor the total; check the original",
            )
            continue
        for year, column in found.years:
            group.put(year, found.sex, band, (sheet.name, number), f"{sex} {year}", cells[column])
    return ignored
