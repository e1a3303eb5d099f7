"""The charts of the page on staff to come."""

from __future__ import annotations

from ui import charts, theme
from ui import format as fmt
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.staffing import LEVELS, RETIRED, TARGET, Future, posts
from ui.export import Column, Table


def levels(ctx: Ctx, future: Future) -> None:
    """Draw posts required and available with the gap between them."""
    gap = future.gap.sort_values("year")
    years = [int(year) for year in gap["year"]]
    last = gap.iloc[-1]
    lines = [
        charts.Line(
            ctx.t(f".levels.{key}"),
            years,
            [float(v) for v in gap[f"{key}_fte"]],
            [
                ctx.t(f".levels.hover_{key}", year=year, value=posts(ctx, v))
                for year, v in zip(years, gap[f"{key}_fte"], strict=True)
            ],
            projected_from=years[0] + 1,
        )
        for key in ("required", "available")
    ]
    word = "gap" if last["gap_fte"] >= 0 else "surplus"
    title = ctx.t(".levels.title")
    unit = ctx.t(".posts")
    chart_block(
        ctx,
        "levels",
        title=title,
        summary=_summary(ctx, future, ".levels.summary"),
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
            zero=False,
            shade_between=ctx.t(
                f".levels.{word}", value=fmt.number(abs(last["gap_fte"]), 0, ctx.lang)
            ),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".levels.year"), "code"),
                Column("required_fte", ctx.t(".levels.required"), "number", unit, 1),
                Column("available_fte", ctx.t(".levels.available"), "number", unit, 1),
                Column("gap_fte", ctx.t(".fan.name"), "number", unit, 1),
            ),
            gap,
        ),
        answers=future.behind("required_fte", "available_fte", "staff_gap_fte"),
    )


def _summary(ctx: Ctx, future: Future, key: str) -> str:
    then, now = future.at(TARGET), future.at(future.base)
    if then is None:
        return ""
    return ctx.t(
        key,
        base=future.base,
        year=TARGET,
        now=posts(ctx, None if now is None else now["gap_fte"]),
        then=posts(ctx, then["gap_fte"]),
        **{
            f"{end}{'' if level == 80 else level}": posts(ctx, then[f"gap_{end}{level}"])
            for level in LEVELS
            for end in ("low", "high")
        },
    )


def fan(ctx: Ctx, future: Future) -> None:
    """Draw the gap with its 80 % and 95 % intervals."""
    gap = future.gap.sort_values("year")
    years = [int(year) for year in gap["year"]]
    line = charts.Line(
        ctx.t(".fan.name"),
        years,
        [float(v) for v in gap["gap_fte"]],
        [
            ctx.t(
                ".fan.hover",
                year=int(one["year"]),
                value=posts(ctx, one["gap_fte"]),
                low=posts(ctx, one["gap_low80"]),
                high=posts(ctx, one["gap_high80"]),
            )
            for one in gap.to_dict("records")
        ],
        bands=[
            charts.Band(f"{level}%", list(gap[f"gap_low{level}"]), list(gap[f"gap_high{level}"]))
            for level in LEVELS
        ],
        projected_from=years[0] + 1,
        style=theme.CATEGORY[0],
    )
    unit, title = ctx.t(".posts"), ctx.t(".fan.title")
    bounds = [
        Column(f"gap_{end}{level}", ctx.t(f".fan.{end}", level=level), "number", unit, 1)
        for level in (80, 95)
        for end in ("low", "high")
    ]
    chart_block(
        ctx,
        "fan",
        title=title,
        summary=_summary(ctx, future, ".fan.summary"),
        figure=charts.lines(
            [line],
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".levels.year"), "code"),
                Column("gap_fte", ctx.t(".fan.name"), "number", unit, 1),
                *bounds,
            ),
            gap,
        ),
        answers=future.behind("staff_gap_fte"),
    )


