"""Colours, type and sizes, declared once; and the plotly template made from them.

After the Digital Agency's dashboard guidebook and design tokens. Colour never stands alone: each
style of the category palette also has a dash, a marker and a pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

BLUE_DEEP = "#0017C1"
BLUE = "#3460FB"
BLUE_SOFT = "#7096F8"
"""2.84:1 on white: only with an outline, a pattern or a label beside it."""
BLUE_PALE = "#C5D7FB"
BLUE_FAINT = "#E8F1FE"
PAGE = "#F8F8FB"
SURFACE = "#FFFFFF"
GRID = "#E6E6E6"
SECONDARY = "#A58000"
NEUTRAL = "#666666"
TEXT = "#1A1A1C"
SUCCESS = "#197A4B"
ERROR = "#CE0000"

FONT = (
    "'Noto Sans JP', 'Noto Sans CJK JP', 'Hiragino Sans', 'Hiragino Kaku Gothic ProN', "
    "'BIZ UDPGothic', 'Yu Gothic', Meiryo, sans-serif"
)
FONT_SIZE = 12
LABEL_SIZE = 13

SMALL, MEDIUM, LARGE = 280, 360, 480
"""The three heights of a chart, in pixels."""


@dataclass(frozen=True)
class Style:
    """How one category is drawn: a colour and three cues that do not need colour."""

    colour: str
    dash: str
    marker: str
    pattern: str


CATEGORY: tuple[Style, ...] = (
    Style(BLUE_DEEP, "solid", "circle", ""),
    Style(SECONDARY, "dash", "diamond", "/"),
    Style(BLUE, "dot", "square", "."),
    Style(SUCCESS, "dashdot", "triangle-up", "x"),
    Style(BLUE_SOFT, "longdash", "cross", "-"),
)
"""At most five categories; what comes after is drawn as OTHER."""

OTHER = Style(NEUTRAL, "longdashdot", "x", "\\")


def style(position: int) -> Style:
    """Return the style of the category at `position` (from 0); from the sixth on, the neutral."""
    return CATEGORY[position] if 0 <= position < len(CATEGORY) else OTHER


def translucent(colour: str, opacity: float) -> str:
    """Return `#RRGGBB` as an rgba() with that opacity (0–1)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


_AXIS = {
    "gridcolor": GRID,
    "linecolor": NEUTRAL,
    "zeroline": False,
    "automargin": False,
    "fixedrange": True,
    "tickangle": 0,
    "tickfont": {"size": FONT_SIZE, "color": NEUTRAL},
}

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": FONT_SIZE, "color": TEXT},
        "paper_bgcolor": SURFACE,
        "plot_bgcolor": SURFACE,
        "colorway": [one.colour for one in CATEGORY],
        "margin": {"l": 48, "r": 16, "t": 16, "b": 36},
        "hoverlabel": {
            "bgcolor": SURFACE,
            "bordercolor": NEUTRAL,
            "font": {"family": FONT, "size": LABEL_SIZE, "color": TEXT},
            "align": "left",
            "namelength": 0,
        },
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        "dragmode": False,
        "separators": ".,",
        "xaxis": {**_AXIS, "showgrid": False, "ticks": "outside", "ticklen": 4},
        "yaxis": {**_AXIS, "showline": False, "ticks": ""},
    }
)
