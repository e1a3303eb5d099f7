"""What the gap is computed from: arrays over municipalities, made from the frames of metrics."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.drivers import drivers
from demography.groups import GROUPS
from demography.paths import PopulationPaths, population_paths
from demography.scope import Scope, decide
from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, DEFAULT_SEPARATION, KINDS

LAST_YEAR = 2050
HOURS_PER_FTE = 1860.0
"""7.75 hours × 240 days."""


class InputError(ValueError):
    """The frames cannot be used: one Japanese line, what and what to do."""


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
    separation: FloatArray
    hire_profile: FloatArray
    hires: FloatArray


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
) -> GapInputs:
    """Build GapInputs from frames as `warehouse.query.metric(…).frame` gives them.

    staff: metric `staff` by age, kind (value = persons; `department` where known); newest as_of
    only. staff_fte: metric `staff_fte` with the same dimensions; where it is missing or null one
    person is one FTE.
    workload: metric `workload_hours` by department, category, staff_kind (value = hours) and
    `survey`, the newest of which is used; None = no survey. population: metric `population` by
    year and age (or age_group, or neither), both sexes together; None = no projection.
    categories: category, category_group, driver (reference table). department_drivers,
    driver_changes: see demography.drivers; None = the categories' drivers alone. base_year:
    fiscal_year of the staff's as_of. Every frame may have a `municipality` column; without it there
    is one municipality, called "". The municipalities are those of `staff`.

    Ages below 18 count as 18, above 70 as 70. Raises InputError where staff is empty, a number or
    an age is missing, or a kind or category is unknown.
    """
    people = _staff_cells(staff)
    if people["value"].isna().any():
        raise InputError("職員数に空欄か伏せられた値があります。年齢別の人数をすべて示してください")
    municipalities = pd.Index(sorted(people["municipality"].unique()), name="municipality")
    fte = people if staff_fte is None else _fte_cells(people, _staff_cells(staff_fte))
    survey, named_year = _survey(workload, categories)
    survey = survey[survey["municipality"].isin(municipalities)]
    scope = decide(fte.rename(columns={"value": "fte"}), survey, municipalities, hours_per_fte)
    survey_year = named_year.reindex(municipalities).fillna(base_year).to_numpy().astype(np.int64)
    span = np.arange(min(base_year, int(survey_year.min())), LAST_YEAR + 1, dtype=np.int64)
    forecast = _municipal(population) if population is not None else _no_population()
    paths = population_paths(forecast, municipalities, span)
    since = base_year - int(span[0])
    has_survey = municipalities.isin(survey["municipality"])
    tasks = _tasks(survey, municipalities, categories)
    work = tasks.assign(
        municipality=municipalities[tasks["row"]],
        category=categories["category"].to_numpy()[tasks["column"]],
    )
    found = drivers(work, categories, department_drivers, driver_changes)
    return GapInputs(
        municipalities=tuple(municipalities),
        base_year=base_year,
        years=span[since:],
        staff=_staff_array(people, municipalities),
        staff_fte=_staff_array(fte, municipalities),
        tasks=tasks.assign(driver=pd.Index(GROUPS).get_indexer(pd.Index(found))),
        categories=categories[["category", "category_group"]].reset_index(drop=True),
        driver_ratio=_driver_ratio(paths, span, survey_year, since)[:, since:],
        population=paths.groups[:, since:, GROUPS.index("all")],
        pool=paths.pool[:, since:],
        is_interpolated=paths.is_interpolated[:, since:],
        survey_year=survey_year,
        scope=scope,
        hours_per_fte=hours_per_fte,
        notes=_notes(paths, scope, has_survey, municipalities.isin(named_year.dropna().index)),
        separation=DEFAULT_SEPARATION,
        hire_profile=DEFAULT_HIRE_PROFILE,
        hires=np.full(len(municipalities), np.nan),
    )


def _no_population() -> pd.DataFrame:
    return pd.DataFrame({"municipality": [], "year": [], "value": []})


def _municipal(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if "municipality" in frame.columns else frame.assign(municipality="")


def _staff_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a staff metric with an age on the axis and a known kind, one per cell."""
    if frame.empty:
        raise InputError("職員データがありません。年齢別職員数を取り込んでください")
    age = pd.to_numeric(frame["age"])
    if age.isna().any():
        raise InputError("年齢のない職員がいます。年齢別の職員数を取り込んでください")
    unknown = sorted(set(frame["kind"]) - set(KINDS))
    if unknown:
        known = "、".join(KINDS)
        raise InputError(f"職員の区分「{unknown[0]}」は使えません（{known} のどれか）")
    cells = _municipal(frame).assign(age=age.clip(int(AGES[0]), int(AGES[-1])).astype("int64"))
    keys = [key for key in ("municipality", "department", "age", "kind") if key in cells.columns]
    return cells.groupby(keys, dropna=False)["value"].sum(skipna=False).reset_index()


