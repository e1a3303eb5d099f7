"""Cards and lines of the projected population, beside the pyramid of ui.components.population."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components import states
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from ui.components.population import COHORTS, Ages
from ui.export import Column, Table
from warehouse.query import Answer

TARGET = 2040
GROUPS = ("0-14", "15-64", "65-74", "75+")


def at(answer: Answer, year: int, **conditions: str) -> float | None:
    """Return the value of one year under conditions on other columns, None where there is none."""
    frame = answer.frame[answer.frame["year"] == year]
    for column, value in conditions.items():
        frame = frame[frame[column] == value]
    return None if frame.empty else float(frame["value"].iloc[0])


def card(
    ctx: Ctx, answer: Answer, label: str, years: list[int], year: int = TARGET, **conditions: str
) -> Figure:
    """Make the card of a population in one year, with its change since the base year."""
    now, then = at(answer, years[0], **conditions), at(answer, year, **conditions)
    change = then / now - 1 if now and then is not None else None
    against = ctx.t(".since", base=years[0], change=fmt.share(change, ctx.lang, plus=True))
    return Figure(
        ctx.t(".in_year", label=label, year=year),
        fmt.parts(then, "people", lang=ctx.lang),
        help=answer.metric.definition(ctx.lang),
        changes=(Change(against, "neutral"),),
        trend=tuple(at(answer, one, **conditions) for one in years),
    )


def index_lines(ctx: Ctx, where: Mapping[str, Any], area: str, with_ages: bool) -> None:
    """Draw the total and the age groups against their base year (= 100)."""
    total = ctx.metric("population_index", by=("year",), where=where)
    answers, frames = [total], {"total": total.frame}
    if with_ages:
        groups = ctx.metric("population_index", by=("year", "age_group"), where=where)
        answers.append(groups)
        for group in GROUPS:
            frames[group] = groups.frame[groups.frame["age_group"] == group]
    years = sorted(int(year) for year in total.frame["year"])
    lines, table = [], pd.DataFrame({"year": years})
    columns = [Column("year", ctx.t(".index.year"), "code")]
    for key, frame in frames.items():
        name = ctx.t(f".group.{key}")
        values = dict(zip(frame["year"].astype(int), frame["value"], strict=True))
        y = fmt.known(values.get(year) for year in years)
        said = [
            ctx.t(".index.hover", year=year, name=name, value=fmt.number(v, 1, ctx.lang))
            for year, v in zip(years, y, strict=True)
        ]
        lines.append(charts.Line(name, years, y, said, projected_from=years[0] + 1))
        table[key] = y
        columns.append(Column(key, name, "number", decimals=1))
    last = table[table["year"] == 2040] if 2040 in years else table.tail(1)
    title = ctx.t(".index.title", area=area, base=years[0])
    chart_block(
        ctx,
        "index",
        title=title,
        summary=ctx.t(
            ".index.summary" if with_ages else ".index.summary_total",
            base=years[0],
            year=int(last["year"].iloc[0]),
            **{
                name: fmt.number(last[key].iloc[0] if key in last else None, 1, ctx.lang)
                for name, key in (("total", "total"), ("work", "15-64"), ("old", "75+"))
            },
        ),
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
            target=charts.Target(100, ctx.t(".index.base", base=years[0])),
            zero=False,
        ),
        table=Table(title, tuple(columns), table),
        answers=answers,
    )


def cohort_lines(ctx: Ctx, found: Ages, area: str, cohorts: Mapping[str, pd.DataFrame]) -> None:
    """Draw how many of each cohort there are for each year of birth, and list them.

    cohorts: for each of COHORTS, by its key, what demography.cohorts.trace returns.
    """
    lines, rows = [], []
    for key, first, last in COHORTS:
        traced = cohorts[key]
        name = ctx.t(f".cohort.{key}")
        rows.append(traced.assign(name=name, born=ctx.t(".cohort.born", first=first, last=last)))
        said = [
            ctx.t(
                ".cohort.hover",
                name=name,
                year=one["year"],
                ages=ctx.t(".cohort.ages", start=one["age_from"], end=one["age_to"]),
                value=fmt.people(one["per_age"], ctx.lang),
            )
            for one in traced.to_dict("records")
        ]
        lines.append(
            charts.Line(
                name,
                [int(year) for year in traced["year"]],
                fmt.known(traced["per_age"]),
                said,
                projected_from=found.years[0] + 1,
            )
        )
    table = pd.concat(rows, ignore_index=True)
    table["ages"] = [
        ctx.t(".cohort.ages", start=one.age_from, end=one.age_to)
        for one in table.itertuples(index=False)
    ]
    known = table[(table["year"] == 2040) & table["per_age"].notna()]
    parts = [
        ctx.t(".cohort.part", name=one["name"], value=fmt.people(one["per_age"], ctx.lang))
        for one in known.to_dict("records")
    ]
    persons = ctx.t(".persons")
    title = ctx.t(".cohort.title", area=area)
    chart_block(
        ctx,
        "cohorts",
        title=title,
        summary=ctx.t(".cohort.summary", parts=ctx.t("common.list_separator").join(parts)),
        figure=charts.lines(
            lines,
            write=lambda value: str(fmt.amount(value, "", ctx.lang)),
            ticks=charts.year_ticks(found.years),
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".cohort.name")),
                Column("born", ctx.t(".cohort.birth")),
                Column("year", ctx.t(".index.year"), "code"),
                Column("ages", ctx.t(".cohort.age")),
                Column("per_age", ctx.t(".cohort.per_age"), "number", persons),
                Column("population", ctx.t(".cohort.population"), "number", persons),
            ),
            table,
        ),
        answers=[found.answer],
    )


def totals_only(ctx: Ctx) -> None:
    """Say why there is no pyramid, and which file would bring one."""
    states.notice(ctx.t(".totals_only"))
