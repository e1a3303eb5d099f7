"""Where and when people wait: weekday × hour, and the ranking of counters and procedures."""

from __future__ import annotations

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components import figures
from ui.components.chart import chart_block, switch
from ui.components.context import Ctx
from ui.components.frontyard import rows
from ui.components.goals import target_line, target_of, wait_limit, wait_target
from ui.export import Column, Table

FEWEST = 20
"""Calls below which an hour, a counter or a procedure is not ranked: one long wait would win."""
MOST = 10
"""Bars of a chart; the table holds the rest."""


def heat(ctx: Ctx) -> None:
    """Draw weekday × hour of the metric that the switch names."""
    _, view = ctx.selection.switch("view")
    asked = ctx.metric(view, by=("weekday", "hour"))
    metric, frame = asked.metric, asked.frame.dropna(subset=["weekday", "hour", "value"])
    days = range(1, max([5, *frame["weekday"].astype(int)]) + 1)
    hours = sorted(frame["hour"].astype(int).unique())
    cells = []
    for one in rows(frame):
        said = {
            "weekday": ctx.t(f"common.weekday.{int(one.weekday)}"),
            "hour": fmt.hour(int(one.hour), ctx.lang),
            "metric": metric.label(ctx.lang),
            "value": str(figures.written(metric, one.value, ctx.lang)),
            "n": fmt.number(one.n, 0, ctx.lang),
        }
        hover = ctx.t(".heat.hover", **said)
        cells.append(charts.Cell(int(one.weekday), int(one.hour), float(one.value), hover))
    target = wait_target(ctx, metric) if view == "wait_p90" else target_of(ctx, metric)
    middle = target.value if target else wait_limit(ctx) if view == "wait_p50" else None
    unit = "%" if metric.format == "share" else metric.unit(ctx.lang)
    drawn = charts.heatmap(
        cells,
        rows={day: fmt.weekday(day, ctx.lang) for day in days},
        columns={hour: fmt.hour(hour, ctx.lang) for hour in range(min(hours), max(hours) + 1)}
        if hours
        else {},
        write=lambda value: fmt.parts(value, metric.format, 0, lang=ctx.lang).number,
        write_scale=lambda value: str(figures.written(metric, value, ctx.lang)),
        missing=ctx.t(".heat.missing"),
        missing_hover=ctx.t(".heat.missing_hover"),
        target=middle,
    )
    table = Table(
        ctx.t(".heat.title", metric=metric.label(ctx.lang), unit=""),
        (
            Column("weekday_name", ctx.t(".heat.weekday")),
            Column("hour_name", ctx.t(".heat.hour")),
            Column("value", metric.label(ctx.lang), *figures.column_kind(metric, ctx.lang)),
            Column("n", "n", "number"),
        ),
        frame.sort_values(["weekday", "hour"]).assign(
            weekday_name=lambda f: [fmt.weekday(int(v), ctx.lang) for v in f["weekday"]],
            hour_name=lambda f: [fmt.hour(int(v), ctx.lang) for v in f["hour"]],
        ),
    )
    many = [cell for cell, one in zip(cells, rows(frame), strict=True) if one.n >= FEWEST]
    top = max(many or cells, key=lambda cell: cell.value or 0, default=None)
    summary = (
        ctx.t(
            ".heat.summary_short" if view in ("wait_p90", "wait_p50") else ".heat.summary",
            weekday=ctx.t(f"common.weekday.{top.row}"),
            hour=fmt.hour(int(top.column), ctx.lang),
            value=str(figures.written(metric, top.value, ctx.lang)),
        )
        if top
        else ""
    )
    chart_block(
        ctx,
        "heat",
        title=ctx.t(
            ".heat.title",
            metric=metric.label(ctx.lang),
            unit=ctx.t("common.in_brackets", text=unit) if unit else "",
        ),
        summary=summary,
        figure=drawn if cells else None,
        table=table,
        answers=[asked],
        controls=lambda: switch(ctx, "view"),
    )


def ranking(ctx: Ctx, key: str, dimension: str) -> None:
    """Draw the 90th percentile of each counter or procedure, the longest first, with n."""
    p90 = ctx.metric("wait_p90", by=(dimension,))
    p50 = ctx.metric("wait_p50", by=(dimension,))
    names = ctx.labels(dimension)
    frame = p90.frame.merge(
        p50.frame[[dimension, "value"]].rename(columns={"value": "p50"}), on=dimension, how="left"
    )
    frame = frame.assign(
        name=[names.get(v, str(v)) if pd.notna(v) else ctx.t(".unknown") for v in frame[dimension]]
    ).sort_values("value", ascending=False)
    known = frame[frame["value"].notna()]
    enough = known[known["n"] >= FEWEST]
    ranked = known if enough.empty else enough
    items = [
        charts.Bar(
            one.name,
            float(one.value),
            ctx.t(
                f".{key}.hover",
                name=one.name,
                value=fmt.minutes(one.value, ctx.lang),
                p50=fmt.minutes(one.p50, ctx.lang),
                n=fmt.number(one.n, 0, ctx.lang),
            ),
            note=f"n={fmt.number(one.n, 0, ctx.lang)}",
        )
        for one in rows(ranked.head(MOST))
    ]
    summary = ""
    if items:
        value = fmt.minutes(items[0].value, ctx.lang)
        summary = ctx.t(f".{key}.summary", name=items[0].label, value=value)
    if len(ranked) > MOST:
        summary += ctx.t("common.sentence_space") + ctx.t(".top", n=MOST, all=len(frame))
    minutes = ctx.t("common.unit.minutes")
    chart_block(
        ctx,
        key,
        title=ctx.t(f".{key}.title"),
        summary=summary,
        figure=charts.bars(
            items,
            write=lambda value: fmt.minutes(value, ctx.lang),
            missing=ctx.t(".missing"),
            target=target_line(ctx, wait_target(ctx, p90.metric)),
        )
        if items
        else None,
        table=Table(
            ctx.t(f".{key}.title"),
            (
                Column("name", ctx.t(f".{key}.name")),
                Column("value", ctx.t("frontyard.over_time.p90"), "number", minutes, 1),
                Column("p50", ctx.t("frontyard.over_time.p50"), "number", minutes, 1),
                Column("n", ctx.t("frontyard.over_time.n"), "number"),
            ),
            frame,
        ),
        answers=[p90, p50],
    )
