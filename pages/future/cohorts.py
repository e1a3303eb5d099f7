"""世代を追う: how many people of chosen birth years there will be, and how old they are then."""

from __future__ import annotations

from ui import format as fmt
from ui.components import Ctx, Filter, cohorts, figures, notes, page_head, start, states
from ui.components.cohorts import BORN, THEN, UNTIL
from ui.components.context import NATION
from ui.components.method import methods
from ui.components.population import KINDS

AGED = {"age": [0]}
"""Projections and areas with ages alone: each of them has the age 0."""


def main() -> None:
    """Draw the page."""
    ctx = start(
        "future.cohorts",
        [
            Filter(
                "projection",
                "projection",
                "population",
                optional=False,
                among={**AGED, "series": ["regional", "national"]},
            ),
            Filter(
                "m",
                "municipality",
                "population",
                optional=False,
                among={**AGED, "area_kind": [*KINDS, "nation"]},
            ),
            BORN,
            UNTIL,
        ],
    )
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "ipss_r5_suikei")
        cohorts.quoted(ctx)
        return
    area = ctx.labels("municipality").get(ctx["m"], ctx["m"])
    # The nation as projected for itself has no code of a municipality to ask by.
    found = cohorts.persons(ctx, ctx.where(without=["m"] if ctx["m"] == NATION else []))
    groups = cohorts.followed(ctx, found)
    page_head(ctx, answer(ctx, area, groups[0]), found.answer)
    figures.row(ctx, cohorts.cards(ctx, groups[0]))
    cohorts.lines(ctx, found, area, groups)
    cohorts.quoted(ctx)
    methods(ctx, ("trace", "quoted"))
    notes(ctx, [ctx.t(f".notes.{one}") for one in ("projection", "age", "open")])


def answer(ctx: Ctx, area: str, lead: cohorts.Traced) -> str:
    """Say how many of the years chosen there are then, for each year of birth."""
    born = cohorts.born_text(ctx, *lead.born)
    now, then = (lead.at(year) for year in THEN)
    if now and then:
        return ctx.t(
            ".answer.both",
            area=area,
            born=born,
            year=THEN[0],
            target=THEN[1],
            ages=cohorts.ages_text(ctx, now),
            ages_then=cohorts.ages_text(ctx, then),
            now=fmt.people(now["per_age"], ctx.lang),
            then=fmt.people(then["per_age"], ctx.lang),
        )
    row, year = (then, THEN[1]) if then else (now, THEN[0])
    if row is None:
        return ctx.t(".answer.none", area=area, born=born, year=THEN[0], target=THEN[1])
    ages, value = cohorts.ages_text(ctx, row), fmt.people(row["per_age"], ctx.lang)
    return ctx.t(".answer.one", area=area, born=born, year=year, ages=ages, value=value)


main()
