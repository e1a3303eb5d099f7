"""Scenario files: every key is read, every mistake is one clear line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from demography.population import PopulationScenario, RatioChange
from demography.scenario import BASELINE, PRESETS, Hiring, Scenario, ScenarioError
from demography.scenario_file import from_mapping, to_mapping
from demography.workload import dx_path


def test_every_key_of_a_file_is_used() -> None:
    given = {
        "name": "plan",
        "label": {"ja": "計画", "en": "Plan"},
        "hiring": {
            "rule": "pool",
            "number": 8,
            "elasticity": 0.5,
            "headcount_target": 0.8,
            "headcount_target_year": 2035,
        },
        "dx": {"year": 2035, "share": {"clerical": 0.3}, "years": {"clerical": 2032}},
        "separation_multiplier": 1.2,
        "rehire": {"rate": 0.6, "fte": 0.8},
        "fixed_term_change": -0.01,
        "hours_per_fte": 1800,
        "population": {
            "child_woman_factor": 1.1,
            "own_migration": True,
            "from_assumptions": True,
            "ratios": [{"age_from": 20, "age_to": 29, "year_from": 2025, "factor": 1.05}],
        },
    }
    scenario = Scenario(
        name="plan",
        label_ja="計画",
        label_en="Plan",
        hiring=Hiring("pool", 8, 0.5, 0.8, 2035),
        dx_share={"clerical": 0.3},
        dx_year=2035,
        dx_years={"clerical": 2032},
        separation_multiplier=1.2,
        rehire_rate=0.6,
        rehire_fte=0.8,
        fixed_term_change=-0.01,
        hours_per_fte=1800,
        population=PopulationScenario(
            1.1, (RatioChange(20, 29, 2025, None, 1.05),), own_migration=True, from_assumptions=True
        ),
    )
    assert from_mapping(given) == scenario
    assert from_mapping(yaml.safe_load(yaml.safe_dump(to_mapping(scenario)))) == scenario


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_what_is_written_is_read_back_the_same(preset: Scenario) -> None:
    assert from_mapping(to_mapping(preset)) == preset


def test_what_is_left_out_keeps_its_default() -> None:
    assert from_mapping({}) == BASELINE
    named = from_mapping({"name": "案A", "hiring": {"number": None}})
    assert (named.label_ja, named.hiring) == ("案A", BASELINE.hiring)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("現状維持", "項目: 値"),
        ({"dx": 0.3}, "「dx」の下"),
        ({"dx": {"share": 0.3}}, "事務分類: 割合"),
        ({"dx": {"share": {"clerical": "3割"}}}, "dx.share.clerical"),
        ({"dx": {"share": {"clerical": 30}}}, "0～1"),
        ({"hiring": {"rule": "many"}}, "fixed、replacement、pool"),
        ({"hiring": {"number": True}}, "数で"),
        ({"hiring": {"number": -1}}, "hiring.number"),
        ({"retirement": 70}, "「retirement」という項目はありません"),
        ({"rehire": {"rate": 1.5}}, "rehire.rate"),
        ({"dx": {"years": {"clerical": 2030}}}, "dx.share.clerical"),
        ({"dx": {"year": 2030.5}}, "整数"),
        ({"population": {"births": 1}}, "population.births"),
        ({"population": {"ratios": 1.1}}, "並び"),
        ({"population": {"ratios": [{"age_from": 20, "factor": 1.1}]}}, "year_from"),
        ({"population": {"own_migration": 1}}, "true か false"),
        ({"population": {"child_woman_factor": 99}}, "population"),
    ],
)
def test_mistakes_are_named_in_one_line(given: Any, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        from_mapping(given)
    assert "\n" not in str(error.value)


def test_the_five_presets() -> None:
    labels = [preset.label_ja for preset in PRESETS]
    assert labels == ["現状維持", "退職補充", "採用難", "DX加速", "従来の半分の職員"]
    assert PRESETS[0].name == "baseline"


CATEGORIES, GROUPS = ["reception", "visit", "liaison"], ["clerical", "people_planning", "other"]


def test_dx_share_is_reached_linearly_and_the_most_specific_counts() -> None:
    scenario = Scenario(dx_share={"all": 0.1, "clerical": 0.4, "visit": 0.2}, dx_year=2030)
    path = dx_path(scenario, CATEGORIES, GROUPS, 2026, [2026, 2027, 2028, 2030, 2040])
    assert path[:, 0] == pytest.approx([0, 0.1, 0.2, 0.4, 0.4])
    assert path[:, 1] == pytest.approx([0, 0.05, 0.1, 0.2, 0.2])
    assert path[:, 2] == pytest.approx([0, 0.025, 0.05, 0.1, 0.1])


def test_dx_year_already_reached_takes_effect_after_the_base_year() -> None:
    scenario = Scenario(dx_share={"all": 0.5}, dx_year=2020)
    path = dx_path(scenario, CATEGORIES, GROUPS, 2026, [2026, 2027])
    assert path == pytest.approx(np.array([[0] * 3, [0.5] * 3]))


def test_an_unknown_category_is_named_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match=r"「recption」.*reception"):
        dx_path(Scenario(dx_share={"recption": 0.5}), CATEGORIES, GROUPS, 2026, [2026])


@pytest.mark.parametrize("year", [None, 2026])
def test_the_year_a_population_changes_from_is_kept(year: int | None) -> None:
    scenario = Scenario(population=PopulationScenario(1.2, year_from=year))
    assert from_mapping(to_mapping(scenario)) == scenario
    assert from_mapping({"population": {"year_from": year}}).population.year_from == year
