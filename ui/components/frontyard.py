"""Charts of the counters that more than one page shows: waits and intake over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ui import charts, theme
from ui import format as fmt
from ui.charts.base import month_ticks
from ui.charts.marks import mark_months
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.goals import reform_lines, reform_marks, reforms, target_line, wait_target
from ui.export import Column, Table
from ui.period import Period

INTAKES = ("online", "counter_digital", "counter_paper", "remote", "kiosk", "mail")
"""Ways of intake, in the order of every chart and table."""
Known = tuple[date, str, float]
"""A month, its value as text, and the value."""
MONTHS = 25
"""Months that a chart over time shows: two years and the month they are compared with."""


def by_month(frame: pd.DataFrame, period: Period, column: str = "value") -> list[float | None]:
    """Return one value for each month of the period, None where there is none."""
    known = {as_date(row.month): getattr(row, column) for row in rows(frame)}
    return [None if fmt.mark(v := known.get(month)) else float(v) for month in period]  # type: ignore[arg-type]


def rows(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame, each with its columns as attributes."""
    return list(frame.itertuples(index=False))


def as_date(value: Any) -> date:
    """Return a month of a frame as a plain date."""
    return pd.Timestamp(value).date()


def with_data(frame: pd.DataFrame, period: Period) -> Period:
    """Cut the months before the first with data off a period."""
    known = [as_date(value) for value in frame["month"]]
    return Period(max(period.start, min(known, default=period.start)), period.end)


def trend_text(ctx: Ctx, key: str, values: Sequence[Known], **said: str) -> str:
    """Say from where to where a series went (`<key>.down`, `.up`, `.same`, `.single`).

    `values` are those of the months with a value, oldest first; empty where there is none.
    """
    if not values:
        return ""
    (first, start, low), (last, end, high) = values[0], values[-1]
    said |= {"first": fmt.month(first, ctx.lang), "last": fmt.month(last, ctx.lang)}
    if first == last:
        return ctx.t(f"{key}.single", to=end, **said)
    word = "same" if start == end else "down" if high < low else "up"
    return ctx.t(f"{key}.{word}", from_=start, to=end, **said)


def waits_over_time(ctx: Ctx, key: str = "over-time") -> None:
    """Draw the median and the 90th percentile of waits by month, with target and reforms."""
    assert ctx.period is not None
    where = ctx.where(month=ctx.period.trail(MONTHS))
    p50, p90 = (ctx.metric(name, by=("month",), where=where) for name in ("wait_p50", "wait_p90"))
    months = with_data(p90.frame, ctx.period.trail(MONTHS))
    lows, highs = by_month(p50.frame, months), by_month(p90.frame, months)
    counts = by_month(p90.frame, months, "n")

    def line(name: str, values: list[float | None]) -> charts.Line:
        hover = [
            ctx.t(
                f"frontyard.over_time.hover_{name}",
                month=fmt.month(month, ctx.lang),
                value=fmt.minutes(value, ctx.lang),
                n=fmt.number(count, 0, ctx.lang),
            )
            for month, value, count in zip(months, values, counts, strict=True)
        ]
        return charts.Line(ctx.t(f"frontyard.over_time.{name}"), list(months), values, hover)

    known = [
        (month, fmt.minutes(value, ctx.lang), value)
        for month, value in zip(months, highs, strict=True)
        if value is not None
    ]
    changes = reforms(ctx, months)
    figure = charts.lines(
        [line("p90", highs), line("p50", lows)],
        write=lambda value: fmt.minutes(value, ctx.lang),
        ticks=month_ticks(list(months), ctx.lang),
        target=target_line(ctx, wait_target(ctx, p90.metric)),
    )
    minutes = ctx.t("common.unit.minutes")
    table = Table(
        ctx.t("frontyard.over_time.title"),
        (
            Column("month", ctx.t("frontyard.over_time.month"), "month"),
            Column("p50", ctx.t("frontyard.over_time.p50"), "number", minutes, 1),
            Column("p90", ctx.t("frontyard.over_time.p90"), "number", minutes, 1),
            Column("n", ctx.t("frontyard.over_time.n"), "number"),
        ),
        pd.DataFrame({"month": list(months), "p50": lows, "p90": highs, "n": counts})[::-1],
    )
    chart_block(
        ctx,
        key,
        title=ctx.t("frontyard.over_time.title"),
        summary=trend_text(ctx, "frontyard.over_time.summary", known),
        figure=mark_months(figure, reform_marks(changes)) if known else None,
        table=table,
        answers=[p90, p50],
        legend=reform_lines(ctx, changes),
    )


def _last_of(shares: pd.DataFrame) -> Callable[[str], float]:
    return lambda column: float(shares[column].iloc[-1])


def intake_over_time(ctx: Ctx, key: str = "intake") -> None:
    """Draw the share of each way of intake by month."""
    assert ctx.period is not None
    where = ctx.where(month=ctx.period.trail(MONTHS))
    counted = ctx.metric("applications", by=("month", "intake"), where=where)
    months = with_data(counted.frame, ctx.period.trail(MONTHS))
    wide = counted.frame.assign(month=[as_date(value) for value in counted.frame["month"]])
    wide = wide.pivot_table(index="month", columns="intake", values="value", aggfunc="sum")
    wide = wide.reindex(list(months))
    total = wide.sum(axis=1, min_count=1)
    present = [one for one in INTAKES if one in wide.columns and wide[one].sum() > 0]
    shares = wide[present].fillna(0).div(total, axis=0) if present else pd.DataFrame()
    names = ctx.labels("intake")
    series = []
    for one in present:
        name, style = names[one], theme.style(INTAKES.index(one))
        hover = [
            ctx.t(
                "frontyard.intake_time.hover",
                month=fmt.month(month, ctx.lang),
                all=fmt.number(total[month], 0, ctx.lang),
                value=fmt.share(shares[one][month], ctx.lang),
                name=name,
            )
            for month in months
        ]
        series.append(charts.Line(name, list(months), shares[one].tolist(), hover, style=style))
    changes = reforms(ctx, months)
    figure = charts.lines(
        series,
        write=lambda value: fmt.share(value, ctx.lang, decimals=0),
        ticks=month_ticks(list(months), ctx.lang),
    )
    told = "online" if "online" in present else max(present, key=_last_of(shares), default="")
    known = [
        (month, fmt.share(shares[told][month], ctx.lang), shares[told][month])
        for month in months
        if told and not fmt.mark(shares[told][month])
    ]
    frame = shares.assign(month=list(months), all=total)[::-1] if present else pd.DataFrame()
    table = Table(
        ctx.t("frontyard.intake_time.title"),
        (
            Column("month", ctx.t("frontyard.intake_time.month"), "month"),
            *(Column(one, names[one], "share", "", 1) for one in present),
            Column("all", ctx.t("frontyard.intake_time.all"), "number"),
        ),
        frame,
    )
    chart_block(
        ctx,
        key,
        title=ctx.t("frontyard.intake_time.title"),
        summary=trend_text(ctx, "frontyard.intake_time.summary", known, name=names.get(told, "")),
        figure=mark_months(figure, reform_marks(changes)) if present else None,
        table=table,
        answers=[counted],
        legend=reform_lines(ctx, changes),
    )
