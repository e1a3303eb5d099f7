"""Hours of work by category, cut into three groups: what the pages on workload share."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ui import charts, theme
from ui import format as fmt
from ui.components.chart import chart_block, table_block
from ui.components.context import Ctx
from ui.export import Column, Table
from warehouse import query
from warehouse.query import Answer

MOST = 16
"""Bars of a chart; the table holds the rest."""
GROUPS = ("clerical", "people_planning", "other")
"""Groups of the 18 categories, in the order of every bar."""
STYLES = {
    "clerical": theme.CATEGORY[0],
    "people_planning": theme.CATEGORY[1],
    "other": theme.OTHER,
}


def categories(ctx: Ctx) -> pd.DataFrame:
    """Return the 18 categories in their order: category, label, category_group."""
    frame = query.reference("category").sort_values("position")
    return frame.assign(label=frame[f"label_{ctx.lang}"])[["category", "label", "category_group"]]


def cross(ctx: Ctx, frame: pd.DataFrame, key: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Turn hours by `key` × category into one row per key, the most hours first.

    Columns: key, name, hours, `share_` of each of GROUPS (of the row's hours; missing where there
    are none), and one column of hours for each category.
    """
    order = categories(ctx)
    known = frame[frame[key].notna() & frame["value"].notna()]
    wide = known.pivot_table(index=key, columns="category", values="value", aggfunc="sum")
    wide = wide.reindex(columns=list(order["category"])).fillna(0.0)
    table = pd.DataFrame({"hours": wide.sum(axis=1)})
    for group in GROUPS:
        members = list(order.loc[order["category_group"] == group, "category"])
        table[f"share_{group}"] = wide[members].sum(axis=1) / table["hours"].where(
            table["hours"] > 0
        )
    table = table.join(wide).sort_values("hours", ascending=False).reset_index()
    return table.assign(name=[names.get(value, str(value)) for value in table[key]])


def columns(ctx: Ctx, first: str) -> tuple[Column, ...]:
    """Return the columns of a `cross`; `first` is the header of the names."""
    hours = ctx.t("workload.hours")
    return (
        Column("name", first),
        Column("hours", ctx.t("workload.total"), "number", hours),
        *(
            Column(f"share_{group}", ctx.labels("category_group")[group], "share", decimals=1)
            for group in GROUPS
        ),
        *(
            Column(one["category"], one["label"], "number", hours)
            for one in categories(ctx).to_dict("records")
        ),
    )


def segments(ctx: Ctx, table: pd.DataFrame) -> list[charts.Segment]:
    """Return the three groups of a `cross` as parts of bars, with their hover sentences."""
    found = []
    for group in GROUPS:
        name = ctx.labels("category_group")[group]
        hover = [
            ctx.t(
                "workload.hover",
                name=row["name"],
                group=name,
                share=fmt.share(row[f"share_{group}"], ctx.lang),
                hours=fmt.number(row[f"share_{group}"] * row["hours"], 0, ctx.lang),
            )
            for row in table.to_dict("records")
        ]
        found.append(charts.Segment(name, fmt.known(table[f"share_{group}"]), hover, STYLES[group]))
    return found


def posts_text(ctx: Ctx, hours: float | None) -> str:
    """Write hours as the number of full-time posts that they fill in a year."""
    return fmt.number((hours or 0) / ctx.release.config["annual_hours_per_fte"], 0, ctx.lang)


def hours_text(ctx: Ctx, hours: float | None) -> fmt.Parts:
    """Write hours a year: in 万 from 100,000 on, where single hours say nothing any more."""
    unit = ctx.t("workload.hours")
    if hours is None or hours < 100_000:
        return fmt.parts(hours, "number", 0, unit, ctx.lang)
    return fmt.amount(hours, unit, ctx.lang)


def by_place(ctx: Ctx, key: str, rows: pd.DataFrame, asked: Answer) -> None:
    """Draw the three groups of each department, or of each task of the one chosen."""
    texts = f".by_{key}"
    shown = rows.head(MOST)
    if key == "department":
        shown = shown.sort_values("share_clerical", ascending=False)
    ranked = rows.sort_values("share_clerical", ascending=False) if key == "department" else rows
    high, low = ranked.iloc[0], ranked.iloc[-1]
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
            segments(ctx, shown),
            write=lambda share: fmt.share(share, ctx.lang, decimals=0),
            missing=ctx.t(".missing"),
        ),
        table=Table(title, columns(ctx, ctx.t(f"{texts}.name")), rows),
        answers=[asked, ctx.metric("clerical_share", by=(key,))],
    )


