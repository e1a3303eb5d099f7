"""A month on the wall: days in their places, what is missing told without colour alone."""

from __future__ import annotations

from datetime import date

import plotly.graph_objects as go
import pytest

from ui import theme
from ui.charts import Day, calendar

WEEKDAYS = list("月火水木金土日")


def drawn() -> go.Figure:
    """October 2026 begins on a Thursday."""
    days = [Day(date(2026, 10, n), "closed", "休", f"{n}日は閉庁日です。") for n in range(1, 32)]
    days[0] = Day(date(2026, 10, 1), "full", "3/3", "1日は3庁舎に記録があります。")
    days[7] = Day(date(2026, 10, 8), "part", "2/3", "8日は北支所に記録がありません。")
    return calendar(days, weekdays=WEEKDAYS)


def trace(made: go.Figure, name: str) -> go.Scatter:
    return next(one for one in made.data if one.name == name)


def test_days_stand_under_their_weekdays_a_week_to_a_row() -> None:
    made = drawn()
    places = dict(
        zip(
            [day for (day,) in trace(made, "days").customdata],
            zip(trace(made, "days").x, trace(made, "days").y, strict=True),
            strict=True,
        )
    )
    assert places["2026-10-01"] == (3, 0)
    assert places["2026-10-04"] == (6, 0)
    assert places["2026-10-05"] == (0, 1)
    assert places["2026-10-31"] == (5, 4)
    assert list(made.layout.xaxis.ticktext) == WEEKDAYS
    assert made.layout.yaxis.range == (4.5, -0.5)


def test_what_is_missing_is_hatched_outlined_and_bold() -> None:
    made = drawn()
    part, full = trace(made, "part"), trace(made, "full")
    assert part.fillpattern.shape == "/"
    assert part.line.width == 2
    assert full.fillpattern.shape is None
    assert full.fillcolor == theme.BLUE_PALE
    texts = [note.text for note in made.layout.annotations]
    assert "<b>2/3</b>" in texts and "3/3" in texts
    assert texts.count("休") == 29


def test_every_day_has_its_sentence() -> None:
    hovers = trace(drawn(), "days").hovertext
    assert len(hovers) == 31
    assert hovers[7].replace("<br>", "") == "8日は北支所に記録がありません。"


@pytest.mark.parametrize(
    ("month", "rows"), [(date(2027, 2, 1), 4), (date(2026, 10, 1), 5), (date(2026, 8, 1), 6)]
)
def test_a_month_has_as_many_weeks_as_it_touches(month: date, rows: int) -> None:
    count = {2: 28, 10: 31, 8: 31}[month.month]
    days = [Day(month.replace(day=n), "full", "", "") for n in range(1, count + 1)]
    made = calendar(days, weekdays=WEEKDAYS)
    assert made.layout.yaxis.range == (rows - 0.5, -0.5)


def test_without_days_there_is_an_empty_grid() -> None:
    made = calendar([], weekdays=WEEKDAYS)
    assert [one.name for one in made.data] == ["days"]
