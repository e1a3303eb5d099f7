"""Mean and covariance over the years of staff that leaves and arrives by chance.

People leave independently of each other, hires are Poisson: the staff of a single age is then known
in mean and variance, and whoever is there in year t is there in year u ≥ t with the same chance
whatever happened before t. So Cov(S_t, S_u) = Σ_ages Var(S_t) × chance of being there in u: no draw
is needed to know how all years hang together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demography.arrays import FloatArray
from demography.workforce import AGES, Chances, Plan, chances, older


@dataclass(frozen=True)
class Moments:
    """Regular heads and FTE of the rehired in every state. M municipalities, T steps, Y = T + 1.

    The axis of 2Y holds the heads of the Y states, then the FTE. start: (M, 2Y), expected of the
    staff that is there at the start. per_hire: (M, T, 2Y), expected per person hired in each step.
    covariance: (M, 2Y, 2Y) of what is left of the staff, given how many were hired.
    """

    start: FloatArray
    per_hire: FloatArray
    covariance: FloatArray


def moments(
    regular: FloatArray,
    rehired: FloatArray,
    plan: Plan,
    mean_hires: FloatArray,
    rehired_fte: FloatArray,
) -> Moments:
    """Moments of the staff under the separations and rehires of `plan`.

    regular, rehired: (M, ages), at the start; of a fraction of a person it is by chance whether
    there is one. mean_hires: (M, T), persons expected to be hired in each step. rehired_fte:
    (Y, M, ages), FTE per rehired person.
    """
    count, steps = mean_hires.shape
    years = steps + 1
    profile = np.broadcast_to(plan.hire_profile, regular.shape)
    # Groups of people followed through the years: the staff of the start, one hire of each step,
    # then each year's variance of regular staff and of the rehired. All move by the same chances.
    hire, heads, again, groups = 1, 1 + steps, 1 + steps + years, 1 + steps + 2 * years
    people = np.zeros((2, groups, count, len(AGES)))
    people[:, 0] = regular, rehired
    mean = people[:, 0].copy()
    variance = mean % 1.0 * (1.0 - mean % 1.0)
    seen = np.zeros((count, groups, 2, years))
    for year in range(years):
        if year:
            chance = chances(plan.base_year + year - 1, plan.separation, plan.rehire_rate)
            arriving = mean_hires[:, year - 1, None] * profile
            variance = _after_thinning(variance, mean, chance)
            mean = _a_year_later(mean, chance)
            people = _a_year_later(people, chance)
            mean[0] += arriving
            variance[0] += arriving
            people[0, hire + year - 1] = profile
        people[0, heads + year] = variance[0]
        people[1, again + year] = rehired_fte[year] * variance[1]
        seen[:, :, 0, year] = people[0].sum(axis=-1).T
        seen[:, :, 1, year] = (people[1] * rehired_fte[year]).sum(axis=-1).T
    moving = seen.reshape(count, groups, 2 * years)
    per_hire, later = moving[:, hire:heads], moving[:, heads:]
    # `later` holds each pair of years once, the earlier one in its row.
    together = later + np.triu(later, 1).swapaxes(1, 2)
    by_hires = (per_hire * mean_hires[..., None]).swapaxes(1, 2) @ per_hire
    return Moments(moving[:, 0], per_hire, together - by_hires)


def _a_year_later(people: FloatArray, chance: Chances) -> FloatArray:
    """Expected (regular, rehired), (2, …, ages), one year on, without hires."""
    regular, rehired = people
    result = np.zeros_like(people)
    result[0, ..., 1:] = (regular * chance.stay)[..., :-1]
    result[1, ..., 1:] = (regular * chance.back + rehired * chance.keep)[..., :-1]
    return result


def _after_thinning(variance: FloatArray, mean: FloatArray, chance: Chances) -> FloatArray:
    """Variance of (regular, rehired) one year on, (2, …, ages): of N people of variance v each of
    whom remains with chance p, a number of variance p²v + p(1 − p)·E N remains."""
    result = np.zeros_like(variance)
    for into, origin, p in ((0, 0, chance.stay), (1, 0, chance.back), (1, 1, chance.keep)):
        result[into] += older(p * p * variance[origin] + p * (1 - p) * mean[origin])
    return result
