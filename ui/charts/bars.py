"""Horizontal bars for categories, and bars of shares that fill the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from ui import theme
from ui.charts import base
from ui.charts.key import filled, write_key
from ui.charts.lines import Target

SIDE_LABEL = 8.0
"""Up to this width (full-width characters) a label stands left of its bar, else above it."""


MOST_ABOVE = 12
LONGEST = 12.5
"""A label beside its bar breaks into lines of at most this width."""


@dataclass(frozen=True)
class Bar:
    """A category: its label, value, hover sentence; `note` stands after the value (as n=120)."""

    label: str
    value: float | None
    hover: str
    note: str = ""
    emphasised: bool = True


@dataclass(frozen=True)
class Segment:
    """A group of parts: its name, and for each bar a share (0–1) and a hover sentence."""

    name: str
    shares: Sequence[float | None]
    hover: Sequence[str]
    style: theme.Style | None = None


def height_for(rows: int, *, above: bool = False) -> int:
    """Return the theme's height that holds that many bars; more than the largest stay in it."""
    needed = rows * (38 if above else 28) + 70
    return next((h for h in (theme.SMALL, theme.MEDIUM) if needed <= h), theme.LARGE)


def bars(
    items: Sequence[Bar],
    *,
    write: base.Write,
    missing: str,
    target: Target | None = None,
    height: int | None = None,
) -> go.Figure:
    """Draw `items` from top to bottom, each with its value at its end, from zero.

    An item without a value has no bar and says `missing`. Items that are not `emphasised` are
    paler and outlined.
    """
    above = _labels_above([item.label for item in items])
    made = base.figure(height or height_for(len(items), above=above), hovermode="closest")
    known = [item.value for item in items if _known(item.value)]
    axis = base.value_axis([*known, *([target.value] if target else [])], write, zero=True, count=4)
    made.add_bar(
        orientation="h",
        x=[item.value if _known(item.value) else 0 for item in items],
        y=list(range(len(items))),
        width=0.42 if above else 0.62,
        marker={
            "color": [theme.BLUE_DEEP if i.emphasised else theme.BLUE_PALE for i in items],
            "line": {"color": theme.BLUE_DEEP, "width": [0 if i.emphasised else 1 for i in items]},
        },
        hovertext=base.hovers([item.hover for item in items]),
        hoverinfo="text",
        customdata=[item.label for item in items],
    )
    texts = [
        f"{write(i.value)} {i.note}".strip() if i.value is not None and _known(i.value) else missing
        for i in items
    ]
    for row, (item, text) in enumerate(zip(items, texts, strict=True)):
        negative = item.value is not None and _known(item.value) and item.value < 0
        made.add_annotation(
            x=item.value if _known(item.value) else 0,
            y=row,
            text=base.safe(text),
            xanchor="right" if negative else "left",
            xshift=-4 if negative else 4,
            bgcolor=theme.translucent(theme.SURFACE, 0.75),
            font={"size": theme.FONT_SIZE, "color": theme.TEXT},
            showarrow=False,
        )
    if target:
        made.add_vline(x=target.value, line={"color": theme.TEXT, "width": 1.5, "dash": "dash"})
        made.add_annotation(
            x=target.value,
            yref="paper",
            y=1,
            yanchor="bottom",
            text=base.safe(target.label),
            font={"size": theme.FONT_SIZE, "color": theme.TEXT},
            showarrow=False,
        )
    longest = max((base.width(text) for text in texts), default=0)
    _rows(made, [item.label for item in items], above, right=math.ceil(longest * 12) + 8)
    made.update_layout(margin={"t": 26 if target else 8})
    axis["ticktext"] = [""] * len(axis["ticktext"])  # the values stand at the bars
    made.update_xaxes(**axis, showgrid=True, ticks="", showline=False)
    made.add_vline(x=0, line={"color": theme.NEUTRAL, "width": 1})
    return made


