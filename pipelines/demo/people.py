"""Population of fictional areas from 2020 to 2050: cohort component, five-year steps and bands.

P(x+5, t+5) = P(x, t) · (s + m); the open band is closed with the two oldest; 0–4 = child–woman
ratio × women of 15–49. Survival follows a Gompertz law, migration is strongest at 15–24.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

YEARS = tuple(range(2020, 2051, 5))
BANDS = 20
MALE, FEMALE = 0, 1

_SHAPE = np.array(
    [
        [3.5, 4.0, 4.25, 4.4, 4.7, 4.8, 5.1, 5.8, 6.5, 7.8],
        [6.6, 6.0, 5.7, 6.3, 7.4, 5.6, 4.2, 2.9, 1.45, 0.5],
    ]
).ravel()
"""Shares of the bands in 2020. The first baby boom is at 70–74, the second at 45–49."""
_MALE_SHARE = np.array(
    [
        [0.512, 0.512, 0.512, 0.512, 0.510, 0.510, 0.508, 0.506, 0.505, 0.505],
        [0.502, 0.498, 0.493, 0.485, 0.472, 0.452, 0.418, 0.355, 0.27, 0.19],
    ]
).ravel()
_MIGRATION = np.array(
    [
        [-0.004, -0.002, 0.0, -0.085, -0.050, 0.012, 0.014, 0.008, 0.003, 0.001],
        [0.002, 0.004, 0.005, 0.003, -0.001, -0.004, -0.008, -0.010, -0.010, -0.010],
    ]
).ravel()
"""Net migration within five years of those who start in each band, where young people leave."""
_BOYS = 1.05 / 2.05
_HAZARD = ((2.1e-5, 0.0960), (0.62e-5, 0.1040))
"""Level and slope of the Gompertz law per sex (life expectancy about 82 and 88 years)."""


@dataclass(frozen=True)
class Areas:
    """What differs between areas; each an array of shape (areas,).

    population: persons in 2020. ageing: 0 is the national shape, higher is older. leaving:
    multiplier of migration, 1 where young people leave, negative where they come. child_woman:
    ratio of children of 0–4 to women of 15–49.
    """

    population: NDArray[np.float64]
    ageing: NDArray[np.float64]
    leaving: NDArray[np.float64]
    child_woman: NDArray[np.float64]


def survival() -> NDArray[np.float64]:
    """Five-year survival per sex and starting band, shape (2, 20)."""
    starts = 5.0 * np.arange(BANDS) + 2.5
    rows = []
    for level, slope in _HAZARD:
        hazard = level / slope * (np.exp(slope * (starts + 5)) - np.exp(slope * starts))
        rows.append(np.exp(-hazard))
    return np.array(rows)


def initial(areas: Areas) -> NDArray[np.float64]:
    """Return the population of 2020, shape (areas, 2, 20)."""
    middle = 5.0 * np.arange(BANDS) + 2.5
    shape = _SHAPE * np.exp(areas.ageing[:, None] * (middle - 45.0) / 45.0)
    hollow = np.exp(-0.35 * areas.leaving[:, None] * ((middle > 20) & (middle < 30)))
    shape = shape * hollow
    shape = shape / shape.sum(axis=1, keepdims=True) * areas.population[:, None]
    return np.stack([shape * _MALE_SHARE, shape * (1 - _MALE_SHARE)], axis=1)


def project(areas: Areas) -> NDArray[np.int64]:
    """Return whole persons, shape (areas, years, 2, 20), for YEARS."""
    now = initial(areas)
    path = [now]
    move = areas.leaving[:, None, None] * _MIGRATION
    for _ in YEARS[1:]:
        moved = now * np.maximum(0.0, survival() + move)
        later = np.empty_like(now)
        later[:, :, 1:] = moved[:, :, :-1]
        later[:, :, -1] += moved[:, :, -1]
        children = areas.child_woman * now[:, FEMALE, 3:10].sum(axis=1)
        later[:, MALE, 0] = children * _BOYS
        later[:, FEMALE, 0] = children * (1 - _BOYS)
        now = later
        path.append(now)
    return np.rint(np.stack(path, axis=1)).astype(np.int64)