def hires(ctx: Ctx, future: Future) -> None:
    """Draw hires and the population aged 20–24, both against their first year (= 100)."""
    flow = future.flow.sort_values("year").reset_index(drop=True)
    years = [int(year) for year in flow["year"]]
    base, lines = years[0], []
    for key, column in HIRING.items():
        first = flow[column].iloc[0]
        flow[key] = flow[column] / first * 100 if first else None
        said = [
            ctx.t(
                f".hires.hover_{key}",
                year=int(one["year"]),
                base=base,
                value=_persons(ctx, column, one[column]),
                index=fmt.number(one[key], 1, ctx.lang),
            )
            for one in flow.to_dict("records")
        ]
        name = ctx.t(f".hires.{key}")
        lines.append(charts.Line(name, years, fmt.known(flow[key]), said, projected_from=base + 1))
    at = flow[flow["year"] == TARGET]
    index = {key: fmt.number(at[key].iloc[0] if len(at) else None, 0, ctx.lang) for key in HIRING}
    known = flow["index_pool"].notna().any()
    title, persons = ctx.t(".hires.title", base=base), ctx.t(".persons")
    chart_block(
        ctx,
        "hires",
        title=title,
        summary=ctx.t(
            ".hires.summary" if known else ".hires.no_pool", year=TARGET, base=base, **index
        ),
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
            target=charts.Target(100, ctx.t(".hires.base", base=base)),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".hires.year"), "code"),
                Column("hires", ctx.t(".hires.persons"), "number", persons, 1),
                Column("pool_20_24", ctx.t(".hires.pool_persons"), "number", persons),
                Column("index_hires", ctx.t(".hires.index_hires"), "number", decimals=1),
                Column("index_pool", ctx.t(".hires.index_pool"), "number", decimals=1),
            ),
            flow,
        ),
        answers=future.behind("hires_projected", "hiring_pool"),
    )


HIRING = {"index_hires": "hires", "index_pool": "pool_20_24"}


def _persons(ctx: Ctx, column: str, value: float) -> str:
    return posts(ctx, value) if column == "hires" else fmt.people(value, ctx.lang)


def pyramid(ctx: Ctx, future: Future) -> None:
    """Draw regular and rehired staff by age, the base year left and TARGET right."""
    staff = future.staff[future.staff["kind"].isin(["regular", "rehired"])]
    table = (
        staff[staff["year"].isin([future.base, TARGET])]
        .pivot_table(index="age", columns="year", values="headcount", aggfunc="sum")
        .reindex(columns=[future.base, TARGET])
    )
    ages = range(int(table.index.min()), int(table.index.max()) + 1)
    table = table.reindex(ages).fillna(0.0)
    now, then = table[future.base], table[TARGET]
    old = RETIRED - (TARGET - future.base)
    leaving = now[now.index >= old].sum()
    title = ctx.t(".pyramid.title", base=future.base, year=TARGET)

    def hover(year: int) -> list[str]:
        return [
            ctx.t(".pyramid.hover", year=year, age=age, value=posts(ctx, value))
            for age, value in table[year].items()
        ]

    def side(year: int) -> str:
        total = fmt.number(table[year].sum(), 0, ctx.lang)
        return ctx.t(".pyramid.now", year=year, total=total)

    chart_block(
        ctx,
        "ages",
        title=title,
        summary=ctx.t(
            ".pyramid.summary",
            base=future.base,
            year=TARGET,
            old=old,
            count=fmt.number(leaving, 0, ctx.lang),
            share=fmt.share(leaving / now.sum() if now.sum() else None, ctx.lang),
        ),
        figure=charts.pyramid(
            [ctx.t(".pyramid.band", age=age) if age % 5 == 0 else "" for age in ages],
            charts.Layer(
                title,
                list(now),
                list(then),
                hover(future.base),
                hover(TARGET),
                dark_left=[i for i, age in enumerate(ages) if age >= old],
            ),
            sides=(side(future.base), side(TARGET)),
            write=lambda value: fmt.number(value, 0, ctx.lang),
        ),
        table=Table(
            title,
            (
                Column("age", ctx.t(".pyramid.age"), "code"),
                *(
                    Column(
                        f"y{year}",
                        ctx.t(".pyramid.column", year=year),
                        "number",
                        ctx.t(".persons"),
                        1,
                    )
                    for year in (future.base, TARGET)
                ),
            ),
            table.rename(columns=lambda year: f"y{year}").reset_index(),
        ),
        answers=future.behind("staff_projected"),
    )
