"""Pyramids: ages upwards, one side to the left and one to the right, years laid over each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui import theme
from ui.charts import base


@dataclass(frozen=True)
class Layer:
    """One year (or group): a value and a hover sentence per age band on each side.

    dark_left, dark_right: bands (index) that are drawn darker, where `filled`.
    """

    name: str
    left: Sequence[float | None]
    right: Sequence[float | None]
    hover_left: Sequence[str]
    hover_right: Sequence[str]
    dark_left: Collection[int] = ()
    dark_right: Collection[int] = ()


@dataclass(frozen=True)
class Cohort:
    """People born in the same years: their band (index) in the bars and in each outline.

    None where they are not (not yet born, or the band is not given).
    """

    name: str
    band: int | None
    outline_bands: Sequence[int | None] = ()


def pyramid(
    bands: Sequence[str],
    filled: Layer,
    outlines: Sequence[Layer] = (),
    *,
    sides: tuple[str, str],
    write: base.Write,
    cohorts: Sequence[Cohort] = (),
    top: float | None = None,
    height: int = theme.LARGE,
) -> go.Figure:
    """Draw `filled` as bars, `outlines` as stepped lines over them; youngest band at the bottom.

    A band named "" has no text beside it.
    `sides` are the titles of the left and the right half. `cohorts` are darker in the bars and
    named at the right edge; a dotted path on the right half leads from where they stand in each
    outline (in their order, earliest year first) to where they stand in the bars. `top`: a value
    that the scale reaches, where several pyramids must share it.
    """
    step, most = scale(top or largest([filled, *outlines]))
    made = base.figure(height, hovermode="closest", barmode="overlay", bargap=0.12)
    left, right, *paths = moving(filled, outlines, cohorts, most)
    made.add_traces([left, right])
    for position, layer in enumerate(outlines):
        _outline(made, layer, OUTLINES[min(position, len(OUTLINES) - 1)])
    made.add_traces(paths)
    _sides(made, sides)
    _names(made, filled, outlines)
    _axes(made, bands, most, step, write)
    labels = max((base.width(line) for c in cohorts for line in _lines(c.name)), default=0)
    made.update_layout(
        margin={
            "l": math.ceil(max((base.width(b) for b in bands), default=2) * 12) + 12,
            "r": math.ceil(labels * 12) + 14 if cohorts else 24,
            "t": 62 if outlines else 28,
            "b": 30,
        }
    )
    return made


def scale(top: float) -> tuple[float, float]:
    """Return the step between the marks of either half, and the value at its end."""
    step = base.nice_step(top, 4)
    return step, math.ceil(top / step - 1e-9) * step


def largest(layers: Sequence[Layer]) -> float:
    """Return the largest value of some layers, 1 where there is none."""
    known = [v for one in layers for v in (*one.left, *one.right) if v is not None]
    return max((abs(v) for v in known if math.isfinite(v)), default=1.0) or 1.0


OUTLINES = (
    theme.Style(theme.TEXT, "solid", "square", ""),
    theme.Style(theme.SECONDARY, "dash", "diamond", ""),
    theme.Style(theme.NEUTRAL, "dot", "triangle-up", ""),
)


def _lines(name: str) -> list[str]:
    return base.wrap(name, 6.0)


def moving(
    filled: Layer, outlines: Sequence[Layer], cohorts: Sequence[Cohort], most: float
) -> list[dict[str, Any]]:
    """Return what differs from year to year, as traces: both sides' bars, then the cohorts."""
    traced = {c.band for c in cohorts if c.band is not None}
    return [
        *(
            _bars(filled.name, sign, values, hover, traced | set(dark))
            for sign, values, hover, dark in (
                (-1, filled.left, filled.hover_left, filled.dark_left),
                (1, filled.right, filled.hover_right, filled.dark_right),
            )
        ),
        *(trace for one in cohorts for trace in _path(one, filled, outlines, most)),
    ]


def _bars(
    name: str,
    sign: int,
    values: Sequence[float | None],
    hover: Sequence[str],
    marked: Collection[int],
) -> dict[str, Any]:
    every = range(len(values))
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [sign * v if v is not None else None for v in values],
        "y": list(every),
        "marker": {
            "color": [theme.BLUE_DEEP if i in marked else theme.BLUE_PALE for i in every],
            "line": {"color": theme.BLUE, "width": 1},
            "pattern": {
                "shape": ["/" if i in marked else "" for i in every],
                "fillmode": "overlay",
                "fgcolor": theme.SURFACE,
                "fgopacity": 0.4,
                "size": 6,
            },
        },
        "hovertext": base.hovers(hover),
        "hoverinfo": "text",
    }


