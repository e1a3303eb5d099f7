"""What became of codes of municipalities: mergers, renames, re-coded wards, splits.

A change says that from a day on, one code stands in place of another. From all changes that are
known follows, for each code and day, the code that was valid then. A code is never given out
again, so that it ends once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)

CONTINUING = frozenset(
    {"became_city", "became_town", "renamed", "designated_city", "renumbered", "wards_reorganised"}
)
"""Reasons after which one body goes on under another code, where it is the only one to do so."""

NOT_ENDING = frozenset({"district_abolished", "separated", "boundary", "ward_established"})
"""Reasons after which the old code goes on, or was none of a municipality (a district, 郡)."""

DIVIDED = "divided"
"""Reason after which the old code stands for nothing, even where only one part is listed."""

SPLIT, ENDED = "split_code", "ended_code"
"""Problems: the code went to several, or to none that is known."""

WINDOWS = pa.schema(
    [
        ("code", pa.string()),
        ("from_day", pa.date32()),
        ("to_day", pa.date32()),
        ("resolved", pa.string()),
        ("problem", pa.string()),
    ]
)
"""What a code means on the days from_day … to_day: another code, or a problem. See `table`."""


@dataclass(frozen=True)
class Change:
    """From `day` on `new` stands in place of `old`. new is None where no successor is known."""

    day: date
    old: str
    new: str | None
    reason: str = "other"


class Succession:
    """All known changes, by code."""

    def __init__(self, changes: Iterable[Change]) -> None:
        kept = {c for c in changes if c.old != c.new and c.reason not in NOT_ENDING}
        self._ends: dict[str, tuple[date, frozenset[str]]] = {}
        self._befores: dict[str, tuple[date, str]] = {}
        by_old: dict[str, list[Change]] = {}
        by_new: dict[str, list[Change]] = {}
        for change in kept:
            by_old.setdefault(change.old, []).append(change)
            if change.new is not None:
                by_new.setdefault(change.new, []).append(change)
        for old, found in by_old.items():
            day = min(change.day for change in [c for c in found if c.new] or found)
            targets = {change.new for change in found if change.day == day and change.new}
            self._ends[old] = day, frozenset(targets)
        for new, found in by_new.items():
            first = min(change.day for change in found)
            makers = [change for change in found if change.day == first]
            (old, *others) = {change.old for change in makers}
            goes_on = any(change.reason in CONTINUING for change in makers)
            if goes_on and not others and self._ends[old] == (first, frozenset({new})):
                self._befores[new] = first, old
        self._divided = {change.old for change in kept if change.reason == DIVIDED}
        self._codes = by_old.keys() | by_new.keys()

    def at(self, code: str, day: date) -> tuple[str | None, str | None]:
        """The code that stands for `code` on a day, or the problem that there is none.

        A code that has ended gives way to its successor. One that begins later stands for the code
        that the same body had before, where there was one such; a code made by a merger is kept,
        since figures are also published on the map of later years.
        """
        seen = {code}
        while code in self._befores and day < self._befores[code][0]:
            code = self._befores[code][1]
            if code in seen:
                return None, ENDED
            seen.add(code)
        while code in self._ends and self._ends[code][0] <= day:
            targets = self._ends[code][1]
            if len(targets) > 1 or code in self._divided:
                return None, SPLIT
            if not targets:
                return None, ENDED
            (code,) = targets
            if code in seen:
                return None, ENDED
            seen.add(code)
        return code, None

    def is_valid(self, code: str, day: date) -> bool:
        """True where the code stands for itself on that day."""
        return self.at(code, day) == (code, None)

    @cached_property
    def table(self) -> pa.Table:
        """Windows of days in which a code stands for another one or for none (WINDOWS).

        Days on which a code stands for itself are left out: a code without row is kept.
        """
        rows = [row for code in sorted(self._codes) for row in self._windows(code)]
        columns = zip(*rows, strict=True) if rows else [()] * len(WINDOWS)
        return pa.table(
            [pa.array(values, field.type) for values, field in zip(columns, WINDOWS, strict=True)],
            schema=WINDOWS,
        )

    def _windows(self, code: str) -> Iterator[tuple[str, date, date, str | None, str | None]]:
        days = sorted({FIRST, *self._days(code)})
        for first, after in zip(days, [*days[1:], None], strict=True):
            resolved, problem = self.at(code, first)
            if resolved != code:
                last = after - timedelta(1) if after else LAST
                yield code, first, last, resolved, problem

    def _days(self, code: str) -> set[date]:
        """Days on which what the code stands for may change."""
        found: set[date] = set()
        waiting, seen = [code], {code}
        while waiting:
            at = waiting.pop()
            near: set[str] = set()
            if at in self._ends:
                found.add(self._ends[at][0])
                near |= self._ends[at][1]
            if at in self._befores:
                found.add(self._befores[at][0])
                near.add(self._befores[at][1])
            waiting += near - seen
            seen |= near
        return found


def changes_of(rows: Iterable[dict[str, Any]]) -> Iterator[Change]:
    """Changes of a list of municipalities: a code with valid_to, and `successor` if it has one.

    successor: codes with blanks between them; more than one means that the code was split.
    """
    for row in rows:
        last = row.get("valid_to")
        if isinstance(last, date):
            successors: list[str | None] = [*str(row.get("successor") or "").split()]
            for new in successors or [None]:
                reason = "renamed" if len(successors) == 1 else "other"
                yield Change(last + timedelta(1), str(row["code"]), new, reason)


def former_places(
    changed: Iterable[dict[str, Any]], listed: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows, in the columns of the list of municipalities, for codes that stand in changes alone.

    changed: rows of the source municipality_change. listed: rows of the list. The prefecture is
    that of the code's first two digits; a code of a prefecture that is not listed is left out.
    """
    prefectures: dict[str, str] = {}
    known: set[str] = set()
    for row in listed:
        known.add(row["code"])
        if row["kind"] == "prefecture":
            prefectures[row["code"][:2]] = row["prefecture"]
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(changed, key=lambda one: one["effective_date"]):
        if row["reason"] in NOT_ENDING:
            continue
        for code, name in ((row["old_code"], row["old_name"]), (row["new_code"], row["new_name"])):
            if code not in known and code[:2] in prefectures:
                place = found.setdefault(code, dict.fromkeys(PLACE, None))
                name = name or place["name"] or code
                kind = _KINDS.get(name[-1], "town")
                place |= {"code": code, "prefecture": prefectures[code[:2]]}
                place |= {"name": name, "kind": kind}
        if (ended := found.get(row["old_code"])) and row["old_code"] != row["new_code"]:
            ended["valid_to"] = row["effective_date"] - timedelta(1)
    return list(found.values())


