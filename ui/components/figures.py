"""Key figures: label, large value, change in words, target, and a line of the last months."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any, Literal

import streamlit as st

from ui import format as fmt
from ui import theme
from ui.components.context import Ctx
from ui.export import Kind
from ui.format import Lang
from warehouse.query import Answer, Metric

Verdict = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Change:
    """A change against another period: the whole text, and whether it is for the better."""

    text: str
    verdict: Verdict


@dataclass(frozen=True)
class Goal:
    """A target and whether it is met: the whole text, with its mark."""

    text: str
    met: bool


@dataclass(frozen=True)
class Figure:
    """One card. `trend` holds the values of the last months, oldest first (None: no data)."""

    label: str
    value: fmt.Parts
    note: str = ""
    help: str = ""
    changes: tuple[Change, ...] = ()
    goal: Goal | None = None
    trend: tuple[float | None, ...] = ()


def written(metric: Metric, value: Any, lang: Lang, *, plus: bool = False) -> fmt.Parts:
    """Write a value of a metric with its unit and decimals."""
    return fmt.parts(value, metric.format, metric.decimals, metric.unit(lang), lang, plus=plus)


def column_kind(metric: Metric, lang: Lang) -> tuple[Kind, str, int]:
    """Return kind, unit and decimals of a table's column of this metric."""
    if metric.format == "share":
        return "share", "", metric.decimals
    return "number", metric.unit(lang), metric.decimals


def as_shown(metric: Metric, value: float) -> float:
    """Return a value rounded as it is written, half up, so that texts agree with each other."""
    places = metric.decimals + (2 if metric.format == "share" else 0)
    exact = Decimal(f"{value:.10f}")
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def difference(now: Answer, before: Answer) -> float | None:
    """Return the change between the values as shown, so that a reader can check it.

    A share's change is a fraction. None where one of the values is missing.
    """
    if now.value is None or before.value is None:
        return None
    step = as_shown(now.metric, now.value) - as_shown(now.metric, before.value)
    return as_shown(now.metric, step)


def written_change(ctx: Ctx, metric: Metric, step: float, *, plus: bool = True) -> fmt.Parts:
    """Write a change of a metric; shares differ in percentage points."""
    if metric.format != "share":
        return written(metric, step, ctx.lang, plus=plus)
    unit = ctx.t("common.change.points")
    return fmt.parts(step * 100, "number", metric.decimals, unit, ctx.lang, plus=plus)


def compare(ctx: Ctx, now: Answer, before: Answer, against: str) -> Change:
    """Put the change from `before` to `now` into words; `against` names the other period."""
    step = difference(now, before)
    if step is None:
        return Change(ctx.t("common.change.none", against=against), "neutral")
    if step == 0:
        return Change(ctx.t("common.change.same", against=against), "neutral")
    amount = str(written_change(ctx, now.metric, step))
    good = {"up_good": step > 0, "down_good": step < 0}.get(now.metric.direction)
    if good is None:
        word = "more" if step > 0 else "less"
        return Change(ctx.t(f"common.change.{word}", against=against, amount=amount), "neutral")
    verdict: Verdict = "good" if good else "bad"
    return Change(ctx.t(f"common.change.{verdict}", against=against, amount=amount), verdict)


def a_year_before(ctx: Ctx, metric: str) -> tuple[str, Answer]:
    """Ask a metric for the same months of the year before, with the name of the comparison."""
    assert ctx.period is not None
    name = "year" if len(ctx.period) == 1 else "year_period"
    where = ctx.where(month=ctx.period.year_before())
    return ctx.t(f"common.against.{name}"), ctx.metric(metric, where=where)


def figure(
    ctx: Ctx,
    answer: Answer,
    *,
    against: Sequence[tuple[str, Answer]] = (),
    goal: Goal | None = None,
    trend: Answer | None = None,
) -> Figure:
    """Make the card of an answer without `by`; `trend` is the same metric by month."""
    metric = answer.metric
    values: tuple[float | None, ...] = ()
    if trend is not None:
        frame = trend.frame.sort_values(trend.frame.columns[0])
        values = tuple(None if fmt.mark(v) else float(v) for v in frame["value"])
    count = fmt.number(answer.n, 0, ctx.lang)
    return Figure(
        label=metric.label(ctx.lang),
        value=written(metric, answer.value, ctx.lang),
        note=f"n={count}" if answer.n else "",
        help=metric.definition(ctx.lang),
        changes=tuple(compare(ctx, answer, other, name) for name, other in against),
        goal=goal,
        trend=values,
    )


def spark(values: Sequence[float | None], width: int = 120, height: int = 28) -> str:
    """Draw a line of values from zero as an SVG image (data address); gaps stay gaps."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    top = max(known) or 1.0
    step = (width - 6) / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{3 + index * step:.1f},{height - 3 - value / top * (height - 6):.1f}")
    lines = "".join(
        f'<polyline points="{" ".join(run)}" fill="none" stroke="{theme.BLUE}" stroke-width="1.5"/>'
        for run in runs
        if len(run) > 1
    )
    last = next(run for run in reversed(runs) if run)[-1].split(",")
    dot = f'<circle cx="{last[0]}" cy="{last[1]}" r="2.5" fill="{theme.BLUE_DEEP}"/>'
    base = height - 2.5
    ground = f'<line x1="0" x2="{width}" y1="{base}" y2="{base}" stroke="{theme.GRID}"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{ground}{lines}{dot}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


_ARIA = {"good": "mado-good", "bad": "mado-bad", "neutral": "mado-flat"}


def _card(ctx: Ctx, one: Figure) -> str:
    image = spark(one.trend)
    alt = ctx.t("common.figure.trend", label=one.label, n=len(one.trend))
    told = escape(one.help)
    info = f'tabindex="0" role="note" aria-label="{told}" data-help="{told}"'
    info = f'<span class="mado-info" {info}>ⓘ</span>' if one.help else ""
    pieces = [
        f'<div class="mado-label"><span>{escape(one.label)}</span>{info}</div>',
        f'<div class="mado-value">{escape(one.value.number)}'
        f"<small>{escape(one.value.unit)}</small></div>",
    ]
    pieces += [
        f'<div class="mado-change {_ARIA[change.verdict]}">{escape(change.text)}</div>'
        for change in one.changes
    ]
    if one.goal:
        look = "mado-good" if one.goal.met else "mado-bad"
        pieces.append(f'<div class="mado-goal {look}">{escape(one.goal.text)}</div>')
    if image:
        pieces.append(f'<img class="mado-spark" src="{image}" alt="{escape(alt)}">')
    if one.note:
        pieces.append(f'<div class="mado-small">{escape(one.note)}</div>')
    name = escape(one.label)
    return f'<div class="mado-card" role="group" aria-label="{name}">{"".join(pieces)}</div>'


def row(ctx: Ctx, figures: Sequence[Figure]) -> None:
    """Draw the cards side by side; two by two on a phone."""
    st.html(f'<div class="mado-cards">{"".join(_card(ctx, one) for one in figures)}</div>')
