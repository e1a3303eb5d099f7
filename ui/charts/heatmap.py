"""A table of colours, as weekday × hour: zero is pale, the target is the middle of the scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

SCALE = (
    (0.0, theme.BLUE_FAINT),
    (0.25, theme.BLUE_PALE),
    (0.5, theme.BLUE_SOFT),
    (0.75, theme.BLUE),
    (1.0, theme.BLUE_DEEP),
)
_DARK_FROM = 0.6
"""From this share of the scale on, white text is easier to read than black."""


@dataclass(frozen=True)
class Cell:
    """A value at a row and a column (both by key), with its hover sentence."""

    row: int | str
    column: int | str
    value: float | None
    hover: str


def heatmap(
    cells: Sequence[Cell],
    *,
    rows: Mapping[int | str, str],
    columns: Mapping[int | str, str],
    write: base.Write,
    write_scale: base.Write,
    missing: str,
    missing_hover: str,
    target: float | None = None,
    height: int = theme.MEDIUM,
) -> go.Figure:
    """Draw `cells` in the reading order of `rows` (downwards) and `columns` (to the right).

    Colours run from zero to twice the target (larger values keep the darkest), or to the largest
    value where there is no target. Each cell shows its value by `write`; one above the target is
    bold and framed. A place without a value is hatched, and `missing` says below what that means;
    `missing_hover` is its hover. Each place has an invisible marker with customdata [row, column],
    which a page can select.
    """
    known = {(c.row, c.column): c for c in cells if c.value is not None and math.isfinite(c.value)}
    top = 2 * target if target else max((float(c.value or 0) for c in known.values()), default=1.0)
    top = top or 1.0
    row_at = {key: i for i, key in enumerate(rows)}
    column_at = {key: i for i, key in enumerate(columns)}
    grid: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    made = base.figure(height, hovermode="closest", hoverdistance=-1)
    holes = []
    for row, i in row_at.items():
        for column, j in column_at.items():
            cell = known.get((row, column))
            if cell is None or cell.value is None:
                holes.append((j, i))
                continue
            grid[i][j] = float(cell.value)
            over = target is not None and cell.value > target
            made.add_annotation(
                x=j,
                y=i,
                text=f"<b>{base.safe(write(cell.value))}</b>" if over else write(cell.value),
                font={
                    "size": theme.FONT_SIZE,
                    "color": theme.SURFACE if cell.value / top > _DARK_FROM else theme.TEXT,
                },
                showarrow=False,
            )
    made.add_heatmap(
        z=grid,
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        zmin=0,
        zmax=top,
        colorscale=[list(stop) for stop in SCALE],
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        colorbar=_key(top, target, write_scale),
    )
    _hatch(made, holes, missing)
    _markers(made, rows, columns, known, missing_hover)
    lines = [line for text in rows.values() for line in text.splitlines()]
    left = math.ceil(max((base.width(line) for line in lines), default=1) * 13) + 12
    made.update_layout(margin={"l": left, "r": 8, "t": 28, "b": 66})
    made.update_xaxes(
        side="top",
        tickmode="array",
        tickvals=list(range(len(columns))),
        ticktext=[base.safe(text) for text in columns.values()],
        range=[-0.5, len(columns) - 0.5],
        ticks="",
        showline=False,
        tickangle=0,
    )
    made.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=[base.safe(text).replace("\n", "<br>") for text in rows.values()],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
    )
    return made


def _key(top: float, target: float | None, write: base.Write) -> dict[str, object]:
    marks = [0.0, target, top] if target else [0.0, top / 2, top]
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "xpad": 0,
        "y": 0,
        "yanchor": "top",
        "ypad": 10,
        "len": 0.62,
        "thickness": 10,
        "outlinewidth": 0,
        "tickmode": "array",
        "tickvals": marks,
        "ticktext": [base.safe(write(mark)) for mark in marks],
        "tickfont": {"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
    }


def _hatch(made: go.Figure, holes: Sequence[tuple[int, int]], missing: str) -> None:
    if not holes:
        return
    x: list[float | None] = []
    y: list[float | None] = []
    for j, i in holes:
        x += [j - 0.46, j + 0.46, j + 0.46, j - 0.46, j - 0.46, None]
        y += [i - 0.44, i - 0.44, i + 0.44, i + 0.44, i - 0.44, None]
    made.add_scatter(
        x=x,
        y=y,
        mode="lines",
        fill="toself",
        line={"width": 0},
        fillcolor=theme.SURFACE,
        fillpattern={"shape": "/", "fgcolor": "#BDBDBD", "bgcolor": theme.SURFACE, "size": 6},
        hoverinfo="skip",
        name="missing",
    )
    made.add_annotation(
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        xanchor="right",
        yanchor="top",
        yshift=-22,
        text=f"▨ {base.safe(missing)}",
        font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
        showarrow=False,
    )


def _markers(
    made: go.Figure,
    rows: Mapping[int | str, str],
    columns: Mapping[int | str, str],
    known: Mapping[tuple[int | str, int | str], Cell],
    missing_hover: str,
) -> None:
    places = [(i, j, r, c) for i, r in enumerate(rows) for j, c in enumerate(columns)]
    texts = [
        known[(row, column)].hover if (row, column) in known else missing_hover
        for _, _, row, column in places
    ]
    made.add_scatter(
        x=[j for _, j, _, _ in places],
        y=[i for i, _, _, _ in places],
        mode="markers",
        marker={"size": 26, "opacity": 0, "symbol": "square"},
        customdata=[[row, column] for _, _, row, column in places],
        hovertext=base.hovers(texts),
        hoverinfo="text",
        name="cells",
    )