def history_tables(
    listed: list[dict[str, Any]], changed: list[dict[str, Any]], day: date
) -> dict[str, pa.Table]:
    """What a release says of codes beside the lists: tables by name.

    ref_former: codes that stand in changes alone, in the columns of a list. ref_successor: one row
    (code, current_code) for each code that stands for another one on `day`; null where it was
    split. listed: rows of all lists. changed: rows of the source municipality_change.
    """
    former = former_places(changed, listed)
    changes = [
        *changes_of(listed),
        *(Change(r["effective_date"], r["old_code"], r["new_code"], r["reason"]) for r in changed),
    ]
    succession = Succession(changes)
    pairs = [(code, succession.at(code, day)[0]) for code in sorted({c.old for c in changes})]
    gone = [(code, now) for code, now in pairs if now != code]
    return {
        "ref_former": pa.table(
            {
                name: pa.array(
                    [row[name] for row in former],
                    pa.date32() if name.startswith("valid_") else pa.string(),
                )
                for name in PLACE
            }
        ),
        "ref_successor": pa.table(
            {
                "code": pa.array([code for code, _ in gone], pa.string()),
                "current_code": pa.array([now for _, now in gone], pa.string()),
            }
        ),
    }


PLACE = ("code", "prefecture", "name", "kana", "kind", "parent", "valid_from", "valid_to")
"""Columns of a list of municipalities."""

_KINDS = {"市": "city", "町": "town", "村": "village", "区": "ward"}
