"""The default computation of the staffing gap, stored in every release as mart_model_* tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demography.gap import GapResult, fiscal_year, inputs_from_frames, project
from demography.rate_table import as_table
from demography.rates import estimate
from demography.scenario import BASELINE
from warehouse.engine import Engine

STAFF = """
WITH newest AS (SELECT municipality, max(as_of) AS as_of FROM core_staff GROUP BY municipality)
SELECT
    s.municipality, s.as_of, s.department, s.age, s.kind,
    CAST(sum(s.headcount) AS DOUBLE) AS headcount,
    CAST(CASE WHEN count(s.fte) = count(*) THEN sum(s.fte) END AS DOUBLE) AS fte
FROM core_staff AS s
INNER JOIN newest ON s.municipality = newest.municipality AND s.as_of = newest.as_of
GROUP BY s.municipality, s.as_of, s.department, s.age, s.kind
"""

WORKLOAD = """
SELECT municipality, survey, department, category, staff_kind, sum(hours) AS value
FROM core_workload
GROUP BY municipality, survey, department, category, staff_kind
"""

POPULATION = """
WITH newest AS (
    SELECT municipality, max(base_year) AS base_year
    FROM core_population
    WHERE series = 'regional' AND municipality IN (SELECT municipality FROM core_staff)
    GROUP BY municipality
)
SELECT p.municipality, p.year, p.age, CAST(sum(p.population) AS DOUBLE) AS value
FROM core_population AS p
INNER JOIN newest ON p.municipality = newest.municipality AND p.base_year = newest.base_year
WHERE p.series = 'regional'
GROUP BY p.municipality, p.year, p.age
"""

TESTED = """
WITH newest AS (SELECT max(base_year) AS base_year FROM core_backtest),
latest AS (
    SELECT max(b.year) AS year
    FROM core_backtest AS b INNER JOIN newest ON b.base_year = newest.base_year
)
SELECT b.municipality, b.projected, b.counted, b.years_ahead
FROM core_backtest AS b
INNER JOIN newest ON b.base_year = newest.base_year
INNER JOIN latest ON b.year = latest.year
"""

FLOW = """
SELECT municipality, fiscal_year, age, kind, hires, separations, reason FROM core_staff_flow
"""

COUNTED = """
SELECT municipality, as_of, age, kind, CAST(sum(headcount) AS DOUBLE) AS headcount
FROM core_staff
GROUP BY municipality, as_of, age, kind
"""

DRIVERS = "SELECT department_part, driver FROM ref_driver ORDER BY position"
CHANGES = """
SELECT municipality, department, category, driver FROM ref_driver_change ORDER BY decided_at
"""
CATEGORIES = "SELECT category, category_group, driver FROM ref_category ORDER BY position"
HOURS = "SELECT annual_hours_per_fte FROM ref_config"


def compute(engine: Engine) -> dict[str, pd.DataFrame]:
    """Project every municipality that has staff under the scenario `baseline`.

    Reads core_staff, core_staff_flow, core_workload, core_population, core_backtest, ref_category,
    ref_driver, ref_driver_change and ref_config. Returns mart_model_rate, and mart_model_required,
    mart_model_staff, mart_model_flow and mart_model_gap with a column `scenario`; nothing where no
    staff is loaded. Required and gap exist where a survey is loaded too, for the years that its
    projection covers.
    """
    staff = engine.frame(STAFF)
    if staff.empty:
        return {}
    workload, population = engine.frame(WORKLOAD), engine.frame(POPULATION)
    categories = engine.frame(CATEGORIES)
    departments, changes = engine.frame(DRIVERS), engine.frame(CHANGES)
    tested = engine.frame(TESTED)
    hours_per_fte = float(engine.execute(HOURS)[0][0])
    if staff["department"].isna().all():
        staff = staff.drop(columns="department")
    base_year = staff["as_of"].map(fiscal_year)
    bodies = sorted(staff["municipality"].unique())
    rates = as_table(estimate(engine.frame(FLOW), engine.frame(COUNTED), bodies), bodies)
    results = [
        project(
            inputs_from_frames(
                alike.rename(columns={"headcount": "value"}),
                workload,
                population,
                categories,
                base_year=int(year),
                staff_fte=alike.rename(columns={"fte": "value"}),
                hours_per_fte=hours_per_fte,
                department_drivers=departments,
                driver_changes=changes,
                tested=tested,
                rates=rates,
            ),
            BASELINE,
        )
        for year, alike in staff.groupby(base_year)
    ]
    return {**_tables(results), "mart_model_rate": rates}


def _tables(results: list[GapResult]) -> dict[str, pd.DataFrame]:
    names = ("required", "staff", "flow", "gap")
    tables = {
        f"mart_model_{name}": pd.concat(
            [getattr(result, name).assign(scenario=result.scenario.name) for result in results],
            ignore_index=True,
        )
        for name in names
    }
    department = tables["mart_model_required"]["department"]
    tables["mart_model_required"]["department"] = department.where(department != "", np.nan)
    return tables
