"""Which cell of a file holds which column of a source: by name, near name and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from pipelines.headers import HeaderMatch, match_header
from pipelines.lookup import dictionary
from pipelines.plain import plain_header, plain_word, without_unit
from pipelines.profile import standard
from pipelines.propose.evidence import Cell, Evidence
from pipelines.recognise import HEADLESS
from pipelines.sources import Column, Source

NEAR = 0.6
"""Names less alike than this are not thought to be one."""

FITS = 0.8
"""A cell may be a typed column where this share of its values can be read as it."""

WORDS = 0.6
"""A cell is known by its words where this share of them is known."""

BY_NAME, BY_VALUES = 0.75, 0.4
"""What a column that is known so says of the kind of file, against 1 for an equal name."""

CLEAR = 0.05
"""Of two cells whose names are near, the better must be better by this."""

TELLING = frozenset({"date", "month", "municipality"})
"""Types that few other values look like, so that a column is known by its values alone."""

SIX_DIGITS = re.compile(r"\d{6}")
"""Codes without their check digit look like any number; with it they do not."""

WANTED = 0.12
"""A name that is near those of two columns is rather that of the one which the source needs."""


@dataclass(frozen=True)
class Choice:
    """A column and the cell that holds it.

    ja: why, where the header itself does not say it. worth: how much it says of the kind of file.
    """

    column: Column
    cell: Cell
    ja: str = ""
    worth: float = 1.0


@dataclass
class Assignment:
    """What is known of a file as a source.

    choices: column → its cell. dates: timestamp column → the cell with its date. left: cells that
    nothing uses. missing: columns that the source needs and no cell holds. doubts: column → cells
    that may all be it. filled: how many cells have values. by_moments: the source was chosen for
    the moments of its rows, not for its names.
    """

    source: Source
    match: HeaderMatch
    choices: dict[str, Choice] = field(default_factory=dict)
    dates: dict[str, Cell] = field(default_factory=dict)
    doubts: dict[str, list[Cell]] = field(default_factory=dict)
    left: list[Cell] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    filled: int = 0
    by_moments: bool = False

    @property
    def score(self) -> float:
        """How well the file is understood as this source, 0 to 1: half for the share of the columns
        that the source needs, half for the share of the file's cells that are used. A column that
        is known by a near name counts less, one that is known by its values alone still less.
        """
        worth = {name: choice.worth for name, choice in self.choices.items()}
        if self.match.spread and self.source.unpivot:
            worth |= dict.fromkeys(self.source.unpivot.columns, 1.0)
        needed = [column.name for column in self.source.read_columns if is_needed(column)]
        have = sum(worth.get(name, 0.0) for name in needed) / max(len(needed), 1)
        used = sum(choice.worth for choice in self.choices.values() if choice.cell.filled)
        used += len(self.match.spread) + len({cell.at for cell in self.dates.values()})
        return (have + used / max(self.filled, 1)) / 2


def is_needed(column: Column) -> bool:
    """True for a column without which a file cannot be read (the municipality can be told)."""
    return column.needed and column.name != "municipality" and column.fill is None


def moments(found: Assignment) -> list[Cell]:
    """The cells that hold the moments of a source which has several of them, none left over.

    Two at least, one of which is known; no table has such cells but one row per visit. Empty
    where the source has one moment, or other cells hold moments that are none of its.
    """
    own = [c.name for c in found.source.read_columns if c.type == "timestamp"]
    known = [found.choices[name].cell for name in own if name in found.choices]
    doubted = [cell for name in own for cell in found.doubts.get(name, [])]
    cells = {cell.at: cell for cell in [*known, *doubted]}
    if not known or not 2 <= len(cells) <= len(own):
        return []
    return [cells[at] for at in sorted(cells)]


def likeness(header: str, column: Column) -> tuple[float, str]:
    """How much a header is like one of a column's names (0 to 1), and which."""
    plain = without_unit(plain_header(header))
    names = (*column.headers, column.label.ja, column.name)
    return max((_alike(plain, without_unit(plain_header(name))), name) for name in names)


@lru_cache(maxsize=50_000)
def _alike(a: str, b: str) -> float:
    """How much two plain names are alike; one within the other is at least near."""
    short, long = sorted((a, b), key=len)
    ratio = SequenceMatcher(None, a, b).ratio()
    if len(short) > 1 and short in long:
        return max(ratio, NEAR + (1 - NEAR) * len(short) / len(long))
    return ratio


