"""業務量の内訳: which department spends its hours on what, down to the task."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ui import format as fmt
from ui.components import (
    Ctx,
    Filter,
    figures,
    filters,
    notes,
    page_head,
    start,
    states,
    workload,
)
from ui.components.figures import Figure
from ui.components.layout import side_by_side
from warehouse.query import Answer


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
    people = ctx.metric("workload_share", where=ctx.where(category_group="people_planning"))
    page_head(ctx, answer(ctx, hours, clerical, people, rows), hours)
    figures.row(ctx, cards(ctx, hours, clerical, people, key, len(rows)))
    if len(rows):
        workload.by_place(ctx, key, rows, by_key)
    left, right = side_by_side()
    with left:
        workload.by_category(ctx)
    with right:
        workload.by_kind(ctx)
    workload.task_list(ctx)
    year = fmt.number(ctx.release.config["annual_hours_per_fte"], 0, ctx.lang)
    notes(
        ctx, [ctx.t(f".notes.{one}", hours=year) for one in ("groups", "people", "hours", "unit")]
    )


def cards(
    ctx: Ctx, hours: Answer, clerical: Answer, people: Answer, key: str, count: int
) -> list[Figure]:
    """Make the cards: how much work, two shares, how many departments or tasks."""
    size = Figure(
        hours.metric.label(ctx.lang),
        workload.hours_text(ctx, hours.value),
        note=ctx.t(".cards.posts", posts=workload.posts_text(ctx, hours.value)),
        help=hours.metric.definition(ctx.lang),
    )
    talk = replace(
        figures.figure(ctx, people), label=ctx.t(".cards.people"), help=ctx.t(".cards.people_help")
    )
    unit = ctx.t(f".cards.{key}.unit")
    places = Figure(ctx.t(f".cards.{key}.label"), fmt.parts(count, unit=unit, lang=ctx.lang))
    return [size, figures.figure(ctx, clerical), talk, places]


def answer(ctx: Ctx, hours: Answer, clerical: Answer, people: Answer, rows: pd.DataFrame) -> str:
    """Say how much work there is, what share is routine, and where it is highest."""
    scope = ctx.labels("department").get(ctx["dept"], ctx["dept"])
    said = ctx.t(
        ".answer.all",
        scope=scope or ctx.labels("municipality").get(ctx["m"], ctx["m"]),
        hours=workload.hours_text(ctx, hours.value),
        posts=workload.posts_text(ctx, hours.value),
        clerical=fmt.share(clerical.value, ctx.lang),
        people=fmt.share(people.value, ctx.lang),
    )
    if scope or len(rows) < 2:
        return said
    top = rows.sort_values("share_clerical").iloc[-1]
    share = fmt.share(top["share_clerical"], ctx.lang)
    space = ctx.t("common.sentence_space")
    return said + space + ctx.t(".answer.top", name=top["name"], share=share)


main()
