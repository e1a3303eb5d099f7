"""One group of birth years followed through a projection in five-year bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from demography.arrays import BAND_YEARS, FloatArray


def trace(
    values: FloatArray, years: Sequence[int], born_from: int, born_to: int, *, single_ages: bool
) -> pd.DataFrame:
    """Follow those born in `born_from`…`born_to` (inclusive) through the years of a projection.

    values: persons, (years, ages): five-year bands, or single ages with `single_ages`; the last
    column is open upwards. years: one per row.

    Age is the age reached in the year, year − birth year, as in the source document: born
    1947–49 are 71–73 in 2020. A five-year band is split evenly over its five ages, so an age range
    inside a band is an estimate (`is_split`). A cohort that reaches the open age cannot be told
    from older ones: its population is NaN. Before the last birth year a cohort is not complete and
    has no row.

    Returns one row per year: year, age_from, age_to, population, per_age (mean per birth year),
    is_split. Raises ValueError where born_to < born_from.
    """
    if born_to < born_from:
        raise ValueError("born_to lies before born_from")
    width = 1 if single_ages else BAND_YEARS
    rows = []
    for row, year in enumerate(years):
        youngest, oldest = year - born_to, year - born_from
        if youngest < 0:
            continue
        columns = np.arange(youngest, oldest + 1) // width
        if columns[-1] >= values.shape[1] - 1:
            population = float("nan")
        else:
            population = float(values[row, columns].sum()) / width
        whole = youngest % width == 0 and (oldest + 1) % width == 0
        rows.append((year, youngest, oldest, population, population / len(columns), not whole))
    names = ["year", "age_from", "age_to", "population", "per_age", "is_split"]
    return pd.DataFrame(rows, columns=names)