def fitness(cell: Cell, column: Column, source: Source, *, apart: bool = False) -> float:
    """Share of a cell's values that may be values of a column. apart: a time alone will do."""
    if not cell.filled:
        return 0.0
    if column.values:
        known = dictionary(column, standard(source))
        return sum(n for word, n in cell.words.items() if plain_word(word) in known) / cell.filled
    if column.type == "text":
        moments = (cell.shares["timestamp"], cell.shares["date"], cell.shares["time"])
        return 1 - max(*moments, cell.forms("timestamp").share)
    if column.type == "timestamp":
        dated = max(cell.shares["timestamp"], cell.forms("timestamp").share)
        times = max(cell.shares["time"], cell.forms("time").share) if apart else 0.0
        return max(dated, times)
    if column.type in ("date", "month", "time"):
        return max(cell.shares[column.type], cell.forms(column.type).share)
    return cell.shares[column.type]


def _is_day(cell: Cell) -> bool:
    """True where a cell holds days without a time."""
    days = max(cell.shares.get("date", 0.0), cell.forms("date").share)
    return days >= FITS and cell.shares.get("timestamp", 0.0) < FITS


def assign(evidence: Evidence, source: Source) -> Assignment:
    """Find a source's columns among a file's cells. What is doubtful is not decided."""
    names = evidence.names
    match = match_header(names, source, standard(source))
    found = Assignment(source, match, filled=sum(1 for cell in evidence.cells if cell.filled))
    by_at = {cell.at: cell for cell in evidence.cells}
    for name, at in match.cells.items():
        found.choices[name] = Choice(source.column(name), by_at[at])
    found.dates = {name: by_at[at] for name, at in match.dates.items()}
    taken = set(match.used)
    named = [cell for cell in evidence.cells if cell.at not in evidence.unnamed]
    days = [cell for cell in named if cell.at not in taken and _is_day(cell)]
    spread = source.unpivot.columns if match.spread and source.unpivot else ()
    open_ = [c for c in source.read_columns if c.name not in match.cells and c.name not in spread]
    free = [cell for cell in named if cell.at not in taken]
    apart = bool(days)
    if evidence.header != HEADLESS:
        _by_name(found, open_, free, apart=apart)
    free = [cell for cell in free if cell.filled]
    _by_words(found, open_, free)
    _by_order(found, open_, free, evidence, apart=apart)
    _by_type(found, open_, free)
    _find_dates(found, evidence)
    used = {choice.cell.at for choice in found.choices.values()} | set(match.used)
    used |= {cell.at for cell in found.dates.values()}
    found.left = [cell for cell in evidence.cells if cell.at not in used]
    found.missing = [c for c in open_ if is_needed(c) and c.name not in found.choices]
    return found


def _take(found: Assignment, choice: Choice, free: list[Cell]) -> None:
    found.choices[choice.column.name] = choice
    free.remove(choice.cell)


def _still(found: Assignment, columns: Iterable[Column]) -> list[Column]:
    return [column for column in columns if column.name not in found.choices]


def _by_name(
    found: Assignment, columns: Sequence[Column], free: list[Cell], *, apart: bool
) -> None:
    """Cells whose headers are near a column's names and whose values do not speak against it."""
    pairs = []
    for column in columns:
        for cell in free:
            like, name = likeness(cell.header, column)
            fit = fitness(cell, column, found.source, apart=apart)
            # Words that are not known yet, or none, speak against nothing.
            if like >= NEAR and (fit >= FITS or column.values or not cell.filled):
                pairs.append((like + WANTED * column.required, column, cell, name))
    pairs.sort(key=lambda pair: -pair[0])
    for like, column, cell, name in pairs:
        if column.name in found.choices or column.name in found.doubts or cell not in free:
            continue
        rivals = [
            c
            for score, col, c, _ in pairs
            if col is column and c in free and c is not cell and score > like - CLEAR
        ]
        if rivals:
            found.doubts[column.name] = [cell, *rivals]
            continue
        _take(found, Choice(column, cell, f"名前が「{name}」に近い", BY_NAME), free)


