"""Find the areas, the years and the blocks of age columns in a table of population.

The publisher's workbook has two header rows under a title, a block each for both sexes, men and
women, and further columns (index, 再掲) to the right; flattened files have one header row with the
sex as a suffix. Columns are found by their headers, not by their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters.words import Band, age_band, plain, western_year
from pipelines.read import Sheet

CODE, KIND, PREFECTURE, NAME, YEAR = "コード", "市などの別", "都道府県", "市区町村", "年"
AREA_HEADERS = (CODE, KIND, PREFECTURE, NAME)
TOTAL_HEADERS = ("総数", "総人口", "計", "合計", "男女計", "男", "女")
SEXES = ("both", "male", "female")
SEX_JA = {"both": "男女計", "male": "男", "female": "女"}
SUFFIXES = {"a": "both", "m": "male", "f": "female"}
GROUPS = {
    "総数": "both",
    "男女計": "both",
    "総人口": "both",
    "計": "both",
    "男": "male",
    "女": "female",
}

_POPULATION = re.compile(r"(?P<ages>総|\d.*)人口(\(人\))?")
"""Names of the columns of one age group: 総人口（人）, 0～14歳人口（人）."""


@dataclass(frozen=True)
class Block:
    """Age columns of one sex, youngest first, and the column of their total where there is one."""

    sex: str
    bands: tuple[Band, ...]
    columns: tuple[int, ...]
    total: int | None


@dataclass(frozen=True)
class Layout:
    """Where things stand in a sheet; columns count from 0.

    skip: rows above the first data row. width: columns of the table. area: the four columns of
    AREA_HEADERS. labels: what a reader would call each column.
    """

    skip: int
    width: int
    area: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class AgeLayout(Layout):
    """A row per area and year, blocks of age columns: 男女計, 男, 女 in the order of SEXES."""

    year: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class TotalsLayout(Layout):
    """A row per area, population of one age group in one column per year.

    years: (year, column). band: None for all ages.
    """

    years: tuple[tuple[int, int], ...]
    band: Band | None


@dataclass(frozen=True)
class _Header:
    """One or two header rows. skip: rows above the data. width: columns that have a name."""

    skip: int
    width: int
    area: tuple[int, ...]
    names: list[str]
    """What each column is called: the lower row, or the upper one where the lower is blank."""
    groups: list[str]
    """The row above the names, each text carried to the right over blanks."""
    shown: list[str]
    """The names as the file writes them."""


def _header(head: Sequence[Sequence[str]]) -> _Header | None:
    """The first row with the four area columns, and its neighbour above or below."""
    for number, cells in enumerate(head):
        row = [plain(cell) for cell in cells]
        if not set(AREA_HEADERS) <= set(row):
            continue
        area = tuple(row.index(name) for name in AREA_HEADERS)
        lower = _cells(head, number + 1, len(row))
        is_two = any(lower) and not plain(lower[area[0]])
        above = cells if is_two else _cells(head, number - 1, len(row))
        written = [
            low if is_two and plain(low) else high for low, high in zip(lower, cells, strict=True)
        ]
        groups: list[str] = []
        for word in map(plain, above):
            groups.append(word or (groups[-1] if groups else ""))
        return _Header(
            skip=number + (2 if is_two else 1),
            width=max(index for index, name in enumerate(written) if plain(name)) + 1,
            area=area,
            names=[plain(name) for name in written],
            groups=groups,
            shown=[" ".join(name.split()) for name in written],
        )
    return None


def _cells(head: Sequence[Sequence[str]], number: int, width: int) -> list[str]:
    cells = list(head[number]) if 0 <= number < len(head) else []
    return (cells + [""] * width)[:width]


def age_layout(sheet: Sheet) -> AgeLayout | None:
    """Find areas, year and the three blocks of five-year bands; None where they are not there."""
    header = _header(sheet.head)
    if header is None or YEAR not in header.names:
        return None
    blocks = _blocks(header.names, header.groups)
    if blocks is None:
        return None
    labels = list(header.shown)
    used = [*header.area, header.names.index(YEAR)]
    for block in blocks:
        used += block.columns
        for column in (*block.columns, *(() if block.total is None else (block.total,))):
            labels[column] = f"{SEX_JA[block.sex]} {header.shown[column].split('/')[0]}"
    return AgeLayout(
        skip=header.skip,
        # A workbook's cells need no reading where nobody looks; a text file's rows are as wide
        # as its header, or broken.
        width=max(used) + 1 if sheet.name else header.width,
        area=header.area,
        labels=tuple(labels),
        year=header.names.index(YEAR),
        blocks=blocks,
    )


def _blocks(names: list[str], groups: list[str]) -> tuple[Block, ...] | None:
    """The blocks of men and women together, men, and women; None where they are not all there."""
    runs: list[tuple[list[Band], list[int]]] = []
    for index, name in enumerate(names):
        band = age_band(name.split("/")[0])
        if band is None or (band.last is not None and band.last != band.first + 4):
            continue
        bands, columns = runs[-1] if runs else ([], [])
        follows = bool(bands) and columns[-1] == index - 1 and bands[-1].last == band.first - 1
        if follows:
            bands.append(band)
            columns.append(index)
        elif band.first == 0:
            runs.append(([band], [index]))
    whole = [run for run in runs if run[0][-1].last is None]
    if len(whole) != len(SEXES) or any(run[0] != whole[0][0] for run in whole):
        return None
    written = [_sex(names[columns[0]], groups[columns[0]]) for _, columns in whole]
    sexes = [sex for sex in written if sex]
    if set(sexes) != set(SEXES):
        sexes = list(SEXES)
    found = {}
    for sex, (bands, columns) in zip(sexes, whole, strict=True):
        before = columns[0] - 1
        has_total = before >= 0 and names[before].startswith(TOTAL_HEADERS)
        found[sex] = Block(sex, tuple(bands), tuple(columns), before if has_total else None)
    return tuple(found[sex] for sex in SEXES)


def _sex(name: str, group: str) -> str | None:
    _, slash, suffix = name.partition("/")
    return SUFFIXES.get(suffix) if slash else GROUPS.get(group)


def totals_layout(sheet: Sheet) -> TotalsLayout | None:
    """Find areas and the year columns under 総人口 or the population of one age group.

    None where they are not there; index and shares beside them are not taken for it.
    """
    header = _header(sheet.head)
    if header is None:
        return None
    pairs = list(zip(header.groups, header.names, strict=True))
    years: dict[str, list[tuple[int, int]]] = {}
    for index, (group, name) in enumerate(pairs):
        year = western_year(name)
        if year is not None and _POPULATION.fullmatch(group):
            years.setdefault(group, []).append((year, index))
    if len(years) != 1:
        return None
    ((group, found),) = years.items()
    match = _POPULATION.fullmatch(group)
    band = age_band(match["ages"]) if match and match["ages"] != "総" else None
    if band is None and not group.startswith("総人口"):
        return None
    return TotalsLayout(
        skip=header.skip,
        width=header.width,
        area=header.area,
        labels=tuple(name if name == group else f"{group} {name}" for group, name in pairs),
        years=tuple(found),
        band=band,
    )
