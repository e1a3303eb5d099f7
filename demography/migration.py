"""A municipality's own migration, counted from its resident register.

Two counts on 1 January are compared by cohort: who is there beyond those who survived is net
migration. Counted: the residents (foreign residents included) by sex and five-year age band.
Assumed: that they died as the life table says. Where counts exactly five years apart are loaded
each cohort is one band and nothing else is assumed; all such pairs are pooled. Where none are, the
widest pair of three or four years is taken, and two things more are assumed: the ages within a band
follow a smooth curve through the bands, and each age goes on migrating for five years as it did
between the counts. In a nation that nobody enters or leaves that alone finds rates of up to 0.03
below 75, where birth years differ as after the war (2015); at one year apart of up to 0.16, so
nearer counts are refused. Rates of a small place rest on few persons and are not smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.interpolate import PchipInterpolator

from demography.arrays import BAND_YEARS, FloatArray, band_starts, fold_open_band
from demography.population import SEXES, PopulationError, cohorts

LEAST_YEARS = 3
"""Counts nearer to each other tell more of uneven birth years than of migration."""


@dataclass(frozen=True)
class OwnMigration:
    """Net migration per person and step, and what it rests on; A areas.

    rates: (A, 2, 1, B − 1), NaN where the register does not tell. year_from, year_to: (A,) first
    and last count used, 0 where none. is_split: (A,) counts less than five years apart were used.
    """

    rates: FloatArray
    year_from: npt.NDArray[np.int64]
    year_to: npt.NDArray[np.int64]
    is_split: npt.NDArray[np.bool_]


def own_migration(
    register: pd.DataFrame, areas: Sequence[str], survival: FloatArray
) -> OwnMigration:
    """Rates of `areas` by the method of this module.

    register: municipality, year, sex (rows of both sexes are left out), age (first age of a
    five-year band; null rows are left out), value. survival: (A, 2, 1, B − 1) as in
    demography.life_table. An area needs counts of two years that are three to five years apart.
    Raises PopulationError where no area has them.
    """
    survival = survival[:, :, 0]
    counts, years = _counts(register, areas, survival.shape[-1] + 1)
    found = OwnMigration(
        np.full((*survival.shape[:2], 1, survival.shape[-1]), np.nan),
        np.zeros(len(areas), dtype=np.int64),
        np.zeros(len(areas), dtype=np.int64),
        np.zeros(len(areas), dtype=bool),
    )
    whole = np.asarray(np.isfinite(counts).all(axis=(1, 3)), dtype=np.bool_)
    pairs = [(i, j) for j in range(len(years)) for i in range(j)]
    _pooled(found, counts, years, whole, survival, pairs)
    for distance in range(BAND_YEARS - 1, LEAST_YEARS - 1, -1):
        for i, j in reversed(pairs):
            open_still = whole[:, i] & whole[:, j] & (found.year_to == 0)
            if years[j] - years[i] == distance and open_still.any():
                first, last = counts[open_still, :, i], counts[open_still, :, j]
                rates = _split(first, last, survival[open_still], distance)
                found.rates[open_still, :, 0] = rates
                _note(found, open_still, years[i], years[j])
                found.is_split[open_still] = True
    if not found.year_to.any():
        raise PopulationError(
            "住民基本台帳の年齢別人口に、3～5年離れた2つの年がないため、純移動率を数えられません。"
            "5年前の年齢階級別人口の表も取り込んでください"
        )
    return found


def _counts(
    register: pd.DataFrame, areas: Sequence[str], bands: int
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """((A, 2, Y, B) persons, NaN where a year is missing; the years)."""
    if "municipality" not in register.columns:
        register = register.assign(municipality=areas[0])
    rows = register.assign(age=pd.to_numeric(register["age"]))
    rows = rows[rows["sex"].isin(SEXES) & rows["age"].notna() & rows["municipality"].isin(areas)]
    band = rows["age"].to_numpy(dtype=np.int64) // BAND_YEARS
    years = np.unique(rows["year"].to_numpy(dtype=np.int64))
    width = max(bands, int(band.max(initial=0)) + 1)
    counts = np.full((len(areas), len(SEXES), len(years), width), np.nan)
    at = (
        pd.Index(list(areas)).get_indexer(pd.Index(rows["municipality"])),
        pd.Index(SEXES).get_indexer(pd.Index(rows["sex"])),
        np.searchsorted(years, rows["year"].to_numpy(dtype=np.int64)),
        band,
    )
    counts[at] = rows["value"].to_numpy(dtype=np.float64)
    return fold_open_band(counts, (bands - 1) * BAND_YEARS), years


def _note(found: OwnMigration, which: npt.NDArray[np.bool_], first: int, last: int) -> None:
    earlier = np.where(found.year_from[which] == 0, first, found.year_from[which])
    found.year_from[which] = np.minimum(earlier, first)
    found.year_to[which] = np.maximum(found.year_to[which], last)


def _pooled(
    found: OwnMigration,
    counts: FloatArray,
    years: npt.NDArray[np.int64],
    whole: npt.NDArray[np.bool_],
    survival: FloatArray,
    pairs: list[tuple[int, int]],
) -> None:
    """Rates from all pairs of counts five years apart: Σ at the end ÷ Σ at the start − s."""
    start, end = np.zeros_like(survival), np.zeros_like(survival)
    for i, j in pairs:
        both = whole[:, i] & whole[:, j]
        if years[j] - years[i] == BAND_YEARS and both.any():
            start[both] += cohorts(counts[both, :, i])
            end[both] += counts[both, :, j, 1:]
            _note(found, both, years[i], years[j])
    ratio = np.divide(end, start, out=np.full_like(start, np.nan), where=start > 0)
    found.rates[:, :, 0] = ratio - survival


def _split(first: FloatArray, last: FloatArray, survival: FloatArray, distance: int) -> FloatArray:
    """Rates from counts `distance` < 5 years apart, (A, 2, B) each, and survival (A, 2, B − 1).

    The oldest `distance` ages of a band reach the next one. The count ÷ those expected there gives
    a yearly rate of growth by migration for the band; a cohort goes half its step at that of the
    band it leaves and half at that of the band it reaches.
    """
    lived = survival ** (distance / BAND_YEARS)
    reaching = _oldest(first, distance)
    expected = first.copy()
    expected[..., :-1] = (first[..., :-1] - reaching) * lived
    expected[..., -1] *= lived[..., -1]
    expected[..., 1:] += reaching * lived
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log(last / expected) / distance
        # Nobody tells how many of the youngest were born in between.
        growth[..., 0] = growth[..., 1]
        rates = survival * np.expm1(BAND_YEARS * (growth[..., :-1] + growth[..., 1:]) / 2)
    return np.where(np.isfinite(rates), rates, np.nan)


def _oldest(values: FloatArray, ages: int) -> FloatArray:
    """(…, B − 1) persons in the oldest `ages` ages of each closed band.

    The sum from age 0 is a curve that never falls (piecewise cubic, monotone: Fritsch and Carlson,
    1980); it is read `ages` before the end of each band.
    """
    below = np.zeros(values.shape)
    np.cumsum(values[..., :-1], axis=-1, out=below[..., 1:])
    starts = band_starts(values.shape[-1]).astype(np.float64)
    curve = PchipInterpolator(starts, below, axis=-1)
    return np.clip(below[..., 1:] - curve(starts[1:] - ages), 0.0, values[..., :-1])
