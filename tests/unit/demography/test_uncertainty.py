"""The fast simulation against the slow exact one, its moments by hand, and what it promises."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from demography.moments import Moments, moments
from demography.uncertainty import QUANTILES, SERIES, Demand, Supply, simulate
from demography.workforce import (
    AGES,
    DEFAULT_HIRE_PROFILE,
    DEFAULT_SEPARATION,
    Path,
    Plan,
    expect,
)
from tests.unit.demography import exact

A, YEARS = len(AGES), 16
AVAILABLE = SERIES.index("available")
RULES = ("fixed", "pool", "replacement", "half", "experienced")
"""`half`: replacement down to half the staff; `experienced`: a fixed number, hired from 50 on and
so retired and rehired themselves."""


class Case(NamedTuple):
    path: Path
    plan: Plan
    supply: Supply
    demand: Demand
    step_sd: np.ndarray
    elasticity: float


def case(size: int, rule: str, count: int = 1, years: int = YEARS) -> Case:
    """Bodies of about `size` regular staff, some of them rehired, under a rule of hiring."""
    generator = np.random.default_rng(size)
    in_service = (AGES >= 20) & (AGES <= 61)
    regular = generator.poisson(size / in_service.sum(), (count, A)) * in_service.astype(float)
    rehired = generator.poisson(size / 60, (count, A)) * ((AGES >= 60) & (AGES < 65)).astype(float)
    hires = np.repeat(regular.sum(axis=1, keepdims=True) * 0.025, years - 1, axis=1)
    wanted = regular.sum(axis=1)[:, None] * np.linspace(1, 0.5 if rule == "half" else 1, years)
    separation = np.repeat(DEFAULT_SEPARATION[None], count, axis=0)
    filling = rule in ("replacement", "half")
    plan = Plan(
        2026,
        separation,
        0.7,
        np.isin(AGES, (50, 54, 58)) / 3 if rule == "experienced" else DEFAULT_HIRE_PROFILE,
        hires=None if filling else hires,
        target=wanted if filling else None,
    )
    work = np.full((count, years), float(size))
    saved = work * np.linspace(0, 0.2, years)
    step_sd = np.full((count, years), 0.013)
    step_sd[:, 0] = 0.0
    return Case(
        expect(regular, rehired, plan, years - 1),
        plan,
        Supply(
            np.full(count, 0.98),
            np.full((years, count, A), 0.86),
            np.full((count, years), size * 0.1),
        ),
        Demand(work * 0.7, work * 0.3, saved * 0.7, saved * 0.3),
        step_sd,
        1.0 if rule == "pool" else 0.0,
    )


def drawn_exactly(one: Case, draws: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """(gap, available), each (draws, Y)."""
    generator = np.random.default_rng(seed)
    error = (generator.standard_normal((draws, one.step_sd.shape[1])) * one.step_sd[0]).cumsum(1)
    factor = np.exp(one.elasticity * (error[:, :-1] - error[:, :1]))
    start = one.path.regular[0, 0], one.path.rehired[0, 0]
    available = exact.staff(*start, one.plan, one.supply, factor, generator)
    reached = np.clip(generator.normal(1.0, 0.2, (draws, 1)), 0.0, 1.5)
    driven = one.demand.gross_driven[0] - reached * one.demand.saved_driven[0]
    fixed = one.demand.gross_fixed[0] - reached * one.demand.saved_fixed[0]
    return driven * np.exp(error) + fixed - available, available


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("size", "off_by"), [(3, 1.0), (30, 0.3), (300, 0.2), (2000, 0.2)])
def test_quantiles_are_those_of_the_exact_simulation(size: int, off_by: float, rule: str) -> None:
    """The gap's, within the sampling error of both, and a part of a person where there are few."""
    one = case(size, rule)
    draws = 8000
    gap, _ = drawn_exactly(one, draws)
    shares = np.array(list(QUANTILES.values()))
    slow = np.quantile(gap, shares, axis=0).T
    fast = simulate(*one, draws, 5)[0, :, SERIES.index("gap")]
    sampling = np.sqrt(2 * shares * (1 - shares) / draws) / stats.norm.pdf(stats.norm.ppf(shares))
    allowed = 3.5 * sampling * gap.std(axis=0)[:, None] + off_by
    assert (np.abs(fast - slow) < allowed).all()
    assert np.abs((fast - slow) / allowed).mean() < 0.5


