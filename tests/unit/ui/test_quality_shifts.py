"""When a change against the year before counts, and since when it has lasted."""

from __future__ import annotations

from datetime import date

import pytest

from ui.components.quality_held import short
from ui.components.quality_shifts import SIGNS, Point, Sign, counts, since
from ui.period import month_shift

BY_METRIC = {sign.metric: sign for sign in SIGNS}
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("metric", "before", "now", "n", "expected"),
    [
        ("no_finish_share", 0.00, 0.05, 100, True),
        ("no_finish_share", 0.00, 0.049, 100, False),
        ("no_finish_share", 1.00, 0.00, 100, True),
        ("no_finish_share", 0.00, 1.00, 99, False),  # too few tickets
        ("wait_p50", 4.0, 6.0, 100, True),
        ("wait_p50", 4.0, 5.9, 100, False),
        ("wait_p50", 6.0, 4.0, 100, True),
        ("wait_p50", 1.0, 1.9, 100, False),  # less than a minute
        ("counters_used", 5, 4, 100, True),
        ("counters_used", 18, 17, 100, False),
        ("counters_used", 2, 2, 100, False),
        ("hour_shift", None, 0.15, 500, True),
        ("hour_shift", None, 0.15, 499, False),
        ("hour_shift", None, 0.149, 500, False),
        ("outcome_shift", None, 0.10, 500, True),
    ],
)
def test_a_change_counts(
    metric: str, before: float | None, now: float, n: int, expected: bool
) -> None:
    old = None if before is None else Point(before, n)
    assert counts(BY_METRIC[metric], old, Point(now, n)) is expected


def test_what_is_not_observed_does_not_count() -> None:
    sign = BY_METRIC["service_p50"]
    assert not counts(sign, Point(None, 0), Point(5.0, 500))
    assert not counts(sign, Point(5.0, 500), Point(None, 0))
    assert not counts(sign, None, Point(5.0, 500))


def series(values: list[float | None], n: int = 1000) -> dict[date, Point]:
    """Values of the months up to October 2026, the last one its own."""
    last = len(values) - 1
    return {
        month_shift(OCTOBER, position - last): Point(value, n)
        for position, value in enumerate(values)
        if value is not None
    }


YEAR = [0.0] * 12


@pytest.mark.parametrize(
    ("metric", "values", "first"),
    [
        # The finish is gone from August on; from January on; in October alone.
        ("no_finish_share", [*YEAR[:10], 1.0, 1.0, 1.0], "2026-08"),
        ("no_finish_share", [0.0, 0.0, 0.0, *[1.0] * 10], "2026-01"),
        ("no_finish_share", [*YEAR, 1.0], "2026-10"),
        # Seconds were missing in last October only: today's level began in November.
        ("whole_minute_share", [1.0, *[0.02] * 12], "2025-11"),
        # A month without tickets ends what is known.
        ("no_finish_share", [0.0, *[1.0] * 8, None, 1.0, 1.0, 1.0], "2026-08"),
        # Waits fell by half in September; August is like its own year before, although lower
        # than October last year.
        (
            "wait_p90",
            [8.0, 8, 8, 8, 8, 8, 8, 8, 8, 8, 4, 20, 20, 20, 8, 8, 8, 8, 8, 8, 8, 8, 4, 10, 10],
            "2026-09",
        ),
        # A month that falls a little short does not begin the change anew.
        ("wait_p50", [*[6.0] * 12, 6.0, *[4.0] * 9, 4.5, 4.0, 4.0], "2025-11"),
        ("hour_shift", [0.03, 0.2, 0.1, 0.2], "2026-08"),
    ],
)
def test_since_when(metric: str, values: list[float | None], first: str) -> None:
    assert f"{since(BY_METRIC[metric], series(values), OCTOBER):%Y-%m}" == first


def test_a_change_is_never_older_than_eleven_months() -> None:
    sign = Sign("wait_p50", "minutes", 1.5)
    falling = series([2.0**-position * 1e9 for position in range(24)])
    assert since(sign, falling, OCTOBER) == date(2025, 11, 1)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("呼出が発券より前です。時計を確かめてください", "呼出が発券より前です"),
        ("発券時刻を日時として読めません（例: 9:00）", "発券時刻を日時として読めません"),
        ("the call is before the issue; check the clock", "the call is before the issue"),
        ("not a time (e.g. 9:00)", "not a time"),
    ],
)
def test_a_reason_is_told_without_its_advice(message: str, expected: str) -> None:
    assert short(message) == expected
