"""What would close the gap of a year, automation or hires: solved, not searched."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from demography.arrays import FloatArray
from demography.expectation import expectation, gross_fte
from demography.inputs import GapInputs, with_population
from demography.scenario import Hiring, Scenario


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


def automation_to_close(inputs: GapInputs, scenario: Scenario, year: int, group: str) -> Automation:
    """Share of the work of a group of categories that closes the gap of a year.

    group: `clerical`, `people_planning`, `other`, or `all`. The gap falls by one post for each post
    of work that goes, so needed = (gap + what the plan saves in the group) ÷ work of the group,
    with everything else as in the scenario. Raises ValueError for a year or group that is not in
    the inputs, and ScenarioError as demography.gap.project does.
    """
    inputs, at = with_population(inputs, scenario.population), _position(inputs, year)
    groups = inputs.categories["category_group"]
    inside = (groups == group).to_numpy() | (group == "all")
    if not inside.any():
        raise ValueError(f"no group {group}")
    expected = expectation(inputs, scenario)
    gross = gross_fte(inputs, scenario)[:, at].sum(axis=-1)[:, inside]
    work = gross.sum(axis=-1)
    saved = (gross * expected.dx[at, inside]).sum(axis=-1)
    gap = expected.gap_fte[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        needed, planned = (gap + saved) / work, saved / work
    unknown = ~(work > 0)
    return Automation(np.where(unknown, np.nan, needed), np.where(unknown, np.nan, planned), work)


def hires_to_close(inputs: GapInputs, scenario: Scenario, year: int) -> FloatArray:
    """Persons to hire every year until `year` so that its gap is zero, (M,).

    The rule of the scenario gives way to the same number each year; all else stays. Staff is linear
    in that number, so two runs solve it. 0 where the gap closes without any hires, NaN where the
    gap is not known or a hire adds nothing by then. Raises ValueError for a year outside the
    inputs, and ScenarioError as demography.gap.project does.
    """
    inputs, at = with_population(inputs, scenario.population), _position(inputs, year)
    none, some = (
        expectation(inputs, replace(scenario, hiring=Hiring("fixed", number))).gap_fte[:, at]
        for number in (0.0, 1.0)
    )
    each = none - some
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(each > 0, none / each, np.nan)
    return np.maximum(0.0, np.where(inputs.surveyed, needed, np.nan))


def _position(inputs: GapInputs, year: int) -> int:
    years = inputs.years.tolist()
    if year not in years:
        raise ValueError(f"no year {year}")
    return years.index(year)
