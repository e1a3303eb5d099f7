"""When the counters are open: weekdays, one evening a week, one Saturday a month, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from pipelines.demo.world import FIRST_DAY, HARBOUR, LAST_DAY, NORTH, REFORM, Queue

OPENS, CLOSES = 8 * 3600 + 1800, 17 * 3600 + 900
EVENING_CLOSES = 19 * 3600
SATURDAY_OPENS, SATURDAY_CLOSES = 9 * 3600, 12 * 3600
THURSDAY, SATURDAY = 3, 5
OUT_OF_ORDER = date(2026, 10, 19)
"""From this day on the harbour office's second counter stands still."""
LOST_LOG = (NORTH, date(2026, 10, 8))
"""An open day of an office of which its machine kept no log."""


@dataclass(frozen=True)
class Shift:
    """One day of one queue; times in seconds since midnight.

    counters: how many are open. staying: how many of them stay after the ordinary closing time.
    """

    day: date
    opens: int
    closes: int
    counters: int
    staying: int


@cache
def holiday_names() -> dict[date, str]:
    """Japanese public holidays of all years that the demo touches."""
    return dict(holidays.country_holidays("JP", years=range(FIRST_DAY.year, LAST_DAY.year + 2)))


def is_weekday_open(day: date) -> bool:
    """True for a weekday that is neither a holiday nor within 29 December to 3 January."""
    year_end = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
    return day.weekday() < SATURDAY and not year_end and day not in holiday_names()


def is_open_saturday(day: date) -> bool:
    """True for the second Saturday of a month that is not a holiday."""
    return day.weekday() == SATURDAY and 8 <= day.day <= 14 and day not in holiday_names()


def all_days() -> Iterator[date]:
    """Every day of the demo's period."""
    for offset in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + timedelta(days=offset)


def in_spring_rush(day: date) -> bool:
    """Moving season: 15 March to 15 April."""
    return (day.month == 3 and day.day >= 15) or (day.month == 4 and day.day <= 15)


def after_closed_days(day: date) -> bool:
    """True where the day before was closed though it was not part of an ordinary weekend."""
    before = day - timedelta(days=1)
    if before.weekday() >= SATURDAY:
        before = day - timedelta(days=3)
    return not is_weekday_open(before)


def is_last_open_day_of_month(day: date) -> bool:
    """True where no weekday of the same month follows on which the offices are open."""
    later = day + timedelta(days=1)
    while later.month == day.month:
        if is_weekday_open(later):
            return False
        later += timedelta(days=1)
    return True


def shifts(queue: Queue) -> list[Shift]:
    """Return every opening of a queue, in the order of days."""
    found = []
    for day in all_days():
        if is_weekday_open(day):
            counters = queue.ordinary if day < REFORM else queue.ordinary_after
            if in_spring_rush(day):
                counters = len(queue.counters)
            if queue.office == HARBOUR and day >= OUT_OF_ORDER:
                counters = 1
            evening = queue.evenings and day.weekday() == THURSDAY
            closes = EVENING_CLOSES if evening else CLOSES
            found.append(Shift(day, OPENS, closes, counters, 2 if evening else counters))
        elif queue.evenings and is_open_saturday(day):
            found.append(Shift(day, SATURDAY_OPENS, SATURDAY_CLOSES, 2, 2))
    return found
