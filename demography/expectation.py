"""What is expected of staff and work under a scenario, before anything is left to chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demography.arrays import FloatArray
from demography.groups import GROUPS
from demography.inputs import GapInputs
from demography.scenario import Scenario
from demography.uncertainty import Demand, Supply
from demography.workforce import KINDS, Path, Plan, expect, implied_hires, older
from demography.workload import dx_path, required_hours


@dataclass(frozen=True)
class Expectation:
    """Arrays of M municipalities, Y years (the first is the base year).

    plan: rates and hires. path: regular and rehired staff with their flows. heads, fte: (Y, M,
    ages, KINDS), the whole staff in persons and in FTE. available: (M, Y, KINDS and outsourced),
    FTE against the surveyed work. supply, demand: the same in the parts that chance treats
    differently. dx: (Y, categories), share of hours gone.
    """

    plan: Plan
    path: Path
    heads: FloatArray
    fte: FloatArray
    available: FloatArray
    supply: Supply
    demand: Demand
    dx: FloatArray

    @property
    def required_fte(self) -> FloatArray:
        """(M, Y), NaN where the population is unknown."""
        return self.demand.required

    @property
    def available_fte(self) -> FloatArray:
        """(M, Y)."""
        return self.available.sum(axis=-1)

    @property
    def gap_fte(self) -> FloatArray:
        """Required − available, (M, Y)."""
        return self.required_fte - self.available_fte


def expectation(inputs: GapInputs, scenario: Scenario) -> Expectation:
    """Carry staff and work forward under a scenario.

    The population is that of the inputs: what the scenario changes in it has been applied before
    (demography.inputs.with_population). Raises ScenarioError where the scenario names an unknown
    category.
    """
    states = len(inputs.years)
    chosen = plan(inputs, scenario)
    regular, rehired, fixed = (inputs.staff[..., kind] for kind in range(len(KINDS)))
    path = expect(regular, rehired, chosen, states - 1)
    growth = (1 + scenario.fixed_term_change) ** np.arange(states, dtype=np.float64)
    heads = np.stack([path.regular, path.rehired, fixed * growth[:, None, None]], axis=-1)
    per_head = _fte_per_head(inputs, path, scenario)
    available = _available(inputs, scenario, heads * per_head, growth)
    supply = Supply(
        _ratio(inputs.staff_fte, inputs.staff)[:, 0] * inputs.scope.share[:, 0],
        per_head[..., 1] * inputs.scope.share[:, None, 1],
        available[..., 2:].sum(axis=-1),
    )
    dx = dx_path(
        scenario,
        list(inputs.categories["category"]),
        list(inputs.categories["category_group"]),
        inputs.base_year,
        inputs.years.tolist(),
    )
    demand = _demand(inputs, scenario, dx)
    return Expectation(chosen, path, heads, heads * per_head, available, supply, demand, dx)


def plan(inputs: GapInputs, scenario: Scenario) -> Plan:
    """Rates and hires of every municipality over the years of the inputs."""
    hiring, start = scenario.hiring, inputs.base_year
    separation = np.minimum(1.0, inputs.separation * scenario.separation_multiplier)
    regular = inputs.staff[..., KINDS.index("regular")]
    if hiring.rule == "replacement":
        span = max(1, hiring.headcount_target_year - start)
        reached = np.clip((inputs.years - start) / span, 0.0, 1.0)
        wanted = 1 + (hiring.headcount_target - 1) * reached
        target = regular.sum(axis=-1)[:, None] * wanted
        return Plan(start, separation, scenario.rehire_rate, inputs.hire_profile, target=target)
    if hiring.number is None:
        number = implied_hires(regular, separation, inputs.hire_profile)
        number = np.where(np.isnan(inputs.hires), number, inputs.hires)
    else:
        number = np.full(len(regular), hiring.number)
    hires = np.repeat(number[:, None], len(inputs.years) - 1, axis=1)
    if hiring.rule == "pool":
        hires = hires * _pool_ratio(inputs.pool)[:, :-1] ** hiring.elasticity
    return Plan(start, separation, scenario.rehire_rate, inputs.hire_profile, hires=hires)


def hours_per_fte(inputs: GapInputs, scenario: Scenario) -> float:
    """Hours that one post works a year under the scenario."""
    return scenario.hours_per_fte or inputs.hours_per_fte


def task_hours(inputs: GapInputs, dx: FloatArray) -> FloatArray:
    """Hours of each task of the inputs in each year, (tasks, Y)."""
    return required_hours(
        inputs.tasks["hours"].to_numpy(),
        inputs.tasks["row"].to_numpy(),
        inputs.tasks["column"].to_numpy(),
        inputs.tasks["driver"].to_numpy(),
        inputs.driver_ratio,
        dx,
    )


def gross_fte(inputs: GapInputs, scenario: Scenario) -> FloatArray:
    """FTE that the work would need without any digital share, (M, Y, categories, GROUPS)."""
    base = np.zeros((len(inputs.municipalities), len(inputs.categories), len(GROUPS)))
    at = tuple(inputs.tasks[name].to_numpy() for name in ("row", "column", "driver"))
    np.add.at(base, at, inputs.tasks["hours"].to_numpy() / hours_per_fte(inputs, scenario))
    caused = base.sum(axis=1) > 0
    ratio = np.where(caused[:, None, :], inputs.driver_ratio, 0.0)
    return np.einsum("mcg,myg->mycg", base, ratio)


def _demand(inputs: GapInputs, scenario: Scenario, dx: FloatArray) -> Demand:
    """Required FTE of every municipality in the parts that chance treats differently."""
    gross = gross_fte(inputs, scenario)
    # A municipality without a survey needs nothing; where its population is unknown, nobody knows.
    gross[np.isnan(inputs.driver_ratio[..., GROUPS.index("all")])] = np.nan
    saved = gross * dx[None, :, :, None]
    fixed = GROUPS.index("none")
    driven = [group for group in range(len(GROUPS)) if group != fixed]
    return Demand(
        gross[..., driven].sum(axis=(-1, -2)),
        gross[..., fixed].sum(axis=-1),
        saved[..., driven].sum(axis=(-1, -2)),
        saved[..., fixed].sum(axis=-1),
    )


def _pool_ratio(pool: FloatArray) -> FloatArray:
    """Population 20–24 ÷ that of the base year, (M, Y): the last known value goes on, 1 where
    there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = pool / pool[:, :1]
    known = np.where(np.isfinite(ratio), np.arange(ratio.shape[1]), 0)
    last = np.maximum.accumulate(known, axis=1)
    filled = np.take_along_axis(ratio, last, axis=1)
    return np.where(np.isfinite(filled), filled, 1.0)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """FTE ÷ persons, (M, kinds), from arrays (M, ages, kinds); 1 where there is nobody."""
    heads = whole.sum(axis=1)
    return np.divide(part.sum(axis=1), heads, out=np.ones_like(heads), where=heads > 0)


