"""What a month's tickets look like beside the same month a year before: signs of another machine.

A sign is no error: a new machine, another setting or a reform can be behind it. Thresholds stand
here, with why they are what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from ui import format as fmt
from ui.components import figures
from ui.components.chart import table_block
from ui.components.context import Ctx
from ui.components.frontyard import as_date, rows
from ui.components.goals import reforms
from ui.components.layout import sentences
from ui.components.quality import office_name
from ui.export import Column, Table
from ui.period import Period, month_shift
from warehouse.query import Answer

FEWEST = 100
"""Tickets that each of the two months needs: below, a few visitors move shares and percentiles."""
FEWEST_OF_A_SHAPE = 500
"""The same for distributions over hours and outcomes: with 500 tickets over ten hours, two months
alike lie about 0.08 apart by chance (½ Σ √(2/π · 2p(1−p)/n)), half of SHAPE."""
SHARE = 0.05
"""Change of a share that counts: what visitors do moves it by a point or two, a machine that stops
recording a time moves it by far more."""
RATIO = 1.5
"""A percentile this many times longer or shorter counts, if it moved by MINUTES too."""
MINUTES = 1.0
HOURS_SHAPE = 0.15
"""Total variation distance that counts: one ticket in seven came in another hour."""
OUTCOMES_SHAPE = 0.10
COUNTERS = 0.2
"""Change of the number of counters that counts, and one counter at least."""
ALL, FEW = 0.95, 0.5
"""A share that goes from at most FEW to at least ALL is told as a recording that ended or began."""
LASTING = 0.5
"""A change has lasted through a month that reaches this part of the threshold: months scatter, and
one that falls a little short does not begin the change anew."""
MONTHS = 24
"""The month chosen and eleven before, and the year before each."""

NONE = fmt.Mark.NONE.value

Kind = Literal["share", "minutes", "count", "shape"]


@dataclass(frozen=True)
class Sign:
    """What is compared: a metric, and how a change of it counts."""

    metric: str
    kind: Kind
    step: float = SHARE


SIGNS = (
    Sign("no_call_share", "share"),
    Sign("no_finish_share", "share"),
    Sign("whole_minute_share", "share"),
    Sign("counters_used", "count", COUNTERS),
    Sign("wait_p50", "minutes", RATIO),
    Sign("wait_p90", "minutes", RATIO),
    Sign("service_p50", "minutes", RATIO),
    Sign("service_p90", "minutes", RATIO),
    Sign("hour_shift", "shape", HOURS_SHAPE),
    Sign("outcome_shift", "shape", OUTCOMES_SHAPE),
)


@dataclass(frozen=True)
class Point:
    """One month of an office: the value (None: not observed) and how many tickets it rests on."""

    value: float | None
    n: int


@dataclass(frozen=True)
class Comparison:
    """An office's value beside that of a year before; since: first month of the new level."""

    sign: Sign
    office: str
    before: float | None
    now: float
    since: date | None = None

    @property
    def is_flagged(self) -> bool:
        """Tell whether the change counts."""
        return self.since is not None


def counts(sign: Sign, before: Point | None, now: Point, part: float = 1.0) -> bool:
    """Tell whether the change from a year before to now is large enough to be said.

    part: this part of each threshold is enough.
    """
    if now.value is None:
        return False
    if sign.kind == "shape":
        return now.n >= FEWEST_OF_A_SHAPE and now.value >= part * sign.step
    if before is None or before.value is None or min(before.n, now.n) < FEWEST:
        return False
    step = abs(now.value - before.value)
    if sign.kind == "share":
        return step >= part * sign.step
    if sign.kind == "count":
        return step >= max(1, part * sign.step * before.value)
    low, high = sorted((before.value, now.value))
    return step >= part * MINUTES and high >= (1 + part * (sign.step - 1)) * low


def since(sign: Sign, series: dict[date, Point], month: date) -> date:
    """Return the first of the months up to `month` through which the change has lasted.

    What a machine records (shares, counters) stays at one level: a month counts that is nearer to
    the value of `month` than to that of the year before. Minutes and distributions have seasons: a
    month counts that differs from its own year before in the same direction, where that is known.
    """
    first = month
    for back in range(1, 12):
        at = month_shift(month, -back)
        if not _lasts(sign, series, at, month):
            break
        first = at
    return first


def _lasts(sign: Sign, series: dict[date, Point], at: date, month: date) -> bool:
    point, before = series.get(at), series.get(month_shift(at, -12))
    if point is None or point.value is None:
        return False
    if sign.kind == "shape":
        return counts(sign, None, point, LASTING)
    old, new = series[month_shift(month, -12)].value, series[month].value
    assert old is not None and new is not None
    if sign.kind != "minutes" or before is None or before.value is None:
        return abs(point.value - new) < abs(point.value - old)
    same_way = (point.value > before.value) == (new > old)
    return same_way and counts(sign, before, point, LASTING)


