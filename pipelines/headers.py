"""Find a source's columns in a row of header cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.profile import Profile
from pipelines.sources import Column, Source

_UNIT = re.compile(r"\([^()]*\)$")


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
    twice: header text that stands more than once and is needed. missing: required columns that
    the row lacks. other: positions and texts of cells that no column uses.
    """

    cells: dict[str, int]
    dates: dict[str, int]
    missing: tuple[Column, ...]
    twice: tuple[str, ...]
    other: tuple[tuple[int, str], ...]

    @property
    def used(self) -> frozenset[int]:
        """Positions of the cells that are understood."""
        return frozenset(self.cells.values()) | frozenset(self.dates.values())


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
    used = taken | set(dates.values())
    other = [(at, text) for at, text in enumerate(row) if at not in used and text.strip()]
    return HeaderMatch(cells, dates, tuple(missing), tuple(dict.fromkeys(twice)), tuple(other))
