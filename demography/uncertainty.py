"""How far the gap may lie from its expectation.

Four sources: separations and rehires are binomial and hires Poisson; the population of a small
area is projected with an error; the digital share is reached more or less. Two ways to the same
intervals: seeded simulation, and an analytic approximation for thousands of municipalities at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from demography.arrays import FloatArray
from demography.workforce import AGES, REHIRE_UNTIL, Path, Plan, Sampled, older, retirement_age, run

QUANTILES = {"gap_low95": 0.025, "gap_low80": 0.1, "gap_high80": 0.9, "gap_high95": 0.975}
DX_ATTAINMENT_SD = 0.2
"""Standard deviation of reached ÷ planned digital share. An assumption; nothing is observed yet."""
DX_ATTAINMENT_MAX = 1.5

_SIZES = np.array([10_000, 50_000, 100_000, 300_000])
_FIVE_YEAR_ERRORS = np.array([0.029, 0.017, 0.018, 0.017, 0.014])


def population_sd(population: FloatArray, elapsed: FloatArray) -> FloatArray:
    """Standard deviation of the log error of a projected population.

    population: persons (NaN counts as small); elapsed: years since the year taken as known;
    broadcast together. After five years the error is that of the IPSS 2018 round's 2020 against
    the census of 2020, by size: 80th percentile of |log error| ÷ 1.2816 over 1,809 areas. It
    grows with the square root of time, as a random walk does; one horizon cannot show its growth,
    so that is an assumption.
    """
    size = np.searchsorted(_SIZES, np.nan_to_num(population), side="right")
    return _FIVE_YEAR_ERRORS[size] * np.sqrt(np.maximum(0.0, elapsed) / 5)


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

    def of(self, row: int) -> Demand:
        """The parts of one municipality."""
        return Demand(
            self.gross_driven[row],
            self.gross_fixed[row],
            self.saved_driven[row],
            self.saved_fixed[row],
        )


@dataclass(frozen=True)
class Supply:
    """What turns heads into available FTE. M municipalities, Y years.

    regular_fte: (M,) FTE per head that counts; rehired_fte: (Y, M, ages) likewise; constant:
    (M, Y) FTE that does not vary by chance (fixed-term staff, outsourced work).
    """

    regular_fte: FloatArray
    rehired_fte: FloatArray
    constant: FloatArray

    def of(self, row: int) -> Supply:
        """The supply of one municipality."""
        return Supply(self.regular_fte[row], self.rehired_fte[:, row], self.constant[row])


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
    """Quantiles of the gap, (M, Y, QUANTILES), from `draws` random futures.

    path: its first state is the start, (M, ages). step_sd: (M, Y), standard deviation of the log
    error of population that each year adds to the one before. elasticity: of hires to the
    population 20–24; 0 where they do not depend on it. Fractions of a person in the base year are
    rounded up or down by chance, so that their mean stays. Every municipality starts from `seed`
    by itself, so that its interval does not depend on which others are computed beside it.
    """
    return np.stack(
        [
            _simulate_one(
                path.regular[0, row],
                path.rehired[0, row],
                plan.of(row),
                supply.of(row),
                demand.of(row),
                step_sd[row],
                elasticity,
                draws,
                np.random.default_rng(seed),
            )
            for row in range(len(step_sd))
        ]
    )


def _simulate_one(
    regular: FloatArray,
    rehired: FloatArray,
    plan: Plan,
    supply: Supply,
    demand: Demand,
    step_sd: FloatArray,
    elasticity: float,
    draws: int,
    generator: np.random.Generator,
) -> FloatArray:
    """`simulate` for one municipality: arrays without its axis, result (Y, QUANTILES)."""
    years = len(step_sd)
    error = (generator.standard_normal((draws, years)) * step_sd).cumsum(axis=-1)
    if plan.hires is not None:
        # With the axis of draws even where nothing varies: each draw needs its own hires.
        since_base = error[:, :-1] - error[:, :1]
        plan = replace(plan, hires=plan.hires * np.exp(elasticity * since_base))

    def whole(people: FloatArray) -> FloatArray:
        return np.floor(people + generator.random((draws, len(people))))

    available = np.empty((draws, years))
    regular, rehired = whole(regular), whole(rehired)
    available[:, 0] = _fte(regular, rehired, supply, 0)
    future = run(regular, rehired, plan, years - 1, Sampled(generator))
    for year, (regular, rehired, _) in enumerate(future, start=1):
        available[:, year] = _fte(regular, rehired, supply, year)
    reached = np.clip(generator.normal(1.0, DX_ATTAINMENT_SD, (draws, 1)), 0.0, DX_ATTAINMENT_MAX)
    driven = np.maximum(0.0, demand.gross_driven - reached * demand.saved_driven)
    fixed = np.maximum(0.0, demand.gross_fixed - reached * demand.saved_fixed)
    gap = driven * np.exp(error) + fixed - available
    return np.quantile(gap, list(QUANTILES.values()), axis=0).T


def _fte(regular: FloatArray, rehired: FloatArray, supply: Supply, year: int) -> FloatArray:
    counted = regular.sum(axis=-1) * supply.regular_fte
    return counted + (rehired * supply.rehired_fte[year]).sum(axis=-1) + supply.constant[..., year]


def approximate(
    path: Path, plan: Plan, supply: Supply, demand: Demand, step_sd: FloatArray
) -> FloatArray:
    """Quantiles of the gap, (M, Y, QUANTILES), by adding variances and assuming a normal shape.

    Arguments as in `simulate`. Exact in mean and variance for the staff where hires are a fixed
    number; where they fill up to a target, only the last year's hires vary; the error of the
    population 20–24 is left out.
    """
    error_sd = np.sqrt((step_sd**2).cumsum(axis=-1))
    net_driven = demand.gross_driven - demand.saved_driven
    variance = (net_driven * error_sd) ** 2
    variance += ((demand.saved_driven + demand.saved_fixed) * DX_ATTAINMENT_SD) ** 2
    variance += _staff_variance(path, plan, supply)
    gap = demand.required - _expected(path, supply)
    quantiles = stats.norm.ppf(list(QUANTILES.values()))
    return gap[..., None] + np.sqrt(variance)[..., None] * quantiles


def _expected(path: Path, supply: Supply) -> FloatArray:
    years = range(path.regular.shape[0])
    return np.stack([_fte(path.regular[y], path.rehired[y], supply, y) for y in years], axis=-1)


def _staff_variance(path: Path, plan: Plan, supply: Supply) -> FloatArray:
    """Variance of available FTE, (M, Y): of N people of variance v each kept with probability p,
    p²v + p(1 − p)·E N remains; newcomers are Poisson."""
    years = path.regular.shape[0]
    regular, rehired = np.zeros_like(path.regular[0]), np.zeros_like(path.rehired[0])
    result = np.zeros((path.regular.shape[1], years))
    back_in_time = AGES + 1 < REHIRE_UNTIL
    for year in range(1, years):
        before = year - 1
        due = retirement_age(plan.base_year + before) - 1 <= AGES
        stay = np.where(due, 0.0, 1 - plan.separation)
        back = np.where(due & back_in_time, (1 - plan.separation) * plan.rehire_rate, 0.0)
        keep = np.where(back_in_time, 1 - plan.separation, 0.0)
        returning = _thinned(regular, path.regular[before], back)
        rehired = older(returning + _thinned(rehired, path.rehired[before], keep))
        regular = older(_thinned(regular, path.regular[before], stay)) + path.hires[before]
        hired = path.hires[before].sum(axis=-1)
        total = regular.sum(axis=-1)
        if plan.target is not None:
            total = np.where(hired > 0, hired, total)
        result[:, year] = total * supply.regular_fte**2
        result[:, year] += (rehired * supply.rehired_fte[year] ** 2).sum(axis=-1)
    return result


def _thinned(variance: FloatArray, people: FloatArray, probability: FloatArray) -> FloatArray:
    return probability**2 * variance + probability * (1 - probability) * people
