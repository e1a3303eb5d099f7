"""The charts of the page on the ages of staff."""

from __future__ import annotations

import pandas as pd

from demography.workforce import retirement_age
from ui import charts, theme
from ui import format as fmt
from ui.components.ageing import OLD, RISES, Ageing, persons
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.export import Column, Table

FIRST = RISES[0]
"""Flows begin here at the latest, so that every rise of the retirement age is on the axis."""


def pyramid(ctx: Ctx, found: Ageing) -> None:
    """Draw staff by age: the base year left, every year on a slider right."""
    ages, table = [int(age) for age in found.ages.index], found.ages
    old = [position for position, age in enumerate(ages) if age >= OLD]
    bands = [ctx.t(".pyramid.band", age=age) if age % 5 == 0 else "" for age in ages]

    def said(year: int) -> list[str]:
        return [
            ctx.t(".pyramid.hover", year=year, age=age, value=persons(ctx, value, 1))
            for age, value in table[year].items()
        ]

    base, name = found.base, ctx.t(".pyramid.year", year=found.base)
    now, hovers = list(table[base]), said(base)
    moments = [
        charts.Moment(
            charts.Layer(name, now, list(table[year]), hovers, said(year), old, old),
            ctx.t(".pyramid.year", year=year),
        )
        for year in found.years
    ]
    nobody: list[float | None] = [None] * len(ages)
    outline = charts.Layer(name, nobody, now, [""] * len(ages), hovers)
    title = ctx.t(".pyramid.title")
    chart_block(
        ctx,
        "ages",
        title=title,
        summary=ctx.t(
            ".pyramid.summary",
            base=base,
            year=found.year,
            now=persons(ctx, found.total(base)),
            then=persons(ctx, found.total(found.year)),
            share=fmt.share(found.share(base), ctx.lang),
            share_then=fmt.share(found.share(found.year), ctx.lang),
        ),
        figure=charts.pyramid_years(
            bands,
            moments,
            found.years.index(found.year),
            [outline],
            sides=(ctx.t(".pyramid.left", year=base), ctx.t(".pyramid.right")),
            write=lambda value: persons(ctx, value),
            words=charts.Words(
                ctx.t(".pyramid.shown"), ctx.t(".pyramid.play"), ctx.t(".pyramid.pause")
            ),
        ),
        table=_ages_table(ctx, found, title),
        answers=found.behind("staff_projected", "staff_share_50plus_projected"),
    )


def _ages_table(ctx: Ctx, found: Ageing, title: str) -> Table:
    """Make the table of the base year, the year asked for and every fifth year."""
    years = [year for year in found.years if year in (found.base, found.year) or year % 5 == 0]
    columns = [
        Column(f"y{year}", ctx.t(".pyramid.year", year=year), "number", ctx.t(".persons"), 1)
        for year in years
    ]
    frame = found.ages[years].rename(columns=lambda year: f"y{year}").reset_index()
    return Table(title, (Column("age", ctx.t(".pyramid.age"), "code"), *columns), frame)


LEFT = {
    "retirements": theme.CATEGORY[0],
    "others": theme.CATEGORY[1],
    "unknown": theme.OTHER,
}
"""Who leaves, from the bottom of a bar; `unknown` only where there is any."""


def flows(ctx: Ctx, found: Ageing) -> None:
    """Draw who leaves and who is hired in each fiscal year; years without retirement by age."""
    known = found.flow
    years = list(range(min(FIRST, int(known.index[0])), int(known.index[-1]) + 1))
    flow = known.reindex(years)
    parts = [
        charts.YearPart(
            ctx.t(f".flows.{name}"),
            fmt.known(flow[name]),
            [
                _left(ctx, found, year, name, value)
                for year, value in zip(years, fmt.known(flow[name]), strict=True)
            ],
            style,
        )
        for name, style in LEFT.items()
        if name != "unknown" or flow["unknown"].notna().any()
    ]
    hired = charts.Line(
        ctx.t(".flows.hires"),
        years,
        fmt.known(flow["hires"]),
        [
            _hired(ctx, found, year, value)
            for year, value in zip(years, fmt.known(flow["hires"]), strict=True)
        ],
        projected_from=found.base,
        style=theme.CATEGORY[3],
    )
    title = ctx.t(".flows.title")
    chart_block(
        ctx,
        "flows",
        title=title,
        summary=ctx.t(
            ".flows.summary",
            years=ctx.t("common.list_separator").join(str(year) for year in RISES),
            first=found.base,
            last=found.year - 1,
            left=persons(ctx, found.mean("retirements", "others"), 1),
            hires=persons(ctx, found.mean("hires"), 1),
        ),
        figure=charts.yearly(
            years,
            parts,
            hired,
            write=lambda value: persons(ctx, value),
            ticks=charts.year_ticks(years, most=7),
            projected_from=found.base,
            projected=ctx.t(".flows.projected"),
            marked=RISES,
            mark=ctx.t(".flows.mark"),
            missing=ctx.t(".flows.missing"),
        ),
        table=_flows_table(ctx, found, title),
        answers=found.behind(
            *("retirements_projected", "other_separations_projected", "hires_projected"),
            *("separations_recorded", "hires_recorded"),
        ),
    )


def _kind(ctx: Ctx, found: Ageing, year: int) -> str:
    return ctx.t(f".flows.{'recorded' if year < found.base else 'coming'}")


