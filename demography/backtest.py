"""How far an earlier projection was from the census that came after it.

An error is projected − counted, as a share of the counted persons; above zero too many were
projected. Sizes are the population bands of domain comparisons, by the counted persons.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray

SIZE_CODES = ("under_10k", "10k_50k", "50k_100k", "100k_300k", "over_300k")
_SIZES = np.array([10_000, 50_000, 100_000, 300_000])
COVERED = 0.8
"""Share of areas whose error the published quantile covers."""
HORIZON = 5.0
"""Years that errors are brought to, so that rounds with other horizons can stand together."""


def size_of(population: FloatArray) -> npt.NDArray[np.intp]:
    """Position in SIZE_CODES of each number of persons; unknown (NaN) counts as the smallest."""
    return np.searchsorted(_SIZES, np.nan_to_num(population), side="right")


def relative_errors(projected: FloatArray, counted: FloatArray) -> FloatArray:
    """(projected − counted) ÷ counted; NaN where nobody was counted."""
    gap = projected - counted
    return np.divide(gap, counted, out=np.full(gap.shape, np.nan), where=counted > 0)


def log_errors(projected: FloatArray, counted: FloatArray, years_ahead: FloatArray) -> FloatArray:
    """log(counted ÷ projected), brought to HORIZON as a random walk; NaN where one side is empty.

    years_ahead: years between the round's base year and the census. The standard deviation of a
    random walk grows with the square root of time, so an error after h years is multiplied by
    √(HORIZON ÷ h). Source: domain of population projections, an assumption where one horizon only
    was measured. Raises ValueError where a horizon is not above zero.
    """
    if (years_ahead <= 0).any():
        raise ValueError("a census must lie after the base year of the round that it tests")
    both = (projected > 0) & (counted > 0)
    ratio = np.divide(counted, projected, out=np.ones(counted.shape), where=both)
    return np.where(both, np.log(ratio), np.nan) * np.sqrt(HORIZON / years_ahead)


def summary(pairs: pd.DataFrame) -> pd.DataFrame:
    """Statistics of the errors by size.

    pairs: one row per area with `projected` and `counted` persons and `years_ahead`. Rows without
    persons on one side are left out.

    Returns one row per SIZE_CODES that occurs, smallest first (index `size`): n, median_ape and
    mean_ape (median and mean of |error|), bias (mean of the error), log_p80 (the COVERED quantile
    of |log_errors|, linear between areas). All but n are shares.
    """
    projected = pairs["projected"].to_numpy(dtype=np.float64)
    counted = pairs["counted"].to_numpy(dtype=np.float64)
    ahead = pairs["years_ahead"].to_numpy(dtype=np.float64)
    errors = pd.DataFrame(
        {
            "size": pd.Categorical.from_codes(size_of(counted), pd.Index(SIZE_CODES), ordered=True),
            "error": relative_errors(projected, counted),
            "log_error": np.abs(log_errors(projected, counted, ahead)),
        }
    ).dropna()
    errors["ape"] = errors["error"].abs()
    return errors.groupby("size", observed=True).agg(
        n=("error", "size"),
        median_ape=("ape", "median"),
        mean_ape=("ape", "mean"),
        bias=("error", "mean"),
        log_p80=("log_error", lambda one: one.quantile(COVERED)),
    )
