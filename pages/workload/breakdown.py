"""業務量の内訳: which department spends its hours on what, down to the task."""

from __future__ import annotations

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components import (
    Ctx,
    Filter,
    Table,
    chart_block,
    figures,
    filters,
    notes,
    page_head,
    start,
    states,
    workload,
)
from ui.components.layout import side_by_side
from warehouse.query import Answer

MOST = 12
"""Bars of a chart; the table holds the rest."""


def main() -> None:
    """Draw the page."""
    ctx = start(
        "workload.breakdown",
        [
            filters.municipality("workload_hours"),
            Filter("survey", "survey", "workload_hours", optional=False, newest=True),
            filters.department("workload_hours"),
        ],
    )
    hours = ctx.metric("workload_hours")
    if not hours.value:
        page_head(ctx, None)
        states.empty(ctx.lang, "workload_survey")
        return
    key = "task" if ctx["dept"] else "department"
    by_key = ctx.metric("workload_hours", by=(key, "category"))
    rows = workload.cross(ctx, by_key.frame, key, ctx.labels(key))
    clerical = ctx.metric("clerical_share")
    people = people_share(ctx, hours)
    page_head(ctx, answer(ctx, hours, clerical, people, rows), hours)
    cards = [figures.figure(ctx, hours), figures.figure(ctx, clerical)]
    title, help_ = ctx.t(".cards.people"), ctx.t(".cards.people_help")
    cards.append(figures.Figure(title, fmt.parts(people, "share", 1, lang=ctx.lang), help=help_))
    unit = "departments" if key == "department" else "tasks"
    count = len(rows)
    cards.append(
        figures.Figure(
            ctx.t(f".cards.{unit}"),
            fmt.parts(count, unit=ctx.t(f".cards.count_{unit}"), lang=ctx.lang),
        )
    )
    figures.row(ctx, cards)
    by_place(ctx, key, rows, by_key)
    left, right = side_by_side()
    with left:
        workload.by_category(ctx)
    with right:
        workload.by_kind(ctx)
    workload.task_list(ctx)
    notes(ctx, [ctx.t(f".notes.{one}") for one in ("groups", "people", "hours", "unit")])


def people_share(ctx: Ctx, hours: Answer) -> float:
    """Return the share of hours of the group 相談・訪問・企画."""
    frame = ctx.metric("workload_hours", by=("category_group",)).frame
    found = frame.loc[frame["category_group"] == "people_planning", "value"].sum()
    return float(found) / float(hours.value or 1)


def answer(ctx: Ctx, hours: Answer, clerical: Answer, people: float, rows: pd.DataFrame) -> str:
    """Say how much work there is, what share is routine, and where it is highest."""
    scope = ctx.labels("department")[ctx["dept"]] if ctx["dept"] else None
    said = ctx.t(
        ".answer.all",
        scope=scope or ctx.labels("municipality")[ctx["m"]],
        hours=fmt.number(hours.value, 0, ctx.lang),
        clerical=fmt.share(clerical.value, ctx.lang),
        people=fmt.share(people, ctx.lang),
    )
    if scope or len(rows) < 2:
        return said
    top = rows.sort_values("share_clerical").iloc[-1]
    share = fmt.share(top["share_clerical"], ctx.lang)
    space = ctx.t("common.sentence_space")
    return said + space + ctx.t(".answer.top", name=top["name"], share=share)


def by_place(ctx: Ctx, key: str, rows: pd.DataFrame, asked: Answer) -> None:
    """Draw the three groups of each department, or of each task of the one chosen."""
    texts = f".by_{key}"
    shown = rows.head(MOST)
    if key == "department":
        shown = shown.sort_values("share_clerical", ascending=False)
    high, low = shown.iloc[0], shown.iloc[-1]
    summary = ctx.t(
        f"{texts}.summary" if key == "task" or len(shown) > 1 else f"{texts}.single",
        name=high["name"],
        hours=fmt.number(high["hours"], 0, ctx.lang),
        share=fmt.share(high["share_clerical"], ctx.lang),
        high=high["name"],
        high_share=fmt.share(high["share_clerical"], ctx.lang),
        low=low["name"],
        low_share=fmt.share(low["share_clerical"], ctx.lang),
    )
    if len(rows) > MOST:
        summary += ctx.t("common.sentence_space") + ctx.t(".top", n=MOST, all=len(rows))
    title = ctx.t(f"{texts}.title", department=ctx.labels("department").get(ctx["dept"], ""))
    chart_block(
        ctx,
        key,
        title=title,
        summary=summary,
        figure=charts.share_bars(
            list(shown["name"]),
            workload.segments(ctx, shown),
            write=lambda share: fmt.share(share, ctx.lang, decimals=0),
            missing=ctx.t(".missing"),
        ),
        table=Table(title, workload.columns(ctx, ctx.t(f"{texts}.name")), rows),
        answers=[asked, ctx.metric("clerical_share", by=(key,))],
    )


main()
