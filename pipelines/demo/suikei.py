"""The demo's population in the layout of IPSS R5 `suikei_kekka.xlsx` (84 columns, data from row 6).

Columns (1-based): 1 code without check digit, 2 kind of area, 3 prefecture, 4 municipality,
5 year, 6 total and 7–26 bands of both sexes, 28–48 male, 50–70 female, 72 index, 74–78 broad ages,
80–84 their shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.names import Place
from pipelines.demo.people import YEARS
from pipelines.demo.world import WATERMARK
from pipelines.demo.writing import workbook

PREFECTURE_KIND, CITY_KIND, TOWN_KIND = "a", 2, 3
_BOTH, _MALE, _FEMALE, _INDEX, _AGES, _SHARES = 5, 27, 49, 71, 73, 79
_BROAD = (("0～14歳", 0, 3), ("15～64歳", 3, 13), ("65歳以上", 13, 20), ("65～74歳", 13, 15))
_OLDEST = ("75歳以上", 15, 20)


@dataclass(frozen=True)
class Area:
    """One published area. code: five digits. kind: "a" for a prefecture, 2 city, 3 town/village."""

    code: str
    kind: str | int
    prefecture: str
    name: str


def areas_of(places: Sequence[Place]) -> list[Area]:
    """Return the areas of fictional places, coded and classed as the official file does."""
    kinds: dict[str, str | int] = {"prefecture": PREFECTURE_KIND, "city": CITY_KIND}
    return [
        Area(
            place.code[:5],
            kinds.get(place.kind, TOWN_KIND),
            place.prefecture,
            "" if place.kind == "prefecture" else place.name,
        )
        for place in places
    ]


def _bands() -> list[str]:
    return [f"{age}～{age + 4}歳" for age in range(0, 95, 5)] + ["95歳～"]


def _row(persons: NDArray[np.int64], total_2020: int) -> dict[int, int | float]:
    """Numbers of one area and year by zero-based column; persons: (2, 20)."""
    both = persons.sum(axis=0)
    total = int(both.sum())
    cells: dict[int, int | float] = {_INDEX: total / total_2020 * 100}
    for start, values in ((_BOTH, both), (_MALE, persons[0]), (_FEMALE, persons[1])):
        cells[start] = int(values.sum())
        cells.update((start + 1 + band, int(value)) for band, value in enumerate(values))
    for offset, (_, first, last) in enumerate((*_BROAD, _OLDEST)):
        part = int(both[first:last].sum())
        cells[_AGES + offset] = part
        cells[_SHARES + offset] = part / total * 100
    return cells


def write(path: Path, areas: Sequence[Area], persons: NDArray[np.int64]) -> None:
    """Write `persons`, shape (areas, years, 2 sexes, 20 bands)."""
    title = "結果表　男女5歳階級別の将来推計人口"
    with workbook(path, title) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write(0, 0, f"{title}（{WATERMARK}：架空の自治体）")
        sheet.write(1, 6, "市などの別：a＝都道府県，2＝その他の市，3＝町村")
        sheet.write_row(3, 0, ["コード", "市などの別", "都道府県", "市区町村", "年"])
        heads = ((_BOTH, "男女計"), (_MALE, "男"), (_FEMALE, "女"))
        for start, name in heads:
            sheet.write(3, start, name)
            sheet.write_row(4, start, ["総数", *_bands()])
        sheet.write(3, _INDEX, "総人口の指数（2020年＝100）")
        for start, name in ((_AGES, "（再掲）（人）"), (_SHARES, "割合（％）")):
            sheet.write(3, start, name)
            sheet.write_row(4, start, [label for label, _, _ in (*_BROAD, _OLDEST)])
        line = 5
        for number, area in enumerate(areas):
            total_2020 = int(persons[number, 0].sum())
            for position, year in enumerate(YEARS):
                sheet.write_number(line, 0, int(area.code))
                sheet.write(line, 1, area.kind)
                sheet.write_string(line, 2, area.prefecture)
                sheet.write_string(line, 3, area.name)
                sheet.write_string(line, 4, f"{year}年")
                for column, value in _row(persons[number, position], total_2020).items():
                    sheet.write_number(line, column, value)
                line += 1
