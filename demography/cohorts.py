"""Groups of birth years followed through a projection, and the three that everyone speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography.arrays import FloatArray


@dataclass(frozen=True)
class Generation:
    """Birth years with a name, and the figures that are quoted for them.

    born_from, born_to: first and last year of birth. births: live births a year (vital
    statistics). quoted: mean persons per year of birth in each year, as quoted.
    """

    key: str
    born_from: int
    born_to: int
    births: int
    quoted: tuple[tuple[int, int], ...]


QUOTED_PROJECTION = "ipss_r5_national"
"""The projection that the quoted persons are from: IPSS, national, 2023."""
GENERATIONS = (
    Generation("boomers", 1947, 1949, 2_686_000, ((2020, 2_026_000), (2040, 792_000))),
    Generation("second", 1971, 1974, 2_040_000, ((2020, 1_994_000), (2040, 1_852_000))),
    Generation("recent", 2018, 2020, 875_000, ((2020, 875_000), (2040, 947_000))),
)
"""団塊の世代, 団塊ジュニア and those born 2018–20, as the Ministry of Internal Affairs quotes them:
births from the vital statistics, persons from QUOTED_PROJECTION, all rounded to a thousand."""


def trace(
    values: FloatArray, years: Sequence[int], starts: Sequence[int], born_from: int, born_to: int
) -> pd.DataFrame:
    """Follow those born in `born_from`…`born_to` (inclusive) through the years of a projection.

    values: persons, (years, bands). years: one per row. starts: first age of each band, increasing;
    a band ends where the next begins, the last is open upwards. So single ages, five-year bands
    and mixtures are all read.

    Age is the age reached in the year, year − birth year, as in the source document: born
    1947–49 are 71–73 in 2020. A band is split evenly over its ages, so an age range that cuts a
    band is an estimate (`is_split`). A cohort that reaches the open age cannot be told from older
    ones: its population is NaN. Before the last birth year a cohort is not complete and has no row.

    Returns one row per year: year, age_from, age_to, population, per_age (mean per birth year),
    is_split. Raises ValueError where born_to < born_from, or where starts do not increase or match
    the values.
    """
    if born_to < born_from:
        raise ValueError("born_to lies before born_from")
    first = np.asarray(starts, dtype=np.int64)
    if values.shape != (len(years), len(first)) or (np.diff(first) <= 0).any():
        raise ValueError("starts must increase and match the last axis of values")
    widths = np.diff(first)
    rows = []
    for row, year in enumerate(years):
        youngest, oldest = year - born_to, year - born_from
        if youngest < 0:
            continue
        bands = np.searchsorted(first, np.arange(youngest, oldest + 1), side="right") - 1
        known = bands[0] >= 0 and bands[-1] < len(widths)
        population = float((values[row, bands] / widths[bands]).sum()) if known else float("nan")
        whole = youngest in first and oldest + 1 in first
        per_age = population / len(bands)
        rows.append((year, youngest, oldest, population, per_age, not whole))
    names = ["year", "age_from", "age_to", "population", "per_age", "is_split"]
    return pd.DataFrame(rows, columns=names)


def beside_quoted(values: FloatArray, years: Sequence[int], starts: Sequence[int]) -> pd.DataFrame:
    """The table of GENERATIONS computed from a national projection, beside the quoted figures.

    values, years, starts: as for `trace`. Returns one row per generation and quoted year: key,
    born_from, born_to, births, year, age_from, age_to, quoted (persons per year of birth), per_age
    (the same of this projection; NaN where it lacks the year or the age), is_split, and difference
    (per_age ÷ quoted − 1).
    """
    rows = []
    for one in GENERATIONS:
        traced = trace(values, years, starts, one.born_from, one.born_to)
        means = dict(zip(traced["year"], traced["per_age"], strict=True))
        split = dict(zip(traced["year"], traced["is_split"], strict=True))
        for year, quoted in one.quoted:
            per_age = float(means.get(year, float("nan")))
            rows.append(
                {
                    "key": one.key,
                    "born_from": one.born_from,
                    "born_to": one.born_to,
                    "births": one.births,
                    "year": year,
                    "age_from": year - one.born_to,
                    "age_to": year - one.born_from,
                    "quoted": quoted,
                    "per_age": per_age,
                    "is_split": bool(split.get(year, False)),
                    "difference": per_age / quoted - 1,
                }
            )
    return pd.DataFrame(rows)
