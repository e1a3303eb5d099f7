"""A period of whole months, as filters, links and comparisons use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

_CODE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:\.\.(\d{4})-(0[1-9]|1[0-2]))?")


def month_shift(month: date, months: int) -> date:
    """Return the first day of the month `months` later (negative: earlier)."""
    year, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, index + 1, 1)


def month_end(month: date) -> date:
    """Return the last day of a month."""
    return month_shift(month, 1) - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """Whole months, both ends included; `start` and `end` are first days of their months."""

    start: date
    end: date

    @classmethod
    def of(cls, month: date) -> Period:
        """Return the single month that holds the day `month`."""
        first = month.replace(day=1)
        return cls(first, first)

    @classmethod
    def decode(cls, code: str) -> Period:
        """Read `2026-10` or `2025-11..2026-10`. Raises ValueError for anything else."""
        match = _CODE.fullmatch(code)
        if not match:
            raise ValueError(f"not a period: {code!r}")
        year, month, end_year, end_month = match.groups()
        start = date(int(year), int(month), 1)
        end = date(int(end_year), int(end_month), 1) if end_year else start
        if end < start:
            raise ValueError(f"a period that ends before it starts: {code!r}")
        return cls(start, end)

    def encode(self) -> str:
        """Write the period as links carry it; the inverse of `decode`."""
        code = f"{self.start:%Y-%m}"
        return code if self.start == self.end else f"{code}..{self.end:%Y-%m}"

    def __len__(self) -> int:
        """Return the number of months."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def __iter__(self) -> Iterator[date]:
        """Give the first day of each month, in order."""
        return (month_shift(self.start, step) for step in range(len(self)))

    def shift(self, months: int) -> Period:
        """Return the period of the same length `months` later."""
        return Period(month_shift(self.start, months), month_shift(self.end, months))

    def year_before(self) -> Period:
        """Return the same months of the year before."""
        return self.shift(-12)

    def trail(self, months: int) -> Period:
        """Return `months` months that end with this period, or the period where it is longer."""
        return Period(min(self.start, month_shift(self.end, 1 - months)), self.end)


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))


def open_days_left(day: date) -> int:
    """Count the days of the month after `day` on which offices normally open.

    Saturdays, Sundays, national holidays and 29–31 December do not count; what was really open
    is data (`open_days`), this only tells a month that is over from one that is not.
    """
    rest = (month_end(day) - day).days
    days = (day + timedelta(days=step) for step in range(1, rest + 1))
    return sum(
        one.weekday() < 5
        and one not in _holidays(one.year)
        and not (one.month == 12 and one.day >= 29)
        for one in days
    )
