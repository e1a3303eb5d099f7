"""Hours that the work needs in the years to come (domain 9).

required hours(t) = Σ hours(task) × driver(task, t) ÷ driver(task, survey year)
× (1 − digital share(category, t)).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from demography.arrays import FloatArray
from demography.scenario import Scenario, ScenarioError


def dx_path(
    scenario: Scenario,
    categories: Sequence[str],
    category_groups: Sequence[str],
    base_year: int,
    years: Sequence[int],
) -> FloatArray:
    """Share of hours gone by year and category, (years, categories).

    Zero in the base year, linear up to the scenario's target in its year, constant after it.
    Raises ScenarioError where the scenario names a category or group that does not exist.
    """
    known = {*categories, *category_groups, "all"}
    unknown = [key for key in scenario.dx_share if key not in known]
    if unknown:
        raise ScenarioError(
            f"事務分類「{unknown[0]}」はありません（書ける名前: {'、'.join(sorted(known))}）"
        )
    targets = [scenario.dx_target(*pair) for pair in zip(categories, category_groups, strict=True)]
    target = np.array([share for share, _ in targets])
    span = np.array([max(1, year - base_year) for _, year in targets])
    since = np.asarray(years, dtype=float)[:, None] - base_year
    return np.clip(since / span, 0.0, 1.0) * target


def required_hours(
    hours: FloatArray,
    municipality: npt.NDArray[np.int64],
    category: npt.NDArray[np.int64],
    driver: npt.NDArray[np.int64],
    driver_ratio: FloatArray,
    dx: FloatArray,
) -> FloatArray:
    """Hours of each task row in each year, (rows, years).

    hours, municipality, category, driver: (rows,), hours of the survey and positions on the other
    axes. driver_ratio: (municipalities, years, groups), group in the year ÷ group in the survey
    year; NaN where the population is unknown, and then the hours are NaN too. dx: (years,
    categories) from dx_path.
    """
    ratio = driver_ratio[municipality, :, driver]
    return hours[:, None] * ratio * (1.0 - dx.T[category])