def _left(ctx: Ctx, found: Ageing, year: int, part: str, value: float | None) -> str:
    """Say how many left in a year as one part, of how many in all; whole persons as recorded."""
    decimals = 0 if year < found.base else 1
    whole = float(found.flow.reindex([year])[list(LEFT)].sum(axis=1).iloc[0])
    said = ctx.t(
        ".flows.hover_left",
        year=year,
        kind=_kind(ctx, found, year),
        name=ctx.t(f".flows.{part}"),
        value=persons(ctx, value, decimals),
        whole=persons(ctx, whole, decimals),
    )
    if year not in RISES:
        return said
    rise = ctx.t(".flows.hover_rise", age=retirement_age(year))
    return ctx.t("common.sentence_space").join([said, rise])


def _hired(ctx: Ctx, found: Ageing, year: int, value: float | None) -> str:
    return ctx.t(
        ".flows.hover_hires",
        year=year,
        kind=_kind(ctx, found, year),
        value=persons(ctx, value, 0 if year < found.base else 1),
    )


def _flows_table(ctx: Ctx, found: Ageing, title: str) -> Table:
    flow, unit, names = found.flow, ctx.t(".persons"), list(LEFT)
    if flow["unknown"].isna().all():
        names.remove("unknown")
    frame = flow.assign(
        year=flow.index,
        whole=flow[names].sum(axis=1, min_count=1),
        kind=[_kind(ctx, found, year) for year in flow.index],
        rise=[ctx.t(".flows.rises") if year in RISES else "" for year in flow.index],
    )
    columns = [
        Column("year", ctx.t(".flows.year"), "code"),
        *(Column(name, ctx.t(f".flows.{name}"), "number", unit, 1) for name in names),
        Column("whole", ctx.t(".flows.whole"), "number", unit, 1),
        Column("hires", ctx.t(".flows.hires"), "number", unit, 1),
        Column("kind", ctx.t(".flows.kind")),
        Column("rise", ctx.t(".flows.mark")),
    ]
    return Table(title, tuple(columns), frame)


def shares(ctx: Ctx, found: Ageing) -> None:
    """Draw the share of staff of OLD and over by year."""
    table = found.shares.assign(
        kind=[
            ctx.t(f".shares.{'recorded' if year <= found.base else 'coming'}")
            for year in found.shares["year"]
        ]
    )
    years = [int(year) for year in table["year"]]
    title = ctx.t(".shares.title")
    peak = table.sort_values("value").iloc[-1]
    line = charts.Line(
        ctx.t(".shares.name"),
        years,
        fmt.known(table["value"]),
        [
            ctx.t(".shares.hover", year=year, value=fmt.share(value, ctx.lang), kind=kind)
            for year, value, kind in zip(years, table["value"], table["kind"], strict=True)
        ],
        projected_from=found.base + 1,
    )
    chart_block(
        ctx,
        "shares",
        title=title,
        summary=ctx.t(
            ".shares.summary",
            base=found.base,
            year=found.year,
            now=fmt.share(found.share(found.base), ctx.lang),
            then=fmt.share(found.share(found.year), ctx.lang),
            peak=int(peak["year"]),
            most=fmt.share(peak["value"], ctx.lang),
        ),
        figure=charts.lines(
            [line],
            write=lambda value: fmt.share(value, ctx.lang, decimals=0),
            ticks=charts.year_ticks(years),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".shares.year"), "code"),
                Column("value", ctx.t(".shares.name"), "share", decimals=1),
                Column("kind", ctx.t(".flows.kind")),
            ),
            table,
        ),
        answers=found.behind("staff_share_50plus_projected", "staff_share_50plus"),
    )


HIRING = {"index_hires": "hires", "index_pool": "pool"}


def hires(ctx: Ctx, found: Ageing) -> None:
    """Draw hires and the population aged 20–24, both against the base year (= 100)."""
    flow = found.flow[found.flow.index >= found.base].copy()
    flow["year"] = flow.index
    years, base, lines = [int(year) for year in flow.index], found.base, []
    for key, column in HIRING.items():
        values = fmt.known(flow[column])
        first = values[0]
        indices = [one / first * 100 if first and one is not None else None for one in values]
        said = [
            ctx.t(
                f".hires.hover_{key}",
                year=year,
                base=base,
                value=persons(ctx, value, 1)
                if key == "index_hires"
                else fmt.people(value, ctx.lang),
                index=persons(ctx, index, 1),
            )
            for year, value, index in zip(years, values, indices, strict=True)
        ]
        flow[key] = pd.Series(indices, flow.index, dtype=float)
        lines.append(
            charts.Line(ctx.t(f".hires.{key}"), years, indices, said, projected_from=base + 1)
        )
    last = max(year for year in years if year <= found.year)
    index = {key: persons(ctx, float(flow[key][last])) for key in HIRING}
    known = flow["index_pool"].notna().any()
    title, unit = ctx.t(".hires.title", base=base), ctx.t(".persons")
    chart_block(
        ctx,
        "hires",
        title=title,
        summary=ctx.t(
            ".hires.summary" if known else ".hires.no_pool", year=last, base=base, **index
        ),
        figure=charts.lines(
            lines,
            write=lambda value: persons(ctx, value),
            ticks=charts.year_ticks(years),
            target=charts.Target(100, ctx.t(".hires.base", base=base)),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".flows.year"), "code"),
                Column("hires", ctx.t(".hires.persons"), "number", unit, 1),
                Column("pool", ctx.t(".hires.pool_persons"), "number", unit),
                Column("index_hires", ctx.t(".hires.index_hires"), "number", decimals=1),
                Column("index_pool", ctx.t(".hires.index_pool"), "number", decimals=1),
            ),
            flow,
        ),
        answers=found.behind("hires_projected", "hiring_pool"),
    )
