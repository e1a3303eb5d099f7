"""The codec between what links carry and what filters hold."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.filters import as_condition, decode, encode, period_label, periods
from ui.period import Period, month_shift
from warehouse.query import Span

MONTHS = [month_shift(date(2024, 11, 1), step) for step in range(24)]


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.data())
def test_a_code_reads_back(codes: list[str], data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(codes))
    assert decode(encode(code), "choice", [None, *codes]) == code


@pytest.mark.parametrize("value", [2025, "2025", "本庁/市民課/1番"])
def test_numbers_and_text_keep_their_kind(value: object) -> None:
    assert decode(encode(value), "choice", [None, value]) == value


@pytest.mark.parametrize("code", ["", "None", "999999"])
def test_what_is_not_offered_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not offered"):
        decode(code, "choice", [None, "272060"])


@given(st.sampled_from(MONTHS), st.integers(1, 24))
def test_any_span_within_the_data_is_taken_and_no_other(start: date, length: int) -> None:
    span = Period(start, month_shift(start, length - 1))
    if span.end in MONTHS:
        assert decode(encode(span), "period", periods(MONTHS)) == span
    else:
        with pytest.raises(ValueError, match="not offered"):
            decode(encode(span), "period", periods(MONTHS))


def test_a_month_filter_takes_the_last_month_of_a_period() -> None:
    assert decode("2026-01..2026-03", "month", MONTHS) == date(2026, 3, 1)
    with pytest.raises(ValueError, match="not offered"):
        decode("2026-11", "month", MONTHS)


def test_periods_offered() -> None:
    offered = periods(MONTHS)
    assert [one.encode() for one in offered[:4]] == [
        "2026-10",
        "2025-11..2026-10",
        "2025-04..2026-03",
        "2026-09",
    ]
    assert len(offered) == 24 + 2
    assert len(set(offered)) == len(offered)


def test_periods_of_one_month() -> None:
    assert periods([date(2026, 10, 1)]) == (Period.of(date(2026, 10, 1)),)


@pytest.mark.parametrize(
    ("code", "ja", "en"),
    [
        ("2026-10", "2026年10月", "October 2026"),
        ("2025-04..2026-03", "令和7（2025）年度", "FY2025"),
        (
            "2025-11..2026-10",
            "直近12か月（2025年11月〜2026年10月）",
            "Last 12 months (November 2025 to October 2026)",
        ),
        ("2026-01..2026-03", "2026年1月〜2026年3月", "January 2026 to March 2026"),
    ],
)
def test_periods_have_names(code: str, ja: str, en: str) -> None:
    assert period_label(Period.decode(code), MONTHS, "ja") == ja
    assert period_label(Period.decode(code), MONTHS, "en") == en


def test_a_period_becomes_an_inclusive_span() -> None:
    assert as_condition(Period.decode("2026-01..2026-03")) == Span(
        date(2026, 1, 1), date(2026, 3, 1)
    )
    assert as_condition("272060") == "272060"
