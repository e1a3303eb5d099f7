"""The assumptions that a reader can change on the gap page: each declared once.

A reader starts from a scenario (a preset or a saved one) and changes single assumptions. Both live
in the URL: `s` names the scenario with its version, every other key holds one changed assumption,
so a link shows the same future to whoever opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from demography.population import PopulationScenario, RatioChange
from demography.scenario import HIRING_RULES, PRESETS, Scenario
from demography.scenario_file import from_mapping
from ui import format as fmt
from ui.components import state
from ui.components.context import Ctx
from ui.components.filters import Switch
from warehouse import query

BASE_KEY = "s"
AS_IN_SCENARIO = ""
YOUNG = (20, 29)
"""Ages whose coming and going decides how many can be hired."""

DX_KEYS = ("clerical", "people_planning", "other")


@dataclass(frozen=True)
class Assumption:
    """One assumption: its URL key, the codes that it can have, how a scenario holds it.

    read: the code of a scenario's value. apply: the scenario with the value of a code,
    from the base year on. widget:
    `slider` over the codes, or `select`. unit: written behind the number (`%`, `年`, …).
    """

    key: str
    codes: tuple[str, ...]
    read: Callable[[Scenario], str]
    apply: Callable[[Scenario, str, int], Scenario]
    widget: Literal["slider", "select", "number"] = "slider"
    unit: str = "percent"

    @property
    def switch(self) -> Switch:
        """As the URL knows it; the first code leaves it as in the scenario."""
        return Switch(self.key, (AS_IN_SCENARIO, *self.codes))


def _percent(value: float) -> str:
    return str(round(value * 100))


def _percents(first: int, last: int, step: int = 1) -> tuple[str, ...]:
    return tuple(str(value) for value in range(first, last + 1, step))


def _dx(group: str) -> Assumption:
    def read(scenario: Scenario) -> str:
        return _percent(scenario.dx_share.get(group, scenario.dx_share.get("all", 0.0)))

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        return replace(scenario, dx_share={**scenario.dx_share, group: int(code) / 100})

    return Assumption(f"dx-{group}", _percents(0, 100), read, apply)


def _field(key: str, name: str, codes: tuple[str, ...], scale: float = 0.01) -> Assumption:
    """An assumption that is one number of the scenario: code × scale."""

    def read(scenario: Scenario) -> str:
        return str(round(getattr(scenario, name) / scale))

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        value: Any = int(code) * scale if scale != 1 else int(code)
        return replace(scenario, **{name: value})

    return Assumption(key, codes, read, apply, unit="percent" if scale == 0.01 else "year")


def _hiring(key: str, name: str, codes: tuple[str, ...], **more: Any) -> Assumption:
    def read(scenario: Scenario) -> str:
        value = getattr(scenario.hiring, name)
        if name == "headcount_target":
            return _percent(value)
        return AS_IN_SCENARIO if value is None else str(value if name == "rule" else round(value))

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        value: Any = code
        if name == "headcount_target":
            value = int(code) / 100
        elif name == "number":
            value = float(code)
        return replace(scenario, hiring=replace(scenario.hiring, **{name: value}))

    return Assumption(key, codes, read, apply, **more)


def _children() -> Assumption:
    def read(scenario: Scenario) -> str:
        return _percent(scenario.population.child_woman_factor)

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        changed = replace(
            scenario.population, child_woman_factor=int(code) / 100, year_from=base_year
        )
        return replace(scenario, population=changed)

    return Assumption("children", _percents(50, 200, 5), read, apply)


def _young() -> Assumption:
    def is_it(change: RatioChange) -> bool:
        return (change.age_from, change.age_to, change.sex) == (*YOUNG, "both")

    def read(scenario: Scenario) -> str:
        found = [change.factor for change in scenario.population.ratios if is_it(change)]
        return _percent(found[0] if found else 1.0)

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        rest = tuple(change for change in scenario.population.ratios if not is_it(change))
        factor = int(code) / 100
        own = () if factor == 1 else (RatioChange(*YOUNG, base_year + 1, None, factor),)
        changed: PopulationScenario = replace(scenario.population, ratios=(*rest, *own))
        return replace(scenario, population=changed)

    return Assumption("young", _percents(50, 150, 5), read, apply)


def _hours() -> Assumption:
    def read(scenario: Scenario) -> str:
        hours = scenario.hours_per_fte
        return AS_IN_SCENARIO if hours is None else str(round(hours))

    def apply(scenario: Scenario, code: str, base_year: int) -> Scenario:
        return replace(scenario, hours_per_fte=float(code))

    return Assumption("hours", _percents(1400, 2200, 10), read, apply, unit="hours")


ASSUMPTIONS: dict[str, tuple[Assumption, ...]] = {
    "dx": (
        *(_dx(group) for group in DX_KEYS),
        _field("dx-year", "dx_year", _percents(2027, 2050), scale=1),
    ),
    "hiring": (
        _hiring("hire", "rule", HIRING_RULES, widget="select", unit="rule"),
        _hiring("hires", "number", _percents(0, 3000), widget="number", unit="persons"),
        _hiring("posts", "headcount_target", _percents(40, 130, 5)),
    ),
    "staff": (
        _field("leave", "separation_multiplier", _percents(0, 300, 10)),
        _field("rehire", "rehire_rate", _percents(0, 100, 5)),
        _field("rehire-fte", "rehire_fte", _percents(40, 100)),
        _hours(),
    ),
    "population": (_children(), _young()),
}
"""By tab of the panel."""

EVERY = tuple(one for group in ASSUMPTIONS.values() for one in group)


def scenario_codes() -> tuple[str, ...]:
    """What `s` can be: presets by name, saved scenarios as name@version (the current one first).

    Raises query.DecisionError where a saved one cannot be read.
    """
    saved = [
        f"{one.name}@{version}"
        for one in query.saved_scenarios()
        for version in range(one.version, 0, -1)
    ]
    return (*presets(), *saved)


def presets() -> tuple[str, ...]:
    """The codes of the presets."""
    return tuple(preset.name for preset in PRESETS)


def switches(codes: Sequence[str]) -> list[Switch]:
    """All that the panel keeps in the URL."""
    return [Switch(BASE_KEY, tuple(codes)), *(one.switch for one in EVERY)]


def named(code: str) -> Scenario:
    """The scenario of a code of scenario_codes. Raises ScenarioError and query.DecisionError."""
    for preset in PRESETS:
        if preset.name == code:
            return preset
    name, _, version = code.rpartition("@")
    return from_mapping(query.saved_scenario(name, int(version)).content)


def label(ctx: Ctx, code: str) -> str:
    """The name of a scenario for a reader."""
    for preset in PRESETS:
        if preset.name == code:
            return preset.label_ja if ctx.lang == "ja" else preset.label_en
    name, _, version = code.rpartition("@")
    return ctx.t(".scenario.saved", name=name, version=version)


def chosen(ctx: Ctx, base_year: int) -> Scenario:
    """The scenario of the URL with the changes that stand beside it there."""
    scenario = named(ctx.selection.switch(BASE_KEY)[1])
    for one in EVERY:
        code = ctx.selection.switch(one.key)[1]
        if code != AS_IN_SCENARIO:
            scenario = one.apply(scenario, code, base_year)
    return scenario


def changed_keys(ctx: Ctx) -> list[str]:
    """URL keys of the assumptions that differ from the scenario's."""
    return [one.key for one in EVERY if ctx.selection.switch(one.key)[1] != AS_IN_SCENARIO]


