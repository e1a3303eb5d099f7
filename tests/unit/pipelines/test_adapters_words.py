"""Words of official tables and of surveys, as publishers and towns spell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.survey_words import amount, decimals, sum_label
from pipelines.adapters.words import Band, age_band, fiscal_year, western_year

DASHES = "～〜~－-"


@given(st.integers(0, 119), st.integers(0, 20), st.sampled_from(DASHES), st.booleans())
def test_any_band_is_read_in_any_spelling(first: int, more: int, dash: str, wide: bool) -> None:
    text = f"{first}{dash}{first + more}歳"
    if wide:
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert age_band(text) == Band(first, first + more)


@pytest.mark.parametrize("text", ["95歳～", "95歳〜", "95歳以上", "９５歳以上", "95歳~", "95+"])
def test_the_open_band(text: str) -> None:
    assert age_band(text) == Band(95, None)


@pytest.mark.parametrize("text", ["総数", "", "2020年", "（再掲）", "95歳", "0～4人"])
def test_no_band(text: str) -> None:
    assert age_band(text) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [("2020年", 2020), ("２０２０年", 2020), ("2020", 2020), ("令和2年", None), ("20年", None)],
)
def test_years(text: str, year: int | None) -> None:
    assert western_year(text) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("令和7年度 業務量調査", 2025),
        ("R7年度", 2025),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("FY2025", 2025),
        ("業務量_2025.xlsx", 2025),
        ("2025年10月実施 令和6年度分", 2024),
        ("業務量調査", None),
        ("20251001", None),
    ],
)
def test_fiscal_years(text: str, year: int | None) -> None:
    assert fiscal_year(text) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("１２０", 120.0),
        ("12時間", 12.0),
        ("△3", -3.0),
        ("-", 0.0),
        ("", 0.0),
        ("－", 0.0),
        ("約10", None),
        ("#REF!", None),
    ],
)
def test_amounts(text: str, value: float | None) -> None:
    assert amount(text) == value


def test_decimals_as_written() -> None:
    assert [decimals(text) for text in ("12", "12.5", "1,234.25時間")] == [0, 1, 2]


LISTED = {"department": "会計課", "section": "出納係", "task": "統計"}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("小計", None),
        ("合　計", None),
        ("総計", "total"),
        ("全庁計", "total"),
        ("課計", "department"),
        ("係 小計", "section"),
        ("会計課 計", "department"),
        ("会計課計", "department"),
        ("出納係合計", "section"),
        ("窓口業務の小計", None),
        ("市民課 計", None),
    ],
)
def test_labels_of_sums(text: str, level: str | None) -> None:
    label = sum_label(text, LISTED)
    assert label is not None
    assert label.level == level


@pytest.mark.parametrize(
    "text", ["会計", "統計", "設計", "家計急変の相談", "会計課", "集計表の作成"]
)
def test_tasks_that_only_look_like_sums(text: str) -> None:
    assert sum_label(text, LISTED) is None
