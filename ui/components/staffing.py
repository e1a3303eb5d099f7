"""Staff to come: what the page on staff shows, from the release or from a model run anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ui import charts, theme
from ui import format as fmt
from ui.components import state
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.components.filters import Switch
from ui.export import Column, Table
from warehouse.query import Answer

RULES = ("fixed", "pool", "replacement")
SHARES = tuple(str(share) for share in range(0, 65, 5))
"""Per cent of routine paperwork that is gone by TARGET."""
HIRE, DX = Switch("hire", RULES), Switch("dx", SHARES)
TARGET = 2040
RETIRED = 65
LEVELS = (95, 80)


@dataclass(frozen=True)
class Future:
    """One projection, from the release or computed; `answers` are what it rests on.

    staff: year, age, kind, headcount. flow: year, hires, pool_20_24. gap: year, required_fte,
    available_fte, gap_fte, gap_low80, gap_high80, gap_low95, gap_high95; empty without a survey.
    """

    staff: pd.DataFrame
    flow: pd.DataFrame
    gap: pd.DataFrame
    answers: tuple[Answer, ...]

    @property
    def base(self) -> int:
        """Return the year that the projection starts from."""
        return int(self.staff["year"].min())

    def at(self, year: int) -> pd.Series | None:
        """Return the gap of one year, None where there is none."""
        rows = self.gap[self.gap["year"] == year]
        return None if rows.empty else rows.iloc[0]


def published(ctx: Ctx) -> Future:
    """Return the baseline as the release holds it."""

    def ask(name: str, by: tuple[str, ...] = ("year",)) -> Answer:
        return ctx.metric(name, by=by)

    staff = ask("staff_projected", ("year", "age", "kind"))
    hires, pool = ask("hires_projected"), ask("hiring_pool")
    required, available, gap = (
        ask("required_fte"),
        ask("available_fte"),
        ask("staff_gap_fte"),
    )
    flow = _named(hires, "hires").merge(_named(pool, "pool_20_24"), on="year", how="left")
    table = _named(gap, "gap_fte")
    bounds = {f"{end}{level}": f"gap_{end}{level}" for level in LEVELS for end in ("low", "high")}
    table = table.merge(gap.frame[["year", *bounds]].rename(columns=bounds), on="year")
    for name, one in (("required_fte", required), ("available_fte", available)):
        table = table.merge(_named(one, name), on="year", how="left")
    return Future(
        staff.frame.rename(columns={"value": "headcount"}),
        flow,
        table.dropna(subset=["gap_fte"]),
        (gap, required, available, staff, hires, pool),
    )


def _named(answer: Answer, name: str) -> pd.DataFrame:
    return answer.frame[["year", "value"]].rename(columns={"value": name})


def controls(ctx: Ctx) -> None:
    """Draw the two assumptions that a reader can change; both live in the URL."""
    with st.container(border=True, key="mado-assumptions"):
        st.html(f'<h2 class="mado-h2">{ctx.t(".control.title")}</h2>')
        left, right = st.columns(2)
        with left:
            st.select_slider(
                ctx.t(".control.dx"),
                SHARES,
                key=_hold(ctx, DX),
                format_func=lambda share: f"{share}%",
                on_change=_changed,
                args=(ctx.page, DX),
            )
        with right:
            st.selectbox(
                ctx.t(".control.hire"),
                RULES,
                key=_hold(ctx, HIRE),
                format_func=lambda rule: ctx.t(f".control.{rule}"),
                on_change=_changed,
                args=(ctx.page, HIRE),
            )
        st.caption(ctx.t(".control.changed" if is_changed(ctx) else ".control.baseline"))


def chosen(ctx: Ctx) -> tuple[str, float]:
    """Return the rule of hiring and the share (0–1) of routine paperwork that is gone."""
    return ctx.selection.switch("hire")[1], int(ctx.selection.switch("dx")[1]) / 100


def is_changed(ctx: Ctx) -> bool:
    """Tell whether a reader has left the baseline."""
    return chosen(ctx) != (RULES[0], 0.0)


def _hold(ctx: Ctx, switch: Switch) -> str:
    name = f"assume-{ctx.page}-{switch.key}"
    st.session_state[name] = ctx.selection.switch(switch.key)[1]
    return name


def _changed(page: str, switch: Switch) -> None:
    value = st.session_state[f"assume-{page}-{switch.key}"]
    state.choose(switch.key, None if value == switch.options[0] else value)


def posts(ctx: Ctx, value: float | None) -> str:
    """Write a number of posts with one decimal, without its unit."""
    return fmt.number(value, 1, ctx.lang)


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
            ticks=charts.year_ticks(years, ctx.lang),
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
        answers=future.answers,
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
                year=int(one.year),
                value=posts(ctx, one.gap_fte),
                low=posts(ctx, one.gap_low80),
                high=posts(ctx, one.gap_high80),
            )
            for one in gap.itertuples(index=False)
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
            ticks=charts.year_ticks(years, ctx.lang),
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
        answers=future.answers,
    )


def hires(ctx: Ctx, future: Future) -> None:
    """Draw hires and the population aged 20–24, both against their first year (= 100)."""
    flow = future.flow.sort_values("year").reset_index(drop=True)
    years = [int(year) for year in flow["year"]]
    base = years[0]
    lines = []
    for key, column in (("hires", "hires"), ("pool", "pool_20_24")):
        first = flow[column].iloc[0]
        flow[key] = flow[column] / first * 100 if first else None
        said = [
            ctx.t(
                f".hires.hover_{key}",
                year=int(one["year"]),
                base=base,
                value=posts(ctx, one[column])
                if key == "hires"
                else fmt.people(one[column], ctx.lang),
                index=fmt.number(one[key], 1, ctx.lang),
            )
            for one in flow.to_dict("records")
        ]
        lines.append(
            charts.Line(ctx.t(f".hires.{key}"), years, _values(flow[key]), said, projected_from=base + 1)
        )
    at = flow[flow["year"] == TARGET]
    index = {key: fmt.number(at[key].iloc[0] if len(at) else None, 0, ctx.lang) for key in ("hires", "pool")}
    known = flow["pool"].notna().any()
    title = ctx.t(".hires.title", base=base)
    chart_block(
        ctx,
        "hires",
        title=title,
        summary=ctx.t(".hires.summary" if known else ".hires.no_pool", year=TARGET, base=base, **index),
        figure=charts.lines(
            lines,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            ticks=charts.year_ticks(years, ctx.lang),
            target=charts.Target(100, ctx.t(".hires.base", base=base)),
        ),
        table=Table(
            title,
            (
                Column("year", ctx.t(".hires.year"), "code"),
                Column("hires", ctx.t(".hires.hires"), "number", decimals=1),
                Column("pool", ctx.t(".hires.pool"), "number", decimals=1),
                Column("persons", ctx.t(".hires.persons"), "number", ctx.t(".persons"), 1),
                Column("pool_20_24", ctx.t(".hires.pool_persons"), "number", ctx.t(".persons")),
            ),
            flow.assign(persons=future.flow.sort_values("year")["hires"].to_numpy()),
        ),
        answers=future.answers,
    )


def _values(column: Sequence[float]) -> list[float | None]:
    return [None if fmt.mark(value) else float(value) for value in column]
