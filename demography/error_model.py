"""How far a projected population may lie from what will be counted.

The error shrinks with the size of the area and widens with the horizon. By size it is measured:
an earlier round against the census after it. Its growth is an assumption, because one horizon
cannot show it: the logarithm of the error walks at random, so that its standard deviation grows
with the square root of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography.arrays import FloatArray
from demography.backtest import COVERED, HORIZON, SIZE_CODES, log_errors, size_of

ENOUGH = 30
"""Areas of a size from which its error is measured; with fewer the published default stands."""
_NORMAL_80 = 1.2816
"""Standard deviations on each side of the mean that hold 80 % of a normal distribution."""


@dataclass(frozen=True)
class ErrorModel:
    """Standard deviation of the log error after five years, and what it rests on.

    five_year_sd: (5,), by size as in backtest.SIZE_CODES, never larger for a larger size.
    areas: (5,), areas measured of each size; 0 where the default stands.
    """

    five_year_sd: tuple[float, ...]
    areas: tuple[int, ...] = (0,) * len(SIZE_CODES)

    def sd(self, population: FloatArray, elapsed: FloatArray) -> FloatArray:
        """Standard deviation of the log error.

        population: persons (NaN counts as small); elapsed: years since the year taken as known, no
        error before it; broadcast together.
        """
        after_five = np.array(self.five_year_sd)[size_of(population)]
        return after_five * np.sqrt(np.maximum(0.0, elapsed) / HORIZON)


DEFAULT = ErrorModel((0.0287, 0.0172, 0.0172, 0.0172, 0.0155))
"""The IPSS 2018 round's 2020 against the census of 2020: `measure` over 1,798 areas, rounded."""


def measure(pairs: pd.DataFrame) -> ErrorModel:
    """Take the error by size from measured pairs.

    pairs: one row per area with `projected` and `counted` persons and `years_ahead`, as for
    backtest.summary. The standard deviation is the 80th percentile of |log error| ÷ 1.2816, so
    that an interval of 80 % covers four areas of five whatever the tails are. Where a larger size
    erred more than a smaller one the two are taken together, until the error never grows with
    size. A size with fewer than ENOUGH areas keeps the default.
    """
    counted = pairs["counted"].to_numpy(dtype=np.float64)
    errors = np.abs(
        log_errors(
            pairs["projected"].to_numpy(dtype=np.float64),
            counted,
            pairs["years_ahead"].to_numpy(dtype=np.float64),
        )
    )
    sizes = size_of(counted)
    by_size = [errors[(sizes == one) & np.isfinite(errors)] for one in range(len(SIZE_CODES))]
    pools: list[tuple[list[int], FloatArray]] = []
    for size, found in enumerate(by_size):
        if len(found) < ENOUGH:
            continue
        members, together = [size], found
        while pools and _sd(pools[-1][1]) < _sd(together):
            earlier, others = pools.pop()
            members, together = earlier + members, np.concatenate([others, together])
        pools.append((members, together))
    sd, areas = list(DEFAULT.five_year_sd), [0] * len(SIZE_CODES)
    for members, together in pools:
        for size in members:
            sd[size], areas[size] = _sd(together), len(by_size[size])
    return ErrorModel(tuple(sd), tuple(areas))


def _sd(errors: FloatArray) -> float:
    return float(np.quantile(errors, COVERED)) / _NORMAL_80
