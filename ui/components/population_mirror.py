"""Two populations back to back: two areas by share of their people, two projections by persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ui import charts
from ui import format as fmt
from ui.components import state
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.filters import Entry
from ui.components.population import KINDS, Ages, Areas, ages, band, mark, words, write, year_text
from ui.export import Column, Table

WITH = Entry("with")
"""What stands on the right: `a:<wider area>`, `m:<code>` or `p:<projection>`."""
REGIONAL = {"series": ["regional"]}


@dataclass(frozen=True)
class Side:
    """One half: its name and its ages."""

    name: str
    ages: Ages


def options(ctx: Ctx, where: Mapping[str, Any], areas: Areas) -> dict[str, str]:
    """Return code → name of everything that can stand beside the area; "" for nothing."""
    found = {"": ctx.t(".mirror.none")}
    other = {key: value for key, value in where.items() if key != "projection"}
    names = ctx.labels("projection")
    for one in ctx.metric(
        "population", by=("projection",), where={**other, **REGIONAL, "age": [0]}
    ).frame["projection"]:
        if one != ctx["projection"]:
            found[f"p:{one}"] = ctx.t(".mirror.projection", name=names.get(one, one))
    for key, (name, conditions) in areas.items():
        if conditions != where:
            found[f"a:{key}"] = name
    places = ctx.labels("municipality")
    listed = {"projection": ctx["projection"], "area_kind": KINDS, "age": [0]}
    for code in ctx.metric("population", by=("municipality",), where=listed).frame["municipality"]:
        if code != ctx["m"]:  # which is among the areas
            found[f"m:{code}"] = str(places.get(code, code))
    return found


def choose(ctx: Ctx, offered: Mapping[str, str]) -> None:
    """Draw the list of what can stand on the right."""
    if len(offered) < 2:
        return
    name = f"switch-{ctx.page}-{WITH.key}"
    code = ctx.selection.entries[WITH.key]
    st.session_state[name] = code if code in offered else ""

    def changed() -> None:
        state.choose(WITH.key, st.session_state[name] or None)

    st.selectbox(
        ctx.t(".mirror.label"),
        list(offered),
        key=name,
        format_func=lambda one: offered[one],
        on_change=changed,
        width=320,
    )


def beside(
    ctx: Ctx, offered: Mapping[str, str], where: Mapping[str, Any], areas: Areas
) -> Side | None:
    """Return what the reader has put on the right; None where nothing, or it has no ages."""
    code = ctx.selection.entries[WITH.key]
    if not code or code not in offered:
        return None
    kind, _, value = code.partition(":")
    asked = {**where, "projection": value}
    if kind == "a":
        asked = areas[value][1]
    elif kind == "m":
        asked = ctx.where(without=["m"], municipality=value)
    found = ages(ctx, asked)
    return None if found is None else Side(offered[code], found)


def shared(left: Side, right: Side) -> list[int]:
    """Return the years that both sides have, in order."""
    return [year for year in left.ages.years if year in right.ages.years]


def mirror(ctx: Ctx, left: Side, right: Side, controls: Any) -> None:
    """Draw both sides year by year, over the years that they share, of which there are some."""
    by_share = not ctx.selection.entries[WITH.key].startswith("p:")
    years = shared(left, right)
    bands = min(len(left.ages.starts), len(right.ages.starts))
    shorter = left.ages if len(left.ages.starts) == bands else right.ages
    focus = int(ctx.selection.switch("focus")[1])
    year = min(years, key=lambda one: abs(one - focus))

    def values(side: Side, one: int) -> np.ndarray:
        """Persons or shares by band; the open band is that of the side with fewer bands."""
        persons = np.array(side.ages.of("both", one))
        folded = np.append(persons[: bands - 1], persons[bands - 1 :].sum())
        return folded / persons.sum() if by_share else folded

    def text(value: float) -> str:
        return fmt.share(value, ctx.lang) if by_share else fmt.people(value, ctx.lang)

    def layer(one: int) -> charts.Layer:
        made = [values(side, one) for side in (left, right)]
        said = [
            [
                ctx.t(
                    ".mirror.hover",
                    name=side.name,
                    year=year_text(ctx, side.ages, one),
                    band=band(ctx, shorter, i),
                    value=text(value),
                )
                for i, value in enumerate(row)
            ]
            for side, row in zip((left, right), made, strict=True)
        ]
        return charts.Layer(
            year_text(ctx, left.ages, one), list(made[0]), list(made[1]), said[0], said[1]
        )

    layers = [layer(one) for one in years]
    size = max(float(np.max([*one.left, *one.right])) for one in layers)
    unit = ctx.t(".mirror.share") if by_share else ctx.t(".persons")
    span = {"base": years[0], "last": years[-1]}
    title = ctx.t(".mirror.title", left=left.name, right=right.name, unit=unit, **span)
    rows = [
        (one, band(ctx, shorter, i), a, b)
        for one, drawn in zip(years, layers, strict=True)
        for i, (a, b) in enumerate(zip(drawn.left, drawn.right, strict=True))
    ]
    kind, decimals = ("share", 2) if by_share else ("number", 0)
    chart_block(
        ctx,
        "pyramid",
        title=title,
        summary=ctx.t(
            ".mirror.summary",
            year=year,
            left=left.name,
            right=right.name,
            at_left=fmt.share(left.ages.aged(year), ctx.lang),
            at_right=fmt.share(right.ages.aged(year), ctx.lang),
        ),
        figure=charts.pyramid_years(
            [band(ctx, shorter, i) for i in range(bands)],
            [
                charts.Moment(drawn, mark(ctx, left.ages, one))
                for one, drawn in zip(years, layers, strict=True)
            ],
            years.index(year),
            sides=(left.name, right.name),
            write=(lambda value: fmt.share(value, ctx.lang, decimals=0))
            if by_share
            else write(size, ctx.lang),
            words=words(ctx),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".index.year"), "code"),
                Column("band", ctx.t(".pyramid.band"), "code"),
                Column("left", left.name, kind, unit, decimals),  # type: ignore[arg-type]
                Column("right", right.name, kind, unit, decimals),  # type: ignore[arg-type]
            ),
            pd.DataFrame(rows, columns=["year", "band", "left", "right"]),
        ),
        answers=[left.ages.answer, right.ages.answer],
        controls=controls,
        legend=[ctx.t(".pyramid.keys")],
    )
