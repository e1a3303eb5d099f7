"""Find the tables of national projections: blocks of age, both sexes, men and women.

A block is a column of ages followed by 総数, 男 and 女; two of them stand side by side where the
ages of one year are broken over the page. Shares beside them have no column of ages of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters.words import Band, age_band, era_year, one_age, plain, without_again
from pipelines.read import Sheet
from pipelines.sources import Source

BOTH = ("総数", "男女計", "計")
_VARIANT = re.compile(r"出生([高中低])位.*?死亡([高中低])位")
_LEVELS = {"中": "mid", "高": "high", "低": "low"}
_NUMBERED = re.compile(r"(?<!\d)([1-9])-9A?(?!\d)", re.IGNORECASE)
_WESTERN = re.compile(r"\((\d{4})\)|(?<!\d)(\d{4})年")
_FEWEST = 3
"""Ages that a sheet's head must show for its layout to be taken as found."""


@dataclass(frozen=True)
class Block:
    """Columns of a block. years: the column of years to the left of the ages, where there is one.

    figures: columns of both sexes, men and women.
    """

    ages: int
    figures: tuple[int, int, int]
    years: int | None


@dataclass(frozen=True)
class NationalLayout:
    """The header row (from 0) and the blocks below it."""

    header: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class NationalRound:
    """A round of national projections.

    projection: id of its medium variant. published: year of its title. base_year: its census.
    """

    projection: str
    published: int
    base_year: int


def rounds(source: Source) -> list[NationalRound]:
    """The rounds of a source's setting `rounds`: id, year of publication and base year of each."""
    found = []
    for one in source.settings["rounds"].split(","):
        projection, published, base_year = one.split()
        found.append(NationalRound(projection, int(published), int(base_year)))
    return found


def band_of(label: str, width: int) -> Band | None:
    """The ages of a row: single years where `width` is 1, any bands besides."""
    word = without_again(label)
    return (one_age(word) if width == 1 else None) or age_band(word)


def layout(sheet: Sheet, width: int) -> NationalLayout | None:
    """Find the header and its blocks, above ages of that many years each."""
    for at, cells in enumerate(sheet.head):
        blocks = _blocks([plain(cell) for cell in cells], sheet.head[max(at - 2, 0) : at])
        if not blocks:
            continue
        shown = 0
        for row in sheet.head[at + 1 :]:
            band = band_of(row[blocks[0].ages], width) if len(row) > blocks[0].ages else None
            is_wide = band is not None and band.last == band.first + width - 1
            shown += is_wide and bool(row[blocks[0].figures[0]].strip())
        if shown >= _FEWEST:
            return NationalLayout(at, tuple(blocks))
    return None


def _blocks(names: Sequence[str], above: Sequence[Sequence[str]]) -> list[Block]:
    blocks: list[Block] = []
    taken = -1
    for column in range(1, len(names) - 2):
        is_block = names[column] in BOTH and list(names[column + 1 : column + 3]) == ["男", "女"]
        if not is_block or column - 1 <= taken:
            continue
        left = column - 2
        words = [names[left], *(plain(row[left]) for row in above if len(row) > left)]
        has_years = left > taken and any(word in ("年次", "年") for word in words)
        blocks.append(
            Block(column - 1, (column, column + 1, column + 2), left if has_years else None)
        )
        taken = column + 2
    return blocks


def title(sheet: Sheet, header: int) -> str:
    """What stands above the header."""
    return " ".join(" ".join(cell for cell in row if cell.strip()) for row in sheet.head[:header])


def year_of(sheet: Sheet, header: int) -> int | None:
    """The year that a sheet is about: as its name, or in the nearest row above the header."""
    name = plain(sheet.name).removesuffix("年")
    if re.fullmatch(r"\d{4}", name):
        return int(name)
    for row in reversed(sheet.head[:header]):
        text = plain(" ".join(row))
        if western := _WESTERN.findall(text):
            return int("".join(western[-1]))
        if (year := era_year(text)) is not None:
            return year
    return None


def variant(text: str, file_name: str) -> tuple[str, str] | None:
    """Levels of births and deaths: from the title, else from the file's number (1-9 … 9-9).

    The publisher numbers births medium, high, low within deaths medium, high, low.
    """
    if match := _VARIANT.search(plain(text)):
        return _LEVELS[match[1]], _LEVELS[match[2]]
    if match := _NUMBERED.search(file_name):
        levels = tuple(_LEVELS.values())
        number = int(match[1]) - 1
        return levels[number % 3], levels[number // 3]
    return None


def projection_id(of: NationalRound, levels: tuple[str, str]) -> str:
    """`ipss_r5_national`, with births and deaths where they are not both medium."""
    return of.projection if levels == ("mid", "mid") else f"{of.projection}_{levels[0]}_{levels[1]}"
