"""Sources by month: which are there, late or missing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ui import charts, theme
from ui import format as fmt
from ui.charts.base import wrap
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.frontyard import as_date, rows
from ui.components.listing import listing
from ui.components.quality_held import own_files
from ui.export import Column, Table
from ui.period import month_shift
from warehouse import query

ORDER = {"old": 0, "new": 1, "none": 2}
TRAIL = 12
"""Months that are shown of each source."""
HALF = 0.5
"""The middle of the heat map's scale, which runs from none to all."""
FEW = 3
"""Sources that fit into the small height."""
LABEL = 5.0
"""Full-width characters of a line of a source's name beside the heat map."""


def several(ctx: Ctx) -> bool:
    """Tell whether the release holds data of more than one municipality."""
    (choice,) = [item for item in ctx.selection.items if item.filter.key == "m"]
    return len([value for value in choice.options if value is not None]) > 1


def arrivals(ctx: Ctx) -> pd.DataFrame:
    """Return the sources of the municipality with `name` and `state`: old, new, or none.

    old: its next file should have come by now; none: nothing is expected.
    """
    sources = query.status(ctx.release, ctx["m"])
    today = date.today()
    states = []
    for schedule, day in zip(sources["schedule"], sources["period_to"], strict=True):
        last = None if pd.isna(day) else pd.Timestamp(day).date()
        late = query.is_late(schedule, last, today)
        states.append("none" if late is None else "old" if late else "new")
    name = "source_label" if ctx.lang == "ja" else "source_label_en"
    return sources.assign(state=states, name=sources[name].fillna(sources["source"]))


def by_source(ctx: Ctx, sources: pd.DataFrame) -> None:
    """List the sources: state, last period, the last months one by one, rows held back."""
    end = ctx.period.end if ctx.period else None
    own = {"municipality": ctx["m"]}
    missing = ctx.metric("months_missing", by=("source", "month"), where=own)
    known = {(one.source, as_date(one.month)): not one.value for one in rows(missing.frame)}
    gaps = missing.frame.groupby("source")["value"].sum()
    if end is None and known:
        end = max(month for _, month in known)
    held = ctx.metric("held_share", by=("source",), where=own_files(ctx, month=None))
    shares = held.frame.set_index("source")["value"]
    months = [month_shift(end, -back) for back in range(TRAIL - 1, -1, -1)] if end else []
    monthly = {source for source, _ in known}
    frame = sources.assign(
        arrives=[ctx.t(f".sources.{state}") for state in sources["state"]],
        trail=[
            "".join(_mark(known.get((source, month))) for month in months)
            if source in monthly
            else fmt.Mark.NONE.value
            for source in sources["source"]
        ],
        missing=[
            fmt.number(gaps[one], 0, ctx.lang) if one in monthly else fmt.Mark.NONE.value
            for one in sources["source"]
        ],
        held=sources["source"].map(shares),
    ).sort_values("state", key=lambda column: column.map(ORDER), kind="stable")
    old = list(sources.loc[sources["state"] == "old", "name"])
    summary = (
        ctx.t(".sources.late", n=len(old), names=ctx.t("common.list_separator").join(old))
        if old
        else ctx.t(".sources.fresh", n=len(sources))
    )
    listing(
        ctx,
        "sources",
        summary=summary,
        table=Table(
            ctx.t(".sources.title"),
            (
                Column("name", ctx.t(".sources.name")),
                Column("arrives", ctx.t(".sources.state")),
                Column("period_to", ctx.t(".sources.last"), "date"),
                Column("trail", ctx.t(".sources.trail", n=TRAIL)),
                Column("missing", ctx.t(".sources.missing")),
                Column("held", ctx.t(".sources.held"), "share", "", 2),
                Column("rows_read", ctx.t(".sources.rows"), "number"),
                Column("loaded_at", ctx.t(".sources.loaded"), "time"),
            ),
            frame,
        ),
        about=[
            (answer.metric.label(ctx.lang), answer.metric.definition(ctx.lang))
            for answer in (missing, held)
        ],
    )


def _mark(is_there: bool | None) -> str:
    return "・" if is_there is None else "●" if is_there else "✕"


def reporting(ctx: Ctx) -> None:
    """Draw of each source and month the share of municipalities that have not reported."""
    assert ctx.period is not None
    period = ctx.period.of(ctx.period.end).trail(TRAIL)
    where = ctx.where(municipality=None, month=period)
    asked = ctx.metric("reporting_municipalities", by=("source", "month"), where=where)
    everyone = asked.reporters.of if asked.reporters else 0
    frame = asked.frame.dropna(subset=["value"])
    names = ctx.labels("source")
    frame = frame.assign(
        name=[str(names.get(source, source)) for source in frame["source"]],
        month=[as_date(month) for month in frame["month"]],
        lacking=1 - frame["value"] / everyone,
    )
    said = {
        (one.source, one.month): {
            "source": one.name,
            "month": fmt.month(one.month, ctx.lang),
            "n": fmt.number(one.value, 0, ctx.lang),
            "all": fmt.number(everyone, 0, ctx.lang),
            "share": fmt.share(1 - one.lacking, ctx.lang),
        }
        for one in rows(frame)
    }
    cells = [
        charts.Cell(
            one.source,
            f"{one.month:%Y-%m}",
            one.lacking,
            ctx.t(".reporting.hover", **said[one.source, one.month]),
        )
        for one in rows(frame)
    ]
    last = [words for (_, month), words in said.items() if month == period.end]
    summary = ctx.t("common.sentence_space").join(
        ctx.t(".reporting.summary", **one) for one in last
    )
    span = fmt.period(period.start, period.end, ctx.lang)
    title = ctx.t(".reporting.title", period=span)
    shown = dict(zip(frame["source"], frame["name"], strict=True))
    chart_block(
        ctx,
        "reporting",
        title=title,
        summary=summary or ctx.t(".reporting.none", month=fmt.month(period.end, ctx.lang)),
        figure=charts.heatmap(
            cells,
            rows={source: "\n".join(wrap(name, LABEL)) for source, name in shown.items()},
            columns={f"{month:%Y-%m}": str(month.month) for month in period},
            write=lambda share: fmt.parts(share, "share", 0, lang=ctx.lang).number,
            write_scale=lambda share: fmt.share(share, ctx.lang, decimals=0),
            missing=ctx.t(".reporting.missing"),
            missing_hover=ctx.t(".reporting.missing_hover"),
            target=HALF,
            height=theme.SMALL if len(shown) <= FEW else theme.MEDIUM,
        )
        if cells
        else None,
        table=Table(
            title,
            (
                Column("name", ctx.t(".sources.name")),
                Column("month", ctx.t(".reporting.month"), "month"),
                Column("value", ctx.t(".reporting.count"), "number"),
                Column("lacking", ctx.t(".reporting.share"), "share", "", 1),
            ),
            frame.sort_values(["month", "name"], ascending=[False, True]),
        ),
        answers=[asked],
    )
