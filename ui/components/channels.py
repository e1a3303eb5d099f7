"""How applications come in by procedure, and how they are processed over time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ui import charts, theme
from ui import format as fmt
from ui.charts.base import month_ticks
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.frontyard import INTAKES, MONTHS, by_month, with_data
from ui.export import Column, Table

MOST = 10
"""Bars of a chart; the table holds the rest."""


def by_procedure(ctx: Ctx) -> None:
    """Draw the ways of intake of the largest procedures."""
    asked = ctx.metric("applications", by=("procedure", "intake"))
    names, ways = ctx.labels("procedure"), ctx.labels("intake")
    wide = asked.frame.pivot_table(
        index="procedure", columns="intake", values="value", aggfunc="sum", fill_value=0
    )
    present = [one for one in INTAKES if one in wide.columns and wide[one].sum() > 0]
    wide = wide.assign(all=wide.sum(axis=1)).sort_values("all", ascending=False)
    wide = wide[wide["all"] > 0]
    shares = wide[present].div(wide["all"], axis=0)
    shown = shares.head(MOST)
    labels = [names.get(code, str(code)) for code in shown.index]
    segments = [
        charts.Segment(
            ways[one],
            shown[one].tolist(),
            [
                ctx.t(
                    ".by_procedure.hover",
                    name=label,
                    all=fmt.number(wide["all"][code], 0, ctx.lang),
                    value=fmt.share(shown[one][code], ctx.lang),
                    intake=ways[one],
                )
                for code, label in zip(shown.index, labels, strict=True)
            ],
            theme.style(INTAKES.index(one)),
        )
        for one in present
    ]
    summary = ""
    if len(shown):
        best: Any = shares["online"].idxmax() if "online" in present else shown.index[0]
        way = "online" if "online" in present else str(shown.loc[best].idxmax())
        summary = ctx.t(
            ".by_procedure.summary" if way == "online" else ".by_procedure.summary_none",
            name=names.get(best, str(best)),
            value=fmt.share(shares[way][best], ctx.lang),
            intake=ways[way],
        )
    if len(wide) > MOST:
        said = ctx.t(".by_procedure.top", n=MOST, all=len(wide))
        summary += ctx.t("common.sentence_space") + said
    frame = shares.assign(all=wide["all"], name=[names.get(c, str(c)) for c in shares.index])
    chart_block(
        ctx,
        "by-procedure",
        title=ctx.t(".by_procedure.title"),
        summary=summary,
        figure=charts.share_bars(
            labels,
            segments,
            write=lambda value: fmt.share(value, ctx.lang, decimals=0),
            missing=ctx.t(".by_procedure.missing"),
        )
        if len(shown)
        else None,
        table=Table(
            ctx.t(".by_procedure.title"),
            (
                Column("name", ctx.t(".by_procedure.name")),
                *(Column(one, ways[one], "share", "", 1) for one in present),
                Column("all", ctx.t(".by_procedure.all"), "number"),
            ),
            frame.reset_index(drop=True),
        ),
        answers=[asked],
    )


def processing(ctx: Ctx) -> None:
    """Draw the shares processed digitally, and digital throughout, by month."""
    assert ctx.period is not None
    where = ctx.where(month=ctx.period.trail(MONTHS))
    digital, single = (
        ctx.metric(name, by=("month",), where=where)
        for name in ("digital_processing_rate", "single_track_rate")
    )
    months = with_data(single.frame, ctx.period.trail(MONTHS))
    rates, throughout = by_month(digital.frame, months), by_month(single.frame, months)
    volume = by_month(digital.frame, months, "n")

    def line(name: str, values: list[float | None]) -> charts.Line:
        hover = [
            ctx.t(
                f".processing.hover_{name}",
                month=fmt.month(month, ctx.lang),
                value=fmt.share(value, ctx.lang),
            )
            for month, value in zip(months, values, strict=True)
        ]
        return charts.Line(ctx.t(f".processing.{name}"), list(months), values, hover)

    last = [(month, value) for month, value in zip(months, throughout, strict=True) if value]
    summary = ""
    if last:
        month, value = last[-1]
        summary = ctx.t(
            ".processing.summary",
            last=fmt.month(month, ctx.lang),
            value=fmt.share(value, ctx.lang),
        )
    chart_block(
        ctx,
        "processing",
        title=ctx.t(".processing.title"),
        summary=summary,
        figure=charts.lines(
            [line("digital", rates), line("single", throughout)],
            write=lambda value: fmt.share(value, ctx.lang, decimals=0),
            ticks=month_ticks(list(months), ctx.lang, most=4),
        )
        if any(value is not None for value in [*rates, *throughout])
        else None,
        table=Table(
            ctx.t(".processing.title"),
            (
                Column("month", ctx.t(".processing.month"), "month"),
                Column("digital", ctx.t(".processing.digital"), "share", "", 1),
                Column("single", ctx.t(".processing.single"), "share", "", 1),
                Column("all", ctx.t(".processing.all"), "number"),
            ),
            pd.DataFrame(
                {"month": list(months), "digital": rates, "single": throughout, "all": volume}
            )[::-1],
        ),
        answers=[single, digital],
    )
