"""Staff to come: what the page on staff shows, from the release or from a model run anew."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.components import state
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from ui.components.filters import Switch
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

    def behind(self, *metrics: str) -> list[Answer]:
        """Return the answers of these metrics, all where the projection was computed anew."""
        found = [answer for name in metrics for answer in self.answers if answer.metric.id == name]
        return found or list(self.answers)

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


def cards(ctx: Ctx, future: Future) -> list[Figure]:
    """Make the cards of posts required, filled and missing in TARGET."""
    then, now, unit = future.at(TARGET), future.at(future.base), ctx.t(".posts")
    if then is None or now is None:
        return []
    found = []
    for key in ("required", "available"):
        change = fmt.share(then[f"{key}_fte"] / now[f"{key}_fte"] - 1, ctx.lang, plus=True)
        since = Change(ctx.t(".cards.since", base=future.base, change=change), "neutral")
        value = fmt.parts(then[f"{key}_fte"], "number", 1, unit, ctx.lang)
        found.append(Figure(ctx.t(f".cards.{key}", year=TARGET), value, changes=(since,)))
    low, high = (posts(ctx, then[f"gap_{end}80"]) for end in ("low", "high"))
    value = fmt.parts(then["gap_fte"], "number", 1, unit, ctx.lang)
    note = ctx.t(".cards.interval", low=low, high=high)
    return [*found, Figure(ctx.t(".cards.gap", year=TARGET), value, note=note)]
