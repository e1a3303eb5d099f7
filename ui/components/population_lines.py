"""Cards and lines of the projected population, below the pyramid of ui.components.population."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components import states
from ui.components.chart import chart_block, switch
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from ui.export import Column, Table
from warehouse.query import Answer

TARGET = 2040
GROUPS = ("0-14", "15-64", "65-74", "75+")
RATIOS = ("dependency_ratio", "old_age_dependency", "youth_dependency")


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


def cards(
    ctx: Ctx, total: Answer, where: Mapping[str, Any], years: list[int], with_ages: bool
) -> list[Figure]:
    """Make the cards: the total, and the groups that cause work or are hired; else the last year.

    total: the population by year under `where`.
    """
    made = [card(ctx, total, ctx.t(".group.total"), years)]
    if not with_ages:
        return [*made, card(ctx, total, ctx.t(".group.total"), years, year=years[-1])]
    groups = ctx.metric("population", by=("year", "age_group"), where=where)
    for group in ("15-64", "75+"):
        made.append(card(ctx, groups, ctx.t(f".group.{group}"), years, age_group=group))
    pool = ctx.metric("population", by=("year",), where={**where, "age": 20})
    return [*made, card(ctx, pool, ctx.t(".group.pool"), years)]


def index_lines(
    ctx: Ctx, where: Mapping[str, Any], area: str, areas: Mapping[str, Mapping[str, Any]]
) -> None:
    """Draw the population against its base year (= 100), by age group or beside other areas.

    areas: name and conditions of the areas to compare; empty where there is one alone. Which of
    the two is drawn is the switch `index`.
    """
    groups = ctx.metric("population_index", by=("year", "age_group"), where=where)
    kinds = [one for one in GROUPS if one in set(groups.frame["age_group"].dropna())]
    both = bool(areas) and bool(kinds)
    by_area = bool(areas) and (not kinds or ctx.selection.switch("index")[1] == "areas")
    answers: dict[str, Answer] = {}
    series: dict[str, tuple[str, pd.DataFrame]] = {}
    if by_area:
        for name, conditions in areas.items():
            answers[name] = ctx.metric("population_index", by=("year",), where=conditions)
            series[name] = (name, answers[name].frame)
    else:
        answers["total"] = ctx.metric("population_index", by=("year",), where=where)
        series["total"] = (ctx.t(".group.total"), answers["total"].frame)
        if kinds:
            answers["groups"] = groups
        for one in kinds:
            rows = groups.frame[groups.frame["age_group"] == one]
            series[one] = (ctx.t(f".group.{one}"), rows)
    years, base = _years(series)
    at_year = TARGET if TARGET in years else years[-1]
    values = {key: dict(zip(f["year"], f["value"], strict=True)) for key, (_, f) in series.items()}
    parts = [
        ctx.t(".index.part", name=name, value=fmt.number(values[key].get(at_year), 1, ctx.lang))
        for key, (name, _) in series.items()
    ]
    _lines(
        ctx,
        "index",
        title=ctx.t(f".index.title{'_areas' if by_area else ''}", area=area, base=base),
        summary=ctx.t(
            ".index.summary",
            base=base,
            year=at_year,
            parts=ctx.t("common.list_separator").join(parts),
        ),
        series=series,
        answers=list(answers.values()),
        target=charts.Target(100, ctx.t(".index.base", base=base)),
        hover=".index.hover",
        controls=(lambda: switch(ctx, "index")) if both else None,
    )


def dependency_lines(ctx: Ctx, where: Mapping[str, Any], area: str) -> None:
    """Draw the three dependency ratios."""
    answers = {one: ctx.metric(one, by=("year",), where=where) for one in RATIOS}
    series = {
        one: (answer.metric.label(ctx.lang), answer.frame.dropna(subset=["value"]))
        for one, answer in answers.items()
    }
    years, base = _years(series)
    at_year = TARGET if TARGET in years else years[-1]
    old = answers["old_age_dependency"]
    _lines(
        ctx,
        "dependency",
        title=ctx.t(".dependency.title", area=area),
        summary=ctx.t(
            ".dependency.summary",
            base=base,
            year=at_year,
            now=fmt.number(at(old, base), 1, ctx.lang),
            then=fmt.number(at(old, at_year), 1, ctx.lang),
        ),
        series=series,
        answers=list(answers.values()),
        target=None,
        hover=".dependency.hover",
        controls=None,
    )


def _years(series: Mapping[str, tuple[str, pd.DataFrame]]) -> tuple[list[int], int]:
    years = sorted({int(year) for _, frame in series.values() for year in frame["year"]})
    return years, years[0]


def _lines(
    ctx: Ctx,
    key: str,
    *,
    title: str,
    summary: str,
    series: Mapping[str, tuple[str, pd.DataFrame]],
    answers: list[Answer],
    target: charts.Target | None,
    hover: str,
    controls: Callable[[], object] | None,
) -> None:
    """Draw lines over the years with the table behind them; series: key → name and frame."""
    years, base = _years(series)
    lines, table = [], pd.DataFrame({"year": years})
    columns = [Column("year", ctx.t(".index.year"), "code")]
    for one, (name, frame) in series.items():
        values = dict(zip(frame["year"].astype(int), frame["value"], strict=True))
        y = fmt.known(values.get(year) for year in years)
        said = [
            ctx.t(hover, year=year, name=name, value=fmt.number(v, 1, ctx.lang))
            for year, v in zip(years, y, strict=True)
        ]
        lines.append(charts.Line(name, years, y, said, projected_from=base + 1))
        table[one] = y
        columns.append(Column(one, name, "number", decimals=1))
    chart_block(
        ctx,
        key,
        title=title,
        summary=summary,
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years),
            target=target,
            zero=target is None,
        ),
        table=Table(title, tuple(columns), table),
        answers=answers,
        controls=controls,
    )


def totals_only(ctx: Ctx) -> None:
    """Say why there is no pyramid, and which file would bring one."""
    states.notice(ctx.t(".totals_only"))
