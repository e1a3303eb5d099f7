"""Years in bars: parts, what is to come, what is not recorded, years that are marked."""

from __future__ import annotations

import html
import math

import plotly.graph_objects as go
import pytest

from ui import theme
from ui.charts import Line, YearPart, yearly
from ui.charts.yearly import MARK

YEARS = list(range(2021, 2031))


def drawn(
    left: list[float | None] | None = None, hired: list[float | None] | None = None
) -> go.Figure:
    left = [None, None, 0.0, 9.0, 0.0, 8.0, 0.0, 9.0, 0.0, 10.0] if left is None else left
    other = [None if value is None or math.isnan(value) else 2.0 for value in left]
    said = [f"{year}" for year in YEARS]
    line = hired or [None, None, *([5.0] * 8)]
    return yearly(
        YEARS,
        [
            YearPart("定年", left, said, theme.CATEGORY[0]),
            YearPart("その他", other, said, theme.CATEGORY[1]),
        ],
        Line("採用", YEARS, line, said, projected_from=2026, style=theme.CATEGORY[3]),
        write=lambda value: f"{value:g}",
        ticks={2025: "2025"},
        projected_from=2026,
        projected="見込み",
        marked=[2019, 2023, 2025, 2027, 2029],
        mark="定年退職のない年度",
        missing="記録なし",
    )


def texts(made: go.Figure, name: str) -> list[str]:
    return [one.text for one in made.layout.annotations if one.name == name]


def test_parts_stack_and_the_axis_holds_the_largest_year_from_zero() -> None:
    made = drawn()
    assert made.layout.barmode == "stack"
    low, high = made.layout.yaxis.range
    assert low == 0 and high >= 12
    assert [one.name for one in made.data] == ["定年", "その他", "採用"]


def test_a_year_without_record_has_no_bar_and_says_so_once_for_the_run() -> None:
    made = drawn()
    assert list(made.data[0].y[:3]) == [None, None, 0.0]
    assert texts(made, "missing") == ["記録なし"]
    (note,) = (one for one in made.layout.annotations if one.name == "missing")
    assert note.x == 2021.5


def test_a_year_whose_hires_alone_are_known_is_not_called_missing() -> None:
    made = drawn(hired=[3.0, None, *([5.0] * 8)])
    (note,) = (one for one in made.layout.annotations if one.name == "missing")
    assert note.x == 2022


def test_marked_years_have_a_ground_and_a_mark_that_the_key_explains() -> None:
    made = drawn()
    grounds = [shape.x0 + 0.5 for shape in made.layout.shapes if shape.type == "rect"]
    marks = [one.x for one in made.layout.annotations if one.name == "mark"]
    assert grounds == marks == [2023, 2025, 2027, 2029], "2019 is not drawn"
    (key,) = texts(made, "key")
    assert f"{MARK} 定年退職のない年度" in key
    assert all(name in key for name in ("定年", "その他", "採用"))


def test_what_is_to_come_is_paler_and_behind_a_line_that_says_so() -> None:
    made = drawn()
    colours = dict(zip(YEARS, made.data[0].marker.color, strict=True))
    assert colours[2025] == theme.CATEGORY[0].colour != colours[2026]
    (line,) = (shape for shape in made.layout.shapes if shape.type == "line")
    assert line.x0 == line.x1 == 2025.5
    assert "見込み" in [one.text for one in made.layout.annotations]
    hollow = dict(zip(YEARS, made.data[2].marker.color, strict=True))
    assert hollow[2026] == theme.SURFACE != hollow[2025]


def test_nothing_known_at_all_is_still_a_figure() -> None:
    made = drawn([math.nan] * 10, [None] * 10)
    assert texts(made, "missing") == ["記録なし"]
    assert made.layout.yaxis.range[0] == 0


@pytest.mark.parametrize("word", ["<b>定年</b>", "a & b"])
def test_names_are_never_read_as_tags(word: str) -> None:
    made = yearly(
        [2026],
        [YearPart(word, [1.0], [word], theme.CATEGORY[0])],
        Line("x", [2026], [1.0], ["x"]),
        write=str,
        ticks={},
        projected_from=2026,
        projected="",
    )
    (key,) = texts(made, "key")
    assert word not in key and html.escape(word) in key
