"""Lines over time: direct labels, a target, events, intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go

from ui import format as fmt
from ui import theme
from ui.charts import base

At = date | int
"""A place on the axis of time: a day, or a year."""


@dataclass(frozen=True)
class Band:
    """An interval around a line, one lower and one upper end for each point; `label` as 95%."""

    label: str
    low: Sequence[float | None]
    high: Sequence[float | None]


@dataclass(frozen=True)
class Line:
    """One series: `y` and `hover` for each `x`; a missing y (None, NaN) breaks the line.

    projected_from: points from there on are drawn hollow. bands: widest first.
    """

    name: str
    x: Sequence[At]
    y: Sequence[float | None]
    hover: Sequence[str]
    bands: Sequence[Band] = ()
    projected_from: At | None = None
    style: theme.Style | None = None


@dataclass(frozen=True)
class Target:
    """A value to reach, drawn as a line across and written on it."""

    value: float
    label: str


@dataclass(frozen=True)
class Event:
    """Something that happened, drawn as an upright line and written above it."""

    at: At
    label: str


@dataclass(frozen=True)
class _Layout:
    labels: list[list[str]] = field(default_factory=list)
    events: list[list[str]] = field(default_factory=list)

    @property
    def right(self) -> int:
        longest = max((base.width(line) for label in self.labels for line in label), default=0)
        return math.ceil(longest * theme.LABEL_SIZE) + 20 if self.labels else 16

    @property
    def top(self) -> int:
        return 16 + 18 * max((len(lines) for lines in self.events), default=0)


LABEL_WIDTH = 7.0
"""Full-width characters of one line of a label beside a line."""
EVENT_WIDTH = 11.0


def lines(
    series: Sequence[Line],
    *,
    write: base.Write,
    ticks: Mapping[Any, str],
    target: Target | None = None,
    events: Sequence[Event] = (),
    zero: bool = True,
    shade_between: str | None = None,
    height: int = theme.MEDIUM,
) -> go.Figure:
    """Draw `series` over time, each with its name and last value beside its end.

    `write` writes values (axis and labels); `ticks` says what stands where below the axis.
    `zero` makes the value axis contain zero. `shade_between` fills between the first two series
    (which must share their x) and stands, as what the gap is, between their two names.
    """
    shown = [one for one in series if any(_known(v) for v in one.y)]
    ends = [_end(one, write, one.style or theme.style(i)) for i, one in enumerate(shown)]
    if shade_between and len(shown) >= 2:
        middle = (ends[0].y + ends[1].y) / 2
        gap_name = base.wrap(shade_between, LABEL_WIDTH)
        ends.append(_End(middle, gap_name[:-1], gap_name[-1], theme.TEXT))
    told = [base.wrap(event.label, EVENT_WIDTH) for event in events]
    layout = _Layout([[*end.name, end.value] for end in ends], told)
    values = [v for one in shown for v in one.y]
    values += [v for one in shown for band in one.bands for v in (*band.low, *band.high)]
    axis = base.value_axis([*values, *([target.value] if target else [])], write, zero=zero)
    made = base.figure(height, hovermode="closest", hoverdistance=40)
    made.update_layout(
        margin={"l": base.axis_margin(axis), "r": layout.right, "t": layout.top, "b": 48}
    )
    made.update_yaxes(**axis)
    made.update_xaxes(tickmode="array", tickvals=list(ticks), ticktext=list(ticks.values()))
    made.update_xaxes(range=_x_range([x for one in shown for x in one.x], events))
    if axis["range"][0] < 0 < axis["range"][1]:
        made.add_hline(y=0, line={"color": theme.NEUTRAL, "width": 1.5})
    if shade_between and len(shown) >= 2:
        _shade(made, shown[0], shown[1])
    for position, one in enumerate(shown):
        _draw(made, one, one.style or theme.style(position))
    _name_ends(made, ends, layout, axis["range"], height)
    if target:
        _target(made, target, _clear_side(shown, target.value))
    everywhere = sorted(x for one in shown for x in one.x)
    for event, text in zip(events, layout.events, strict=True):
        late = bool(everywhere) and event.at > everywhere[len(everywhere) // 2]  # type: ignore[operator]
        _event(made, event, text, late)
    return made


def _x_range(places: Sequence[At], events: Sequence[Event]) -> list[Any] | None:
    """Set the range by hand: plotly would make room for the names beside the last points."""
    every = [*places, *(event.at for event in events)]
    if not every:
        return None
    first, last = min(every), max(every)
    if isinstance(first, int) and isinstance(last, int):
        room = max((last - first) * 0.03, 0.5)
        return [first - room, last + room]
    assert isinstance(first, date) and isinstance(last, date)
    days = timedelta(days=max(round((last - first).days * 0.03), 3))
    return [(first - days).isoformat(), (last + days).isoformat()]


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


@dataclass(frozen=True)
class _End:
    y: float
    name: list[str]
    value: str
    colour: str


def _end(one: Line, write: base.Write, style: theme.Style) -> _End:
    last = next(float(v) for v in reversed(one.y) if v is not None and _known(v))
    colour = theme.TEXT if style.colour == theme.BLUE_SOFT else style.colour
    return _End(last, base.wrap(one.name, LABEL_WIDTH), write(last), colour)


def _draw(made: go.Figure, one: Line, style: theme.Style) -> None:
    x = list(one.x)
    for band in one.bands:
        made.add_scatter(
            x=x + x[::-1],
            y=[*band.high, *reversed(band.low)],
            fill="toself",
            fillcolor=theme.translucent(style.colour, 0.14),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            name=one.name,
        )
        if _known(band.high[-1]):
            made.add_annotation(
                x=x[-1],
                y=band.high[-1],
                text=base.safe(band.label),
                xanchor="right",
                yanchor="top",
                font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
                showarrow=False,
            )
    start = one.projected_from
    hollow = [start is not None and at >= start for at in x]  # type: ignore[operator]
    made.add_scatter(
        x=x,
        y=[v if _known(v) else None for v in one.y],
        mode="lines+markers",
        connectgaps=False,
        name=one.name,
        hovertext=base.hovers(one.hover),
        hoverinfo="text",
        line={"color": style.colour, "dash": style.dash, "width": 2},
        marker={
            "symbol": style.marker,
            "size": 7 if len(x) <= 13 else 5 if len(x) <= 40 else 3,
            "color": [theme.SURFACE if open_ else style.colour for open_ in hollow],
            "line": {"color": style.colour, "width": 1.5},
        },
        customdata=[str(at) for at in x],
    )


def _name_ends(
    made: go.Figure, ends: Sequence[_End], layout: _Layout, span: Sequence[float], height: int
) -> None:
    """Write names and last values in the right margin, apart from each other."""
    pixels = height - layout.top - 48
    rows = max((len(end.name) + 1 for end in ends), default=1)
    gap = (span[1] - span[0]) * (rows * 17 + 4) / pixels
    places = base.spread([end.y for end in ends], gap, span[0] + gap / 2, span[1] - gap / 2)
    for end, y in zip(ends, places, strict=True):
        made.add_annotation(
            xref="paper",
            x=1,
            y=y,
            text="<br>".join([*map(base.safe, end.name), f"<b>{base.safe(end.value)}</b>"]),
            font={"color": end.colour, "size": theme.LABEL_SIZE},
            xanchor="left",
            xshift=6,
            align="left",
            showarrow=False,
        )


def _clear_side(shown: Sequence[Line], value: float) -> str:
    """Return the end of the target's line that is farther from the lines, for its label."""

    def room(position: int) -> float:
        ends = [fmt.known(one.y)[position] for one in shown]
        return min((abs(end - value) for end in ends if end is not None), default=math.inf)

    return "left" if not shown or room(0) >= room(-1) else "right"


