"""月次サマリー: the mayor's month in figures, two charts and three sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ui import format as fmt
from ui.components import Ctx, figures, filters, notes, page_head, sentences, start, states
from ui.components.frontyard import intake_over_time, waits_over_time
from ui.components.goals import goal_of, target_of, wait_limit
from ui.components.head import period_text
from ui.period import open_days_left
from warehouse.query import Answer

MONTHLY = (
    "tickets_per_open_day",
    "wait_p50",
    "wait_p90",
    "wait_over_share",
    "online_rate",
    "digital_intake_rate",
)
SENTENCES = {
    "visitors": "tickets_per_open_day",
    "waits": "wait_p90",
    "online": "online_rate",
}


def main() -> None:
    """Draw the page."""
    ctx = start("monthly.monthly", [filters.municipality("tickets"), filters.month("tickets")])
    if ctx.period is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ticket_log")
        return
    now = {name: ctx.metric(name) for name in MONTHLY}
    tickets = ctx.metric("tickets")
    month = by_name(ctx, MONTHLY, -1)
    year = by_name(ctx, MONTHLY, -12)
    page_head(ctx, answer(ctx, now, tickets), tickets)
    if isinstance(tickets.as_of, date) and open_days_left(tickets.as_of):
        said = {"month": ctx.period_label, "day": fmt.day(tickets.as_of, ctx.lang)}
        states.notice(ctx.t(".incomplete", **said))
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
        for name in MONTHLY
    ]
    clerical = ctx.metric("clerical_share", where=ctx.where(without=("period",)))
    figures.row(ctx, [*cards, figures.figure(ctx, clerical, goal=goal_of(ctx, clerical))])
    lines = [sentence(ctx, key, now[name], year[name]) for key, name in SENTENCES.items()]
    sentences(ctx.t(".sentences.title"), lines)
    waits_over_time(ctx)
    intake_over_time(ctx)
    remarks = [ctx.t(".notes.per_day")]
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
    p50, p90 = now["wait_p50"], now["wait_p90"]
    if p90.value is None or p50.value is None:
        count = fmt.number(tickets.value, 0, ctx.lang)
        return ctx.t(".answer.no_wait", month=ctx.period_label, tickets=count)
    said = {
        "month": ctx.period_label,
        "p50": fmt.minutes(p50.value, ctx.lang),
        "p90": fmt.minutes(p90.value, ctx.lang),
    }
    target = target_of(ctx, "wait_p90")
    if target is None:
        return ctx.t(".answer.no_goal", **said)
    if p90.value <= target.value:
        return ctx.t(".answer.met", target=target.text, **said)
    over = fmt.minutes(p90.value - target.value, ctx.lang)
    return ctx.t(".answer.missed", target=target.text, over=over, **said)


def sentence(ctx: Ctx, key: str, now: Answer, before: Answer) -> str:
    """Put one figure and its change against the same month last year into a sentence."""
    if now.value is None:
        return ctx.t(f".sentences.{key}.missing")
    bare = key == "visitors"  # its sentence says the unit, which reads as a rate otherwise
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
