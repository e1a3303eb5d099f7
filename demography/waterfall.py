"""What drives the gap of a year, in parts that add up to it exactly (domain 9)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from demography.arrays import FloatArray
from demography.expectation import Expectation, expectation
from demography.inputs import GapInputs, with_population
from demography.scenario import BASELINE, Scenario

PARTS = (
    "base",
    "population",
    "ageing",
    "population_scenario",
    "hiring",
    "conditions",
    "hours",
    "dx",
)
"""base: the gap of the base year. population: work that follows the published projection. ageing:
today's staff retires and leaves while as many are hired as today. What the scenario changes, one
after the other: population_scenario (its population), hiring (its rule and number), conditions
(separations, rehire, fixed-term staff), hours (hours of a post), dx (its digital share)."""


def waterfall(inputs: GapInputs, scenario: Scenario) -> pd.DataFrame:
    """Parts of the gap by municipality and year: municipality, year, part (of PARTS), fte.

    fte: what the part adds to the gap, negative where it closes it; the parts of a year sum to
    gap_fte of `demography.gap.project` for the same scenario. The order of PARTS is the order of
    substitution: each scenario part is the difference that its assumptions make when those before
    it hold already, so a part depends on that order where assumptions act on the same work, and
    the sum does not. Municipalities without a survey and years without a known
    population are left out. Raises ScenarioError as
    project does.
    """
    changed = with_population(inputs, scenario.population)
    today = replace(BASELINE, population=scenario.population)
    hiring = replace(today, hiring=scenario.hiring)
    conditions = replace(
        hiring,
        separation_multiplier=scenario.separation_multiplier,
        rehire_rate=scenario.rehire_rate,
        rehire_fte=scenario.rehire_fte,
        fixed_term_change=scenario.fixed_term_change,
    )
    hours = replace(conditions, hours_per_fte=scenario.hours_per_fte)
    published = expectation(inputs, BASELINE)
    steps = [expectation(changed, one) for one in (today, hiring, conditions, hours, scenario)]
    values = np.stack([*_without_scenario(published), *_differences([published, *steps])], axis=-1)
    known = inputs.surveyed[:, None] & ~np.isnan(steps[-1].required_fte)
    row, year, part = np.nonzero(np.broadcast_to(known[..., None], values.shape))
    return pd.DataFrame(
        {
            "municipality": np.array(inputs.municipalities, dtype=object)[row],
            "year": inputs.years[year],
            "part": np.array(PARTS, dtype=object)[part],
            "fte": values[row, year, part],
        }
    ).astype({"municipality": "str", "part": "str"})


def _without_scenario(published: Expectation) -> list[FloatArray]:
    """base, population and ageing, each (M, Y)."""
    required, available = published.required_fte, published.available_fte
    base = np.broadcast_to(published.gap_fte[:, :1], required.shape)
    return [base, required - required[:, :1], available[:, :1] - available]


def _differences(steps: list[Expectation]) -> list[FloatArray]:
    return [after.gap_fte - before.gap_fte for before, after in pairwise(steps)]