def compare(ctx: Ctx) -> tuple[list[Comparison], list[Answer]]:
    """Compare every office's month with the same month of the year before, what counts first.

    The months between are asked for only where something counts.
    """
    assert ctx.period is not None
    month = ctx.period.end
    year_before = month_shift(month, -12)
    found, answers = [], []
    for sign in SIGNS:
        answer, both = _ask(ctx, sign, [year_before, month])
        answers.append(answer)
        counting = {
            office
            for office, series in both.items()
            if month in series and counts(sign, series.get(year_before), series[month])
        }
        trail = _ask(ctx, sign, ctx.period.of(month).trail(MONTHS))[1] if counting else {}
        for office, series in both.items():
            now, before = series.get(month), series.get(year_before)
            is_shape = sign.kind == "shape"
            if now is None or now.value is None or (before is None and not is_shape):
                continue
            start = since(sign, trail[office], month) if office in counting else None
            old = before.value if before and not is_shape else None
            found.append(Comparison(sign, office_name(ctx, office), old, now.value, start))
    return sorted(found, key=lambda one: (not one.is_flagged, one.office)), answers


def _ask(
    ctx: Ctx, sign: Sign, months: list[date] | Period
) -> tuple[Answer, dict[object, dict[date, Point]]]:
    """Ask for a sign by office and month; the series of each office beside the answer."""
    answer = ctx.metric(sign.metric, by=("office", "month"), where=ctx.where(month=months))
    found: dict[object, dict[date, Point]] = {}
    for one in rows(answer.frame):
        office = None if pd.isna(one.office) else one.office
        value = None if fmt.mark(one.value) else float(one.value)
        found.setdefault(office, {})[as_date(one.month)] = Point(value, int(one.n))
    return answer, found


def text_of(ctx: Ctx, one: Comparison, answer: Answer) -> str:
    """Say a change in plain words, with the month from which it holds."""
    assert one.since is not None
    metric = answer.metric
    now = figures.written(metric, one.now, ctx.lang)
    said = {
        "office": one.office,
        "since": fmt.month(one.since, ctx.lang),
        "label": metric.label(ctx.lang),
        "now": str(now),
        "before": str(figures.written(metric, one.before, ctx.lang)),
    }
    if one.sign.kind == "shape":
        return ctx.t(f".shifts.{metric.id}", **said)
    assert one.before is not None
    if one.sign.kind == "share":
        if one.before <= FEW and one.now >= ALL:
            return ctx.t(f".shifts.{metric.id}.gone", **said)
        if one.before >= ALL and one.now <= FEW:
            return ctx.t(f".shifts.{metric.id}.back", **said)
    word = "more" if one.now > one.before else "less"
    return ctx.t(f".shifts.{one.sign.kind}.{word}", **said)


def shifts(ctx: Ctx, found: list[Comparison], answers: list[Answer]) -> None:
    """Draw what differs from the year before: sentences, then all values side by side."""
    assert ctx.period is not None
    by_metric = {answer.metric.id: answer for answer in answers}
    flagged = [one for one in found if one.is_flagged]
    lines = [text_of(ctx, one, by_metric[one.sign.metric]) for one in flagged]
    if not found:
        sentences(ctx.t(".shifts.title"), [ctx.t(".shifts.no_year")])
        return
    begun = reforms(ctx, Period.of(ctx.period.end).trail(12)) if flagged else []
    names = ctx.t("common.list_separator").join(
        ctx.t(".shifts.reform", month=fmt.month(one.month, ctx.lang), name=one.name)
        for one in begun
    )
    because = [ctx.t(".shifts.reforms", names=names)] if names else []
    sentences(ctx.t(".shifts.title"), [*(lines or [ctx.t(".shifts.none")]), *because])
    frame = pd.DataFrame(
        [
            {
                "office": one.office,
                "label": metric.label(ctx.lang),
                "before": str(figures.written(metric, one.before, ctx.lang)) if shown else NONE,
                "now": str(figures.written(metric, one.now, ctx.lang)),
                "since": fmt.month(one.since, ctx.lang) if one.since else NONE,
                "mark": ctx.t(f".shifts.{'changed' if one.is_flagged else 'alike'}"),
            }
            for one in found
            for metric in (by_metric[one.sign.metric].metric,)
            for shown in (one.sign.kind != "shape",)
        ]
    )
    table_block(
        ctx,
        "shifts",
        title=ctx.t(".shifts.table"),
        summary=ctx.t(".shifts.summary", n=len(flagged), all=len(found)),
        table=Table(
            ctx.t(".shifts.table"),
            (
                Column("office", ctx.t(".calendar.office")),
                Column("label", ctx.t(".shifts.what")),
                Column("mark", ctx.t(".shifts.mark")),
                Column("before", ctx.t(".shifts.before")),
                Column("now", ctx.t(".shifts.now")),
                Column("since", ctx.t(".shifts.since")),
            ),
            frame,
        ),
        answers=answers,
    )