def _fte_per_head(inputs: GapInputs, path: Path, scenario: Scenario) -> FloatArray:
    """FTE per person, (Y, M, ages, kinds).

    In the base year as counted. Later: regular staff at the municipality's mean, fixed-term staff
    as counted by age, the rehired of the base year as counted and those who follow at rehire_fte.
    """
    shape = (*path.regular.shape, len(KINDS))
    counted = np.divide(
        inputs.staff_fte, inputs.staff, out=np.ones_like(inputs.staff), where=inputs.staff > 0
    )
    result = np.broadcast_to(counted, shape).copy()
    result[1:, ..., 0] = _ratio(inputs.staff_fte, inputs.staff)[None, :, None, 0]
    fte = inputs.staff_fte[..., 1]
    for year in range(1, shape[0]):
        before = path.rehired[year - 1]
        ending = np.divide(
            path.rehire_ends[year - 1], before, out=np.zeros_like(before), where=before > 0
        )
        fte = older(fte * (1 - ending) + path.rehires[year - 1] * scenario.rehire_fte)
        heads = path.rehired[year]
        result[year, ..., 1] = np.divide(
            fte, heads, out=np.full_like(heads, scenario.rehire_fte), where=heads > 0
        )
    return result


def _available(
    inputs: GapInputs, scenario: Scenario, fte: FloatArray, growth: FloatArray
) -> FloatArray:
    """FTE against the surveyed work, (M, Y, KINDS and outsourced), from fte (Y, M, ages, kinds)."""
    # Supply that is known as hours is worth fewer posts where a post works longer.
    worth = inputs.hours_per_fte / hours_per_fte(inputs, scenario)
    staff = np.moveaxis(fte.sum(axis=2), 0, 1) * inputs.scope.share[:, None, :]
    staff[..., 2] += inputs.scope.fixed_term_fte[:, None] * growth * worth
    outsourced = (inputs.scope.outsourced_fte * worth)[:, None, None]
    return np.concatenate([staff, np.broadcast_to(outsourced, (*staff.shape[:2], 1))], axis=-1)
