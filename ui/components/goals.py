"""Targets and reform events: what a number should reach, and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components.context import Ctx
from ui.components.figures import Goal, written
from ui.period import Period, month_end
from warehouse import query
from warehouse.query import Answer


@dataclass(frozen=True)
class Target:
    """A value to reach, as a number and as text with its unit."""

    value: float
    text: str


@dataclass(frozen=True)
class Reform:
    """A reform and the month in which it began; `mark` stands for it in a chart (①, ② …)."""

    month: date
    mark: str
    name: str


_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def wait_limit(ctx: Ctx) -> float:
    """Return the minutes above which a wait counts as long, as the release was made with."""
    return ctx.release.config["wait_target_seconds"] / 60


def target_of(ctx: Ctx, metric: str) -> Target | None:
    """Return the municipality's target of a metric for the months chosen.

    Of several, the first that falls due after them counts, else the last one. Where no target of
    the 90th percentile of waits is loaded, the limit of the settings stands in.
    """
    known = {one.id: one for one in query.catalogue()}[metric]
    rows = query.targets(ctx.release)
    rows = rows[(rows["metric"] == metric) & (rows["municipality"] == ctx["m"])]
    if rows.empty:
        if metric != "wait_p90":
            return None
        value = wait_limit(ctx)
    else:
        rows = rows.sort_values("due", na_position="last")
        end = month_end(ctx.period.end) if ctx.period else date.min
        later = rows[pd.to_datetime(rows["due"]).dt.date >= end]
        value = float((later.iloc[0] if len(later) else rows.iloc[-1])["value"])
    return Target(value, str(written(known, value, ctx.lang)))


def target_line(ctx: Ctx, metric: str) -> charts.Target | None:
    """Return the target of a metric as a line of a chart, None where there is none."""
    target = target_of(ctx, metric)
    if target is None:
        return None
    return charts.Target(target.value, ctx.t("common.goal.line", value=target.text))


def goal_of(ctx: Ctx, answer: Answer) -> Goal | None:
    """Say whether an answer meets its target; None without a target, a value or a direction."""
    metric = answer.metric
    target = target_of(ctx, metric.id)
    if target is None or answer.value is None or metric.direction == "neutral":
        return None
    low = metric.direction == "down_good"
    met = answer.value <= target.value if low else answer.value >= target.value
    goal = ctx.t(f"common.goal.{'at_most' if low else 'at_least'}", value=target.text)
    return Goal(ctx.t(f"common.goal.{'met' if met else 'missed'}", goal=goal), met)


def reforms(ctx: Ctx, period: Period) -> list[Reform]:
    """Return the reforms of the municipality that began within the period, numbered in order.

    Past twenty only the newest are numbered and returned.
    """
    rows = query.events(ctx.release)
    rows = rows[rows["municipality"] == ctx["m"]].sort_values("event_date")
    found = [
        (pd.Timestamp(start).date().replace(day=1), str(name))
        for start, name in zip(rows["event_date"], rows["name"], strict=True)
    ]
    within = [one for one in found if period.start <= one[0] <= period.end][-len(_MARKS) :]
    return [Reform(month, mark, name) for mark, (month, name) in zip(_MARKS, within, strict=False)]


def reform_marks(found: list[Reform]) -> dict[date, str]:
    """Return the marks of a chart: month → marks of the reforms that began in it."""
    by_month: dict[date, str] = {}
    for one in found:
        by_month[one.month] = by_month.get(one.month, "") + one.mark
    return by_month


def reform_lines(ctx: Ctx, found: list[Reform]) -> list[str]:
    """Say what the marks of a chart stand for, one line each."""
    return [
        ctx.t("common.reform", mark=one.mark, month=fmt.month(one.month, ctx.lang), name=one.name)
        for one in found
    ]
