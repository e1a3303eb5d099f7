"""2040年の人員ギャップ: how many posts will be missing, why, and what would close the gap."""

from __future__ import annotations

import streamlit as st

from demography import notes as sentences
from demography.cells import InputError
from demography.drivers import DriverError
from demography.scenario import ScenarioError
from ui.components import (
    Ctx,
    Switch,
    assumptions,
    figures,
    filters,
    gap_charts,
    gap_drivers,
    gap_saved,
    gap_workbook,
    notes,
    page_head,
    side_by_side,
    start,
    states,
    switch,
)
from ui.components import gap as model
from ui.components.method import methods
from warehouse import query

YEARS = ("2040", "2030", "2035", "2045", "2050")


def main() -> None:
    """Draw the page; what a reader's decision makes impossible is one line."""
    try:
        codes = assumptions.scenario_codes()
    except query.DecisionError as error:
        codes, trouble = assumptions.presets(), str(error)
    else:
        trouble = ""
    ctx = start(
        "future.gap",
        [
            filters.municipality("staff"),
            Switch("year", YEARS),
            Switch("by", gap_charts.BY),
            *assumptions.switches(codes),
            *gap_saved.compare_switches(codes),
        ],
    )
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "staff_age")
        return
    try:
        draw(ctx, codes, trouble)
    except (InputError, DriverError, ScenarioError, query.DecisionError) as error:
        page_head(ctx, None)
        states.notice(str(error))


def draw(ctx: Ctx, codes: tuple[str, ...], trouble: str) -> None:
    """Draw everything below the filters."""
    asked = model.inputs_of(ctx)
    scenario = assumptions.chosen(ctx, asked.inputs.base_year)
    year = int(ctx.selection.switch("year")[1])
    found = model.future(ctx, asked.inputs, scenario, year)
    staff, work, people = asked.answers
    page_head(ctx, model.answer(ctx, found), staff, also=[work])
    if trouble:
        states.notice(trouble)
    switch(ctx, "year")
    assumptions.panel(ctx, codes, scenario)
    figures.row(ctx, model.cards(ctx, found))
    codes_said = dict.fromkeys([*asked.inputs.notes[0], *found.result.notes])
    told = [sentences.note(code, ctx.lang) for code in codes_said]
    answers = [staff, work, people]
    if found.result.gap.empty:
        states.empty(ctx.lang, "workload_survey")
    else:
        gap_charts.fan(ctx, found, answers)
        if found.then is None:
            states.empty(ctx.lang, "ipss_r5_suikei")
        else:
            details(ctx, found, codes, answers)
        gap_workbook.workbook(ctx, found, told, answers)
    gap_saved.keep(ctx, scenario)
    if not asked.inputs.tasks.empty:
        gap_drivers.drivers(ctx, asked.inputs)
    methods(ctx, ["gap", "required", "available", "interval", "parts", "closing"])
    hours = asked.inputs.hours_per_fte if scenario.hours_per_fte is None else scenario.hours_per_fte
    own = [ctx.t(f".notes.{one}", hours=f"{hours:,.0f}") for one in ("posts", "interval", "sides")]
    notes(ctx, [*own, *told])


def details(
    ctx: Ctx, found: model.Future, codes: tuple[str, ...], answers: list[query.Answer]
) -> None:
    """Draw what the gap of the year is made of, and other scenarios beside it."""
    left, right = side_by_side()
    with left:
        gap_charts.drivers(ctx, found, answers)
    with right:
        gap_charts.by_work(ctx, found, answers[1:])
    compare(ctx, found, codes, answers)


def compare(
    ctx: Ctx, found: model.Future, codes: tuple[str, ...], answers: list[query.Answer]
) -> None:
    """Draw the scenario shown beside up to three others."""
    st.header(ctx.t(".compare.head"), anchor=False)
    others = gap_saved.compared(ctx, codes)
    inputs = model.inputs_of(ctx).inputs
    shown = assumptions.label(ctx, ctx.selection.switch(assumptions.BASE_KEY)[1])
    if assumptions.changed_keys(ctx):
        shown = ctx.t(".compare.changed", name=shown)
    named = {shown: found}
    for code in others:
        one = model.future(ctx, inputs, assumptions.named(code), found.year)
        named[assumptions.label(ctx, code)] = one
    gap_charts.comparison(ctx, named, answers)


main()
