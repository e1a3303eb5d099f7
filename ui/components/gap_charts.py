"""The charts of the gap page: fan of required and available, what drives the gap, where it lies."""

from __future__ import annotations

import pandas as pd

from demography.waterfall import PARTS
from ui import charts, theme
from ui import format as fmt
from ui.components.chart import chart_block, switch
from ui.components.context import Ctx
from ui.components.gap import Future, posts
from ui.export import Column, Table
from warehouse.query import Answer

LEVELS = (95, 80)
SIDES = ("required", "available")
BY = ("department", "category")
MOST = 15
"""Bars of one chart; the table holds all."""

NOTHING = 0.05
"""Parts that would be written as 0.0 are left out of the chart, not of the table."""


def yearly(ctx: Ctx, found: Future, title: str) -> Table:
    """The gap by year with all that belongs to it, as a table."""
    unit = ctx.t(".posts")

    def column(name: str, key: str, **said: int) -> Column:
        return Column(name, ctx.t(key, **said), "number", unit, 1)

    return Table(
        title,
        (
            Column("year", ctx.t(".fan.year"), "code"),
            column("required_fte", ".fan.required"),
            column("available_fte", ".fan.available"),
            column("gap_fte", ".fan.gap"),
            Column("gap_share", ctx.t(".fan.share"), "share", decimals=1),
            *(
                column(f"gap_{end}{level}", f".fan.{end}", level=level)
                for level in (80, 95)
                for end in ("low", "high")
            ),
            Column("interpolated", ctx.t(".fan.interpolated")),
        ),
        found.result.gap.sort_values("year").assign(
            interpolated=[
                ctx.t(".fan.between") if one else "" for one in found.result.gap["is_interpolated"]
            ]
        ),
    )


def fan(ctx: Ctx, found: Future, answers: list[Answer]) -> None:
    """Draw required and available posts with their intervals, and the gap between them."""
    gap = found.result.gap.sort_values("year")
    years = [int(year) for year in gap["year"]]
    last, then = gap.iloc[-1], found.then
    lines = [
        charts.Line(
            ctx.t(f".fan.{side}"),
            years,
            list(gap[f"{side}_fte"]),
            [
                ctx.t(
                    f".fan.hover_{side}",
                    year=int(one["year"]),
                    value=posts(ctx, one[f"{side}_fte"]),
                    low=posts(ctx, one[f"{side}_low80"]),
                    high=posts(ctx, one[f"{side}_high80"]),
                )
                for one in gap.to_dict("records")
            ],
            bands=[
                charts.Band(
                    f"{level}%", list(gap[f"{side}_low{level}"]), list(gap[f"{side}_high{level}"])
                )
                for level in LEVELS
            ],
            projected_from=years[0] + 1,
        )
        for side in SIDES
    ]
    word = "shortage" if last["gap_fte"] >= 0 else "surplus"
    title = ctx.t(".fan.title")
    chart_block(
        ctx,
        "fan",
        title=title,
        summary=ctx.t(
            ".fan.summary_now",
            base=years[0],
            now=posts(ctx, gap.iloc[0]["gap_fte"]),
            year=found.year,
        )
        if then is None
        else ctx.t(
            ".fan.summary",
            base=years[0],
            now=posts(ctx, gap.iloc[0]["gap_fte"]),
            year=found.year,
            then=posts(ctx, then["gap_fte"]),
            low=posts(ctx, then["gap_low95"]),
            high=posts(ctx, then["gap_high95"]),
        ),
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
            zero=False,
            shade_between=ctx.t(
                f".fan.{word}", value=fmt.number(abs(last["gap_fte"]), 0, ctx.lang)
            ),
        ),
        table=yearly(ctx, found, title),
        answers=answers,
    )


def drivers(ctx: Ctx, found: Future, answers: list[Answer]) -> None:
    """Draw the parts that the gap of the year is made of; they add up to it exactly."""
    title = ctx.t(".parts.title", year=found.year)
    parts = found.parts[found.parts["year"] == found.year].set_index("part")["fte"]
    parts = parts.reindex(list(PARTS)).dropna()
    named = [
        (ctx.t(f".parts.{name}", base=found.result.base_year), float(value))
        for name, value in parts.items()
    ]
    total = float(parts.sum())
    rows = [
        charts.Part(label, value, _said(ctx, label, value))
        for label, value in named
        if abs(value) >= NOTHING
    ]
    whole = ctx.t(".parts.total", year=found.year)
    grown = [(label, value) for label, value in named[1:] if abs(value) >= NOTHING]
    grown.sort(key=lambda one: -abs(one[1]))
    chart_block(
        ctx,
        "parts",
        title=title,
        summary=ctx.t(
            ".parts.summary",
            year=found.year,
            total=posts(ctx, total),
            parts=ctx.t(".parts.joined").join(
                ctx.t(
                    ".parts.adds" if value > 0 else ".parts.takes",
                    name=label,
                    value=posts(ctx, abs(value)),
                )
                for label, value in grown[:3]
            ),
        )
        if grown
        else ctx.t(".parts.nothing", year=found.year),
        figure=charts.waterfall(
            rows,
            charts.Part(whole, total, _said(ctx, whole, total)),
            write=lambda value: fmt.number(value, 0, ctx.lang, plus=value > 0),
        )
        if len(parts)
        else None,
        table=Table(
            title,
            (
                Column("part", ctx.t(".parts.part")),
                Column("fte", ctx.t(".parts.fte"), "number", ctx.t(".posts"), 1),
            ),
            pd.DataFrame([*named, (whole, total)], columns=["part", "fte"]),
        ),
        answers=answers,
    )


