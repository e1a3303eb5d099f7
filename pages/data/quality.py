"""データ品質: how far the data can be trusted this month, and what to look at first."""

from __future__ import annotations

from dataclasses import replace

from ui import format as fmt
from ui.components import (
    Ctx,
    figures,
    filters,
    notes,
    page_head,
    quality,
    start,
    states,
)
from ui.components import quality_held as rows_held
from ui.components import quality_shifts as signs
from ui.components import quality_sources as sources
from ui.components.figures import Figure
from ui.components.quality_answer import Findings
from warehouse.query import LATE_AFTER, Answer


def main() -> None:
    """Draw the page."""
    ctx = start("data.quality", [filters.municipality("source_records"), filters.month("tickets")])
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ticket_log")
        return
    files = sources.arrivals(ctx)
    if ctx.period is None:
        page_head(ctx, ctx.t(".answer.no_counter"))
        sources.by_source(ctx, files)
        remarks(ctx, "sources", "held")
        return
    held = ctx.metric("held_share", where=rows_held.own_files(ctx))
    days = quality.office_days(ctx)
    if not days.has_tickets:
        totals_only(ctx, Findings(ctx, held, files))
        return
    silent, silence = quality.silences(ctx)
    compared, behind = signs.compare(ctx)
    found = Findings(ctx, held, files, days, silent, compared, behind)
    page_head(ctx, found.answer(), ctx.metric("tickets"))
    figures.row(ctx, [*counter_cards(ctx, found), held_card(ctx, held)])
    quality.calendar(ctx, days)
    quality.silent_counters(ctx, silent, silence)
    signs.shifts(ctx, compared, behind)
    rows_held.held_reasons(ctx, held)
    rows_held.held_over_time(ctx)
    if sources.several(ctx):
        sources.reporting(ctx)
    sources.by_source(ctx, files)
    remarks(ctx, "days", "silent", "shifts", "thresholds", "sources", "held")


def totals_only(ctx: Ctx, found: Findings) -> None:
    """Draw what is known of municipalities that load monthly totals and no single tickets."""
    page_head(ctx, found.answer_of_totals(), ctx.metric("tickets"))
    cards = [found.reporting_card(), found.missing_card(), found.late_card()]
    figures.row(ctx, [*cards, held_card(ctx, found.held)])
    sources.reporting(ctx)
    rows_held.held_reasons(ctx, found.held)
    rows_held.held_over_time(ctx)
    sources.by_source(ctx, found.files)
    remarks(ctx, "totals", "sources", "held")


def counter_cards(ctx: Ctx, found: Findings) -> list[Figure]:
    """Make the cards of the counters: days with records, silent counters, signs of a change."""
    recorded = ctx.metric("days_recorded_share")
    before = figures.a_year_before(ctx, "days_recorded_share")
    silent = ctx.metric("silent_counters")
    return [
        figures.figure(ctx, recorded, against=[before]),
        figures.figure(ctx, silent),
        found.signs_card(),
    ]


def held_card(ctx: Ctx, held: Answer) -> Figure:
    """Make the card of the share of rows held back, with its last months."""
    assert ctx.period is not None
    where = rows_held.own_files(ctx, month=ctx.period.trail(13))
    card = figures.figure(ctx, held, trend=ctx.metric("held_share", by=("month",), where=where))
    if rows_held.is_tiny(held.value):
        card = replace(card, value=fmt.Parts(rows_held.share_text(ctx, held.value), ""))
    return card


def remarks(ctx: Ctx, *names: str) -> None:
    """Draw the notes."""
    said = {
        **LATE_AFTER,
        "fewest": signs.FEWEST,
        "shape_fewest": signs.FEWEST_OF_A_SHAPE,
        "share": fmt.number(signs.SHARE * 100, 0, ctx.lang),
        "ratio": fmt.number(signs.RATIO, 1, ctx.lang),
        "minutes": fmt.minutes(signs.MINUTES, ctx.lang),
        "hours": fmt.share(signs.HOURS_SHAPE, ctx.lang, decimals=0),
        "outcomes": fmt.share(signs.OUTCOMES_SHAPE, ctx.lang, decimals=0),
        "counters": fmt.share(signs.COUNTERS, ctx.lang, decimals=0),
    }
    notes(ctx, [ctx.t(f".notes.{name}", **said) for name in names])


main()
