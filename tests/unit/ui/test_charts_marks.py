"""Marks above a chart never cover each other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.marks import APART, mark_months, rows_of
from ui.period import month_shift

months = st.lists(st.integers(0, 60), unique=True, max_size=12).map(
    lambda steps: [month_shift(date(2022, 1, 1), step) for step in sorted(steps)]
)


@given(months)
def test_marks_of_one_row_stand_apart(found: list[date]) -> None:
    rows = rows_of(found)
    for row in set(rows):
        of_row = [month for month, at in zip(found, rows, strict=True) if at == row]
        for first, second in pairwise(of_row):
            assert month_shift(first, APART) <= second


def test_each_month_has_a_line_and_its_mark() -> None:
    figure = mark_months(go.Figure(), {date(2025, 11, 1): "②", date(2025, 10, 1): "①"})
    assert [shape.x0 for shape in figure.layout.shapes] == ["2025-10-01", "2025-11-01"]
    assert [note.text for note in figure.layout.annotations] == ["①", "②"]
    assert figure.layout.annotations[0].yshift == 0 < figure.layout.annotations[1].yshift


def test_without_marks_the_figure_stays() -> None:
    assert mark_months(go.Figure(), {}) == go.Figure()
