"""Required and available staff, the gap between them, and its interval (domain 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography import frames, uncertainty
from demography.arrays import FloatArray
from demography.groups import GROUPS
from demography.inputs import GapInputs, InputError, fiscal_year, inputs_from_frames
from demography.scenario import BASELINE, Scenario
from demography.uncertainty import Demand, Supply
from demography.workforce import (
    DEFAULT_HIRE_PROFILE,
    DEFAULT_SEPARATION,
    KINDS,
    Path,
    Plan,
    expect,
    implied_hires,
    older,
)
from demography.workload import dx_path, required_hours

__all__ = [
    "GapInputs",
    "GapResult",
    "InputError",
    "fiscal_year",
    "inputs_from_frames",
    "project",
]

DRAWS = 1000
SEED = 2040


@dataclass(frozen=True)
class GapResult:
    """Frames with a `municipality` column first. Years without a known population are left out of
    required and gap, never filled.

    required: year, department, category, hours, fte.
    available: year, kind (KINDS and `outsourced`), fte: the supply that stands against the survey.
    staff: year (1 April), age, kind, headcount, fte: the whole staff, cells with nobody left out.
    flow: year (fiscal year; hires join on the 1 April that ends it), hires, separations (regular
    staff, other than by age limit), retirements, rehired, rehire_ended, pool_20_24 (null where
    unknown). Next stock = stock − separations − retirements + rehired − rehire_ended + hires.
    gap: year, required_fte, available_fte, gap_fte (= required − available, positive is a
    shortage), gap_share (of required), gap_low80, gap_high80, gap_low95, gap_high95, base_gap_fte
    (the gap of the base year), demand_change_fte and supply_loss_fte (what time adds: the three
    add up to gap_fte), is_interpolated (population between published years).
    scope: coverage (surveyed hours ÷ hours of the staff that counts), staff_share (part of the
    staff's FTE that counts).
    base_year; draws (0 = analytic interval); notes: codes of demography.notes that hold for any
    municipality.
    """

    scenario: Scenario
    base_year: int
    required: pd.DataFrame
    available: pd.DataFrame
    staff: pd.DataFrame
    flow: pd.DataFrame
    gap: pd.DataFrame
    scope: pd.DataFrame
    draws: int
    notes: tuple[str, ...]


def project(
    inputs: GapInputs, scenario: Scenario = BASELINE, *, draws: int = DRAWS, seed: int = SEED
) -> GapResult:
    """Everything that follows from `inputs` under `scenario`, for all municipalities at once.

    draws: random futures behind the interval, the same for the same seed; 0 takes the analytic
    approximation instead (for thousands of municipalities). Raises ScenarioError where the
    scenario names an unknown category.
    """
    states = len(inputs.years)
    plan = _plan(inputs, scenario)
    regular, rehired, fixed = (inputs.staff[..., kind] for kind in range(len(KINDS)))
    path = expect(regular, rehired, plan, states - 1)
    fixed_growth = (1 + scenario.fixed_term_change) ** np.arange(states, dtype=np.float64)
    heads = np.stack([path.regular, path.rehired, fixed * fixed_growth[:, None, None]], axis=-1)
    per_head = _fte_per_head(inputs, path, scenario)
    available = _available(inputs, heads * per_head, fixed_growth)
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
    demand = _demand(inputs, dx)
    if draws:
        elasticity = scenario.hiring.elasticity if scenario.hiring.rule == "pool" else 0.0
        bands = uncertainty.simulate(
            path, plan, supply, demand, _step_sd(inputs), elasticity, draws, seed
        )
    else:
        bands = uncertainty.approximate(path, plan, supply, demand, _step_sd(inputs))
    return GapResult(
        scenario,
        inputs.base_year,
        frames.required(inputs, _task_hours(inputs, dx)),
        frames.available(inputs, available),
        frames.staff(inputs, heads, heads * per_head),
        frames.flow(inputs, path),
        frames.gap(inputs, demand.required, available.sum(axis=-1), bands),
        frames.scope(inputs),
        draws,
        _notes(inputs, scenario),
    )


def _plan(inputs: GapInputs, scenario: Scenario) -> Plan:
    """Rates and hires of every municipality over the years of the inputs."""
    hiring = scenario.hiring
    separation = np.minimum(1.0, DEFAULT_SEPARATION * scenario.separation_multiplier)
    regular = inputs.staff[..., KINDS.index("regular")]
    start = inputs.base_year
    if hiring.rule == "replacement":
        span = max(1, hiring.headcount_target_year - start)
        reached = np.clip((inputs.years - start) / span, 0.0, 1.0)
        wanted = 1 + (hiring.headcount_target - 1) * reached
        target = regular.sum(axis=-1)[:, None] * wanted
        return Plan(start, separation, scenario.rehire_rate, DEFAULT_HIRE_PROFILE, target=target)
    if hiring.number is None:
        number = implied_hires(regular, separation, DEFAULT_HIRE_PROFILE)
    else:
        number = np.full(len(regular), hiring.number)
    hires = np.repeat(number[:, None], len(inputs.years) - 1, axis=1)
    if hiring.rule == "pool":
        hires = hires * _pool_ratio(inputs.pool)[:, :-1] ** hiring.elasticity
    return Plan(start, separation, scenario.rehire_rate, DEFAULT_HIRE_PROFILE, hires=hires)


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


def _available(inputs: GapInputs, fte: FloatArray, fixed_growth: FloatArray) -> FloatArray:
    """FTE against the surveyed work, (M, Y, KINDS and outsourced), from fte (Y, M, ages, kinds)."""
    staff = np.moveaxis(fte.sum(axis=2), 0, 1) * inputs.scope.share[:, None, :]
    staff[..., 2] += inputs.scope.fixed_term_fte[:, None] * fixed_growth
    outsourced = np.broadcast_to(inputs.scope.outsourced_fte[:, None, None], (*staff.shape[:2], 1))
    return np.concatenate([staff, outsourced], axis=-1)


def _drivers(inputs: GapInputs) -> list[int]:
    return [GROUPS.index(driver) for driver in inputs.categories["driver"]]


def _task_hours(inputs: GapInputs, dx: FloatArray) -> FloatArray:
    return required_hours(
        inputs.tasks["hours"].to_numpy(),
        inputs.tasks["row"].to_numpy(),
        inputs.tasks["column"].to_numpy(),
        np.array(_drivers(inputs)),
        inputs.driver_ratio,
        dx,
    )


def _demand(inputs: GapInputs, dx: FloatArray) -> Demand:
    """Required FTE of every municipality in the parts that chance treats differently."""
    drivers = np.array(_drivers(inputs))
    base = np.zeros((len(inputs.municipalities), len(drivers)))
    rows, columns = inputs.tasks["row"].to_numpy(), inputs.tasks["column"].to_numpy()
    np.add.at(base, (rows, columns), inputs.tasks["hours"].to_numpy() / inputs.hours_per_fte)
    gross = base[:, None, :] * inputs.driver_ratio[:, :, drivers]
    driven = drivers != GROUPS.index("none")
    saved = gross * dx
    return Demand(
        gross[..., driven].sum(axis=-1),
        gross[..., ~driven].sum(axis=-1),
        saved[..., driven].sum(axis=-1),
        saved[..., ~driven].sum(axis=-1),
    )


def _step_sd(inputs: GapInputs) -> FloatArray:
    """Error that each year adds to the log of population, (M, Y); none up to the survey year."""
    elapsed = (inputs.years - inputs.survey_year[:, None]).astype(np.float64)
    total = uncertainty.population_sd(inputs.population[:, :1], elapsed) ** 2
    return np.sqrt(np.diff(total, axis=1, prepend=0.0))


def _notes(inputs: GapInputs, scenario: Scenario) -> tuple[str, ...]:
    codes = {code for codes in inputs.notes for code in codes} | {"default_rates"}
    hiring = scenario.hiring
    if hiring.rule != "replacement" and hiring.number is None:
        codes.add("hires_implied")
    if hiring.rule == "pool" and np.isnan(inputs.pool[:, 0]).any():
        codes.add("no_pool")
    return tuple(sorted(codes))
