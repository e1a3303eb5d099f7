"""Parts of the gap add up exactly; the automation that closes it is solved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demography.closing import automation_to_close, hires_to_close
from demography.gap import inputs_from_frames, project
from demography.inputs import GapInputs
from demography.population import PopulationScenario, RatioChange
from demography.scenario import BASELINE, PRESETS, Hiring, Scenario, ScenarioError
from demography.waterfall import PARTS, waterfall
from tests.unit.demography.frames import CATEGORIES, staff, survey


def by_sex(first: float) -> pd.DataFrame:
    """A projection by sex and band every five years, shrinking, older and older."""
    rows = [
        (year, sex, age, round(first * (1 - 0.08 * step) * (1 + 0.05 * step * (age >= 75))))
        for step, year in enumerate(range(2020, 2055, 5))
        for sex in ("male", "female")
        for age in range(0, 95, 5)
    ]
    return pd.DataFrame(rows, columns=["year", "sex", "age", "value"])


@pytest.fixture(scope="module")
def inputs() -> GapInputs:
    people = staff(
        (25, "regular", 40), (45, "regular", 60), (58, "regular", 30), (62, "rehired", 5)
    )
    hours = survey(
        ("市民課", "reception", "regular", 150_000),
        ("福祉課", "visit", "regular", 60_000),
        ("総務課", "liaison", "outsourced", 40_000),
    )
    return inputs_from_frames(people, hours, by_sex(900), CATEGORIES, base_year=2025)


scenarios = st.builds(
    Scenario,
    hiring=st.builds(
        Hiring,
        rule=st.sampled_from(["fixed", "replacement", "pool"]),
        number=st.none() | st.floats(0, 30),
        headcount_target=st.floats(0.4, 1.2),
    ),
    dx_share=st.dictionaries(st.sampled_from(["clerical", "visit", "all"]), st.floats(0, 1)),
    separation_multiplier=st.floats(0, 3),
    rehire_rate=st.floats(0, 1),
    fixed_term_change=st.floats(-0.1, 0.1),
    hours_per_fte=st.none() | st.floats(1500, 2000),
    population=st.builds(PopulationScenario, child_woman_factor=st.floats(0.5, 2)),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scenario=scenarios)
def test_parts_add_up_to_the_gap(inputs: GapInputs, scenario: Scenario) -> None:
    parts = waterfall(inputs, scenario).groupby("year")["fte"].sum()
    gap = project(inputs, scenario, draws=0).gap.set_index("year")["gap_fte"]
    assert parts.index.tolist() == gap.index.tolist()
    assert parts.to_numpy() == pytest.approx(gap.to_numpy(), abs=1e-9)


def part(inputs: GapInputs, scenario: Scenario, year: int = 2040) -> dict[str, float]:
    found = waterfall(inputs, scenario)
    chosen = found[found["year"] == year].set_index("part")["fte"]
    assert list(chosen.index) == list(PARTS)
    return {str(name): float(value) for name, value in chosen.items()}


def test_a_part_is_nothing_where_the_scenario_changes_nothing(inputs: GapInputs) -> None:
    unchanged = part(inputs, BASELINE)
    later = ("population_scenario", "hiring", "conditions", "hours", "dx")
    assert [unchanged[name] for name in later] == [0.0] * 5
    assert unchanged["population"] < 0 != unchanged["ageing"]


def test_each_part_holds_what_its_assumption_does(inputs: GapInputs) -> None:
    scenario = Scenario(hiring=Hiring(number=0), dx_share={"clerical": 0.3}, hours_per_fte=1900)
    parts, before = part(inputs, scenario), part(inputs, BASELINE)
    assert (parts["base"], parts["ageing"]) == (before["base"], before["ageing"])
    assert parts["hiring"] > 0
    assert parts["hours"] < 0
    assert parts["conditions"] == 0
    gross = project(inputs, replace(scenario, dx_share={}), draws=0).gap.set_index("year")
    net = project(inputs, scenario, draws=0).gap.set_index("year")
    saved = gross.loc[2040, "required_fte"] - net.loc[2040, "required_fte"]
    assert parts["dx"] == pytest.approx(-saved)


def test_more_children_are_more_work_for_everybody(inputs: GapInputs) -> None:
    more = part(inputs, Scenario(population=PopulationScenario(child_woman_factor=1.5)))
    assert more["population_scenario"] > 0
    away = RatioChange(20, 29, 2025, None, 0.5)
    fewer = part(inputs, Scenario(population=PopulationScenario(ratios=(away,))))
    assert fewer["population_scenario"] < 0


def test_what_needs_a_life_table_says_so(inputs: GapInputs) -> None:
    longer = RatioChange(75, None, 2025, None, 1.1)
    with pytest.raises(ScenarioError, match="生命表"):
        waterfall(inputs, Scenario(population=PopulationScenario(survival=(longer,))))


@pytest.mark.parametrize("scenario", PRESETS, ids=lambda scenario: scenario.name)
@pytest.mark.parametrize("group", ["clerical", "all"])
def test_with_the_needed_share_nothing_is_missing(
    inputs: GapInputs, scenario: Scenario, group: str
) -> None:
    found = automation_to_close(inputs, scenario, 2040, group)
    (needed,), (planned,) = found.needed, found.planned
    shares = {} if group == "all" else dict(scenario.dx_share)
    if not 0 <= needed <= 1:
        gap = project(inputs, scenario, draws=0).gap.set_index("year").loc[2040, "gap_fte"]
        assert (gap + planned * found.fte[0] > found.fte[0]) if needed > 1 else gap < 0
        return
    for key in ("reception", "collection") if group == "clerical" else ("all",):
        shares[key] = needed
    closed = project(inputs, replace(scenario, dx_share=shares), draws=0).gap.set_index("year")
    assert closed.loc[2040, "gap_fte"] == pytest.approx(0, abs=1e-9)


def test_without_a_survey_nobody_knows(inputs: GapInputs) -> None:
    bare = inputs_from_frames(
        staff((30, "regular", 9)), None, by_sex(9), CATEGORIES, base_year=2025
    )
    assert np.isnan(automation_to_close(bare, BASELINE, 2040, "clerical").needed).all()
    assert waterfall(bare, BASELINE).empty
    with pytest.raises(ValueError, match="group"):
        automation_to_close(inputs, BASELINE, 2040, "nothing")


@pytest.mark.parametrize("scenario", PRESETS, ids=lambda scenario: scenario.name)
def test_with_the_needed_hires_nothing_is_missing(inputs: GapInputs, scenario: Scenario) -> None:
    (needed,) = hires_to_close(inputs, scenario, 2040)
    assert needed >= 0
    enough = replace(scenario, hiring=Hiring(number=float(needed)))
    gap = project(inputs, enough, draws=0).gap.set_index("year").loc[2040, "gap_fte"]
    assert gap == pytest.approx(0, abs=1e-9) if needed > 0 else gap <= 0


def test_hires_of_the_base_year_come_too_late(inputs: GapInputs) -> None:
    assert np.isnan(hires_to_close(inputs, BASELINE, 2025)).all()
    with pytest.raises(ValueError, match="2060"):
        hires_to_close(inputs, BASELINE, 2060)
