"""What the gap is computed from: arrays over municipalities, made from the frames of metrics."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.cells import (
    InputError,
    fte_cells,
    newest_survey,
    staff_array,
    staff_cells,
    task_rows,
    with_municipality,
)
from demography.drivers import drivers
from demography.error_model import DEFAULT, ErrorModel, measure
from demography.followed import LAST_YEAR, followed
from demography.groups import GROUPS
from demography.population import PopulationError, PopulationScenario
from demography.rate_table import KnownRates, known_rates
from demography.scenario import ScenarioError
from demography.scenario_population import under_scenario
from demography.scope import Scope, decide

HOURS_PER_FTE = 1860.0
"""7.75 hours × 240 days."""


@dataclass(frozen=True)
class PopulationFrames:
    """What the population is known from: the arguments of inputs_from_frames of these names."""

    population: pd.DataFrame
    life_table: pd.DataFrame | None = None
    assumptions: pd.DataFrame | None = None
    register: pd.DataFrame | None = None


@dataclass(frozen=True)
class GapInputs:
    """What is known before a scenario is chosen; M municipalities, Y years.

    municipalities: their codes. base_year: fiscal year on whose 1 April the staff is counted.
    years: (Y,), base_year … LAST_YEAR. staff, staff_fte: (M, ages, kinds), persons and FTE.
    tasks: one row per municipality × department × category: `row` (position of the municipality),
    `department`, `column` (position of the category), `hours`, `driver` (position in GROUPS).
    categories: category, category_group in the order of `column`. driver_ratio: (M, Y, GROUPS),
    group ÷ the same in the survey year; NaN where the population is unknown, 1 in the survey year
    itself.
    population: (M, Y) all ages, pool: (M, Y) persons aged 20–24, NaN where unknown.
    is_interpolated: (M, Y), the year lies between two published ones. survey_year: (M,).
    scope: the supply side. hours_per_fte: hours a year. notes: codes per municipality.
    people: what the population comes from. errors: how far the projection may lie off.
    separation: share leaving in a year by age, broadcastable to (M, ages). hire_profile: share of
    hires by age, likewise. hires: (M,), persons hired a year as observed, NaN where they are not.
    """

    municipalities: tuple[str, ...]
    base_year: int
    years: npt.NDArray[np.int64]
    staff: FloatArray
    staff_fte: FloatArray
    tasks: pd.DataFrame
    categories: pd.DataFrame
    driver_ratio: FloatArray
    population: FloatArray
    pool: FloatArray
    is_interpolated: npt.NDArray[np.bool_]
    survey_year: npt.NDArray[np.int64]
    scope: Scope
    hours_per_fte: float
    notes: tuple[tuple[str, ...], ...]
    people: PopulationFrames
    errors: ErrorModel
    separation: FloatArray
    hire_profile: FloatArray
    hires: FloatArray

    @property
    def surveyed(self) -> npt.NDArray[np.bool_]:
        """(M,), whether the work of a municipality is known."""
        return np.isin(np.arange(len(self.municipalities)), self.tasks["row"].to_numpy())


def fiscal_year(date: dt.date) -> int:
    """Fiscal year (April to March) that a date lies in."""
    return date.year if date.month >= 4 else date.year - 1


def inputs_from_frames(
    staff: pd.DataFrame,
    workload: pd.DataFrame | None,
    population: pd.DataFrame | None,
    categories: pd.DataFrame,
    *,
    base_year: int,
    staff_fte: pd.DataFrame | None = None,
    hours_per_fte: float = HOURS_PER_FTE,
    department_drivers: pd.DataFrame | None = None,
    driver_changes: pd.DataFrame | None = None,
    life_table: pd.DataFrame | None = None,
    assumptions: pd.DataFrame | None = None,
    register: pd.DataFrame | None = None,
    tested: pd.DataFrame | None = None,
    rates: pd.DataFrame | None = None,
) -> GapInputs:
    """Build GapInputs from frames as `warehouse.query.metric(…).frame` gives them.

    staff: metric `staff` by age, kind (value = persons; `department` where known); newest as_of
    only. staff_fte: metric `staff_fte` with the same dimensions; where it is missing or null one
    person is one FTE.
    workload: metric `workload_hours` by department, category, staff_kind (value = hours) and
    `survey`, the newest of which is used; None = no survey. population: metric `population` by
    year and age (or age_group, or neither), and by sex where a scenario shall change it; None = no
    projection. life_table, assumptions, register: see demography.scenario_population.
    tested: earlier projections beside their census, as demography.error_model.measure takes them.
    rates: of separation and hiring, as demography.rate_table.as_table gives them.
    categories: category, category_group, driver (reference table). department_drivers,
    driver_changes: see demography.drivers; None = the categories' drivers alone. base_year:
    fiscal_year of the staff's as_of. Every frame may have a `municipality` column; without it there
    is one municipality, called "". The municipalities are those of `staff`.

    Ages below 18 count as 18, above 70 as 70. Raises InputError where staff is empty, a number or
    an age is missing, or a kind or category is unknown.
    """
    people = staff_cells(staff)
    if people["value"].isna().any():
        raise InputError("職員数に空欄か伏せられた値があります。年齢別の人数をすべて示してください")
    municipalities = pd.Index(sorted(people["municipality"].unique()), name="municipality")
    fte = people if staff_fte is None else fte_cells(people, staff_cells(staff_fte))
    survey, named_year = newest_survey(workload, categories)
    survey = survey[survey["municipality"].isin(municipalities)]
    scope = decide(fte.rename(columns={"value": "fte"}), survey, municipalities, hours_per_fte)
    survey_year = named_year.reindex(municipalities).fillna(base_year).to_numpy().astype(np.int64)
    forecast = with_municipality(population) if population is not None else _no_population()
    people_of = PopulationFrames(forecast, life_table, assumptions, register)
    path = followed(forecast, municipalities, base_year, survey_year)
    has_survey = municipalities.isin(survey["municipality"])
    tasks = task_rows(survey, municipalities, categories)
    work = tasks.assign(
        municipality=municipalities[tasks["row"]],
        category=categories["category"].to_numpy()[tasks["column"]],
    )
    found = drivers(work, categories, department_drivers, driver_changes)
    known = known_rates(rates, tuple(municipalities))
    return GapInputs(
        municipalities=tuple(municipalities),
        base_year=base_year,
        years=np.arange(base_year, LAST_YEAR + 1, dtype=np.int64),
        staff=staff_array(people, municipalities),
        staff_fte=staff_array(fte, municipalities),
        tasks=tasks.assign(driver=pd.Index(GROUPS).get_indexer(pd.Index(found))),
        categories=categories[["category", "category_group"]].reset_index(drop=True),
        driver_ratio=path.driver_ratio,
        population=path.population,
        pool=path.pool,
        is_interpolated=path.is_interpolated,
        survey_year=survey_year,
        scope=scope,
        hours_per_fte=hours_per_fte,
        notes=_notes(
            path.detail,
            scope,
            known,
            has_survey,
            municipalities.isin(named_year.dropna().index),
        ),
        people=people_of,
        errors=DEFAULT if tested is None or tested.empty else measure(tested),
        separation=known.separation,
        hire_profile=known.hire_profile,
        hires=known.hires,
    )


def with_population(inputs: GapInputs, change: PopulationScenario) -> GapInputs:
    """The same inputs with the projection changed; the survey year's population changes too where
    it lies after the first year of the projection.

    Municipalities without figures by sex and five-year band keep their projection and the note
    `population_unchanged`. Raises ScenarioError where the change needs what is not loaded.
    """
    if change == PopulationScenario():
        return inputs
    people = inputs.people
    if not {"year", "sex", "age"} <= set(people.population.columns):
        changed, unchanged = people.population, set(inputs.municipalities)
    else:
        try:
            found = under_scenario(
                people.population,
                change,
                life_table=people.life_table,
                assumptions=people.assumptions,
                register=people.register,
            )
        except PopulationError as error:
            raise ScenarioError(str(error)) from error
        changed, unchanged = found.frame, {*found.unchanged}
    municipalities = pd.Index(inputs.municipalities)
    path = followed(changed, municipalities, inputs.base_year, inputs.survey_year)
    return replace(
        inputs,
        driver_ratio=path.driver_ratio,
        population=path.population,
        pool=path.pool,
        is_interpolated=path.is_interpolated,
        notes=tuple(
            (*codes, "population_unchanged") if code in unchanged else codes
            for code, codes in zip(inputs.municipalities, inputs.notes, strict=True)
        ),
    )


def _no_population() -> pd.DataFrame:
    return pd.DataFrame({"municipality": [], "year": [], "value": []})


def _notes(
    detail: npt.NDArray[np.str_],
    scope: Scope,
    known: KnownRates,
    has_survey: npt.NDArray[np.bool_],
    has_year: npt.NDArray[np.bool_],
) -> tuple[tuple[str, ...], ...]:
    by_detail = {
        "nothing": "no_population",
        "total": "no_age_detail",
        "age_groups": "no_age_bands",
        "bands": "",
    }
    return tuple(
        tuple(
            code
            for code in (
                by_detail[str(detail[row])],
                "" if has_survey[row] else "no_workload",
                "survey_year_assumed" if has_survey[row] and not has_year[row] else "",
                f"{known.source[row]}_rates",
                "" if np.isnan(known.hires[row]) else "hires_recorded",
                *scope.codes[row],
            )
            if code
        )
        for row in range(len(scope.codes))
    )
