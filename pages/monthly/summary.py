"""月次サマリー: the mayor's month in figures, two charts and three sentences."""

from __future__ import annotations

from collections.abc import Mapping

from ui import format as fmt
from ui.components import Ctx, figures, filters, notes, page_head, sentences, start, states
from ui.components.frontyard import intake_over_time, waits_over_time
from ui.components.goals import goal_of, wait_limit, wait_target
from ui.components.head import period_text
from warehouse.query import Answer

TICKETS = ("tickets_per_open_day", "wait_p50", "wait_p90", "wait_over_share")
TOTALS = ("tickets", "wait_mean", "wait_over_share")
"""Instead of TICKETS for a municipality that loads monthly totals and no single tickets."""
CHANNELS = ("online_rate", "digital_intake_rate")


def main() -> None:
    """Draw the page."""
    ctx = start("monthly.monthly", [filters.municipality("tickets"), filters.month("tickets")])
    if ctx.period is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ticket_log")
        return
    tickets, p50 = ctx.metric("tickets"), ctx.metric("wait_p50")
    names = (*(TICKETS if p50.n else TOTALS), *CHANNELS)
    now, month, year = (by_name(ctx, names, months) for months in (0, -1, -12))
    page_head(ctx, answer(ctx, now, tickets), tickets)
    cards = [
        figures.figure(
            ctx,
            now[name],
            against=[
                (ctx.t("common.against.month"), month[name]),
                (ctx.t("common.against.year"), year[name]),
            ],
            goal=goal_of(ctx, now[name]),
            trend=ctx.metric(name, by=("month",), where=ctx.where(month=ctx.period.trail(13))),
        )
        for name in names
    ]
    clerical = ctx.metric("clerical_share", where=ctx.where(without=("period",)))
    figures.row(ctx, [*cards, figures.figure(ctx, clerical, goal=goal_of(ctx, clerical))])
    told = {
        "visitors" if p50.n else "tickets": names[0],
        "waits" if p50.n else "mean": "wait_p90" if p50.n else "wait_mean",
        "online": "online_rate",
    }
    lines = [sentence(ctx, key, now[name], year[name]) for key, name in told.items()]
    sentences(ctx.t(".sentences.title"), lines)
    if p50.n:
        waits_over_time(ctx)
    else:
        states.notice(ctx.t("frontyard.waits.totals_only"))
    intake_over_time(ctx)
    remarks = [ctx.t(".notes.per_day")] if p50.n else []
    remarks.append(ctx.t(".notes.target", minutes=fmt.minutes(wait_limit(ctx), ctx.lang)))
    if clerical.value is not None:
        remarks.append(ctx.t(".notes.survey", period=period_text(ctx, clerical)))
    notes(ctx, remarks)


def by_name(ctx: Ctx, names: tuple[str, ...], months: int) -> Mapping[str, Answer]:
    """Ask the same metrics for the period shifted by some months."""
    assert ctx.period is not None
    where = ctx.where(month=ctx.period.shift(months))
    return {name: ctx.metric(name, where=where) for name in names}


def answer(ctx: Ctx, now: Mapping[str, Answer], tickets: Answer) -> str:
    """Say the month in one line: median, 90th percentile, and whether the target is met."""
    if "wait_p90" not in now:
        count = fmt.number(tickets.value, 0, ctx.lang)
        mean = fmt.minutes(now["wait_mean"].value, ctx.lang)
        return ctx.t(".answer.mean", month=ctx.period_label, tickets=count, mean=mean)
    p50, p90 = now["wait_p50"], now["wait_p90"]
    assert p90.value is not None
    said = {
        "month": ctx.period_label,
        "p50": fmt.minutes(p50.value, ctx.lang),
        "p90": fmt.minutes(p90.value, ctx.lang),
    }
    target = wait_target(ctx, p90.metric)
    value = figures.as_shown(p90.metric, p90.value)
    if value <= target.value:
        return ctx.t(".answer.met", target=target.text, **said)
    over = fmt.minutes(value - target.value, ctx.lang)
    return ctx.t(".answer.missed", target=target.text, over=over, **said)


def sentence(ctx: Ctx, key: str, now: Answer, before: Answer) -> str:
    """Put one figure and its change against the same month last year into a sentence."""
    if now.value is None:
        return ctx.t(f".sentences.{key}.missing")
    bare = key in (
        "visitors",
        "tickets",
    )  # its sentence says the unit, which reads as a rate otherwise
    written = figures.written(now.metric, now.value, ctx.lang)
    value = written.number if bare else str(written)
    step = figures.difference(now, before)
    if step is None:
        return ctx.t(f".sentences.{key}.none", value=value)
    word = "same" if step == 0 else "more" if step > 0 else "less"
    moved = figures.written_change(ctx, now.metric, abs(step), plus=False)
    change = moved.number if bare else str(moved)
    return ctx.t(f".sentences.{key}.{word}", value=value, change=change)


main()
