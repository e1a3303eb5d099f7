"""How work and hiring follow the population of each municipality."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.groups import GROUPS
from demography.paths import PopulationPaths, population_paths

LAST_YEAR = 2050


class Followed(NamedTuple):
    """How the work and the hiring of each municipality follow its population; see GapInputs."""

    driver_ratio: FloatArray
    population: FloatArray
    pool: FloatArray
    is_interpolated: npt.NDArray[np.bool_]
    detail: npt.NDArray[np.str_]


def followed(
    forecast: pd.DataFrame,
    municipalities: pd.Index,
    base_year: int,
    survey_year: npt.NDArray[np.int64],
) -> Followed:
    """Follow a projection from base_year to LAST_YEAR; see GapInputs for what is known when.

    forecast: metric `population` with a column municipality. survey_year: (M,).
    """
    span = np.arange(min(base_year, int(survey_year.min())), LAST_YEAR + 1, dtype=np.int64)
    paths = population_paths(forecast, municipalities, span)
    since = base_year - int(span[0])
    return Followed(
        _driver_ratio(paths, span, survey_year, since)[:, since:],
        paths.groups[:, since:, GROUPS.index("all")],
        paths.pool[:, since:],
        paths.is_interpolated[:, since:],
        paths.detail,
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
