"""推計の検証: how far an earlier projection was from the census that came after it."""

from __future__ import annotations

from ui import format as fmt
from ui.components import Ctx, Filter, backtest, figures, notes, page_head, start, states
from ui.components.method import methods
from warehouse.query import Answer


def main() -> None:
    """Draw the page."""
    ctx = start(
        "future.backtest",
        [
            Filter("projection", "projection", "backtest_median_error", optional=False),
            Filter("year", "year", "backtest_median_error", optional=False, newest=True),
            Filter("pref", "prefecture", "backtest_median_error"),
        ],
    )
    if ctx["projection"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ipss_h30_suikei")
        notes(ctx, [ctx.t(".notes.two_rounds")])
        return
    whole = {
        name: ctx.metric(f"backtest_{name}{'_error' if name != 'bias' else ''}")
        for name in backtest.STATISTICS
    }
    page_head(ctx, answer(ctx, whole), whole["median"])
    figures.row(ctx, backtest.cards(ctx, whole))
    backtest.by_band(ctx)
    backtest.widening(ctx)
    backtest.worst(ctx)
    methods(ctx, ("pairs", "statistics", "widening"))
    notes(ctx, [ctx.t(f".notes.{one}") for one in ("areas", "growth", "codes")])


def answer(ctx: Ctx, whole: dict[str, Answer]) -> str:
    """Say how large the usual error was, and on which side."""
    bias = whole["bias"].value or 0.0
    return ctx.t(
        f".answer.{'many' if bias > 0 else 'few'}",
        projection=ctx.labels("projection")[ctx["projection"]],
        year=ctx["year"],
        n=fmt.number(whole["median"].n, 0, ctx.lang),
        median=fmt.share(whole["median"].value, ctx.lang),
        p80=fmt.share(whole["p80"].value, ctx.lang),
        bias=fmt.share(abs(bias), ctx.lang),
    )


main()
