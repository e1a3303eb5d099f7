"""Marks of what happened: an upright line and a short mark above it, staggered where close."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import plotly.graph_objects as go

from ui import theme
from ui.charts import base

ROW = 17
"""Pixels of one row of marks."""
APART = 3
"""Months between two marks of one row: on a phone a month is hardly seven pixels wide."""


def rows_of(months: list[date]) -> list[int]:
    """Return for each month (in order) the row of its mark, 0 lowest, so that none overlap."""
    ends: list[date] = []
    rows = []
    for month in months:
        row = next(
            (i for i, end in enumerate(ends) if _between(end, month) >= APART),
            len(ends),
        )
        ends[row : row + 1] = [month]
        rows.append(row)
    return rows


def _between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def mark_months(made: go.Figure, marks: Mapping[date, str]) -> go.Figure:
    """Draw each month's mark above an upright line; returns the same figure, with room on top."""
    months = sorted(marks)
    rows = rows_of(months)
    for month, row in zip(months, rows, strict=True):
        made.add_shape(
            type="line",
            x0=month.isoformat(),
            x1=month.isoformat(),
            yref="paper",
            y0=0,
            y1=1,
            line={"color": theme.NEUTRAL, "width": 1.5, "dash": "dot"},
        )
        made.add_annotation(
            x=month.isoformat(),
            yref="paper",
            y=1,
            yanchor="bottom",
            yshift=row * ROW,
            text=base.safe(marks[month]),
            font={"size": theme.LABEL_SIZE, "color": theme.TEXT},
            showarrow=False,
        )
    if months:
        made.update_layout(margin={"t": 16 + ROW * (max(rows) + 1)})
    return made
