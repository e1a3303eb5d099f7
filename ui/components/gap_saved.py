"""Scenarios that people keep: save a version, take one home as YAML, bring one, compare four."""

from __future__ import annotations

import streamlit as st
import yaml

from demography.scenario import Scenario, ScenarioError
from demography.scenario_file import from_mapping, to_mapping
from ui.components import assumptions, state, states
from ui.components.context import Ctx
from ui.components.filters import Switch
from warehouse import query

LIMIT = 100_000
"""A scenario is a few hundred bytes; what is larger is something else."""

COMPARED = ("c2", "c3", "c4")
"""URL keys of the scenarios beside the one shown."""
NONE = "none"


def compare_switches(codes: tuple[str, ...]) -> list[Switch]:
    """What stands beside the scenario shown; by default three presets."""
    first = ("replacement", "scarce_hiring", "dx_acceleration")
    return [
        Switch(key, (usual, NONE, *(code for code in codes if code != usual)))
        for key, usual in zip(COMPARED, first, strict=True)
    ]


def compared(ctx: Ctx, codes: tuple[str, ...]) -> list[str]:
    """Draw the choice of scenarios to compare and return the codes chosen."""
    with st.container(horizontal=True, key=f"mado-{ctx.page}-compare"):
        for number, key in enumerate(COMPARED, start=2):
            name = f"compare-{ctx.page}-{key}"
            st.session_state[name] = ctx.selection.switch(key)[1]
            st.selectbox(
                ctx.t(".compare.choose", number=number),
                (NONE, *codes),
                key=name,
                format_func=lambda code: (
                    ctx.t(".compare.none") if code == NONE else assumptions.label(ctx, code)
                ),
                on_change=_compare_changed,
                args=(name, key, ctx.selection.switch(key)[0].options[0]),
                width=240,
            )
    chosen = [ctx.selection.switch(key)[1] for key in COMPARED]
    shown = ctx.selection.switch(assumptions.BASE_KEY)[1]
    own = None if assumptions.changed_keys(ctx) else shown
    return [code for code in dict.fromkeys(chosen) if code not in (NONE, own)]


def _compare_changed(name: str, key: str, usual: str) -> None:
    picked = st.session_state[name]
    state.choose(key, None if picked == usual else picked)


def keep(ctx: Ctx, scenario: Scenario) -> None:
    """Draw the fold-out in which the scenario shown is saved, exported, or one is brought."""
    with st.expander(ctx.t(".keep.title")):
        _history(ctx)
        saving, files = st.columns(2)
        with saving:
            _save(ctx, scenario)
        with files:
            st.download_button(
                ctx.t(".keep.export"),
                data=yaml.safe_dump(to_mapping(scenario), allow_unicode=True, sort_keys=False),
                file_name="scenario.yml",
                mime="application/yaml",
                key=f"export-{ctx.page}",
                on_click="ignore",
                width="stretch",
            )
            _bring(ctx)


def _save(ctx: Ctx, scenario: Scenario) -> None:
    with st.form(f"save-{ctx.page}", border=False):
        name = st.text_input(ctx.t(".keep.name"), max_chars=60)
        by = st.text_input(ctx.t(".keep.by"), max_chars=60)
        reason = st.text_input(ctx.t(".keep.reason"), max_chars=200)
        if st.form_submit_button(ctx.t(".keep.save"), type="primary"):
            _kept(ctx, name.strip(), scenario, by, reason)


def _kept(ctx: Ctx, name: str, scenario: Scenario, by: str, reason: str) -> None:
    content = {**to_mapping(scenario), "label": {"ja": name, "en": name}}
    try:
        saved = query.save_scenario(name, content, by, reason)
    except query.DecisionError as error:
        states.notice(str(error))
        return
    state.choose(assumptions.BASE_KEY, f"{saved.name}@{saved.version}")
    for one in assumptions.EVERY:
        state.choose(one.key, None)
    st.rerun()


def _bring(ctx: Ctx) -> None:
    with st.form(f"bring-{ctx.page}", border=False, clear_on_submit=True):
        file = st.file_uploader(ctx.t(".keep.import"), type=["yml", "yaml"])
        by = st.text_input(ctx.t(".keep.by"), max_chars=60, key=f"bring-by-{ctx.page}")
        if st.form_submit_button(ctx.t(".keep.bring")) and file is not None:
            raw = file.getvalue()
            try:
                if len(raw) > LIMIT:
                    raise ScenarioError(ctx.t(".keep.too_large"))
                given = yaml.safe_load(raw.decode("utf-8"))
                if isinstance(given, dict):
                    given.pop("saved", None)
                scenario = from_mapping(given)
            except (ScenarioError, UnicodeDecodeError, yaml.YAMLError) as error:
                said = error if isinstance(error, ScenarioError) else ctx.t(".keep.unreadable")
                states.notice(f"{file.name}: {said}")
                return
            stem = file.name.rpartition(".")[0]
            name = stem if scenario.name == "baseline" else scenario.name
            _kept(ctx, name, scenario, by, ctx.t(".keep.imported", file=file.name))


def _history(ctx: Ctx) -> None:
    """Who saved the scenario shown, when and why."""
    code = ctx.selection.switch(assumptions.BASE_KEY)[1]
    name, _, version = code.rpartition("@")
    if not name:
        return
    saved = query.saved_scenario(name, int(version))
    st.caption(
        ctx.t(
            ".keep.history",
            name=saved.name,
            version=saved.version,
            at=saved.at[:10] or ctx.t(".keep.unknown"),
            by=saved.by or ctx.t(".keep.unknown"),
            reason=saved.reason or ctx.t(".keep.unknown"),
        )
    )
