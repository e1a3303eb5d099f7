"""Birth years followed through a projection, and the three generations beside quoted figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from demography.cohorts import GENERATIONS, QUOTED_PROJECTION, beside_quoted, trace
from ui import charts
from ui import format as fmt
from ui.components import state, states
from ui.components.chart import chart_block, table_block
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from ui.components.filters import Switch
from ui.export import Column, Table
from warehouse.query import Answer

DEFAULT = (1971, 1974)
_YEARS = tuple(str(year) for year in range(1920, 2051))
BORN = Switch("born", (str(DEFAULT[0]), *_YEARS))
UNTIL = Switch("until", (str(DEFAULT[1]), *_YEARS))
"""First and last year of birth, each with its default first."""
THEN = (2020, 2040)


@dataclass(frozen=True)
class Traced:
    """One group of birth years and what trace returns for it."""

    name: str
    born: tuple[int, int]
    frame: pd.DataFrame

    def at(self, year: int) -> dict[str, Any] | None:
        """Return the row of a year, None where the group is not complete or not told apart."""
        rows = self.frame[(self.frame["year"] == year) & self.frame["per_age"].notna()]
        return None if rows.empty else dict(rows.iloc[0])


@dataclass(frozen=True)
class Persons:
    """Persons (years, bands) of one area in one projection, and the answer that they are from."""

    answer: Answer
    values: np.ndarray
    years: list[int]
    starts: list[int]


def persons(ctx: Ctx, where: Mapping[str, Any]) -> Persons:
    """Return the persons of an area by year and age; years without ages are left out."""
    answer = ctx.metric("population", by=("year", "age"), where=where)
    frame = answer.frame.dropna(subset=["age", "value"])
    table = frame.pivot_table(index="year", columns="age", values="value", aggfunc="sum").dropna()
    years, starts = ([int(one) for one in axis] for axis in (table.index, table.columns))
    return Persons(answer, table.to_numpy(dtype=float), years, starts)


def chosen(ctx: Ctx) -> tuple[int, int]:
    """Return the first and last year of birth that the reader has chosen, in order."""
    first, last = (int(ctx.selection.switch(one.key)[1]) for one in (BORN, UNTIL))
    return min(first, last), max(first, last)


def births(ctx: Ctx) -> None:
    """Draw the two lists from which the reader chooses the years of birth."""
    with st.container(horizontal=True):
        for one, year in zip((BORN, UNTIL), chosen(ctx), strict=True):
            name = f"switch-{ctx.page}-{one.key}"
            st.session_state[name] = str(year)
            st.selectbox(
                ctx.t(f".births.{one.key}"),
                _YEARS,
                key=name,
                on_change=_changed,
                args=(one, name),
                width=180,
            )


def _changed(one: Switch, name: str) -> None:
    code = st.session_state[name]
    state.choose(one.key, None if code == one.options[0] else code)


def followed(ctx: Ctx, found: Persons) -> list[Traced]:
    """Trace the years chosen, then the generations that are others."""
    groups = {chosen(ctx): born_text(ctx, *chosen(ctx))}
    for one in GENERATIONS:
        born = (one.born_from, one.born_to)
        groups[born] = ctx.t(f".generation.{one.key}")
    return [
        Traced(name, born, trace(found.values, found.years, found.starts, *born))
        for born, name in groups.items()
    ]


def born_text(ctx: Ctx, first: int, last: int) -> str:
    """Write years of birth: 1971〜74年生まれ."""
    key = ".born_in" if first == last else ".born"
    return ctx.t(key, first=first, last=last)


def ages_text(ctx: Ctx, row: Mapping[Any, Any]) -> str:
    """Write the ages of a row: 46〜49歳."""
    key = ".age" if row["age_from"] == row["age_to"] else ".ages"
    return ctx.t(key, start=int(row["age_from"]), end=int(row["age_to"]))


def cards(ctx: Ctx, lead: Traced) -> list[Figure]:
    """Make the cards of the group chosen: persons per year of birth then, and all together."""
    made = []
    trend = tuple(fmt.known(lead.frame["per_age"]))
    now = lead.at(THEN[0])
    for year in THEN:
        row = lead.at(year)
        change: tuple[Change, ...] = ()
        if year != THEN[0] and row and now:
            share = fmt.share(row["per_age"] / now["per_age"] - 1, ctx.lang, plus=True)
            change = (Change(ctx.t(".since", year=THEN[0], change=share), "neutral"),)
        made.append(
            Figure(
                ctx.t(".card.per_age", year=year),
                fmt.parts(row["per_age"] if row else None, "people", lang=ctx.lang),
                note=ages_text(ctx, row) if row else "",
                changes=change,
                trend=trend if year == THEN[1] else (),
            )
        )
    row = lead.at(THEN[1])
    made.append(
        Figure(
            ctx.t(".card.all", year=THEN[1]),
            fmt.parts(row["population"] if row else None, "people", lang=ctx.lang),
        )
    )
    return made


def lines(ctx: Ctx, found: Persons, area: str, groups: list[Traced]) -> None:
    """Draw the persons per year of birth of each group over the years."""
    drawn, rows = [], []
    actual = found.answer.as_of
    for one in groups:
        rows.append(one.frame.assign(name=one.name, born=born_text(ctx, *one.born)))
        said = [
            ctx.t(
                ".lines.hover",
                name=one.name,
                year=row["year"],
                ages=ages_text(ctx, row),
                value=fmt.people(row["per_age"], ctx.lang),
            )
            for row in one.frame.to_dict("records")
        ]
        x = [int(year) for year in one.frame["year"]]
        start = int(actual) + 1 if isinstance(actual, int) else None
        y = fmt.known(one.frame["per_age"])
        drawn.append(charts.Line(one.name, x, y, said, projected_from=start))
    table = pd.concat(rows, ignore_index=True)
    table["ages"] = [ages_text(ctx, row) for row in table.to_dict("records")]
    table["kind"] = [ctx.t(f".lines.{'split' if one else 'exact'}") for one in table["is_split"]]
    parts = [
        ctx.t(".lines.part", name=one.name, value=fmt.people(row["per_age"], ctx.lang))
        for one in groups
        if (row := one.at(THEN[1]))
    ]
    unit = ctx.t("future.population.persons")
    title = ctx.t(".lines.title", area=area)
    chart_block(
        ctx,
        "cohorts",
        title=title,
        summary=ctx.t(
            ".lines.summary", year=THEN[1], parts=ctx.t("common.list_separator").join(parts)
        )
        if parts
        else ctx.t(".lines.none", year=THEN[1]),
        figure=charts.lines(
            drawn,
            write=lambda value: str(fmt.amount(value, "", ctx.lang)),
            ticks=charts.year_ticks(found.years),
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".lines.name")),
                Column("born", ctx.t(".lines.birth")),
                Column("year", ctx.t(".lines.year"), "code"),
                Column("ages", ctx.t(".lines.age")),
                Column("per_age", ctx.t(".lines.per_age"), "number", unit),
                Column("population", ctx.t(".lines.population"), "number", unit),
                Column("kind", ctx.t(".lines.kind")),
            ),
            table,
        ),
        answers=[found.answer],
        controls=lambda: births(ctx),
    )


def quoted(ctx: Ctx) -> None:
    """List the three generations as quoted, beside each national projection that is loaded."""
    loaded = ctx.metric(
        "population", by=("projection",), where={"series": "national", "age": [0]}
    ).frame["projection"]
    names = ctx.labels("projection")
    source = names[QUOTED_PROJECTION]
    if loaded.empty:
        states.notice(ctx.t(".quoted.none", source=source))
        return
    heads = _heads([str(names.get(code, code)) for code in loaded])
    table, answers, columns = pd.DataFrame(), [], []
    for code, head in zip(loaded, heads, strict=True):
        found = persons(ctx, {"projection": code})
        part = beside_quoted(found.values, found.years, found.starts)
        if table.empty:
            table = part
        table[f"per_age_{code}"] = part["per_age"]
        table[f"difference_{code}"] = part["difference"]
        answers.append(found.answer)
        columns += [
            Column(f"per_age_{code}", head, "number", ctx.t(".quoted.unit"), 1),
            Column(f"difference_{code}", ctx.t(".quoted.difference"), "share", decimals=1),
        ]
    table["name"] = [ctx.t(f".generation.{key}") for key in table["key"]]
    table["born"] = [
        born_text(ctx, row["born_from"], row["born_to"]) for row in table.to_dict("records")
    ]
    table["ages"] = [ages_text(ctx, row) for row in table.to_dict("records")]
    for column in ("births", "quoted", *(f"per_age_{code}" for code in loaded)):
        table[column] = table[column] / 10_000
    first = loaded.iloc[0]
    largest = max(
        table.fillna({f"difference_{first}": 0.0}).to_dict("records"),
        key=lambda row: abs(row[f"difference_{first}"]),
    )
    title = ctx.t(".quoted.title")
    table_block(
        ctx,
        "quoted",
        title=title,
        summary=ctx.t(
            ".quoted.summary",
            projection=names.get(first, first),
            source=source,
            name=largest["name"],
            year=largest["year"],
            difference=fmt.share(largest[f"difference_{first}"], ctx.lang, plus=True),
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".lines.name")),
                Column("year", ctx.t(".lines.year"), "code"),
                Column("ages", ctx.t(".lines.age")),
                Column("quoted", ctx.t(".quoted.quoted"), "number", ctx.t(".quoted.unit"), 1),
                *columns,
                Column("births", ctx.t(".quoted.births"), "number", ctx.t(".quoted.unit"), 1),
                Column("born", ctx.t(".lines.birth")),
            ),
            table,
        ),
        answers=answers,
    )


def _heads(names: list[str]) -> list[str]:
    """Leave out what stands in brackets, the variant, where the names still differ without it."""
    short = [name.split("（")[0].split(" (")[0] for name in names]
    return short if len(set(short)) == len(short) else names