@pytest.mark.parametrize("rule", ["fixed", "pool", "experienced"])
@pytest.mark.parametrize("size", [3, 30, 1000])
def test_mean_and_covariance_are_those_of_the_exact_simulation(size: int, rule: str) -> None:
    """Moments of available FTE, all years together."""
    one = case(size, rule)
    staff, hires = _moments(one)
    combine = np.hstack([0.98 * np.eye(YEARS), np.eye(YEARS)])
    per_hire = combine @ staff.per_hire[0].T
    mean = combine @ staff.start[0] + per_hire @ hires[0] + one.supply.constant[0]
    draws = 20_000
    _, slow = drawn_exactly(one, draws)
    error = slow.std(axis=0) / np.sqrt(draws)
    assert (np.abs(slow.mean(axis=0) - mean) < 4.5 * error + 1e-9).all()
    # Given their number hires are independent; their expectation varies with the population.
    steps = one.step_sd[0].copy()
    together = np.minimum.outer((steps**2).cumsum()[:-1], (steps**2).cumsum()[:-1])
    varying = np.outer(hires[0], hires[0]) * np.expm1(one.elasticity**2 * together)
    total = combine @ staff.covariance[0] @ combine.T
    total += per_hire @ (np.diag(hires[0]) + varying) @ per_hire.T
    sd = np.sqrt(np.diag(total))[1:]
    found = np.cov(slow[:, 1:].T)
    assert np.abs(found - total[1:, 1:]).max() < 0.06 * sd.max() ** 2
    assert np.sqrt(np.diag(found)) == pytest.approx(sd, rel=0.03)


def _moments(one: Case) -> tuple[Moments, np.ndarray]:
    expected = one.path.hires[:, 0].sum(axis=-1)[None]
    spread = one.elasticity * np.sqrt((one.step_sd**2).cumsum(axis=1))[:, :-1]
    hires = expected * np.exp(spread**2 / 2)
    start = one.path.regular[0], one.path.rehired[0]
    return moments(*start, one.plan, hires, one.supply.rehired_fte), hires


def test_moments_of_ten_people_by_hand() -> None:
    """Ten of 30, one in ten leaves a year: 9 ± √0.9 remain, then 8.1; Cov = 10·0.81·(1 − 0.9)."""
    people = np.where(AGES == 30, 10.0, 0.0)[None]
    plan = Plan(2026, np.full(A, 0.1), 0.0, DEFAULT_HIRE_PROFILE, hires=np.zeros((1, 2)))
    found = moments(people, 0 * people, plan, np.zeros((1, 2)), np.ones((3, 1, A)))
    assert found.start[0] == pytest.approx([10, 9, 8.1, 0, 0, 0])
    heads = found.covariance[0, :3, :3]
    assert heads == pytest.approx(
        np.array([[0, 0, 0], [0, 0.9, 0.81], [0, 0.81, 8.1 * 0.19]]), abs=1e-12
    )


def test_a_retired_and_rehired_person_is_one_person() -> None:
    """One of 63 in FY2029 retires at 64 with 0.9, comes back with half: heads 1, 0; FTE 0, 0.36."""
    people = np.where(AGES == 63, 1.0, 0.0)[None]
    plan = Plan(2029, np.full(A, 0.1), 0.5, DEFAULT_HIRE_PROFILE, hires=np.zeros((1, 1)))
    found = moments(people, 0 * people, plan, np.zeros((1, 1)), np.full((2, 1, A), 0.8))
    assert found.start[0] == pytest.approx([1, 0, 0, 0.45 * 0.8])
    assert found.covariance[0, 3, 3] == pytest.approx(0.45 * 0.55 * 0.64)


def test_a_fraction_of_a_person_varies_from_the_first_day() -> None:
    people = np.where(AGES == 30, 2.25, 0.0)[None]
    plan = Plan(2026, np.zeros(A), 0.0, DEFAULT_HIRE_PROFILE, hires=np.zeros((1, 1)))
    found = moments(people, 0 * people, plan, np.zeros((1, 1)), np.ones((2, 1, A)))
    assert found.covariance[0, :2, :2] == pytest.approx(np.full((2, 2), 0.25 * 0.75))


@pytest.mark.parametrize("rule", RULES)
def test_an_interval_does_not_depend_on_the_neighbours(rule: str) -> None:
    many = case(40, rule, count=70)
    together = simulate(*many, 200, 9)
    for row in (0, 3, 63, 69):
        only = slice(row, row + 1)
        parts = (values[only] for values in vars(many.demand).values())
        alone = simulate(
            replace(many.path, **{name: v[:, only] for name, v in vars(many.path).items()}),
            many.plan.of(only),
            Supply(
                many.supply.regular_fte[only],
                many.supply.rehired_fte[:, only],
                many.supply.constant[only],
            ),
            Demand(*parts),
            many.step_sd[only],
            many.elasticity,
            200,
            9,
        )
        assert together[row] == pytest.approx(alone[0], abs=1e-6)


def test_the_same_seed_is_the_same_future() -> None:
    one = case(30, "pool")
    assert (simulate(*one, 100, 1) == simulate(*one, 100, 1)).all()
    assert (simulate(*one, 100, 1) != simulate(*one, 100, 2)).any()


def test_staff_is_never_negative_and_nobody_may_be_there() -> None:
    for size in (0, 2):
        one = case(size, "fixed")
        drawn = simulate(*one, 500, 1)
        assert np.isfinite(drawn).all()
        assert (drawn[0, :, AVAILABLE] >= one.supply.constant[0, :, None] - 1e-9).all()


def test_a_hundred_municipalities_take_seconds() -> None:
    """1,741 in a minute are a hundred in three and a half seconds of one core."""
    one = case(400, "replacement", count=100, years=31)
    started = time.process_time()
    simulate(*one, 1000, 1)
    assert time.process_time() - started < 7