def _by_words(found: Assignment, columns: Sequence[Column], free: list[Cell]) -> None:
    """Cells whose words are those of a column with fixed values."""
    for column in _still(found, columns):
        if not column.values or column.name in found.doubts:
            continue
        fits = [cell for cell in free if fitness(cell, column, found.source) >= WORDS]
        others = [
            other
            for other in _still(found, columns)
            if other is not column
            and other.values
            and any(fitness(c, other, found.source) >= WORDS for c in fits)
        ]
        if len(fits) == 1 and not others:
            example = "・".join(word for word, _ in fits[0].words.most_common(2))
            _take(found, Choice(column, fits[0], f"値から（{example} など）", BY_VALUES), free)
        elif fits:
            found.doubts[column.name] = fits


def _by_order(
    found: Assignment,
    columns: Sequence[Column],
    free: list[Cell],
    evidence: Evidence,
    *,
    apart: bool,
) -> None:
    """Moments by the order in which they happen: a source names its moments in that order.

    Where no moment is known by name and there are as many cells as columns; of fewer cells the
    first are those that a source needs. Where some are known, only the one that is needed and
    left: else a cell may be something else, and nobody can tell which.
    """
    moments = [c for c in columns if c.type == "timestamp"]
    waiting = _still(found, moments)
    cells = [
        cell
        for cell in free
        if moments and fitness(cell, moments[0], found.source, apart=apart) >= FITS
    ]
    needed = [column for column in waiting if is_needed(column)]
    if not cells or not waiting:
        return
    ordered = _in_order(cells, evidence)
    wanted: list[Column] = []
    if len(waiting) < len([c for c in found.source.read_columns if c.type == "timestamp"]):
        wanted = needed if len(cells) == len(needed) == 1 else []
    elif len(cells) == len(waiting):
        wanted = waiting
    elif len(needed) <= len(cells) < len(waiting) and needed == waiting[: len(needed)]:
        wanted = needed
    if ordered is None:
        wanted = []
    for column, cell in zip(wanted, ordered or [], strict=False):
        why = "値から（日時の列はこれだけ）" if len(cells) == 1 else "値から（時刻の順）"
        _take(found, Choice(column, cell, why, BY_VALUES), free)
    if rest := [cell for cell in cells if cell in free]:
        for column in _still(found, waiting):
            found.doubts.setdefault(column.name, rest)


def _in_order(cells: list[Cell], evidence: Evidence) -> list[Cell] | None:
    """Cells in the order in which their moments follow each other in nearly every row."""
    values = {cell.at: evidence.moments(cell) for cell in cells}

    def before(a: Cell, b: Cell) -> float:
        both = [
            (x, y) for x, y in zip(values[a.at], values[b.at], strict=True) if x and y and x != y
        ]
        return sum(x < y for x, y in both) / len(both) if both else 0.5

    ordered = sorted(cells, key=lambda cell: -sum(before(cell, other) for other in cells))
    return ordered if all(before(a, b) >= FITS for a, b in pairwise(ordered)) else None


def _by_type(found: Assignment, columns: Sequence[Column], free: list[Cell]) -> None:
    """The only cell that holds days, months or codes is the column of that type."""
    for column in _still(found, columns):
        same = [c for c in _still(found, columns) if c.type == column.type]
        if column.type not in TELLING or len(same) > 1:
            continue
        fits = [c for c in free if fitness(c, column, found.source) >= FITS]
        if column.type == "municipality":
            fits = [c for c in fits if all(SIX_DIGITS.fullmatch(word) for word in c.words)]
        if len(fits) == 1 and column.name not in found.doubts:
            _take(found, Choice(column, fits[0], "値から（この型の列はこれだけ）", BY_VALUES), free)
        elif fits and is_needed(column):
            found.doubts.setdefault(column.name, fits)


def _find_dates(found: Assignment, evidence: Evidence) -> None:
    """Where the date of a time stands: the only cell with days, or the one to the left."""
    used = {choice.cell.at for choice in found.choices.values()}
    days = [
        cell
        for cell in evidence.cells
        if cell.at not in used and cell.at not in evidence.unnamed and _is_day(cell)
    ]
    for name, choice in found.choices.items():
        cell = choice.cell
        dated = max(cell.shares.get("timestamp", 0.0), cell.forms("timestamp").share)
        if choice.column.type != "timestamp" or dated >= FITS or name in found.dates:
            continue
        left = [day for day in days if day.at == cell.at - 1]
        if len(days) == 1 or left:
            found.dates[name] = (left or days)[0]
        elif days:
            found.doubts[f"{name} の日付"] = days
