"""Find a source's columns in a row of header cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.lookup import dictionary, plain_word
from pipelines.profile import Profile
from pipelines.sources import Column, Source

_UNIT = re.compile(r"\([^()]*\)$")

FEWEST_SPREAD = 2
"""A table is wide where at least so many headers are words of the column that it spreads."""


def plain_header(text: str) -> str:
    """A header without what makers vary: width of letters, blanks, line ends, dots, case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_.・*※]+", "", folded)


def _without_unit(text: str) -> str:
    return _UNIT.sub("", text) or text


@dataclass(frozen=True)
class HeaderMatch:
    """Which cell holds which column.

    cells: column → position. dates: timestamp column → position of the date that belongs to it.
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
        stored = words.get(name) or words.get(_without_unit(name))
        if stored and position not in taken:
            found[position] = stored
    return found


def match_header(row: Sequence[str], source: Source, profile: Profile) -> HeaderMatch:
    """Match one row of cells with the columns of a source under a profile.

    A profile's own names win over the source's, a name with its unit over one without. The
    municipality is never missing: it can come from the command line or the settings.
    """
    exact: dict[str, list[int]] = {}
    loose: dict[str, list[int]] = {}
    for position, text in enumerate(row):
        if name := plain_header(text):
            exact.setdefault(name, []).append(position)
            loose.setdefault(_without_unit(name), []).append(position)
    twice: list[str] = []

    def find(names: Sequence[str], taken: frozenset[int] | set[int]) -> int | None:
        for index in (exact, loose):
            for name in names:
                free = [at for at in index.get(plain_header(name), []) if at not in taken]
                if free:
                    if len(free) > 1:
                        twice.append(row[free[0]])
                    return free[0]
        return None

    cells: dict[str, int] = {}
    dates: dict[str, int] = {}
    taken: set[int] = set()
    missing: list[Column] = []
    for column in source.read_columns:
        names = [*profile.columns.get(column.name, ()), *column.headers, column.name]
        found = find(names, taken)
        if found is not None:
            cells[column.name] = found
            taken.add(found)
        elif (
            column.required
            and column.type != "municipality"
            and column.fill is None
            and column.name not in profile.constants
        ):
            missing.append(column)
    for column in source.read_columns:
        if column.date_headers and column.name in cells:
            found = find(column.date_headers, taken)
            if found is not None:
                dates[column.name] = found
    spread: tuple[tuple[int, str], ...] = ()
    if source.unpivot and source.unpivot.name not in cells:
        words = _spread(row, source, profile, taken)
        if len(words) >= FEWEST_SPREAD:
            cells.pop(source.unpivot.value, None)  # beside the words it is their sum
            spread = tuple(words.items())
            taken |= set(words)
            missing = [c for c in missing if c.name not in source.unpivot.columns]
            twice.extend(row[at] for at in words if list(words.values()).count(words[at]) > 1)
    used = taken | set(dates.values())
    other = [(at, text) for at, text in enumerate(row) if at not in used and text.strip()]
    return HeaderMatch(
        cells, dates, spread, tuple(missing), tuple(dict.fromkeys(twice)), tuple(other)
    )
