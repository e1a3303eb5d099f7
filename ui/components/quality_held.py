"""Rows held back: why, and how many of each source's rows month by month."""

from __future__ import annotations

import re
from typing import Any

from ui import charts
from ui import format as fmt
from ui.charts.base import month_ticks
from ui.components.chart import chart_block, table_block
from ui.components.context import Ctx
from ui.components.frontyard import as_date, by_month, rows
from ui.components.listing import listing
from ui.export import Column, Table
from warehouse.query import Answer

MONTHS = 13
"""Months that the chart shows: the month chosen back to the same month of the year before."""
SMALLEST = 0.0001
"""The least share that two decimals of a percentage can write."""
MOST = 5
"""Lines of the chart; the table holds all sources."""


def own_files(ctx: Ctx, **changes: Any) -> dict[str, Any]:
    """Return the page's conditions for files: the municipality's own, and those of several."""
    return ctx.where(**{"municipality": None, **changes}) | {"municipality": [ctx["m"], None]}


def is_tiny(share: float | None) -> bool:
    """Return True for a share of some rows that is less than two decimals can write."""
    return share is not None and 0 < share < SMALLEST


def share_text(ctx: Ctx, share: float | None) -> str:
    """Write a share of rows held back, in percent with two decimals.

    One that is not 0 is never written as 0.00%: a row is held back all the same.
    """
    if is_tiny(share):
        return ctx.t(".held.under", share=fmt.share(SMALLEST, ctx.lang, decimals=2))
    return fmt.share(share, ctx.lang, decimals=2)


def held_reasons(ctx: Ctx, held: Answer) -> None:
    """List why rows of the month's files are held back; `held` is the share of them."""
    asked = ctx.metric("held_reasons", by=("held_reason",), where=own_files(ctx), order="-value")
    names = ctx.labels("held_reason")
    title = ctx.t(".held.title")
    frame = asked.frame.assign(reason=[names.get(v, str(v)) for v in asked.frame["held_reason"]])
    table = Table(
        title,
        (
            Column("value", ctx.t(".held.rows"), "number"),
            Column("reason", ctx.t(".held.reason")),
        ),
        frame,
    )
    read = fmt.number(held.n, 0, ctx.lang)
    if frame.empty:
        summary = ctx.t(".held.none", n=read) if held.n else ctx.t(".held.no_file")
        listing(ctx, "held", summary=summary, table=table)
        return
    share = share_text(ctx, held.value)
    first = short(str(frame["reason"].iloc[0]))
    assert held.value is not None
    count = fmt.number(held.value * held.n, 0, ctx.lang)
    summary = ctx.t(".held.summary", n=read, held=count, share=share, reason=first)
    table_block(ctx, "held", title=title, summary=summary, table=table, answers=[asked, held])


def short(message: str) -> str:
    """Return what is wrong without the advice that follows it."""
    return re.split(r"[。（;]| \(", message)[0]


def held_over_time(ctx: Ctx) -> None:
    """Draw the share of rows held back by source and month.

    Nothing where no source has two months, or none has rows held back.
    """
    assert ctx.period is not None
    period = ctx.period.of(ctx.period.end).trail(MONTHS)
    where = own_files(ctx, month=period)
    asked = ctx.metric("held_share", by=("source", "month"), where=where)
    held = ctx.metric("rows_held", by=("source", "month"), where=where)
    names = ctx.labels("source")
    counts = {(one.source, one.month): one.value for one in rows(held.frame)}
    frame = asked.frame.dropna(subset=["value"])
    frame = frame.assign(
        name=[str(names.get(source, source)) for source in frame["source"]],
        held=[counts[one.source, one.month] for one in rows(frame)],
    )
    by_size = frame.groupby("source")["n"].sum().sort_values(ascending=False)
    several = [one for one in by_size.index if (frame["source"] == one).sum() > 1][:MOST]
    if not several or not frame["held"].any():
        return
    series = []
    for source in several:
        own = frame[frame["source"] == source]
        said = {
            as_date(one.month): ctx.t(
                ".held_time.hover",
                source=one.name,
                month=fmt.month(as_date(one.month), ctx.lang),
                share=share_text(ctx, one.value),
                held=fmt.number(one.held, 0, ctx.lang),
                n=fmt.number(one.n, 0, ctx.lang),
            )
            for one in rows(own)
        }
        hover = [said.get(month, "") for month in period]
        series.append(charts.Line(own["name"].iloc[0], list(period), by_month(own, period), hover))
    worst = max(rows(frame), key=lambda one: one.value)
    title = ctx.t(".held_time.title")
    words = {
        "source": worst.name,
        "month": fmt.month(as_date(worst.month), ctx.lang),
        "share": share_text(ctx, worst.value),
    }
    chart_block(
        ctx,
        "held-time",
        title=title,
        summary=ctx.t(".held_time.summary", **words),
        figure=charts.lines(
            series,
            write=lambda share: fmt.share(share, ctx.lang, decimals=2),
            ticks=month_ticks(list(period), ctx.lang),
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".sources.name")),
                Column("month", ctx.t(".reporting.month"), "month"),
                Column("value", ctx.t(".sources.held"), "share", "", 2),
                Column("held", ctx.t(".held.rows"), "number"),
                Column("n", ctx.t(".sources.rows"), "number"),
            ),
            frame.sort_values(["month", "name"], ascending=[False, True]),
        ),
        answers=[asked, held],
    )