def panel(ctx: Ctx, codes: Sequence[str], current: Scenario) -> None:
    """Draw the choice of a scenario and, by subject, the assumptions to change.

    current: as `chosen` gives it.
    """
    with st.container(border=True, key="mado-assumptions"):
        st.html(f'<h2 class="mado-h2">{ctx.t(".control.title")}</h2>')
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        with left:
            _scenario_choice(ctx, codes)
        with right:
            st.button(
                ctx.t(".control.reset"),
                key=f"assume-{ctx.page}-reset",
                on_click=_reset,
                disabled=not changed_keys(ctx),
                width="stretch",
            )
        base = named(ctx.selection.switch(BASE_KEY)[1])
        tabs = st.tabs([ctx.t(f".control.tab.{name}") for name in ASSUMPTIONS])
        for tab, group in zip(tabs, ASSUMPTIONS.values(), strict=True):
            with tab, st.container(horizontal=True, key=f"mado-{ctx.page}-{group[0].key}"):
                for one in group:
                    _widget(ctx, one, base, current)
        changed = changed_keys(ctx)
        st.caption(
            ctx.t(".control.changed", names="、".join(_name(ctx, key) for key in changed))
            if changed
            else ctx.t(".control.as_scenario")
        )


def _name(ctx: Ctx, key: str) -> str:
    return ctx.t(f".control.{key}")


