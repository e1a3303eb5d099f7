"""2040年の職員: who will be left, who can be hired, and how many posts stay empty."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from demography import gap
from demography import notes as sentences
from demography.scenario import Hiring, Scenario
from ui import format as fmt
from ui.components import (
    Ctx,
    figures,
    filters,
    notes,
    page_head,
    staffing,
    staffing_charts,
    start,
    states,
)
from ui.components.layout import side_by_side
from ui.components.staffing import TARGET, Future, posts
from warehouse import query


def main() -> None:
    """Draw the page."""
    ctx = start("future.staff", [filters.municipality("staff"), staffing.DX, staffing.HIRE])
    if ctx["m"] is None:
        page_head(ctx, None)
        states.empty(ctx.lang, "staff_age")
        return
    staff, old = ctx.metric("staff"), ctx.metric("staff_share_50plus")
    inputs, asked, codes = gathered(ctx)
    future = staffing.published(ctx)
    if staffing.is_changed(ctx):
        rule, share = staffing.chosen(ctx)
        result = modelled(ctx.release.name, ctx["m"], rule, share, inputs)
        future = Future(result.staff, result.flow, result.gap, tuple(asked))
        codes = [*codes, *result.notes]
    page_head(ctx, answer(ctx, future), staff, also=[ctx.metric("workload_hours")])
    staffing.controls(ctx)
    older = ctx.t(".cards.over_50", share=fmt.share(old.value, ctx.lang))
    figures.row(
        ctx, [replace(figures.figure(ctx, staff), note=older), *staffing.cards(ctx, future)]
    )
    has_gap = future.at(TARGET) is not None
    if has_gap:
        staffing_charts.levels(ctx, future)
    staffing_charts.pyramid(ctx, future)
    left, right = side_by_side()
    with left:
        staffing_charts.hires(ctx, future)
    if has_gap:
        with right:
            staffing_charts.fan(ctx, future)
    hours = fmt.number(inputs.hours_per_fte, 0, ctx.lang)
    own = [ctx.t(f".notes.{one}", hours=hours) for one in ("model", "gap", "posts", "interval")]
    notes(ctx, [*own, *(sentences.note(code, ctx.lang) for code in dict.fromkeys(codes))])


def gathered(ctx: Ctx) -> tuple[gap.GapInputs, list[query.Answer], list[str]]:
    """Return what the model starts from, the answers it comes from, and what to know about it."""
    by = ["department", "age", "kind"]
    if ctx.metric("staff", by=by).frame["department"].isna().all():
        by.remove("department")
    staff, fte = ctx.metric("staff", by=by), ctx.metric("staff_fte", by=by)
    work = ctx.metric("workload_hours", by=("survey", "department", "category", "staff_kind"))
    people = ctx.metric("population", by=("year", "age"))
    if people.frame["age"].isna().all():
        people = ctx.metric("population", by=("year",))
    known = fte.frame["value"].notna().all()
    inputs = gap.inputs_from_frames(
        staff.frame,
        work.frame,
        people.frame,
        query.reference("category"),
        base_year=gap.fiscal_year(staff.as_of),  # type: ignore[arg-type]
        staff_fte=fte.frame if known else None,
        hours_per_fte=ctx.release.config["annual_hours_per_fte"],
    )
    return inputs, [staff, work, people], list(inputs.notes[0])


@st.cache_data(max_entries=64, show_spinner=False)
def modelled(
    release: str, municipality: str, rule: str, share: float, _inputs: gap.GapInputs
) -> gap.GapResult:
    """Run the model under the reader's assumptions; remembered by release and assumptions."""
    scenario = Scenario(
        "page",
        hiring=Hiring(rule=rule),  # type: ignore[arg-type]
        dx_share={"clerical": share},
        dx_year=TARGET,
    )
    return gap.project(_inputs, scenario)


def answer(ctx: Ctx, future: Future) -> str | None:
    """Say whether the posts of TARGET can be filled."""
    then = future.at(TARGET)
    if then is None:
        staff = future.staff[future.staff["year"] == TARGET]["headcount"].sum()
        key = ".answer.no_survey" if future.gap.empty else ".answer.no_population"
        return ctx.t(key, year=TARGET, staff=fmt.number(staff, 0, ctx.lang))
    low, high = (posts(ctx, then[f"gap_{end}80"]) for end in ("low", "high"))
    said = ctx.t(".answer.assumed") if staffing.is_changed(ctx) else ""
    said += ctx.t(
        ".answer.short" if then["gap_fte"] > 0 else ".answer.enough",
        year=TARGET,
        required=posts(ctx, then["required_fte"]),
        available=posts(ctx, then["available_fte"]),
        gap=posts(ctx, abs(then["gap_fte"])),
        share=fmt.share(then["gap_fte"] / then["required_fte"], ctx.lang),
    )
    if then["gap_fte"] <= 0:
        return said
    return said + ctx.t("common.sentence_space") + ctx.t(".answer.band", low=low, high=high)


main()
