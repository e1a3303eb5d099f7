"""Targets and reform events: what a number should reach, and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components.context import Ctx
from ui.components.figures import Goal, as_shown, written
from ui.period import Period, month_end
from warehouse import query
from warehouse.query import Answer, Metric


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


def target_of(ctx: Ctx, metric: Metric) -> Target | None:
    """Return the municipality's target of a metric for the months chosen.

    Of several, the first that falls due after them counts, else the last one.
    """
    rows = query.targets(ctx.release)
    rows = rows[(rows["metric"] == metric.id) & (rows["municipality"] == ctx["m"])]
    if rows.empty:
        return None
    rows = rows.sort_values("due", na_position="last")
    end = month_end(ctx.period.end) if ctx.period else date.min
    later = rows[pd.to_datetime(rows["due"]).dt.date >= end]
    value = float((later.iloc[0] if len(later) else rows.iloc[-1])["value"])
    return Target(value, str(written(metric, value, ctx.lang)))


def wait_target(ctx: Ctx, p90: Metric) -> Target:
    """Return the target of the 90th percentile of waits; without one, the limit of the release."""
    limit = wait_limit(ctx)
    return target_of(ctx, p90) or Target(limit, str(written(p90, limit, ctx.lang)))


def target_line(ctx: Ctx, target: Target) -> charts.Target:
    """Return a target as a line of a chart."""
    return charts.Target(target.value, ctx.t("common.goal.line", value=target.text))


def goal_of(ctx: Ctx, answer: Answer) -> Goal | None:
    """Say whether an answer, as shown, meets its target.

    None without a target, a value, or a direction that is known good.
    """
    metric = answer.metric
    known = wait_target(ctx, metric) if metric.id == "wait_p90" else target_of(ctx, metric)
    if known is None or answer.value is None or metric.direction == "neutral":
        return None
    low = metric.direction == "down_good"
    value = as_shown(metric, answer.value)
    met = value <= known.value if low else value >= known.value
    goal = ctx.t(f"common.goal.{'at_most' if low else 'at_least'}", value=known.text)
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