def _scenario_choice(ctx: Ctx, codes: Sequence[str]) -> None:
    name = f"assume-{ctx.page}-{BASE_KEY}"
    current = ctx.selection.switch(BASE_KEY)[1]
    newest = [code for code in codes if code == current or _is_newest(code, codes)]
    st.session_state[name] = current
    st.selectbox(
        ctx.t(".control.scenario"),
        newest,
        key=name,
        format_func=lambda code: label(ctx, code),
        on_change=_scenario_changed,
        args=(name, codes[0]),
    )


def _is_newest(code: str, codes: Sequence[str]) -> bool:
    """Whether a code is a preset or the current version of a saved scenario."""
    stem = code.rpartition("@")[0]
    return not stem or next(one for one in codes if one.rpartition("@")[0] == stem) == code


def _scenario_changed(name: str, default: str) -> None:
    picked = st.session_state[name]
    state.choose(BASE_KEY, None if picked == default else picked)
    _reset()


def _reset() -> None:
    for one in EVERY:
        state.choose(one.key, None)


def _widget(ctx: Ctx, one: Assumption, base: Scenario, current: Scenario) -> None:
    name = f"assume-{ctx.page}-{one.key}"
    usual, code = one.read(base), one.read(current)
    help_text = ctx.t(f".control.help.{one.key}")
    more: dict[str, Any] = {"on_change": _changed, "args": (name, one, usual), "help": help_text}
    if one.widget == "number":
        st.session_state[name] = int(code) if code else None
        st.number_input(
            _name(ctx, one.key),
            min_value=int(one.codes[0]),
            max_value=int(one.codes[-1]),
            step=1,
            key=name,
            placeholder=ctx.t(".control.implied"),
            **more,
        )
        return
    options = one.codes if code in one.codes else (code, *one.codes)
    st.session_state[name] = code
    draw: Any = st.selectbox if one.widget == "select" else st.select_slider
    draw(
        _name(ctx, one.key),
        options,
        key=name,
        format_func=lambda value: written(ctx, one, value),
        **more,
    )


def written(ctx: Ctx, one: Assumption, code: str) -> str:
    """The value of an assumption for a reader."""
    if one.unit == "rule":
        return ctx.t(f".control.rule.{code}")
    if code == AS_IN_SCENARIO:
        return ctx.t(".control.as_configured")
    if one.unit == "percent":
        return f"{code}%"
    if one.unit == "year":
        return ctx.t(".control.year", year=code)
    return ctx.t(f".control.unit.{one.unit}", value=fmt.number(float(code), 0, ctx.lang))


def _changed(name: str, one: Assumption, usual: str) -> None:
    value = st.session_state[name]
    code = AS_IN_SCENARIO if value is None else str(value)
    state.choose(one.key, None if code in (usual, AS_IN_SCENARIO) else code)
