"""職員の年齢構成: how old staff are, who retires by when, and whom to hire from."""

from __future__ import annotations

from math import isnan

import streamlit as st

from demography import notes as sentences
from demography.cells import InputError
from demography.drivers import DriverError
from ui.components import (
    Ctx,
    ageing,
    ageing_charts,
    figures,
    filters,
    notes,
    page_head,
    start,
    states,
    switch,
)
from ui.components.ageing import YEAR, Ageing
from ui.components.gap import inputs_of
from ui.components.keys import chart_keys
from ui.components.layout import side_by_side
from ui.components.method import methods
from warehouse import query

ABOUT_STAFF = ("hires_recorded", "own_rates", "pooled_rates", "default_rates")
"""What there is to know of the projection of staff, among the notes of the model's inputs."""


def main() -> None:
    """Draw the page."""
    ctx = start("future.staff", [filters.municipality("staff"), YEAR])
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "staff_age")
        return
    staff = ctx.metric("staff", where=ctx.where(kind=list(ageing.KINDS)))
    found = ageing.ageing(ctx)
    if found is None:
        page_head(ctx, None, staff)
        states.notice(ctx.t(".no_regular"))
        return
    page_head(ctx, ageing.answer(ctx, found), staff)
    switch(ctx, YEAR.key)
    figures.row(ctx, ageing.cards(ctx, found))
    ageing_charts.pyramid(ctx, found)
    chart_keys(ctx, "ages")
    left, right = side_by_side()
    with left:
        ageing_charts.flows(ctx, found)
    with right:
        ageing_charts.hires(ctx, found)
    with st.expander(ctx.t(".shares.open")):
        ageing_charts.shares(ctx, found)
    methods(ctx, ("projection", "retirement", "pool"))
    notes(ctx, remarks(ctx, found))


def remarks(ctx: Ctx, found: Ageing) -> list[str]:
    """Say what is counted, what is recorded, and where the rates come from."""
    said = [ctx.t(".notes.model")]
    fixed = ctx.metric("staff", where=ctx.where(kind="fixed_term")).value
    if fixed:
        said.append(ctx.t(".notes.kinds", count=ageing.persons(ctx, fixed)))
    known = "recorded" if found.has_record else "no_record"
    said.append(ctx.t(f".notes.{known}", base=found.base))
    try:
        inputs = inputs_of(ctx).inputs
    except (InputError, DriverError, query.DecisionError) as error:
        return [*said, str(error)]
    codes = ["hires_implied"] if isnan(inputs.hires[0]) else []
    codes += [one for one in inputs.notes[0] if one in ABOUT_STAFF]
    return [*said, *(sentences.note(one, ctx.lang) for one in codes)]


main()