def by_category(ctx: Ctx) -> None:
    """Draw the 18 categories by their share of hours; the routine ones are dark."""
    hours = ctx.metric("workload_hours", by=("category",))
    share = ctx.metric("workload_share", by=("category",))
    total = hours.frame[["category", "value"]].rename(columns={"value": "hours"})
    frame = categories(ctx).merge(share.frame[["category", "value"]], how="left")
    # A survey that names no hours of a category says that there are none.
    frame = frame.merge(total, how="left").fillna({"value": 0.0, "hours": 0.0})
    frame = frame.assign(
        group=[ctx.labels("category_group")[one] for one in frame["category_group"]],
    ).sort_values("value", ascending=False, na_position="last")
    items = [
        charts.Bar(
            one["label"],
            value,
            ctx.t(
                ".by_category.hover",
                name=one["label"],
                hours=fmt.number(one["hours"], 0, ctx.lang),
                share=fmt.share(value, ctx.lang),
            ),
            emphasised=one["category_group"] == "clerical",
        )
        for one, value in zip(frame.to_dict("records"), fmt.known(frame["value"]), strict=True)
    ]
    top = frame.iloc[0]
    chart_block(
        ctx,
        "category",
        title=ctx.t(".by_category.title"),
        summary=ctx.t(
            ".by_category.summary", name=top["label"], share=fmt.share(top["value"], ctx.lang)
        ),
        figure=charts.bars(
            items,
            write=lambda value: fmt.share(value, ctx.lang),
            missing=ctx.t(".missing"),
        ),
        table=Table(
            ctx.t(".by_category.title"),
            (
                Column("label", ctx.t(".by_category.name")),
                Column("value", ctx.t(".by_category.share"), "share", decimals=1),
                Column("hours", ctx.t("workload.total"), "number", ctx.t("workload.hours")),
                Column("group", ctx.t(".by_category.group")),
            ),
            frame,
        ),
        answers=[share, hours],
    )


def by_kind(ctx: Ctx) -> None:
    """Draw the three groups for each kind of staff: who does the routine work."""
    asked = ctx.metric("workload_hours", by=("staff_kind", "category"))
    rows = cross(ctx, asked.frame, "staff_kind", ctx.labels("staff_kind"))
    regular = rows.loc[rows["staff_kind"] == "regular", "share_clerical"]
    chart_block(
        ctx,
        "kind",
        title=ctx.t(".by_kind.title"),
        summary=ctx.t(".by_kind.summary", share=fmt.share(regular.iloc[0], ctx.lang))
        if len(regular)
        else ctx.t(".by_kind.none"),
        figure=charts.share_bars(
            list(rows["name"]),
            segments(ctx, rows),
            write=lambda share: fmt.share(share, ctx.lang, decimals=0),
            missing=ctx.t(".missing"),
        ),
        table=Table(ctx.t(".by_kind.title"), columns(ctx, ctx.t(".by_kind.name")), rows),
        answers=[asked],
    )


def task_list(ctx: Ctx) -> None:
    """List every task with hours, share of routine work and, where known, minutes per case."""
    keys = ["department", "section", "task"]
    tasks = ctx.metric("workload_hours", by=keys)
    clerical = ctx.metric("clerical_share", by=keys)
    unit = ctx.metric("unit_minutes", by=keys)
    frame = tasks.frame.rename(columns={"value": "hours"})
    for name, one in (("clerical", clerical), ("unit_minutes", unit)):
        values = one.frame[[*keys, "value"]].rename(columns={"value": name})
        frame = frame.merge(values, on=keys, how="left")
    frame = frame.sort_values("hours", ascending=False)
    for key in keys:
        names = ctx.labels(key)
        frame[key] = [names.get(v, v) if isinstance(v, str) else "" for v in frame[key]]
    top = frame.iloc[0]
    hours = fmt.number(top["hours"], 0, ctx.lang)
    table_block(
        ctx,
        "tasks",
        title=ctx.t(".tasks.title"),
        summary=ctx.t(".tasks.summary", name=top["task"], hours=hours),
        table=Table(
            ctx.t(".tasks.title"),
            (
                Column("task", ctx.t(".tasks.task")),
                Column("hours", ctx.t(".tasks.hours"), "number", ctx.t("workload.hours")),
                Column("clerical", ctx.t(".tasks.clerical"), "share", decimals=1),
                Column(
                    "unit_minutes",
                    ctx.t(".tasks.unit_minutes"),
                    "number",
                    ctx.t(".tasks.minutes"),
                    1,
                ),
                Column("department", ctx.t(".tasks.department")),
                Column("section", ctx.t(".tasks.section")),
            ),
            frame,
        ),
        answers=[tasks, clerical, unit],
    )
