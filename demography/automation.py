"""How much of the work would have to be automated to close the gap: solved, not searched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demography.arrays import FloatArray
from demography.expectation import expectation, gross_fte
from demography.inputs import GapInputs, with_population
from demography.scenario import Scenario


@dataclass(frozen=True)
class Automation:
    """Shares of the work of some categories, each (M,), of what it would be without digital change.

    needed: share that has to go so that the gap is zero; 0 or less where nothing is missing, above
    1 where even all of it would not do, NaN where the gap or the work is not known. planned: share
    that the scenario takes away. fte: the work itself.
    """

    needed: FloatArray
    planned: FloatArray
    fte: FloatArray


def to_close(inputs: GapInputs, scenario: Scenario, year: int, group: str) -> Automation:
    """Share of the work of a group of categories that closes the gap of a year.

    group: `clerical`, `people_planning`, `other`, or `all`. The gap falls by one post for each post
    of work that goes, so needed = (gap + what the plan saves in the group) ÷ work of the group,
    with everything else as in the scenario. Raises ValueError for a year or group that is not in
    the inputs, and ScenarioError as demography.gap.project does.
    """
    inputs = with_population(inputs, scenario.population)
    years = inputs.years.tolist()
    groups = inputs.categories["category_group"]
    inside = (groups == group).to_numpy() | (group == "all")
    if year not in years or not inside.any():
        raise ValueError(f"no year {year} or no group {group}")
    at = years.index(year)
    expected = expectation(inputs, scenario)
    gross = gross_fte(inputs, scenario)[:, at].sum(axis=-1)[:, inside]
    work = gross.sum(axis=-1)
    saved = (gross * expected.dx[at, inside]).sum(axis=-1)
    gap = expected.gap_fte[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed, planned = (gap + saved) / work, saved / work
    unknown = ~(work > 0)
    return Automation(np.where(unknown, np.nan, needed), np.where(unknown, np.nan, planned), work)
