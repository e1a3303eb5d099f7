"""A tile map of the 47 prefectures: one square each, roughly where it lies, all of one size.

The grid is this product's own arrangement. It keeps neighbours beside each other where it can;
distances and shapes mean nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

_ROWS = """
. . . . . . . . . . . 01
. . . . . . . . . . 02 .
. . . . . . . . . 05 03 .
. . . . . . . . . 06 04 .
. . . . . . 17 16 15 07 . .
. . . . . 18 21 20 10 09 08 .
. 35 32 31 28 26 25 23 19 11 12 .
41 40 34 33 27 29 24 22 14 13 . .
42 44 . 38 37 30 . . . . . .
43 45 . 39 36 . . . . . . .
46 . . . . . . . . . . .
47 . . . . . . . . . . .
"""
GRID: Mapping[str, tuple[int, int]] = {
    code: (column, row)
    for row, line in enumerate(_ROWS.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != "."
}
"""First two digits of a prefecture's code → column and row, from the upper left."""


def in_rows(codes: Sequence[str], columns: int = 10) -> dict[str, tuple[int, int]]:
    """Return a grid for prefectures that lie nowhere: in the order given, row by row."""
    return {code: (i % columns, i // columns) for i, code in enumerate(codes)}


@dataclass(frozen=True)
class Tile:
    """What one prefecture shows: its short name, a value, a hover sentence."""

    name: str
    value: float | None
    hover: str


def tiles(
    found: Mapping[str, Tile],
    *,
    grid: Mapping[str, tuple[int, int]] = GRID,
    write: base.Write,
    middle: float,
    missing: str,
    height: int = theme.LARGE,
) -> go.Figure:
    """Draw the tiles of `grid`; `found` by the first two digits of the code.

    Above `middle` tiles are blue, below it brown, paler towards it; each says its value, so that
    colour is not the only cue. A prefecture without a value has a dotted edge and says `missing`.
    """
    made = base.figure(height, hovermode="closest")
    values = {code: one.value for code, one in found.items() if _known(one.value)}
    reach = max((abs(v - middle) for v in values.values() if v is not None), default=1.0) or 1.0
    shapes, x, y, texts, said = [], [], [], [], []
    for code, (column, row) in grid.items():
        tile = found.get(code)
        value = values.get(code)
        colour, ink = _colours(value, middle, reach)
        shapes.append(
            {
                "type": "rect",
                "x0": column + 0.03,
                "x1": column + 0.97,
                "y0": row + 0.03,
                "y1": row + 0.97,
                "fillcolor": colour,
                "line": {
                    "color": theme.NEUTRAL if value is None else theme.SURFACE,
                    "width": 1,
                    "dash": "dot" if value is None else "solid",
                },
                "layer": "below",
            }
        )
        name = base.safe(tile.name) if tile else code
        number = base.safe(write(value)) if value is not None else base.safe(missing)
        x.append(column + 0.5)
        y.append(row + 0.5)
        texts.append(f"<span style='color:{ink}'>{name}<br><b>{number}</b></span>")
        said.append(tile.hover if tile else missing)
    made.update_layout(shapes=shapes, margin={"l": 4, "r": 4, "t": 4, "b": 4})
    made.add_scatter(
        x=x,
        y=y,
        mode="text",
        text=texts,
        textfont={"size": theme.FONT_SIZE},
        hovertext=base.hovers(said),
        hoverinfo="text",
        name="tiles",
    )
    columns = max(column for column, _ in grid.values()) + 1
    rows = max(row for _, row in grid.values()) + 1
    made.update_xaxes(range=[0, columns], visible=False, fixedrange=True)
    made.update_yaxes(range=[rows, 0], visible=False, fixedrange=True)
    return made


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _colours(value: float | None, middle: float, reach: float) -> tuple[str, str]:
    """Return the colour of a tile and that of its text."""
    if value is None:
        return theme.SURFACE, theme.NEUTRAL
    share = min(1.0, abs(value - middle) / reach)
    ramp = (theme.BLUE_FAINT, theme.BLUE_PALE, theme.BLUE_DEEP) if value >= middle else BROWNS
    position = min(2, int(share * 3))
    return ramp[position], theme.SURFACE if position == 2 else theme.TEXT


BROWNS = ("#F7F1DC", "#E3D3A0", "#7A5F00")
"""Three steps of the theme's secondary colour; white text on the last is 6.0:1."""