def _target(made: go.Figure, target: Target, side: str) -> None:
    made.add_hline(y=target.value, line={"color": theme.TEXT, "width": 1.5, "dash": "dash"})
    made.add_annotation(
        xref="paper",
        x=0 if side == "left" else 1,
        y=target.value,
        text=base.safe(target.label),
        font={"size": theme.FONT_SIZE, "color": theme.TEXT},
        bgcolor=theme.translucent(theme.SURFACE, 0.8),
        xanchor=side,
        yanchor="bottom",
        xshift=4 if side == "left" else -4,
        yshift=2,
        showarrow=False,
    )


def _event(made: go.Figure, event: Event, text: Sequence[str], late: bool) -> None:
    at = event.at if isinstance(event.at, int) else event.at.isoformat()
    made.add_shape(
        type="line",
        x0=at,
        x1=at,
        yref="paper",
        y0=0,
        y1=1,
        line={"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"},
    )
    made.add_annotation(
        x=at,
        yref="paper",
        y=1,
        yanchor="bottom",
        xanchor="right" if late else "left",
        align="right" if late else "left",
        text="<br>".join(base.safe(line) for line in text) + (" ▼" if late else ""),
        font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
        showarrow=False,
    )


def _shade(made: go.Figure, one: Line, other: Line) -> None:
    both = [
        (x, a, b) for x, a, b in zip(one.x, one.y, other.y, strict=True) if _known(a) and _known(b)
    ]
    x = [at for at, _, _ in both]
    made.add_scatter(
        x=x + x[::-1],
        y=[a for _, a, _ in both] + [b for _, _, b in reversed(both)],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=theme.translucent(theme.SECONDARY, 0.14),
        hoverinfo="skip",
        name="gap",
    )
