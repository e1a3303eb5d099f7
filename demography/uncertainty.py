"""How far the gap may lie from its expectation: quantiles of random futures.

Four sources of chance: who leaves and who is rehired (binomial), who is hired (Poisson), the error
of a projected population (a random walk of its logarithm) and how much of the digital share is
reached. Hires are drawn year by year. How many of the staff stay is drawn for all years at once,
from a normal distribution with the mean and covariance that independent people have (`moments`).
People leave in whole persons, which a normal distribution smooths over: with thirty staff quantiles
of the gap are off by a third of a person, with three, and those of the staff alone, by up to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demography.arrays import FloatArray
from demography.moments import moments
from demography.workforce import Path, Plan

QUANTILES = {"low95": 0.025, "low80": 0.1, "high80": 0.9, "high95": 0.975}
SERIES = ("gap", "required", "available")
"""What has an interval."""
DX_ATTAINMENT_SD = 0.2
"""Standard deviation of reached ÷ planned digital share. An assumption; nothing is observed yet."""
DX_ATTAINMENT_MAX = 1.5
CHUNK = 64
"""Municipalities whose moments are computed together: some 60 MB."""


@dataclass(frozen=True)
class Demand:
    """Required FTE in parts, each (M, Y): gross work that follows the population or does not, and
    how much of it the planned digital share takes away."""

    gross_driven: FloatArray
    gross_fixed: FloatArray
    saved_driven: FloatArray
    saved_fixed: FloatArray

    @property
    def required(self) -> FloatArray:
        """Required FTE as planned."""
        return self.gross_driven + self.gross_fixed - self.saved_driven - self.saved_fixed


@dataclass(frozen=True)
class Supply:
    """What turns heads into available FTE. M municipalities, Y years.

    regular_fte: (M,) FTE per head that counts; rehired_fte: (Y, M, ages) likewise; constant:
    (M, Y) FTE that does not vary by chance (fixed-term staff, outsourced work).
    """

    regular_fte: FloatArray
    rehired_fte: FloatArray
    constant: FloatArray


@dataclass(frozen=True)
class _Chance:
    """Standard random numbers, the same for every municipality: its interval then does not depend
    on which others are computed beside it, and differences between two of them are not noise.

    walk: (Y, draws); staff: (2Y, draws); reached: (draws,), share of the digital plan. Hires are
    drawn from `seed` anew for each municipality.
    """

    walk: FloatArray
    staff: FloatArray
    reached: FloatArray
    seed: tuple[int, int]


def simulate(
    path: Path,
    plan: Plan,
    supply: Supply,
    demand: Demand,
    step_sd: FloatArray,
    elasticity: float,
    draws: int,
    seed: int,
) -> FloatArray:
    """Quantiles of each of SERIES, (M, Y, SERIES, QUANTILES), from `draws` random futures.

    path: the expected run of `plan`; its first state is the start, (M, ages). Fractions of a
    person in it are rounded up or down by chance, so that their mean stays. step_sd: (M, Y),
    standard deviation of the log error of population that each year adds to the one before.
    elasticity: of hires to the population 20–24, whose error is that of the whole population; 0
    where they do not depend on it. The same for the same seed, whatever the other municipalities.
    """
    count, years = step_sd.shape
    generator = np.random.default_rng(seed)
    chance = _Chance(
        generator.standard_normal((years, draws)),
        generator.standard_normal((2 * years, draws)),
        np.clip(generator.normal(1.0, DX_ATTAINMENT_SD, draws), 0.0, DX_ATTAINMENT_MAX),
        (seed, years),
    )
    result = np.empty((count, years, len(SERIES), len(QUANTILES)))
    for first in range(0, count, CHUNK):
        rows = slice(first, min(first + CHUNK, count))
        result[rows] = _chunk(path, plan, supply, demand, step_sd, elasticity, chance, rows)
    return result


def unknown(shape: tuple[int, ...]) -> FloatArray:
    """Quantiles as `simulate` gives them for (M, Y), all NaN: no futures were drawn."""
    return np.full((*shape, len(SERIES), len(QUANTILES)), np.nan)


def _chunk(
    path: Path,
    plan: Plan,
    supply: Supply,
    demand: Demand,
    step_sd: FloatArray,
    elasticity: float,
    chance: _Chance,
    rows: slice,
) -> FloatArray:
    """`simulate` for the municipalities of `rows`, whose moments are held in memory at once."""
    expected = path.hires[:, rows].sum(axis=-1).T
    spread = elasticity * np.sqrt((step_sd[rows] ** 2).cumsum(axis=-1) - step_sd[rows, :1] ** 2)
    mean_hires = expected * np.exp(spread[:, :-1] ** 2 / 2)
    staff = moments(
        path.regular[0, rows],
        path.rehired[0, rows],
        plan.of(rows),
        mean_hires,
        supply.rehired_fte[:, rows],
    )
    count, years = mean_hires.shape[0], step_sd.shape[1]
    # One product for all municipalities: many small ones are slow where cores are shared.
    factor = _factor(staff.covariance).reshape(count * 2 * years, 2 * years)
    people = (factor @ chance.staff).reshape(count, 2 * years, -1) + staff.start[..., None]
    result = np.empty((count, years, len(SERIES), len(QUANTILES)))
    for row in range(count):
        at = rows.start + row
        error = (chance.walk * step_sd[at, :, None]).cumsum(axis=0)
        wanted = expected[row, :, None] * np.exp(elasticity * (error[:-1] - error[0]))
        target = None if plan.target is None else plan.target[at]
        generator = np.random.default_rng(chance.seed)
        _hire(people[row], staff.per_hire[row], wanted, target, generator)
        heads, again = np.maximum(0.0, people[row]).reshape(2, years, -1)
        available = heads * supply.regular_fte[at] + again + supply.constant[at, :, None]
        driven = np.maximum(0.0, _net(demand.gross_driven[at], demand.saved_driven[at], chance))
        fixed = np.maximum(0.0, _net(demand.gross_fixed[at], demand.saved_fixed[at], chance))
        required = driven * np.exp(error) + fixed
        drawn = np.stack([required - available, required, available], axis=1)
        result[row] = np.moveaxis(np.quantile(drawn, list(QUANTILES.values()), axis=-1), 0, -1)
    return result


def _net(gross: FloatArray, saved: FloatArray, chance: _Chance) -> FloatArray:
    """Work that is left where the digital plan is reached by chance, (Y, draws)."""
    return gross[:, None] - saved[:, None] * chance.reached


def _hire(
    people: FloatArray,
    per_hire: FloatArray,
    wanted: FloatArray,
    target: FloatArray | None,
    generator: np.random.Generator,
) -> None:
    """Add the hires of one municipality to `people`, (2Y, draws): the staff of the start by year.

    per_hire: (T, 2Y) as in Moments. wanted: (T, draws), persons expected to be hired in each step;
    where there is a target, (Y,), they fill up to it instead.
    """
    years = len(wanted) + 1
    # Who is hired young is not rehired within these years: half of the rows then stay as they are.
    rows = 2 * years if per_hire[:, years:].any() else years
    for step, expected in enumerate(wanted):
        if target is not None:
            expected = np.maximum(0.0, target[step + 1] - people[step + 1])
        hires = generator.poisson(expected)
        people[step + 1 : rows] += per_hire[step, step + 1 : rows, None] * hires


def _factor(covariance: FloatArray) -> FloatArray:
    """Lower triangle L of each covariance = L·Lᵀ, (M, 2Y, 2Y).

    States that do not vary, or vary with others, make the matrix singular: a variance too small to
    matter is added.
    """
    size = covariance.shape[-1]
    variance = np.einsum("mii->mi", covariance)
    extra = 1e-10 * (1.0 + variance.max(axis=-1))
    return np.linalg.cholesky(covariance + extra[:, None, None] * np.eye(size))
