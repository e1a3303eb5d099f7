"""Ticks, labels and margins that figures share."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import theme
from ui.charts import base

VALUES = st.lists(st.integers(-(10**9), 10**9).map(lambda n: n / 1000), min_size=1, max_size=20)


@given(VALUES, st.booleans())
def test_an_axis_holds_all_its_values(values: list[float], zero: bool) -> None:
    axis = base.value_axis(values, str, zero=zero)
    low, high = axis["range"]
    assert low <= min(values) and max(values) <= high
    assert low < high
    assert 2 <= len(axis["tickvals"]) <= 8
    if zero:
        assert low <= 0 <= high
        assert any(abs(tick) < 1e-9 for tick in axis["tickvals"])


def test_an_axis_without_values_is_still_an_axis() -> None:
    assert base.value_axis([None, float("nan")], str, zero=True)["tickvals"][0] == 0


@given(st.floats(1e-6, 1e9), st.integers(1, 10))
def test_steps_are_round_and_few(span: float, count: int) -> None:
    step = base.nice_step(span, count)
    assert span / step <= count + 1e-6
    assert f"{step:e}"[:4].rstrip("0").rstrip(".") in {"1", "2", "2.5", "5"}


@given(st.text("あいう漢字、。abc defg", max_size=60), st.floats(4, 20))
def test_wrapping_loses_nothing_but_spaces(text: str, limit: float) -> None:
    lines = base.wrap(text, limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[:1] in ("、", "。") for line in lines[1:])


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("2018〜20年生まれ", 6, ["2018〜20年", "生まれ"]),
        ("Born 2018 to 2020", 6, ["Born 2018", "to 2020"]),
        ("団塊ジュニア", 6, ["団塊ジュニア"]),
        ("待ち時間です。", 6, ["待ち時間で", "す。"]),
        ("Administration", 4, ["Administration"]),
    ],
)
def test_wrap(text: str, limit: float, lines: list[str]) -> None:
    assert base.wrap(text, limit) == lines


def test_names_from_files_are_not_tags() -> None:
    assert base.safe("<b>1番</b> & 2番") == "&lt;b&gt;1番&lt;/b&gt; &amp; 2番"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_labels_keep_their_order_and_their_distance(positions: list[float]) -> None:
    placed = base.spread(positions, 10, 0, 100)
    assert all(-1e-9 <= at <= 100 + 1e-9 for at in placed)
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    for one, other in itertools.pairwise(order):
        assert placed[other] - placed[one] >= 10 - 1e-6


def test_labels_apart_already_stay_where_they_are() -> None:
    assert base.spread([80, 20], 10, 0, 100) == [80, 20]


def test_month_ticks_write_the_year_where_it_changes() -> None:
    months = [date(2024 + (10 + i) // 12, (10 + i) % 12 + 1, 1) for i in range(24)]
    ticks = base.month_ticks(months, "ja")
    assert list(ticks.values()) == ["11月<br>2024年", "5月<br>2025年", "11月", "5月<br>2026年"]
    assert base.month_ticks(months[:1], "en") == {months[0]: "Nov<br>2024"}
    assert base.month_ticks([], "ja") == {}


def test_year_ticks_are_round_years_and_few_enough_for_a_phone() -> None:
    assert list(base.year_ticks(range(2026, 2046))) == [2030, 2035, 2040, 2045]
    assert list(base.year_ticks(range(2026, 2051))) == [2030, 2040, 2050]
    assert base.year_ticks(range(2020, 2051, 5)) == {
        2020: "2020",
        2030: "2030",
        2040: "2040",
        2050: "2050",
    }
    assert list(base.year_ticks([2023])) == [2023]
    assert base.year_ticks([]) == {}


def test_a_watermark_is_written_across_the_figure() -> None:
    made = base.watermark(base.figure(theme.SMALL), "模擬データ")
    (mark,) = made.layout.annotations
    assert mark.text == "模擬データ" and mark.xref == mark.yref == "paper"
    assert made.layout.height == theme.SMALL
