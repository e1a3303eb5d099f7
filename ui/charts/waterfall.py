"""A sum in parts: each part's bar begins where the one before it ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

LABEL_WIDTH = 9.0
"""Full-width characters of one line of a label beside its bar."""


@dataclass(frozen=True)
class Part:
    """One row: its label, what it adds (negative where it takes away), its hover sentence."""

    label: str
    value: float
    hover: str


def waterfall(parts: Sequence[Part], total: Part, *, write: base.Write) -> go.Figure:
    """Draw `parts` from top to bottom, and below them their sum `total` from zero.

    What adds is drawn to the right, what takes away to the left and with a pattern; the sum is
    dark. `write` writes values with their sign.
    """
    rows = [*parts, total]
    starts, at = [], 0.0
    for part in parts:
        starts.append(at)
        at += part.value
    starts.append(0.0)
    ends = [start + row.value for start, row in zip(starts, rows, strict=True)]
    labels = [base.wrap(row.label, LABEL_WIDTH) for row in rows]
    tall = max((len(lines) for lines in labels), default=1) > 1
    needed = len(rows) * (42 if tall else 32) + 60
    made = base.figure(
        next((h for h in (theme.SMALL, theme.MEDIUM) if needed <= h), theme.LARGE),
        hovermode="closest",
    )
    colours = [theme.SECONDARY if row.value > 0 else theme.BLUE for row in parts]
    made.add_bar(
        orientation="h",
        base=starts,
        x=[row.value for row in rows],
        y=list(range(len(rows))),
        width=0.6,
        marker={
            "color": [*colours, theme.TEXT],
            "pattern": {
                "shape": [*("" if row.value > 0 else "/" for row in parts), ""],
                "fillmode": "overlay",
                "fgcolor": theme.SURFACE,
                "fgopacity": 0.45,
                "size": 7,
                "solidity": 0.3,
            },
        },
        hovertext=base.hovers([row.hover for row in rows]),
        hoverinfo="text",
        customdata=[row.label for row in rows],
    )
    axis = base.value_axis([*starts, *ends], write, zero=True, count=4)
    low, high = axis["range"]
    room = (high - low) * 0.14
    axis["range"] = [low - room * (min(ends) < 0), high + room]
    _join(made, ends)
    for row, (part, start, end) in enumerate(zip(rows, starts, ends, strict=True)):
        made.add_annotation(
            x=max(start, end) if part.value >= 0 else min(start, end),
            y=row,
            text=base.safe(write(part.value)),
            xanchor="left" if part.value >= 0 else "right",
            xshift=4 if part.value >= 0 else -4,
            bgcolor=theme.translucent(theme.SURFACE, 0.75),
            font={"size": theme.FONT_SIZE, "color": theme.TEXT},
            showarrow=False,
        )
    longest = max((base.width(line) for lines in labels for line in lines), default=0.0)
    made.update_layout(
        margin={"l": math.ceil(longest * theme.FONT_SIZE) + 14, "r": 12, "t": 8, "b": 36}
    )
    made.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(rows))),
        ticktext=["<br>".join(base.safe(line) for line in lines) for lines in labels],
        range=[len(rows) - 0.4, -0.6],
        showgrid=False,
    )
    made.update_xaxes(**axis, showgrid=True, ticks="", showline=False)
    made.add_vline(x=0, line={"color": theme.NEUTRAL, "width": 1.5})
    return made


def _join(made: go.Figure, ends: Sequence[float]) -> None:
    """Thin lines from the end of each part to the start of the next."""
    for row, end in enumerate(ends[:-1]):
        made.add_shape(
            type="line",
            x0=end,
            x1=end,
            y0=row + 0.3,
            y1=row + 0.7,
            line={"color": theme.NEUTRAL, "width": 1, "dash": "dot"},
        )