def share_bars(
    labels: Sequence[str],
    segments: Sequence[Segment],
    *,
    write: base.Write,
    missing: str,
    height: int | None = None,
) -> go.Figure:
    """Draw for each label one bar of the whole, cut into `segments` in their order.

    Segments carry their share where it fits, a pattern beside the colour, and their names above
    in the same order. A bar without any share says `missing`.
    """
    above = _labels_above(labels)
    made = base.figure(
        height or height_for(len(labels) + 1, above=above), hovermode="closest", barmode="stack"
    )
    for position, segment in enumerate(segments):
        style = segment.style or theme.style(position)
        made.add_bar(
            orientation="h",
            name=segment.name,
            x=[share if _known(share) else None for share in segment.shares],
            y=list(range(len(labels))),
            width=0.5 if above else 0.78,
            marker={
                "color": style.colour,
                "line": {"color": theme.SURFACE, "width": 1.5},
                "pattern": {
                    "shape": style.pattern,
                    "fillmode": "overlay",
                    "fgcolor": theme.SURFACE,
                    "fgopacity": 0.35,
                    "size": 7,
                    "solidity": 0.25,
                },
            },
            hovertext=base.hovers(segment.hover),
            hoverinfo="text",
            customdata=list(labels),
        )
    _write_shares(made, segments, write)
    for row in range(len(labels)):
        if not any(_known(segment.shares[row]) for segment in segments):
            made.add_annotation(
                x=0,
                y=row,
                text=base.safe(missing),
                xanchor="left",
                font={"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
                showarrow=False,
            )
    _rows(made, labels, above, right=22)
    styles = [one.style or theme.style(i) for i, one in enumerate(segments)]
    write_key(made, [(filled(s), one.name) for s, one in zip(styles, segments, strict=True)])
    ticks = [0, 0.25, 0.5, 0.75, 1]
    made.update_xaxes(
        range=[0, 1],
        tickmode="array",
        tickvals=ticks,
        ticktext=[f"{tick:.0%}" for tick in ticks],
        showgrid=True,
        ticks="",
        showline=False,
    )
    return made


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _labels_above(labels: Sequence[str]) -> bool:
    """Long labels stand above their bars, unless there are too many bars for the height."""
    longest = max((base.width(label) for label in labels), default=0)
    return longest > SIDE_LABEL and len(labels) <= MOST_ABOVE


FITS = 0.12
"""The smallest share whose number fits into its part of a bar, on a phone too."""


def _write_shares(made: go.Figure, segments: Sequence[Segment], write: base.Write) -> None:
    """Write each share in the middle of its part, on its plain colour: patterns hinder reading."""
    for row in range(len(segments[0].shares) if segments else 0):
        start = 0.0
        for position, segment in enumerate(segments):
            share = segment.shares[row]
            if share is None or not _known(share):
                continue
            colour = (segment.style or theme.style(position)).colour
            pale = colour in (theme.BLUE_SOFT, theme.BLUE_PALE, theme.BLUE_FAINT)
            if share >= FITS:
                made.add_annotation(
                    x=start + share / 2,
                    y=row,
                    text=base.safe(write(share)),
                    bgcolor=colour,
                    borderpad=0,
                    font={
                        "size": theme.FONT_SIZE,
                        "color": theme.TEXT if pale else theme.SURFACE,
                    },
                    showarrow=False,
                )
            start += share


def _rows(made: go.Figure, labels: Sequence[str], above: bool, right: int) -> None:
    """Set the axis of categories: first label at the top, beside the bars or above them."""
    made.update_yaxes(range=[len(labels) - 0.5, -0.5], showgrid=False, showticklabels=not above)
    beside = [base.wrap(label, LONGEST) for label in labels]
    if above:
        for row, label in enumerate(labels):
            made.add_annotation(
                xref="paper",
                x=0,
                y=row - 0.2,
                yanchor="bottom",
                xanchor="left",
                text=base.safe(label),
                font={"size": theme.LABEL_SIZE, "color": theme.TEXT},
                showarrow=False,
            )
    else:
        made.update_yaxes(
            tickmode="array",
            tickvals=list(range(len(labels))),
            ticktext=["<br>".join(map(base.safe, lines)) for lines in beside],
            tickfont={"size": theme.LABEL_SIZE, "color": theme.TEXT},
        )
    longest = max((base.width(line) for lines in beside for line in lines), default=0)
    left = 20 if above else math.ceil(longest * theme.LABEL_SIZE) + 12
    made.update_layout(margin={"l": left, "r": right, "b": 28})
