"""2040年の人口: how many people of what age an area will have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from demography.cohorts import trace
from ui import format as fmt
from ui.components import (
    Ctx,
    Filter,
    Switch,
    figures,
    filters,
    notes,
    page_head,
    population,
    population_lines,
    start,
    states,
    switch,
)
from ui.components.population_lines import TARGET
from warehouse.query import Answer

KINDS = [
    *("prefecture", "designated_city", "ward", "special_ward"),
    *("city", "town_village", "hamadori"),
]
"""Every published area is offered, also those that overlap."""
REGIONAL = {"series": ["regional"]}
"""National projections and the resident register are other series, with other years and ages."""
AREAS = ("own", "prefecture", "nation")


def main() -> None:
    """Draw the page."""
    ctx = start(
        "future.population",
        [
            Filter(
                "m",
                "municipality",
                "population",
                optional=False,
                among={"area_kind": KINDS, **REGIONAL},
            ),
            Filter("projection", "projection", "population", optional=False, among=REGIONAL),
            Switch("area", AREAS),
            Switch("focus", population.FOCUS),
        ],
    )
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ipss_r5_suikei")
        return
    where, area = scope(ctx)
    total = ctx.metric("population", by=("year",), where=where)
    years = sorted(int(year) for year in total.frame["year"])
    found = population.ages(ctx, where)
    cards = [population_lines.card(ctx, total, ctx.t(".group.total"), years)]
    if found is None:
        cards.append(
            population_lines.card(ctx, total, ctx.t(".group.total"), years, year=years[-1])
        )
    else:
        groups = ctx.metric("population", by=("year", "age_group"), where=where)
        for group in ("15-64", "75+"):
            cards.append(
                population_lines.card(ctx, groups, ctx.t(f".group.{group}"), years, age_group=group)
            )
        pool = ctx.metric("population", by=("year",), where={**where, "age": 20})
        cards.append(population_lines.card(ctx, pool, ctx.t(".group.pool"), years))
    page_head(named(ctx, area), answer(ctx, total, area, years), total, narrow=False)
    filters.bar(ctx.selection, ctx.page, ctx.lang)
    if several(ctx):
        switch(ctx, "area")
    figures.row(ctx, cards)
    if found is None:
        population_lines.totals_only(ctx)
    else:
        population.pyramid(ctx, found, area)
    population_lines.index_lines(ctx, where, area, found is not None)
    if found is not None:
        cohorts = {
            key: trace(found.both, found.years, found.starts, first, last)
            for key, first, last in population.COHORTS
        }
        population_lines.cohort_lines(ctx, found, area, cohorts)
    shown = ["projection", "actual", *(["cohort", "open"] if found else [])]
    notes(ctx, [ctx.t(f".notes.{one}", base=years[0]) for one in shown])


def several(ctx: Ctx) -> bool:
    """Tell whether there is more than one area to add up."""
    return len(ctx.metric("population", by=("municipality",), where={}).frame) > 1


def named(ctx: Ctx, area: str) -> Ctx:
    """Return the context with the area shown in place of the municipality chosen."""
    items = [
        replace(item, labels={**item.labels, item.value: area}) if item.filter.key == "m" else item
        for item in ctx.selection.items
    ]
    return replace(ctx, selection=replace(ctx.selection, items=tuple(items)))


def scope(ctx: Ctx) -> tuple[dict[str, Any], str]:
    """Return the conditions of the area that the switch names, and its name."""
    chosen = ctx.selection.switch("area")[1] if several(ctx) else "own"
    where = ctx.where(without=["m"])
    if chosen == "nation":
        return where, ctx.t(".switch.area.nation")
    if chosen == "prefecture":
        own = ctx.metric("population", by=("prefecture",), where=ctx.where())
        code = own.frame["prefecture"].iloc[0]
        return {**where, "prefecture": code}, ctx.labels("prefecture").get(code, code)
    return ctx.where(), ctx.labels("municipality").get(ctx["m"], ctx["m"])


def answer(ctx: Ctx, total: Answer, area: str, years: list[int]) -> str | None:
    """Say how the number of people changes until TARGET."""
    now, then = population_lines.at(total, years[0]), population_lines.at(total, TARGET)
    if not now or then is None:
        return None
    word = "less" if then < now else "more" if then > now else "same"
    return ctx.t(
        f".answer.{word}",
        area=area,
        base=years[0],
        year=TARGET,
        now=fmt.people(now, ctx.lang),
        then=fmt.people(then, ctx.lang),
        change=fmt.share(abs(then / now - 1), ctx.lang),
    )


main()
