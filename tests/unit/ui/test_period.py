"""Periods of whole months: codes, steps, and when a month is over."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.period import Period, month_end, month_shift, open_days_left

months = st.dates(date(1950, 1, 1), date(2099, 12, 31)).map(lambda day: day.replace(day=1))
periods = st.builds(
    lambda start, more: Period(start, month_shift(start, more)), months, st.integers(0, 60)
)


@given(periods)
def test_a_code_reads_back(period: Period) -> None:
    assert Period.decode(period.encode()) == period


@given(periods, st.integers(-60, 60))
def test_a_shift_keeps_the_length_and_goes_back(period: Period, step: int) -> None:
    assert len(period.shift(step)) == len(period) == len(list(period))
    assert period.shift(step).shift(-step) == period


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 1)),
        ("2025-11..2026-10", date(2025, 11, 1), date(2026, 10, 1)),
    ],
)
def test_codes_of_links(code: str, start: date, end: date) -> None:
    assert Period.decode(code) == Period(start, end)
    assert Period(start, end).encode() == code


@pytest.mark.parametrize(
    "code", ["", "2026", "2026-13", "2026-00", "2026-10..", "2026-10..2026-09", "26-10", "x' or 1"]
)
def test_what_is_not_a_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.decode(code)


def test_trail_ends_with_the_period_and_never_cuts_it() -> None:
    october = Period.decode("2026-10")
    assert october.trail(13).encode() == "2025-10..2026-10"
    assert Period.decode("2024-11..2026-10").trail(13).encode() == "2024-11..2026-10"


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2026, 10, 30), 0),  # Friday; the 31st is a Saturday
        (date(2026, 10, 29), 1),
        (date(2026, 12, 28), 0),  # offices close on 29 December
        (date(2022, 4, 28), 0),  # the 29th is a holiday, the 30th a Saturday
        (date(2026, 9, 1), 18),  # three holidays in a row: 21, 22 and 23 September
    ],
)
def test_open_days_left_of_a_month(day: date, left: int) -> None:
    assert open_days_left(day) == left


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_no_open_day_is_left_after_the_last_of_a_month(day: date) -> None:
    assert open_days_left(month_end(day)) == 0
