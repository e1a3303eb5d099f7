"""Find a source's columns in a row of header cells, or at the places that a profile names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.lookup import dictionary
from pipelines.plain import plain_header, plain_word, unit_of, without_unit
from pipelines.profile import Profile
from pipelines.sources import Column, Source

__all__ = ["HeaderMatch", "match_header", "match_positions", "plain_header", "with_names"]

FEWEST_SPREAD = 2
"""A table is wide where at least so many headers are words of the column that it spreads."""

_SECONDS = {
    **dict.fromkeys(("秒", "s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("分", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("時間", "h", "hour", "hours"), 3600),
}
_COLUMN_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
_TIMES = {"百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "億": 1e8}
_MANY = re.compile(r"(百万|千万|百|千|万|億)(件|人|名|円|枚|世帯|戸|台|冊|回|票|所|時間)?")

MUNICIPALITY_NAMES = (
    "市区町村名",
    "市町村名",
    "市区町村",
    "市町村",
    "自治体名",
    "団体名",
    "地方公共団体名",
)
"""Columns that name the municipality of a row where the file has no codes."""

PREFECTURES = ("都道府県名", "都道府県")
"""Columns that say in which prefecture such a name is."""


@dataclass(frozen=True)
class HeaderMatch:
    """Which cell holds which column.

    cells: column → position. dates: timestamp column → position of the date that belongs to it,
    and for municipalities by name the position of the prefecture; it is read before the cell.
    spread: positions of cells that each hold the values of one word, and the word as stored
    (source.unpivot).
    twice: header text that stands more than once and is needed. missing: required columns that
    the row lacks. other: positions and texts of cells that no column uses.
    """

    cells: dict[str, int]
    dates: dict[str, int]
    spread: tuple[tuple[int, str], ...]
    missing: tuple[Column, ...]
    twice: tuple[str, ...]
    other: tuple[tuple[int, str], ...]

    @property
    def used(self) -> frozenset[int]:
        """Positions of the cells that are understood."""
        spread = (position for position, _ in self.spread)
        return frozenset([*self.cells.values(), *self.dates.values(), *spread])


def factor_of(header: str, column: Column) -> float | None:
    """What a header's unit makes of a column's numbers; None where it says nothing else.

    秒 above a column of minutes gives 1/60, 千件 above a count gives 1000.
    """
    unit = unit_of(plain_header(header))
    if column.type not in ("int", "long", "float") or not unit:
        return None
    own = next((v for k, v in _COLUMN_UNITS.items() if k in column.name.split("_")), None)
    if own is not None and unit in _SECONDS:
        return None if _SECONDS[unit] == own else _SECONDS[unit] / own
    many = _MANY.fullmatch(unit)
    return _TIMES[many[1]] if many else None


def with_names(source: Source, profile: Profile) -> Source:
    """The source with the names and words of a profile among its own.

    For adapters, whose `recognise` is given the source alone.
    """
    columns = tuple(
        replace(
            column,
            headers=(*profile.columns.get(column.name, ()), *column.headers),
            date_headers=(*profile.date_columns.get(column.name, ()), *column.date_headers),
            values=(*column.values, *profile.values.get(column.name, {}).items()),
        )
        for column in source.columns
    )
    return replace(source, columns=columns)


def _spread(
    row: Sequence[str], source: Source, profile: Profile, taken: set[int]
) -> dict[int, str]:
    """Free cells whose text is a word of the column that a wide table spreads: position → stored.

    taken: positions that other columns use.
    """
    if source.unpivot is None:
        return {}
    words = dictionary(source.column(source.unpivot.name), profile)
    found: dict[int, str] = {}
    for position, text in enumerate(row):
        name = plain_word(text)
        stored = words.get(name) or words.get(without_unit(name))
        if stored and position not in taken:
            found[position] = stored
    return found


def _needed(column: Column, profile: Profile) -> bool:
    """True where a file without this column cannot be read.

    The municipality of the rows is never missing: it can come from the command line or the
    settings. A code under another name is what the rows are about, and cannot.
    """
    return (
        column.needed
        and column.name != "municipality"
        and column.fill is None
        and column.name not in profile.constants
    )


Positions = Mapping[str, Sequence[int]]
Filled = tuple[tuple[int, str], ...]


@lru_cache(maxsize=256)
def _positions(row: tuple[str, ...]) -> tuple[Positions, Positions, Filled]:
    """Where each plain text stands, with and without its unit, and the cells that are not blank.
    Every source looks at the same rows."""
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for position, text in enumerate(row):
        if name := plain_header(text):
            exact.setdefault(name, []).append(position)
            loose.setdefault(without_unit(name), []).append(position)
    return exact, loose, tuple((at, text) for at, text in enumerate(row) if text.strip())


def match_header(row: Sequence[str], source: Source, profile: Profile) -> HeaderMatch:
    """Match one row of cells with the columns of a source under a profile.

    A profile's own names win over the source's, a name with its unit over one without.
    """
    exact, loose, filled = _positions(tuple(row))
    twice: list[str] = []

    def find(names: Sequence[str], taken: set[int]) -> int | None:
        for index in (exact, loose):
            for name in names:
                places = index.get(plain_header(name))
                if places and (free := [at for at in places if at not in taken]):
                    if len(free) > 1:
                        twice.append(row[free[0]])
                    return free[0]
        return None

    cells: dict[str, int] = {}
    taken: set[int] = set()
    # What the profile names is its columns', whatever other column would also know the name.
    for column in source.read_columns:
        found = find(profile.columns.get(column.name, ()), taken)
        if found is not None:
            cells[column.name] = found
            taken.add(found)
    for column in source.read_columns:
        if column.name not in cells:
            found = find([*column.headers, column.name], taken)
            if found is not None:
                cells[column.name] = found
                taken.add(found)
    by_name = "municipality" not in cells and _find_name(source, cells, taken, find)
    missing = [c for c in source.read_columns if c.name not in cells and _needed(c, profile)]
    dates = _dates(source, profile, cells, lambda names: find(names, taken))
    if by_name and (found := find(PREFECTURES, taken)) is not None:
        dates["municipality"] = found
    spread: tuple[tuple[int, str], ...] = ()
    if source.unpivot and source.unpivot.name not in cells:
        words = _spread(row, source, profile, taken)
        if len(words) >= FEWEST_SPREAD:
            cells.pop(source.unpivot.value, None)  # beside the words it is their sum
            spread = tuple(words.items())
            taken |= set(words)
            missing = [c for c in missing if c.name not in source.unpivot.columns]
            twice.extend(row[at] for at in words if list(words.values()).count(words[at]) > 1)
    used = taken.union(dates.values())
    return HeaderMatch(
        cells,
        dates,
        spread,
        tuple(missing),
        tuple(dict.fromkeys(twice)),
        tuple(cell for cell in filled if cell[0] not in used),
    )


def _find_name(
    source: Source,
    cells: dict[str, int],
    taken: set[int],
    find: Callable[[Sequence[str], set[int]], int | None],
) -> bool:
    """Where no column has codes, take one with names. True where there is one."""
    if all(column.name != "municipality" for column in source.read_columns):
        return False
    found = find(MUNICIPALITY_NAMES, taken)
    if found is None:
        return False
    cells["municipality"] = found
    taken.add(found)
    return True


def _dates(
    source: Source,
    profile: Profile,
    cells: dict[str, int],
    find: Callable[[Sequence[str]], int | None],
) -> dict[str, int]:
    """For each timestamp found: where the date stands that belongs to it, if anywhere."""
    dates: dict[str, int] = {}
    for column in source.read_columns:
        names = [*profile.date_columns.get(column.name, ()), *column.date_headers]
        if names and column.name in cells and (found := find(names)) is not None:
            dates[column.name] = found
    return dates


def match_positions(row: Sequence[str], source: Source, profile: Profile) -> HeaderMatch:
    """Where a profile's `positions` say that the columns stand, in a file without a header.

    row: a row of data; its cells that no column uses are `other`, without their text. A date
    apart stands in `date_columns` as the number of its cell.
    """
    cells = {name: at - 1 for name, at in profile.positions.items()}
    dates = {
        name: int(listed[0]) - 1 for name, listed in profile.date_columns.items() if name in cells
    }
    missing = tuple(c for c in source.read_columns if c.name not in cells and _needed(c, profile))
    used = {*cells.values(), *dates.values()}
    other = tuple((at, f"{at + 1}列目") for at in range(len(row)) if at not in used)
    return HeaderMatch(cells, dates, (), missing, (), other)
