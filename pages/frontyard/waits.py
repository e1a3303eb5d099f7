"""窓口の待ち時間: when, at which counter and for which procedure people wait."""

from __future__ import annotations

from ui import format as fmt
from ui.components import (
    Ctx,
    Switch,
    figures,
    filters,
    notes,
    page_head,
    side_by_side,
    start,
    states,
)
from ui.components.frontyard import rows, waits_over_time
from ui.components.goals import goal_of, wait_target
from ui.components.waits import FEWEST, heat, ranking
from warehouse.query import Answer

VIEWS = ("wait_p90", "wait_p50", "wait_over_share", "tickets")


def main() -> None:
    """Draw the page."""
    ctx = start(
        "frontyard.waits",
        [
            filters.municipality("tickets"),
            filters.period("tickets"),
            filters.department("tickets"),
            filters.counter("tickets"),
            Switch("view", VIEWS),
        ],
    )
    if ctx.period is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ticket_log")
        return
    if not ctx.metric("wait_p50", where=ctx.where(without=("period", "dept", "counter"))).n:
        totals_only(ctx)
        return
    p50, p90 = ctx.metric("wait_p50"), ctx.metric("wait_p90")
    slots = ctx.metric("wait_p90", by=("weekday", "hour"))
    page_head(ctx, answer(ctx, p50, p90, slots), p50)
    cards(ctx, "wait_p50", "wait_p90", "wait_over_share", "tickets")
    heat(ctx)
    waits_over_time(ctx)
    left, right = side_by_side()
    with left:
        ranking(ctx, "counters", "counter")
    with right:
        ranking(ctx, "procedures", "procedure")
    lines = ("wait", "called", "few", "ranking")
    notes(ctx, [ctx.t(f".notes.{one}", n=FEWEST) for one in lines])


def totals_only(ctx: Ctx) -> None:
    """Draw what monthly totals can tell: a municipality that loads no single tickets."""
    mean = ctx.metric("wait_mean")
    said = fmt.minutes(mean.value, ctx.lang)
    page_head(ctx, ctx.t(".answer.mean", period=ctx.period_label, mean=said), mean)
    cards(ctx, "wait_mean", "wait_over_share", "service_mean", "tickets")
    states.notice(ctx.t(".totals_only"))


def cards(ctx: Ctx, *names: str) -> None:
    """Draw the cards of some metrics, against the same months a year before."""
    assert ctx.period is not None
    trail = ctx.where(month=ctx.period.trail(13))
    made = []
    for name in names:
        now = ctx.metric(name)
        made.append(
            figures.figure(
                ctx,
                now,
                against=[figures.a_year_before(ctx, name)],
                goal=goal_of(ctx, now),
                trend=ctx.metric(name, by=("month",), where=trail),
            )
        )
    figures.row(ctx, made)


def answer(ctx: Ctx, p50: Answer, p90: Answer, slots: Answer) -> str | None:
    """Say the median, and where and when it is worst."""
    if p50.value is None:
        return None
    said = {
        "period": ctx.period_label,
        "p50": fmt.minutes(p50.value, ctx.lang),
        "p90": fmt.minutes(p90.value, ctx.lang),
    }
    enough = slots.frame[(slots.frame["n"] >= FEWEST) & slots.frame["value"].notna()]
    target = wait_target(ctx, p90.metric)
    if enough.empty:
        return ctx.t(".answer.simple", **said)
    worst = max(rows(enough), key=lambda one: one.value)
    over = figures.as_shown(p90.metric, worst.value) > target.value
    return ctx.t(
        ".answer.worst_over" if over else ".answer.worst_within",
        weekday=ctx.t(f"common.weekday.{int(worst.weekday)}"),
        hour=fmt.hour(int(worst.hour), ctx.lang),
        worst=fmt.minutes(worst.value, ctx.lang),
        target=target.text,
        times=fmt.number(worst.value / target.value, 1, ctx.lang),
        **said,
    )


main()
