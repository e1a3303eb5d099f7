"""Which days a file can be about: a machine whose clock is wrong writes days far from the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

GAP = timedelta(days=92)
"""Days further apart than a quarter are not of one export: offices never close that long, and
clocks that lose their time fall back by years."""

AHEAD = timedelta(days=1)
"""A record may be dated tomorrow where the computer that loads it lives by another zone's clock."""


class Span(NamedTuple):
    """First and last plausible day of a file, both included."""

    first: date
    last: date


def plausible_span(days: Mapping[date, int], today: date) -> Span | None:
    """The days that the file is about: those around which most of its rows lie.

    days: day → rows. The days are cut into groups where more than GAP lies between neighbours;
    the group with the most rows is the file's (of equal ones the latest). Days after `today` +
    AHEAD never count. None where no day is left.
    """
    groups: list[tuple[int, Span]] = []
    for day in sorted(day for day in days if day <= today + AHEAD):
        if groups and day - groups[-1][1].last <= GAP:
            rows, span = groups[-1]
            groups[-1] = (rows + days[day], Span(span.first, day))
        else:
            groups.append((days[day], Span(day, day)))
    return max(groups, key=lambda group: (group[0], group[1].last))[1] if groups else None


def why_implausible(span: Span | None, day: date, today: date) -> tuple[str, str, str] | None:
    """Rule and message (ja, en) for a day outside the file's span; None for one inside."""
    if day > today + AHEAD:
        return (
            "future",
            "日付が読み込んだ日より先です。機械の時計を確かめてください",
            "the date lies in the future; check the machine's clock",
        )
    if span is None or span.first <= day <= span.last:
        return None
    return (
        "far_from_file",
        f"ファイルのほかの行（{span.first}～{span.last}）から離れた日付です。"
        "機械の時計を確かめるか、その期間を別のファイルにしてください",
        f"the date is far from the file's other rows ({span.first} to {span.last}); check the"
        " machine's clock, or put that period into a file of its own",
    )
