"""窓口の経路: where applications come in, how they are processed, where both tracks run."""

from __future__ import annotations

from ui import format as fmt
from ui.components import (
    Ctx,
    Filter,
    figures,
    filters,
    notes,
    page_head,
    side_by_side,
    start,
    states,
    subhead,
)
from ui.components.channels import by_procedure, processing
from ui.components.frontyard import intake_over_time
from ui.components.goals import goal_of
from ui.components.tracks import tracks

RATES = ("online_rate", "digital_intake_rate", "single_track_rate", "applications")
FOUR = ("kakanai_rate", "matanai_rate", "mayowanai_rate", "ikanai_rate")


def main() -> None:
    """Draw the page."""
    ctx = start(
        "frontyard.channels",
        [
            filters.municipality("applications"),
            filters.period("applications"),
            Filter("proc", "procedure", "applications"),
        ],
    )
    if ctx.period is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "applications")
        return
    rates = {name: ctx.metric(name) for name in RATES}
    said = {name: fmt.share(rates[name].value, ctx.lang) for name in RATES[:3]}
    page_head(
        ctx,
        ctx.t(
            ".answer",
            period=ctx.period_label,
            online=said["online_rate"],
            digital=said["digital_intake_rate"],
            single=said["single_track_rate"],
        ),
        rates["online_rate"],
    )
    figures.row(ctx, [card(ctx, name) for name in RATES])
    intake_over_time(ctx)
    left, right = side_by_side()
    with left:
        by_procedure(ctx)
    with right:
        processing(ctx)
    subhead(ctx.t(".four.title"))
    figures.row(ctx, [card(ctx, name) for name in FOUR])
    tracks(ctx)
    notes(ctx, [ctx.t(f".notes.{one}") for one in ("online", "classes", "forwarded")])


def card(ctx: Ctx, name: str) -> figures.Figure:
    """Make the card of one rate, against the same months a year before."""
    assert ctx.period is not None
    now = ctx.metric(name)
    return figures.figure(
        ctx,
        now,
        against=[figures.a_year_before(ctx, name)],
        goal=goal_of(ctx, now),
        trend=ctx.metric(name, by=("month",), where=ctx.where(month=ctx.period.trail(13))),
    )


main()
