"""A pyramid that moves through the years: a slider and two buttons, all inside the figure.

The frames travel with the figure, so that it plays without asking the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from ui import theme
from ui.charts import base
from ui.charts.pyramid import Cohort, Layer, largest, moving, pyramid, scale

STEP_MS = 350
"""Time that a year is shown while playing."""
SLIDER = 66
"""Pixels below the axis that the slider takes."""
BUTTONS = 62
"""Pixels above the pyramid that the buttons need, below plotly's own button for a picture."""
SIDES = 28
"""Pixels that the titles of the sides take."""


@dataclass(frozen=True)
class Moment:
    """One year: its layer, where each cohort stands in it, and how the slider names it."""

    layer: Layer
    label: str
    cohorts: Sequence[Cohort] = ()


@dataclass(frozen=True)
class Words:
    """What the legend calls the year that is shown, and what the buttons say."""

    shown: str
    play: str
    pause: str


def pyramid_years(
    bands: Sequence[str],
    moments: Sequence[Moment],
    at: int,
    outlines: Sequence[Layer] = (),
    *,
    sides: tuple[str, str],
    write: base.Write,
    words: Words,
    height: int = theme.LARGE,
) -> go.Figure:
    """Draw the moment at position `at`, with one frame for each; all share one scale.

    Every moment has the same cohorts in the same order. `outlines` stay where they are.
    """
    top = largest([*(one.layer for one in moments), *outlines])
    layers = [replace(one.layer, name=words.shown) for one in moments]
    made = pyramid(
        bands,
        layers[at],
        outlines,
        sides=sides,
        write=write,
        cohorts=moments[at].cohorts,
        top=top,
        height=height,
    )
    still = 2 + 4 * len(outlines)
    places = [0, 1, *range(still, len(made.data))]
    _, most = scale(top)
    made.frames = [
        go.Frame(name=one.label, traces=places, data=moving(layer, outlines, one.cohorts, most))
        for one, layer in zip(moments, layers, strict=True)
    ]
    _controls(made, moments, at, words)
    return made


def _controls(made: go.Figure, moments: Sequence[Moment], at: int, words: Words) -> None:
    margin = made.layout.margin
    # Over the names of the cohorts where there are some: on a phone there is no other room.
    outside = margin.r > BUTTONS
    made.update_layout(margin={"b": margin.b + SLIDER, "t": max(margin.t, BUTTONS + SIDES)})
    still = {"mode": "immediate", "frame": {"duration": 0, "redraw": True}}
    made.update_layout(
        sliders=[
            {
                "active": at,
                "x": 0.0,
                "len": 1.0,
                "y": 0,
                "pad": {"t": 26, "b": 0, "l": 8, "r": 8},
                "currentvalue": {
                    "xanchor": "right",
                    "offset": 4,
                    "font": {"size": theme.LABEL_SIZE, "color": theme.BLUE_DEEP},
                },
                "font": {"size": theme.FONT_SIZE, "color": theme.NEUTRAL},
                "bgcolor": theme.BLUE_PALE,
                "activebgcolor": theme.BLUE_DEEP,
                "bordercolor": theme.BLUE_DEEP,
                "minorticklen": 0,
                "ticklen": 4,
                "transition": {"duration": 0},
                "steps": [
                    {
                        "label": base.safe(one.label),
                        "method": "animate",
                        "args": [[one.label], still],
                    }
                    for one in moments
                ],
            }
        ],
        updatemenus=[
            {
                "type": "buttons",
                "direction": "left",
                "showactive": False,
                "x": 1,
                "xanchor": "left" if outside else "right",
                "y": 1,
                "yanchor": "bottom",
                "pad": {"b": SIDES, "l": 2},
                "bgcolor": theme.SURFACE,
                "bordercolor": theme.BLUE_DEEP,
                "font": {"size": theme.FONT_SIZE, "color": theme.BLUE_DEEP},
                "buttons": [
                    {
                        "label": base.safe(words.play),
                        "method": "animate",
                        "args": [
                            None,
                            {
                                "fromcurrent": True,
                                "frame": {"duration": STEP_MS, "redraw": True},
                                "transition": {"duration": 0},
                            },
                        ],
                    },
                    {"label": base.safe(words.pause), "method": "animate", "args": [[None], still]},
                ],
            }
        ],
    )
