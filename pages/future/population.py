"""2040年の人口: how many people of what age an area will have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
    population_map,
    population_mirror,
    start,
    states,
    switch,
)
from ui.components.keys import chart_keys
from ui.components.method import methods
from ui.components.population_lines import TARGET
from warehouse.query import Answer

REGIONAL = {"series": ["regional"]}
"""National projections and the resident register are other series, with other years and ages."""


def main() -> None:
    """Draw the page."""
    placed = {"area_kind": population.KINDS, **REGIONAL}
    ctx = start(
        "future.population",
        [
            Filter("m", "municipality", "population", optional=False, among=placed),
            Filter("projection", "projection", "population", optional=False, among=REGIONAL),
            Switch("area", ("own", "prefecture", "nation")),
            Switch("focus", population.FOCUS),
            Switch("index", ("groups", "areas")),
            population_mirror.WITH,
        ],
    )
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ipss_r5_suikei")
        return
    areas = population.scopes(ctx)
    several = len(areas) > 1
    chosen = ctx.selection.switch("area")[1] if several else "own"
    area, where = areas[chosen]
    total = ctx.metric("population", by=("year",), where=where)
    years = sorted(int(year) for year in total.frame["year"])
    found = population.ages(ctx, where)
    page_head(named(ctx, area), answer(ctx, total, area, years), total, narrow=False)
    filters.bar(ctx.selection, ctx.page, ctx.lang)
    if several:
        switch(ctx, "area")
    figures.row(ctx, population_lines.cards(ctx, total, where, years, found is not None))
    if found is None:
        population_lines.totals_only(ctx)
    else:
        shape(ctx, population_mirror.Side(area, found), where, areas)
    compared = dict(areas.values()) if several else {}
    population_lines.index_lines(ctx, where, area, compared)
    if found is not None:
        population_lines.dependency_lines(ctx, where, area)
    population_map.prefectures(ctx, TARGET, years[0])
    methods(ctx, ("between", "index", "dependency") if found else ("index",))
    shown = ["projection", "actual", *(["between"] if found else [])]
    notes(ctx, [ctx.t(f".notes.{one}", base=years[0]) for one in shown])


def shape(
    ctx: Ctx,
    left: population_mirror.Side,
    where: dict[str, Any],
    areas: population.Areas,
) -> None:
    """Draw the pyramid, of men and women or of two populations back to back."""
    offered = population_mirror.options(ctx, where, areas)
    right = population_mirror.beside(ctx, offered, where, areas)

    def controls() -> None:
        population_mirror.choose(ctx, offered)
        switch(ctx, "focus")

    if right is None or not population_mirror.shared(left, right):
        population.pyramid(ctx, left.ages, left.name, controls)
    else:
        population_mirror.mirror(ctx, left, right, controls)
    chart_keys(ctx, "pyramid")


def named(ctx: Ctx, area: str) -> Ctx:
    """Return the context with the area shown in place of the municipality chosen."""
    items = [
        replace(item, labels={**item.labels, item.value: area}) if item.filter.key == "m" else item
        for item in ctx.selection.items
    ]
    return replace(ctx, selection=replace(ctx.selection, items=tuple(items)))


def answer(ctx: Ctx, total: Answer, area: str, years: list[int]) -> str | None:
    """Say how the number of people changes until TARGET."""
    now, then = population_lines.at(total, years[0]), population_lines.at(total, TARGET)
    if not now or then is None:
        return None
    word = "less" if then < now else "more" if then > now else "same"
    said = {"now": fmt.people(now, ctx.lang), "then": fmt.people(then, ctx.lang)}
    change = fmt.share(abs(then / now - 1), ctx.lang)
    return ctx.t(f".answer.{word}", area=area, base=years[0], year=TARGET, change=change, **said)


main()