def _fte_cells(people: pd.DataFrame, fte: pd.DataFrame) -> pd.DataFrame:
    """FTE of each cell of `people`; its head-count where none is recorded."""
    keys = [key for key in people.columns if key != "value"]
    found = people[keys].merge(fte, on=keys, how="left")
    return found.assign(value=found["value"].fillna(people["value"]))


def _staff_array(cells: pd.DataFrame, municipalities: pd.Index) -> FloatArray:
    result = np.zeros((len(municipalities), len(AGES), len(KINDS)))
    rows = municipalities.get_indexer(pd.Index(cells["municipality"]))
    ages = cells["age"].to_numpy() - int(AGES[0])
    kinds = pd.Index(KINDS).get_indexer(pd.Index(cells["kind"]))
    np.add.at(result, (rows, ages, kinds), cells["value"].to_numpy(dtype=np.float64))
    return result


def _survey(
    workload: pd.DataFrame | None, categories: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series[float]]:
    """(newest survey as municipality, department, category, kind, hours; its year by municipality).

    The year is the first four digits in the survey's name; NaN where it has none.
    """
    if workload is None or workload.empty:
        columns = ["municipality", "department", "category", "kind"]
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
        return empty.assign(hours=pd.Series(dtype="float64")), pd.Series(dtype="float64")
    frame = _municipal(workload).rename(columns={"staff_kind": "kind", "value": "hours"})
    unknown = sorted(set(frame["category"]) - set(categories["category"]))
    if unknown:
        raise InputError(
            f"事務分類「{unknown[0]}」は分類の一覧にありません。業務量調査を確認してください"
        )
    frame = frame.assign(
        department=frame["department"].fillna("").astype("str"),
        kind=frame["kind"].fillna("unknown"),
    )
    if "survey" not in frame.columns:
        frame = frame.assign(survey="")
    survey = frame["survey"].astype("str")
    frame = frame[survey == survey.groupby(frame["municipality"]).transform("max")]
    year = frame["survey"].astype("str").str.extract(r"(\d{4})")[0].astype("float64")
    return frame, year.groupby(frame["municipality"]).max()


def _tasks(
    survey: pd.DataFrame, municipalities: pd.Index, categories: pd.DataFrame
) -> pd.DataFrame:
    keys = ["municipality", "department", "category"]
    summed = survey.groupby(keys, as_index=False)["hours"].sum()
    return pd.DataFrame(
        {
            "row": municipalities.get_indexer(summed["municipality"]),
            "department": summed["department"],
            "column": pd.Index(categories["category"]).get_indexer(summed["category"]),
            "hours": summed["hours"].astype("float64"),
        }
    )


def _driver_ratio(
    paths: PopulationPaths,
    span: npt.NDArray[np.int64],
    survey_year: npt.NDArray[np.int64],
    base: int,
) -> FloatArray:
    """(M, years, GROUPS); a group that is unknown or empty in the survey year follows `all`."""
    index = survey_year - span[0]
    at_survey = np.take_along_axis(paths.groups, index[:, None, None], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = paths.groups / at_survey
    ratio[~np.isfinite(ratio)] = np.nan
    everybody = ratio[..., GROUPS.index("all"), None]
    usable = at_survey > 0
    ratio = np.where(usable, ratio, everybody)
    ratio[..., GROUPS.index("none")] = np.where(np.isnan(everybody[..., 0]), np.nan, 1.0)
    # Work of the survey year is known whatever the population is.
    np.put_along_axis(ratio, index[:, None, None], 1.0, axis=1)
    # Without a projection the base year is still shown, as the survey found it.
    ratio[paths.detail == "nothing", base] = 1.0
    return ratio


def _notes(
    paths: PopulationPaths,
    scope: Scope,
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
                by_detail[str(paths.detail[row])],
                "" if has_survey[row] else "no_workload",
                "survey_year_assumed" if has_survey[row] and not has_year[row] else "",
                *scope.codes[row],
            )
            if code
        )
        for row in range(len(scope.codes))
    )