def _said(ctx: Ctx, label: str, value: float) -> str:
    key = ".parts.hover_adds" if value >= 0 else ".parts.hover_takes"
    return ctx.t(key, name=label, value=posts(ctx, abs(value)))


def by_work(ctx: Ctx, found: Future, answers: list[Answer]) -> None:
    """Draw posts required in the year, by department or category, with their change."""
    by = ctx.selection.switch("by")[1]
    title = ctx.t(f".work.title_{by}", year=found.year)
    base = found.result.base_year
    table = _now_and_then(found, by)
    names = ctx.labels("category") if by == "category" else {"": ctx.t(".work.unnamed")}
    table["name"] = [str(names.get(code, code)) for code in table.index]
    unit = ctx.t(".posts")
    items = [
        charts.Bar(
            row["name"],
            row["then"],
            ctx.t(
                ".work.hover",
                name=row["name"],
                year=found.year,
                value=posts(ctx, row["then"]),
                change=fmt.number(row["change"], 1, ctx.lang, plus=True),
                base=base,
            ),
            note=fmt.number(row["change"], 1, ctx.lang, plus=True),
        )
        for row in table.head(MOST).to_dict("records")
    ]
    chart_block(
        ctx,
        "work",
        title=title,
        controls=lambda: switch(ctx, "by"),
        summary=_most_changed(ctx, table, base),
        figure=charts.bars(
            items,
            write=lambda value: fmt.number(value, 1, ctx.lang),
            missing=ctx.t("common.state.nothing"),
        )
        if items
        else None,
        table=Table(
            title,
            (
                Column("name", ctx.t(f".work.{by}")),
                Column("now", ctx.t(".work.in_year", year=base), "number", unit, 1),
                Column("then", ctx.t(".work.in_year", year=found.year), "number", unit, 1),
                Column("change", ctx.t(".work.change"), "number", unit, 1),
            ),
            table,
        ),
        answers=answers,
    )


def _most_changed(ctx: Ctx, table: pd.DataFrame, base: int) -> str:
    """Say where work falls most; where none falls, where it grows most."""
    if table.empty:
        return ""
    ranked = table.sort_values("change")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    if least["change"] <= -NOTHING:
        key, shown = ".work.summary", least
    else:
        key, shown = ".work.summary_more", most
        if most["change"] < NOTHING:
            key = ".work.summary_same"
    change = fmt.number(shown["change"], 1, ctx.lang, plus=True)
    return ctx.t(key, name=shown["name"], base=base, change=change)


def _now_and_then(found: Future, by: str) -> pd.DataFrame:
    """Posts required in the base year (now) and the year asked for (then), largest first."""
    required = found.result.required
    both = [
        required[required["year"] == year].groupby(by)["fte"].sum()
        for year in (found.result.base_year, found.year)
    ]
    table = pd.concat(both, axis=1, keys=["now", "then"]).dropna()
    table["change"] = table["then"] - table["now"]
    return table.sort_values("then", ascending=False)


def comparison(ctx: Ctx, named: dict[str, Future], answers: list[Answer]) -> None:
    """Draw the gap of up to four scenarios over the years, and their figures side by side."""
    title = ctx.t(".compare.title")
    first = next(iter(named.values()))
    lines, rows = [], []
    for position, (name, one) in enumerate(named.items()):
        gap = one.result.gap.sort_values("year")
        lines.append(
            charts.Line(
                name,
                [int(year) for year in gap["year"]],
                list(gap["gap_fte"]),
                [
                    ctx.t(".compare.hover", name=name, year=int(year), value=posts(ctx, value))
                    for year, value in zip(gap["year"], gap["gap_fte"], strict=True)
                ],
                style=theme.style(position),
            )
        )
        then = one.then
        rows.append(
            {
                "scenario": name,
                **({} if then is None else then[_COMPARED].to_dict()),
                "needed": one.needed,
                "planned": one.planned,
                "hires": one.hires,
            }
        )
    unit = ctx.t(".posts")
    years = [int(year) for year in first.result.gap["year"]]
    known = [row for row in rows if row.get("gap_fte") is not None]
    worst = max(known, key=lambda row: row["gap_fte"]) if known else None
    best = min(known, key=lambda row: row["gap_fte"]) if known else None
    chart_block(
        ctx,
        "compare",
        title=title,
        summary=ctx.t(
            ".compare.summary",
            year=first.year,
            worst=worst["scenario"],
            most=posts(ctx, worst["gap_fte"]),
            best=best["scenario"],
            least=posts(ctx, best["gap_fte"]),
        )
        if worst and best
        else "",
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
        ),
        table=Table(
            title,
            (
                Column("scenario", ctx.t(".compare.scenario")),
                Column("required_fte", ctx.t(".fan.required"), "number", unit, 1),
                Column("available_fte", ctx.t(".fan.available"), "number", unit, 1),
                Column("gap_fte", ctx.t(".fan.gap"), "number", unit, 1),
                Column("gap_low80", ctx.t(".fan.low", level=80), "number", unit, 1),
                Column("gap_high80", ctx.t(".fan.high", level=80), "number", unit, 1),
                Column("planned", ctx.t(".compare.planned"), "share"),
                Column("needed", ctx.t(".compare.needed"), "share"),
                Column("hires", ctx.t(".compare.hires"), "number", ctx.t(".persons"), 1),
            ),
            pd.DataFrame(rows, columns=["scenario", *_COMPARED, "needed", "planned", "hires"]),
        ),
        answers=answers,
    )


_COMPARED = ["required_fte", "available_fte", "gap_fte", "gap_low80", "gap_high80"]
