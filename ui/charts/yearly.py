"""What happens within single years: parts stacked to the year's whole, and a line over them.

Bars over time, where other charts have lines: events of a year have no value between two years,
and a line from a year with many to one with none and back would say that they had.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui import theme
from ui.charts import base
from ui.charts.key import filled, line, write_key
from ui.charts.lines import Line

MARK = "▼"
ROW = 18
"""Pixels of the row of marks above the bars."""
WIDE_GAP = 6
"""Years over which a word stands level, on a phone too; over fewer it stands upright."""


@dataclass(frozen=True)
class YearPart:
    """One part of each year's whole: a value and a hover sentence per year.

    A missing value (None, NaN) is no bar, unlike zero, which a chart's table tells apart.
    """

    name: str
    y: Sequence[float | None]
    hover: Sequence[str]
    style: theme.Style


def yearly(
    years: Sequence[int],
    parts: Sequence[YearPart],
    over: Line,
    *,
    write: base.Write,
    ticks: Mapping[int, str],
    projected_from: int,
    projected: str,
    marked: Collection[int] = (),
    mark: str = "",
    missing: str = "",
    height: int = theme.MEDIUM,
) -> go.Figure:
    """Draw for each of `years` (without gaps) its parts as one bar, and `over` as a line.

    Years from `projected_from` on are paler with an edge and stand behind a line that says
    `projected`. `marked` years have a tinted ground and a mark above, which the key calls `mark`.
    Runs of years in which neither a part nor the line has a value say `missing`.
    """
    made = base.figure(height, hovermode="closest", barmode="stack", bargap=0.2)
    known = _whole(years, parts)
    top = [total for total in known.values() if total is not None]
    axis = base.value_axis([*top, *over.y], write, zero=True)
    for year in sorted(set(marked) & set(years)):
        _mark(made, year)
    for part in parts:
        _bars(made, years, part, projected_from)
    _over(made, over)
    if any(year < projected_from for year in years):
        _beginning(made, projected_from, projected)
    reached = {year for year, value in zip(over.x, over.y, strict=True) if _known(value)}
    for first, last in _runs(
        [year for year in years if known[year] is None and year not in reached]
    ):
        _missing(made, first, last, missing)
    named = [(filled(part.style), part.name) for part in parts]
    named.append((line(over.style or theme.style(0)), over.name))
    if set(marked) & set(years):
        named.append((MARK, mark))
    made.update_layout(margin={"l": base.axis_margin(axis), "r": 16, "b": 36})
    made.update_yaxes(**axis)
    made.update_xaxes(
        range=[years[0] - 0.7, years[-1] + 0.7],
        tickmode="array",
        tickvals=list(ticks),
        ticktext=list(ticks.values()),
    )
    write_key(made, named, above=ROW)
    return made


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _whole(years: Sequence[int], parts: Sequence[YearPart]) -> dict[int, float | None]:
    """Add the parts of each year up; None where none of them is known."""
    totals: dict[int, float | None] = {}
    for position, year in enumerate(years):
        values = [part.y[position] for part in parts]
        known = [value for value in values if value is not None and _known(value)]
        totals[year] = sum(known) if known else None
    return totals


def _runs(years: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of years without a gap."""
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def _bars(made: go.Figure, years: Sequence[int], part: YearPart, projected_from: int) -> None:
    colour = part.style.colour
    pale = theme.translucent(colour, 0.55)
    made.add_bar(
        name=part.name,
        x=list(years),
        y=[value if _known(value) else None for value in part.y],
        marker={
            "color": [pale if year >= projected_from else colour for year in years],
            "line": {"color": colour, "width": 1},
            "pattern": {
                "shape": part.style.pattern,
                "fillmode": "overlay",
                "fgcolor": theme.SURFACE,
                "fgopacity": 0.5,
                "size": 6,
                "solidity": 0.3,
            },
        },
        hovertext=base.hovers(part.hover),
        hoverinfo="text",
    )


def _over(made: go.Figure, over: Line) -> None:
    style = over.style or theme.style(0)
    start = over.projected_from
    made.add_scatter(
        name=over.name,
        x=list(over.x),
        y=[value if _known(value) else None for value in over.y],
        mode="lines+markers",
        connectgaps=False,
        line={"color": style.colour, "dash": style.dash, "width": 2},
        marker={
            "symbol": style.marker,
            "size": 6,
            "color": [
                theme.SURFACE if start is not None and at >= start else style.colour  # type: ignore[operator]
                for at in over.x
            ],
            "line": {"color": style.colour, "width": 1.5},
        },
        hovertext=base.hovers(over.hover),
        hoverinfo="text",
    )


def _mark(made: go.Figure, year: int) -> None:
    made.add_shape(
        type="rect",
        x0=year - 0.5,
        x1=year + 0.5,
        yref="paper",
        y0=0,
        y1=1,
        line={"width": 0},
        fillcolor=theme.GRID,
        layer="below",
    )
    made.add_annotation(
        name="mark",
        x=year,
        yref="paper",
        y=1,
        yanchor="bottom",
        text=MARK,
        font={"size": theme.FONT_SIZE, "color": theme.TEXT},
        showarrow=False,
    )


def _beginning(made: go.Figure, year: int, text: str) -> None:
    made.add_shape(
        type="line",
        x0=year - 0.5,
        x1=year - 0.5,
        yref="paper",
        y0=0,
        y1=1,
        line={"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"},
    )
    made.add_annotation(
        x=year - 0.5,
        yref="paper",
        y=1,
        xanchor="left",
        yanchor="top",
        xshift=3,
        text=base.safe(text),
        font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
        bgcolor=theme.translucent(theme.SURFACE, 0.8),
        showarrow=False,
    )


def _missing(made: go.Figure, first: int, last: int, text: str) -> None:
    made.add_annotation(
        name="missing",
        x=(first + last) / 2,
        y=0,
        yanchor="bottom",
        text=base.safe(text),
        textangle=-90 if last - first < WIDE_GAP else 0,
        font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
        showarrow=False,
    )
