"""The key above a chart: which mark is what, in as many lines as a phone needs."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

WIDTH = 25.0
"""Full-width characters that stand side by side above a chart on a phone."""
_SIGNS = {"": "■", "/": "▨", "\\": "▧", "x": "▩", ".": "▦", "-": "▤"}
_DASHES = {"dash": "╍", "dot": "┅"}


def filled(style: theme.Style) -> str:
    """Return the sign of an area of this style."""
    return f"<span style='color:{style.colour}'>{_SIGNS[style.pattern]}</span>"


def line(style: theme.Style) -> str:
    """Return the sign of a line of this style."""
    return f"<span style='color:{style.colour}'>{_DASHES.get(style.dash, '━') * 2}</span>"


def write_key(made: go.Figure, named: Sequence[tuple[str, str]], *, above: int = 0) -> None:
    """Write each sign with its name above the plot, `above` pixels over it; sets the top margin.

    The left margin must be set before: the key begins at the edge of the figure.
    """
    lines: list[list[str]] = [[]]
    room = WIDTH
    for sign, name in named:
        needed = base.width(name) + 2.5
        if lines[-1] and needed > room:
            lines.append([])
            room = WIDTH
        room -= needed
        lines[-1].append(f"{sign} {base.safe(name)}")
    made.add_annotation(
        name="key",
        xref="paper",
        yref="paper",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
        xshift=8 - made.layout.margin.l,
        yshift=4 + above,
        align="left",
        text="<br>".join("　".join(line) for line in lines),
        font={"size": theme.LABEL_SIZE, "color": theme.TEXT},
        showarrow=False,
    )
    made.update_layout(margin={"t": 16 + 20 * len(lines) + above})
