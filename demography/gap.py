"""Required and available staff, the gap between them, and its interval (domain 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography import frames, uncertainty
from demography.arrays import FloatArray
from demography.cells import InputError
from demography.expectation import expectation, hours_per_fte, task_hours
from demography.inputs import GapInputs, fiscal_year, inputs_from_frames, with_population
from demography.scenario import BASELINE, Scenario

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
    shortage), gap_share (of required), gap_low80, gap_high80, gap_low95, gap_high95 and the same of
    required and available, base_gap_fte (the gap of the base year), demand_change_fte and
    supply_loss_fte (what time adds: the three add up to gap_fte), is_interpolated (population
    between published years).
    scope: coverage (surveyed hours ÷ hours of the staff that counts), staff_share (part of the
    staff's FTE that counts).
    base_year; draws (0 = no interval); notes: codes of demography.notes that hold for any
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

    draws: random futures behind the interval, the same for the same seed; with 0 there is no
    interval (null). Raises ScenarioError where the scenario names an unknown category.
    """
    inputs = with_population(inputs, scenario.population)
    expected = expectation(inputs, scenario)
    if draws:
        elasticity = scenario.hiring.elasticity if scenario.hiring.rule == "pool" else 0.0
        bands = uncertainty.simulate(
            expected.path,
            expected.plan,
            expected.supply,
            expected.demand,
            _step_sd(inputs),
            elasticity,
            draws,
            seed,
        )
    else:
        bands = uncertainty.unknown(expected.required_fte.shape)
    return GapResult(
        scenario,
        inputs.base_year,
        frames.required(inputs, task_hours(inputs, expected.dx), hours_per_fte(inputs, scenario)),
        frames.available(inputs, expected.available),
        frames.staff(inputs, expected.heads, expected.fte),
        frames.flow(inputs, expected.path),
        frames.gap(inputs, expected.required_fte, expected.available_fte, bands),
        frames.scope(inputs),
        draws,
        _notes(inputs, scenario),
    )


def _step_sd(inputs: GapInputs) -> FloatArray:
    """Error that each year adds to the log of population, (M, Y); none up to the survey year."""
    elapsed = (inputs.years - inputs.survey_year[:, None]).astype(np.float64)
    total = inputs.errors.sd(inputs.population[:, :1], elapsed) ** 2
    return np.sqrt(np.diff(total, axis=1, prepend=0.0))


def _notes(inputs: GapInputs, scenario: Scenario) -> tuple[str, ...]:
    codes = {code for codes in inputs.notes for code in codes}
    hiring = scenario.hiring
    if hiring.rule == "replacement" or hiring.number is not None:
        codes.discard("hires_recorded")
    elif np.isnan(inputs.hires).any():
        codes.add("hires_implied")
    if hiring.rule == "pool" and np.isnan(inputs.pool[:, 0]).any():
        codes.add("no_pool")
    return tuple(sorted(codes))