def _outline(made: go.Figure, layer: Layer, style: theme.Style) -> None:
    for sign, values, hover in (
        (-1, layer.left, layer.hover_left),
        (1, layer.right, layer.hover_right),
    ):
        x: list[float | None] = []
        y: list[float | None] = []
        for i, value in enumerate(values):
            at = sign * value if value is not None else None
            x += [at, at]
            y += [i - 0.5, i + 0.5]
        made.add_scatter(
            x=x,
            y=y,
            mode="lines",
            name=layer.name,
            line={"color": style.colour, "dash": style.dash, "width": 2},
            hoverinfo="skip",
        )
        made.add_scatter(
            x=[sign * v if v is not None else None for v in values],
            y=list(range(len(values))),
            mode="markers",
            marker={"size": 12, "opacity": 0},
            hovertext=base.hovers(hover),
            hoverinfo="text",
            name=layer.name,
        )


def _path(
    cohort: Cohort, filled: Layer, outlines: Sequence[Layer], most: float
) -> list[dict[str, Any]]:
    """Return two traces of a cohort, its path and its name, also where it has none."""
    path = [
        (layer.right[band], band, OUTLINES[min(k, len(OUTLINES) - 1)])
        for k, (layer, band) in enumerate(zip(outlines, cohort.outline_bands, strict=False))
        if band is not None and layer.right[band] is not None
    ]
    named = cohort.band is not None and filled.right[cohort.band] is not None
    if cohort.band is not None and named:
        path.append((filled.right[cohort.band], cohort.band, theme.CATEGORY[0]))
    path.sort(key=lambda point: point[1])
    return [
        {
            "type": "scatter",
            "x": [value for value, _, _ in path],
            "y": [band for _, band, _ in path],
            "mode": "lines+markers",
            "line": {"color": theme.BLUE_DEEP, "dash": "dot", "width": 1.5},
            "marker": {
                "symbol": [style.marker for _, _, style in path],
                "color": [style.colour for _, _, style in path],
                "size": 8,
                "line": {"color": theme.SURFACE, "width": 1},
            },
            "hoverinfo": "skip",
            "name": cohort.name,
        },
        {
            "type": "scatter",
            "x": [most] if named else [],
            "y": [cohort.band] if named else [],
            "mode": "text",
            "text": ["<br>".join(f"<b>{base.safe(line)}</b>" for line in _lines(cohort.name))],
            "textposition": "middle right",
            "textfont": {"size": theme.FONT_SIZE, "color": theme.BLUE_DEEP},
            "cliponaxis": False,
            "hoverinfo": "skip",
            "name": cohort.name,
        },
    ]


def _sides(made: go.Figure, sides: tuple[str, str]) -> None:
    for x, text, anchor in ((0.0, sides[0], "left"), (1.0, sides[1], "right")):
        made.add_annotation(
            xref="paper",
            yref="paper",
            x=x,
            y=1,
            yanchor="bottom",
            xanchor=anchor,
            yshift=2,
            text=f"<b>{base.safe(text)}</b>",
            font={"size": theme.LABEL_SIZE, "color": theme.TEXT},
            showarrow=False,
        )


def _names(made: go.Figure, filled: Layer, outlines: Sequence[Layer]) -> None:
    """Say above the pyramid which mark is which year, each in its own colour and line."""
    if not outlines:
        return
    signs = {"solid": "━", "dash": "╍", "dot": "┅"}
    named = [f"<span style='color:{theme.BLUE}'>■</span> {base.safe(filled.name)}"]
    for position, layer in enumerate(outlines):
        style = OUTLINES[min(position, len(OUTLINES) - 1)]
        sign = signs[style.dash] * 2
        named.append(f"<span style='color:{style.colour}'>{sign}</span> {base.safe(layer.name)}")
    made.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        yshift=28,
        text="　".join(named),
        font={"size": theme.LABEL_SIZE, "color": theme.TEXT},
        showarrow=False,
    )


def _axes(
    made: go.Figure, bands: Sequence[str], most: float, step: float, write: base.Write
) -> None:
    count = round(most / step)
    ticks = [i * step for i in range(-count, count + 1)]
    made.update_xaxes(
        range=[-most, most],
        tickmode="array",
        tickvals=ticks,
        ticktext=[
            base.safe(write(abs(tick))) if count < 3 or i % 2 == count % 2 else ""
            for i, tick in enumerate(ticks)
        ],
        showgrid=True,
        ticks="",
        showline=False,
    )
    made.update_yaxes(
        range=[-0.5, len(bands) - 0.5],
        tickmode="array",
        tickvals=[i for i, band in enumerate(bands) if band],
        ticktext=[base.safe(band) for band in bands if band],
        showgrid=False,
    )
    made.add_vline(x=0, line={"color": theme.NEUTRAL, "width": 1})
