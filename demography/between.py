"""Years between five-year points, by cohort.

Arrays are (…, points, bands) or (…, years, bands): any leading axes (areas, sexes), five-year age
bands from 0–4 upwards, the last band open. Unit: persons.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from demography.arrays import BAND_YEARS, FloatArray


def interpolate(
    values: FloatArray, points: Sequence[int], years: Sequence[int], *, by_cohort: bool = True
) -> FloatArray:
    """Population of each year, (…, years, bands), from points in time, (…, points, bands).

    Between two points five years apart each birth cohort moves linearly from its size at the first
    point to its size at the second, and is spread evenly over the five ages that it spans; of the
    band 0–4 at the second point one fifth is born each year. The two oldest bands share one change
    ratio, because the second point gives them together. So the published points are met exactly,
    and the total moves linearly between them. Between points at another distance, or where the last
    axis is no five-year bands (`by_cohort` false), each part moves linearly by itself. Years
    outside the points are NaN: nothing is extrapolated.

    Raises ValueError where `points` do not increase or do not match the array.
    """
    instants = np.asarray(points, dtype=np.int64)
    if len(instants) != values.shape[-2] or (np.diff(instants) <= 0).any():
        raise ValueError("points must increase and match the second last axis of values")
    result = np.full((*values.shape[:-2], len(years), values.shape[-1]), np.nan)
    for position, year in enumerate(years):
        if not instants[0] <= year <= instants[-1]:
            continue
        at = int(np.searchsorted(instants, year))
        if instants[at] == year:
            result[..., position, :] = values[..., at, :]
            continue
        start, end = values[..., at - 1, :], values[..., at, :]
        width = int(instants[at] - instants[at - 1])
        share = (year - int(instants[at - 1])) / width
        between = _between if by_cohort and width == BAND_YEARS else _linear
        result[..., position, :] = between(start, end, share)
    return result


def _linear(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    return start + (end - start) * share


def _between(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """Bands at `share` of the way from `start` to `end`, both (…, bands), five years apart."""
    oldest = start[..., -2] + start[..., -1]
    ratio = np.divide(end[..., -1], oldest, out=np.ones_like(oldest), where=oldest > 0)
    change = 1 + (ratio - 1) * share
    # A cohort is named by the band it is in at the start; it ends one band higher.
    cohort = np.empty_like(start)
    cohort[..., :-2] = _linear(start[..., :-2], end[..., 1:-1], share)
    cohort[..., -2:] = start[..., -2:] * change[..., None]
    # Nobody in the two oldest bands at the start, somebody at the end: they come in evenly.
    appearing = np.where(oldest > 0, 0.0, end[..., -1] * share)
    result = cohort.copy()
    result[..., :-1] -= cohort[..., :-1] * share
    result[..., 1:] += cohort[..., :-1] * share
    result[..., 0] += end[..., 0] * share
    result[..., -1] += appearing
    return result
