"""A month as on a wall calendar: what each day holds, or lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

State = Literal["full", "part", "closed"]
_HALF_WIDTH, _HALF_HEIGHT = 0.47, 0.45


@dataclass(frozen=True)
class Day:
    """One day: `full`, `part` (something is missing) or `closed`; a short text and the hover."""

    date: date
    state: State
    text: str
    hover: str


def calendar(
    days: Sequence[Day], *, weekdays: Sequence[str], height: int = theme.MEDIUM
) -> go.Figure:
    """Draw the days of one month, a week to a row, Monday first.

    Full days are filled, days that lack something are hatched with their text in bold, closed ones
    stay blank. weekdays: seven names, Monday first. Each day has an invisible marker with
    customdata [ISO date], which a page can select.
    """
    made = base.figure(height, hovermode="closest", hoverdistance=-1)
    offset = min((day.date for day in days), default=date(2000, 1, 3)).replace(day=1).weekday()
    places = [((offset + day.date.day - 1) % 7, (offset + day.date.day - 1) // 7) for day in days]
    rows = max((y for _, y in places), default=4) + 1
    for state in ("full", "part"):
        _fill(made, state, [at for at, day in zip(places, days, strict=True) if day.state == state])
    for (x, y), day in zip(places, days, strict=True):
        _write(made, x, y, day)
    made.add_scatter(
        x=[x for x, _ in places],
        y=[y for _, y in places],
        mode="markers",
        marker={"size": 30, "opacity": 0, "symbol": "square"},
        customdata=[[day.date.isoformat()] for day in days],
        hovertext=base.hovers([day.hover for day in days]),
        hoverinfo="text",
        name="days",
    )
    made.update_layout(margin={"l": 2, "r": 2, "t": 26, "b": 2})
    made.update_xaxes(
        side="top",
        tickmode="array",
        tickvals=list(range(7)),
        ticktext=[base.safe(name) for name in weekdays],
        range=[-0.5, 6.5],
        ticks="",
        showline=False,
    )
    made.update_yaxes(range=[rows - 0.5, -0.5], showgrid=False, showticklabels=False)
    return made


def _fill(made: go.Figure, state: str, places: Sequence[tuple[int, int]]) -> None:
    if not places:
        return
    x: list[float | None] = []
    y: list[float | None] = []
    for j, i in places:
        left, right = j - _HALF_WIDTH, j + _HALF_WIDTH
        top, bottom = i - _HALF_HEIGHT, i + _HALF_HEIGHT
        x += [left, right, right, left, left, None]
        y += [top, top, bottom, bottom, top, None]
    hatched = {"shape": "/", "fgcolor": theme.SECONDARY, "bgcolor": theme.SURFACE, "size": 7}
    full = state == "full"
    made.add_scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        line={"width": 0 if full else 2, "color": theme.SECONDARY},
        fillcolor=theme.BLUE_PALE if full else theme.SURFACE,
        fillpattern=None if full else {**hatched, "solidity": 0.25},
        hoverinfo="skip",
        name=state,
    )


def _write(made: go.Figure, x: int, y: int, day: Day) -> None:
    closed, part = day.state == "closed", day.state == "part"
    made.add_annotation(
        x=x - _HALF_WIDTH,
        y=y - _HALF_HEIGHT,
        text=str(day.date.day),
        xanchor="left",
        yanchor="top",
        xshift=2,
        font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL if closed else theme.TEXT},
        showarrow=False,
    )
    if day.text:
        made.add_annotation(
            x=x,
            y=y,
            text=f"<b>{base.safe(day.text)}</b>" if part else base.safe(day.text),
            yshift=-7,
            bgcolor=theme.SURFACE if part else None,
            borderpad=1,
            font={"size": theme.LABEL_SIZE, "color": theme.NEUTRAL if closed else theme.TEXT},
            showarrow=False,
        )
