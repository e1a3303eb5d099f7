"""What all figures share: the empty figure, tick marks, text that fits, the watermark."""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from ui import format as fmt
from ui import theme

Write = Callable[[float], str]
"""Writes a value of an axis or a label, with its unit where the reader needs it."""

HOVER_WIDTH: Final = 22.0
"""Characters (full width) of a hover's line: a phone must show the whole sentence."""

_NOT_AT_START = "、。，．）」』】・：；？！ー％％"


def figure(height: int = theme.MEDIUM, **layout: Any) -> go.Figure:
    """Return an empty figure of one of the theme's heights; it fills the width it is given."""
    made = go.Figure()
    made.update_layout(template=theme.TEMPLATE, height=height, autosize=True, **layout)
    return made


def watermark(made: go.Figure, text: str) -> go.Figure:
    """Write `text` large and pale over the figure, as on demo data; returns the same figure."""
    made.add_annotation(
        text=safe(text),
        name="watermark",
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        textangle=-18,
        font={"size": 40, "color": theme.translucent(theme.NEUTRAL, 0.22)},
        showarrow=False,
    )
    return made


def safe(text: str) -> str:
    """Escape what plotly would read as a tag; names come from files."""
    return html.escape(text, quote=False)


def width(text: str) -> float:
    """Return how wide `text` is set, in full-width characters."""
    wide = ("W", "F", "A")
    return sum(1.0 if unicodedata.east_asian_width(c) in wide else 0.56 for c in text)


def wrap(text: str, limit: float) -> list[str]:
    """Break `text` into lines of at most `limit` full-width characters.

    Japanese breaks anywhere but before closing punctuation; English breaks at spaces, and a word
    wider than the limit stays whole.
    """
    lines: list[str] = [""]
    for piece in _pieces(text):
        if lines[-1] and width(lines[-1]) + width(piece.rstrip()) > limit:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines[-1] = lines[-1].rstrip()
    return lines


def _pieces(text: str) -> list[str]:
    """Cut where a line may break: after a space, around a full-width character."""
    pieces: list[str] = []
    previous_wide = True
    for char in text:
        wide = unicodedata.east_asian_width(char) in ("W", "F")
        joins = char in _NOT_AT_START or char == " " or not (wide or previous_wide)
        if pieces and joins:
            pieces[-1] += char
        else:
            pieces.append(char)
        previous_wide = wide or char == " "
    return pieces


def hovers(texts: Sequence[str]) -> list[str]:
    """Wrap and escape hover sentences."""
    return ["<br>".join(safe(line) for line in wrap(text, HOVER_WIDTH)) for text in texts]


def nice_step(span: float, count: int) -> float:
    """Return the step of 1, 2, 2.5 or 5 × 10ⁿ that cuts `span` into at most `count` parts."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    magnitude = 10.0 ** math.floor(math.log10(span / count))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0):
        if span / (factor * magnitude) <= count + 1e-9:
            return factor * magnitude
    return 10.0 * magnitude


def value_axis(
    values: Sequence[float | None], write: Write, *, zero: bool, count: int = 5
) -> dict[str, Any]:
    """Return range and tick marks of a value axis that holds `values`, written by `write`.

    `zero` makes the axis contain zero. Where there is no value the axis shows 0 to 1. The range
    reaches a little over ends that are not zero, so that no mark is cut.
    """
    known = [float(v) for v in values if v is not None and math.isfinite(v)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - abs(low) * 0.1, high + abs(high) * 0.1) if low else (0.0, 1.0)
        if zero:
            low, high = min(low, 0.0), max(high, 0.0)
    step = nice_step(high - low, count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [i * step for i in range(first, last + 1)]
    room = 0.04 * (ticks[-1] - ticks[0])
    return {
        "range": [ticks[0] - room * (ticks[0] != 0), ticks[-1] + room * (ticks[-1] != 0)],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [safe(write(tick)) for tick in ticks],
    }


def axis_margin(axis: Mapping[str, Any]) -> int:
    """Return the pixels that the longest tick text of a vertical axis needs."""
    longest = max((width(text) for text in axis["ticktext"]), default=0)
    return math.ceil(longest * theme.FONT_SIZE) + 12


def month_ticks(months: Sequence[date], lang: fmt.Lang, most: int = 6) -> dict[date, str]:
    """Choose evenly spaced months to write below an axis; the year stands where it changes."""
    ordered = sorted(set(months))
    step = next((s for s in (1, 2, 3, 6, 12) if len(ordered) <= s * most), 12)
    ticks: dict[date, str] = {}
    written = None
    for at in ordered[::step]:
        ticks[at] = fmt.month(at, lang, short=True)
        if at.year != written:
            ticks[at] += f"<br>{at.year}{'年' if lang == 'ja' else ''}"
        written = at.year
    return ticks


def year_ticks(years: Sequence[int], most: int = 4) -> dict[int, str]:
    """Choose round years to write below an axis, at most `most` of them."""
    known = set(years)
    for step in (1, 2, 5, 10, 20, 50, 100):
        chosen = [year for year in sorted(known) if year % step == 0]
        if len(chosen) <= most:
            break
    return {year: str(year) for year in chosen or sorted(known)[:1]}


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move label positions apart so that neighbours are `gap` from each other, within the range.

    Keeps their order; where they do not all fit, they are spaced evenly over the range.
    """
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    if not order:
        return []
    gap = min(gap, (high - low) / max(len(order) - 1, 1))
    placed: list[float] = []
    for i in order:
        at = max(positions[i], low)
        placed.append(max(at, placed[-1] + gap) if placed else at)
    ceiling = high
    for k in range(len(placed) - 1, -1, -1):
        placed[k] = min(placed[k], ceiling)
        ceiling = placed[k] - gap
    result = [0.0] * len(positions)
    for k, i in enumerate(order):
        result[i] = placed[k]
    return result
