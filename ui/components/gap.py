"""The staffing gap on its page: what it is computed from, computed, and said in sentences."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from demography import closing, gap
from demography.asked import Asked, Lists, asked
from demography.inputs import GapInputs
from demography.scenario import Scenario
from demography.scenario_file import to_mapping
from demography.waterfall import waterfall
from ui import format as fmt
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from warehouse import query
from warehouse.query import Answer

CLERICAL = "clerical"


@dataclass(frozen=True)
class Future:
    """One municipality under one scenario.

    result: as computed. parts: year, part, fte. needed, planned: share of clerical work that has
    to go, and that goes in the scenario; hires: a year, that would close the gap; None where that
    is not known or nothing closes it.
    """

    scenario: Scenario
    result: gap.GapResult
    parts: pd.DataFrame
    year: int
    needed: float | None
    planned: float | None
    hires: float | None

    def at(self, year: int) -> pd.Series | None:
        """The gap of one year, None where there is none."""
        rows = self.result.gap[self.result.gap["year"] == year]
        return None if rows.empty else rows.iloc[0]

    @property
    def then(self) -> pd.Series | None:
        """The gap of the year asked for."""
        return self.at(self.year)


def inputs_of(ctx: Ctx) -> Asked:
    """What the model starts from; remembered by release, municipality and decisions."""
    changes = query.driver_changes(ctx["m"])
    return _inputs(ctx.release.name, ctx["m"], changes.to_json(), ctx, changes)


@st.cache_data(max_entries=16, show_spinner=False)
def _inputs(
    release: str, municipality: str, decided: str, _ctx: Ctx, _changes: pd.DataFrame
) -> Asked:
    def ask(metric: str, by: Sequence[str], where: Mapping[str, Any] | None = None) -> Answer:
        return _ctx.metric(metric, by, where={"municipality": municipality, **(where or {})})

    lists = Lists(
        query.reference("category"),
        query.reference("driver"),
        _changes,
        query.life_table(_ctx.release),
        query.population_assumptions(_ctx.release),
        query.tested_projections(_ctx.release),
        query.workforce_rates(_ctx.release),
        _ctx.release.config["annual_hours_per_fte"],
    )
    return asked(ask, lists)


def future(ctx: Ctx, inputs: GapInputs, scenario: Scenario, year: int) -> Future:
    """Run the model; remembered by release, municipality, decisions, scenario and year."""
    told = json.dumps(to_mapping(scenario), ensure_ascii=False, sort_keys=True)
    decided = query.driver_changes(ctx["m"]).to_json()
    return _future(ctx.release.name, ctx["m"], decided, told, year, inputs, scenario)


@st.cache_data(max_entries=64, show_spinner=False)
def _future(
    release: str,
    municipality: str,
    decided: str,
    told: str,
    year: int,
    _inputs: GapInputs,
    _scenario: Scenario,
) -> Future:
    result = gap.project(_inputs, _scenario)
    known = not result.gap.empty and year in set(result.gap["year"])
    needed = planned = hires = None
    if known:
        found = closing.automation_to_close(_inputs, _scenario, year, CLERICAL)
        needed, planned = _first(found.needed), _first(found.planned)
        hires = _first(closing.hires_to_close(_inputs, _scenario, year))
    return Future(_scenario, result, waterfall(_inputs, _scenario), year, needed, planned, hires)


def _first(values: Any) -> float | None:
    value = float(values[0])
    return None if pd.isna(value) else value


def posts(ctx: Ctx, value: float | None) -> str:
    """Write a number of posts with one decimal, without its unit."""
    return fmt.number(value, 1, ctx.lang)


def answer(ctx: Ctx, found: Future) -> str | None:
    """Say how many posts are missing, how sure that is, and what would close it."""
    then = found.then
    if then is None:
        return ctx.t(
            ".answer.no_survey" if found.result.gap.empty else ".answer.no_population",
            year=found.year,
        )
    low, high = (posts(ctx, then[f"gap_{end}80"]) for end in ("low", "high"))
    said = ctx.t(
        ".answer.short" if then["gap_fte"] > 0 else ".answer.enough",
        year=found.year,
        required=posts(ctx, then["required_fte"]),
        available=posts(ctx, then["available_fte"]),
        gap=posts(ctx, abs(then["gap_fte"])),
        low=low,
        high=high,
    )
    space = ctx.t("common.sentence_space")
    return space.join([said, *conditions(ctx, found)])


def conditions(ctx: Ctx, found: Future) -> list[str]:
    """What would close the gap, in one sentence; nothing where nothing is missing."""
    then = found.then
    if then is None or then["gap_fte"] <= 0 or found.needed is None:
        return []
    words = {
        "year": found.year,
        "gap": posts(ctx, then["gap_fte"]),
        "share": needed_text(ctx, found.needed),
    }
    if found.needed > 1:
        return [ctx.t(".answer.not_by_clerical", **words)]
    return [ctx.t(".answer.by_clerical", **words)]


def needed_text(ctx: Ctx, share: float) -> str:
    """A share that closes the gap as whole per cent, rounded up: less of it would not do."""
    return fmt.share(_up(share), ctx.lang, decimals=0)


def _up(share: float) -> float:
    return math.ceil(round(share * 100, 6)) / 100


def cards(ctx: Ctx, found: Future) -> list[Figure]:
    """The cards: required, available, missing, and the two ways to close it."""
    then, now, unit = found.then, found.at(found.result.base_year), ctx.t(".posts")
    if then is None or now is None:
        return []
    shown = []
    for key in ("required", "available"):
        change = fmt.share(then[f"{key}_fte"] / now[f"{key}_fte"] - 1, ctx.lang, plus=True)
        since = Change(ctx.t(".cards.since", base=found.result.base_year, change=change), "neutral")
        value = fmt.parts(then[f"{key}_fte"], "number", 1, unit, ctx.lang)
        shown.append(Figure(ctx.t(f".cards.{key}", year=found.year), value, changes=(since,)))
    low, high = (posts(ctx, then[f"gap_{end}80"]) for end in ("low", "high"))
    value = fmt.parts(then["gap_fte"], "number", 1, unit, ctx.lang)
    note = ctx.t(".cards.interval", low=low, high=high)
    shown.append(Figure(ctx.t(".cards.gap", year=found.year), value, note=note))
    shown.append(_closing_card(ctx, found))
    return shown


def _closing_card(ctx: Ctx, found: Future) -> Figure:
    """Clerical work to save; below it the hires that would do the same."""
    if found.needed is None or found.needed <= 0:
        return Figure(
            ctx.t(".cards.close", year=found.year), fmt.parts(0.0, "share", 0, "%", ctx.lang)
        )
    planned = ctx.t(".cards.planned", share=fmt.share(found.planned, ctx.lang, decimals=0))
    note = planned
    if found.hires is not None:
        note = ctx.t(
            ".cards.hires",
            planned=planned,
            hires=fmt.number(math.ceil(round(found.hires, 6)), 0, ctx.lang),
        )
    return Figure(
        ctx.t(".cards.close", year=found.year),
        fmt.parts(_up(found.needed), "share", 0, "%", ctx.lang),
        note=note,
    )
