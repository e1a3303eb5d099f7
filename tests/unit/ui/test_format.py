"""Numbers, dates and periods as readers write them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import format as fmt

FINITE = st.floats(-1e12, 1e12, allow_nan=False)
PEOPLE = st.integers(0, 2_000_000_000)


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (0, "0人", "0 people"),
        (9_999, "9,999人", "9,999 people"),
        (10_000, "1.0万人", "10,000 people"),
        (622_000, "62.2万人", "622,000 people"),
        (74_412, "7.4万人", "74,412 people"),
        (9_999_499, "999.9万人", "10.0 million people"),
        (9_999_500, "1,000万人", "10.0 million people"),
        (14_047_594, "1,405万人", "14.0 million people"),
        (99_999_999, "1億人", "100.0 million people"),
        (126_140_000, "1億2,614万人", "126.1 million people"),
        (126_146_099, "1億2,614万人", "126.1 million people"),
        (200_500_000, "2億50万人", "200.5 million people"),
        (-622_000, "△62.2万人", "−622,000 people"),
        (None, "…", "…"),
        (fmt.Mark.NONE, "−", "−"),
        (fmt.Mark.SUPPRESSED, "*", "*"),
    ],
)
def test_people(value: fmt.Number, ja: str, en: str) -> None:
    assert fmt.people(value, "ja") == ja
    assert fmt.people(value, "en") == en


def test_amounts_count_in_ten_thousands() -> None:
    assert fmt.amount(1_007_232, "時間") == fmt.Parts("100.7", "万時間")
    assert str(fmt.amount(1_007_232, "hours", "en")) == "1.0 million hours"
    assert fmt.amount(None, "時間") == fmt.Parts("…", "")


def test_known_turns_the_missing_into_none() -> None:
    assert fmt.known([1, np.float64(2.5), float("nan"), pd.NA, None]) == [1, 2.5, None, None, None]


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (6.25, "6.3分", "6.3 min"),
        (31.44, "31.4分", "31.4 min"),
        (-3.1, "△3.1分", "−3.1 min"),
        (-0.04, "0.0分", "0.0 min"),
        (0, "0.0分", "0.0 min"),
        (1234.5, "1,234.5分", "1,234.5 min"),
        (float("nan"), "…", "…"),
    ],
)
def test_minutes(value: float, ja: str, en: str) -> None:
    assert fmt.minutes(value, "ja") == ja
    assert fmt.minutes(value, "en") == en


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5234, "52.3%"), (0.29, "29.0%"), (1, "100.0%"), (-0.0312, "△3.1%"), (0.0005, "0.1%")],
)
def test_share(value: float, text: str) -> None:
    assert fmt.share(value) == text


def test_changes_carry_their_sign_in_words_of_each_language() -> None:
    assert fmt.number(12, plus=True) == "+12"
    assert fmt.number(0, plus=True) == "0"
    assert fmt.number(-12, plus=True) == "△12"
    assert fmt.number(-12, lang="en", plus=True) == "−12"


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT, math.inf])
@pytest.mark.parametrize("style", fmt.STYLES)
def test_unknown_has_its_mark_and_no_unit(missing: fmt.Number, style: str) -> None:
    assert fmt.parts(missing, style, 1, "分") == fmt.Parts("…", "")


def test_numbers_of_numpy_are_numbers() -> None:
    assert fmt.number(np.int64(10482)) == "10,482"
    assert fmt.share(np.float64(0.5)) == "50.0%"


def test_an_unknown_style_is_an_error_that_names_the_known() -> None:
    with pytest.raises(ValueError, match="number, share, people"):
        fmt.parts(1, "percent")


@given(FINITE, st.integers(0, 3))
def test_a_number_reads_back_as_itself(value: float, decimals: int) -> None:
    text = fmt.number(value, decimals)
    back = float(text.replace(",", "").replace("△", "-"))
    assert abs(back - value) <= 0.5 * 10**-decimals + abs(value) * 1e-12
    assert ("△" in text) == (back < 0)


def read_people(text: str) -> float:
    found = re.fullmatch(r"(?:(\d+)億)?(?:([\d,.]+)万)?(?:([\d,]+))?人", text)
    assert found
    hundred_millions, ten_thousands, ones = (
        float(part.replace(",", "")) if part else 0 for part in found.groups()
    )
    return hundred_millions * 1e8 + ten_thousands * 1e4 + ones


@given(PEOPLE)
def test_people_read_back_within_the_last_place_shown(value: int) -> None:
    """Rounded below 億, cut after 万 from there on."""
    back = read_people(fmt.people(value))
    if value >= 100_000_000:
        assert 0 <= value - back < 10_000
    else:
        tolerance = 0.5 if value < 1e4 else 500 if value < 9_999_500 else 5_000
        assert abs(back - value) <= tolerance


@given(PEOPLE, PEOPLE)
def test_more_people_never_read_as_fewer(one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert read_people(fmt.people(few)) <= read_people(fmt.people(many))


@given(FINITE, st.sampled_from(["ja", "en"]))
def test_no_number_says_k_or_m(value: float, lang: fmt.Lang) -> None:
    assert not re.search(r"\d\s?[kKM]\b", fmt.people(value, lang) + fmt.number(value, 1, lang))


@pytest.mark.parametrize(
    ("value", "era"),
    [
        (1868, "明治元"),
        (1925, "大正14"),
        (1926, "昭和元"),
        (1988, "昭和63"),
        (1989, "平成元"),
        (2018, "平成30"),
        (2019, "令和元"),
        (2026, "令和8"),
    ],
)
def test_era(value: int, era: str) -> None:
    assert fmt.era(value) == era
    assert fmt.year(value) == f"{era}（{value}）年"
    assert fmt.fiscal_year(value) == f"{era}（{value}）年度"
    assert fmt.fiscal_year(value, "en") == f"FY{value}"


def test_before_the_eras_is_an_error() -> None:
    with pytest.raises(ValueError, match="1867"):
        fmt.era(1867)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_fiscal_year_starts_in_april(day: date) -> None:
    year = fmt.fiscal_year_of(day)
    assert date(year, 4, 1) <= day < date(year + 1, 4, 1)


def test_dates() -> None:
    assert fmt.month(date(2026, 10, 1)) == "2026年10月"
    assert fmt.month(date(2026, 10, 1), "en") == "October 2026"
    assert fmt.month(date(2026, 10, 1), short=True) == "10月"
    assert fmt.month(date(2026, 10, 1), "en", short=True) == "Oct"
    assert fmt.day(date(2026, 10, 31)) == "2026年10月31日"
    assert fmt.day(date(2026, 10, 31), "en") == "31 October 2026"
    assert fmt.moment(datetime(2026, 11, 2, 9, 4)) == "2026年11月2日 9:04"
    assert fmt.moment(datetime(2026, 11, 2, 9, 4), "en") == "2 November 2026, 9:04"


def test_periods() -> None:
    october = date(2026, 10, 1)
    assert fmt.period(october, october) == "2026年10月"
    assert fmt.period(date(2025, 11, 1), october) == "2025年11月〜2026年10月"
    assert fmt.period(date(2025, 11, 1), october, "en") == "November 2025 to October 2026"
    assert fmt.period(2020, 2050, "en") == "2020 to 2050"
    assert fmt.period(2020, 2020) == "令和2（2020）年"


def test_names_of_weekdays_and_hours() -> None:
    assert "".join(fmt.weekday(day) for day in range(1, 8)) == "月火水木金土日"
    assert fmt.weekday(1, "en") == "Mon"
    assert (fmt.hour(9), fmt.hour(9, "en")) == ("9時", "9:00")
