"""The cohort-component kernel: by hand, against plain loops, and by its identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demography import population
from demography.population import (
    Assumptions,
    PopulationError,
    PopulationScenario,
    RatioChange,
    project,
)
from tests.unit.demography.naive_population import Cells, step

AREAS, STEPS = 3, 4
SEXES = ("male", "female")


def shares(shape: tuple[int, ...], high: float = 1.0) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, shape, elements=st.floats(0, high))


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, Assumptions]:
    bands = draw(st.sampled_from([16, 19, 20]))
    cells = (AREAS, 2, STEPS, bands - 1)
    base = draw(arrays(np.float64, (AREAS, 2, bands), elements=st.integers(0, 10**6)))
    survival = draw(shares(cells))
    migration = draw(shares(cells)) - survival / 2
    assumed = population.given(
        survival,
        np.maximum(migration, -survival),
        draw(shares((AREAS, STEPS))),
        draw(shares((AREAS, STEPS), 2.0)),
    )
    return base, assumed


def cells(values: np.ndarray) -> Cells:
    """(2, bands) → by sex and first age."""
    return {
        (sex, 5 * at): values[s, at] for s, sex in enumerate(SEXES) for at in range(len(values[s]))
    }


@settings(deadline=None, max_examples=60)
@given(cases())
def test_the_kernel_is_the_plain_loop(case: tuple[np.ndarray, Assumptions]) -> None:
    base, assumed = case
    found = project(base, assumed)
    assert found.deaths is not None and found.net_migration is not None
    oldest = 5 * (base.shape[-1] - 1)
    for area in range(AREAS):
        people = cells(base[area])
        for at in range(STEPS):
            people, flows = step(
                people,
                oldest,
                cells(assumed.known_survival[area, :, at]),
                cells(assumed.net_migration[area, :, at]),
                assumed.child_woman[area, at],
                assumed.sex_ratio[area, at],
            )
            wanted = [[people[sex, age] for age in range(0, oldest + 5, 5)] for sex in SEXES]
            close = {"rel": 1e-9, "abs": 1e-6}
            assert found.values[area, :, at + 1] == pytest.approx(np.array(wanted), **close)
            assert found.births[area, :, at].sum() == pytest.approx(flows["births"], **close)
            assert found.deaths[area, :, at].sum() == pytest.approx(flows["deaths"], **close)
            moved = found.net_migration[area, :, at].sum()
            assert moved == pytest.approx(flows["net_migration"], rel=1e-9, abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_nothing_is_negative_and_the_flows_add_up(case: tuple[np.ndarray, Assumptions]) -> None:
    base, assumed = case
    found = project(base, assumed)
    assert found.deaths is not None and found.net_migration is not None
    assert (found.values >= 0).all()
    assert (found.births >= 0).all() and (found.deaths >= 0).all()
    totals = found.values.sum(axis=-1)
    change = found.births + found.cohort_change.sum(axis=-1)
    assert np.diff(totals, axis=-1) == pytest.approx(change, rel=1e-9, abs=1e-4)
    balance = found.net_migration - found.deaths
    assert balance == pytest.approx(found.cohort_change, rel=1e-9, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(cases(), st.floats(0, 3))
def test_linear_in_the_base(case: tuple[np.ndarray, Assumptions], times: float) -> None:
    base, assumed = case
    other = base[:, ::-1]
    together = project(base + times * other, assumed).values
    apart = project(base, assumed).values + times * project(other, assumed).values
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_a_closed_population_only_ages(case: tuple[np.ndarray, Assumptions]) -> None:
    """With s = 1 and m = 0 everyone is still there: those aged 5 + are those of before."""
    base, assumed = case
    ones = np.ones_like(assumed.ratio)
    closed = population.given(ones, 0 * ones, assumed.child_woman, assumed.sex_ratio)
    found = project(base, closed)
    before = found.values[..., :-1, :].sum(axis=-1)
    assert found.values[..., 1:, 1:].sum(axis=-1) == pytest.approx(before, rel=1e-12)
    assert np.all(found.deaths == 0) and np.all(found.net_migration == 0)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_both_sexes_add_up_where_they_live_alike(case: tuple[np.ndarray, Assumptions]) -> None:
    """With the same r for both sexes the sum of them moves by that r."""
    base, assumed = case
    alike = np.repeat(assumed.ratio[:, :1], 2, axis=1)
    found = project(base, Assumptions(alike, assumed.child_woman, assumed.male_share)).values
    both = found.sum(axis=1)
    stock = both[:, :-1, :-1].copy()
    stock[..., -1] += both[:, :-1, -1]
    assert both[:, 1:, 1:] == pytest.approx(stock * alike[:, 0], rel=1e-9, abs=1e-6)
    mothers = found[:, 1, 1:, 3:10].sum(axis=-1)
    assert both[:, 1:, 0] == pytest.approx(mothers * assumed.child_woman, rel=1e-9, abs=1e-6)


def test_one_step_by_hand() -> None:
    """Bands to 75+: 100 of each sex in every band, s 0.9, women 25–29 → 30–34 gain 0.2.

    Women 15–49 after: six bands of 90 and one of 110 = 650; 0.2 children each = 130, of whom 55
    per 105 … with 1.6 boys per girl: 80 boys, 50 girls. 75+: (100 + 100) × 0.9 = 180.
    """
    base = np.full((1, 2, 16), 100.0)
    survival = np.full((1, 2, 1, 15), 0.9)
    moving = np.zeros((1, 2, 1, 15))
    moving[0, 1, 0, 5] = 0.2
    assumed = population.given(survival, moving, np.array([[0.2]]), np.array([[1.6]]))
    found = project(base, assumed)
    assert found.deaths is not None and found.net_migration is not None
    male, female = found.values[0, :, 1]
    assert male == pytest.approx([80] + [90] * 14 + [180])
    assert female == pytest.approx([50] + [90] * 5 + [110] + [90] * 8 + [180])
    assert found.births[0, :, 0] == pytest.approx([80, 50])
    assert found.deaths.sum() == pytest.approx(2 * 160)
    assert found.net_migration.sum() == pytest.approx(20)


def test_assumptions_of_one_area_hold_for_all() -> None:
    base = np.arange(2.0 * 2 * 19).reshape(2, 2, 19)
    survival = np.full((1, 2, 3, 18), 0.95)
    one = population.given(survival, 0 * survival, np.full((1, 3), 0.2), np.full((1, 3), 1.05))
    together = project(base, one).values
    for area in (0, 1):
        assert (project(base[area : area + 1], one).values == together[area]).all()


@pytest.mark.parametrize(
    ("survival", "moving", "child_woman", "said"),
    [
        (1.01, 0.0, 0.2, "生残率"),
        (0.5, -0.6, 0.2, "転出"),
        (0.5, np.nan, 0.2, "欠けた"),
        (0.5, 0.0, -0.2, "子ども女性比"),
    ],
)
def test_assumptions_that_cannot_be(
    survival: float, moving: float, child_woman: float, said: str
) -> None:
    shape = (1, 2, 1, 18)
    with pytest.raises(PopulationError, match=said):
        population.given(
            np.full(shape, survival),
            np.full(shape, moving),
            np.array([[child_woman]]),
            np.array([[1.05]]),
        )


def test_without_survival_migration_is_not_known() -> None:
    assumed = Assumptions(np.ones((1, 2, 1, 18)), np.ones((1, 1)), np.ones((1, 1)) / 2)
    found = project(np.ones((1, 2, 19)), assumed)
    assert found.deaths is None and found.net_migration is None
    with pytest.raises(PopulationError, match="生命表"):
        _ = assumed.net_migration


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((-1, None, 2020, None, 1.0), "年齢は"),
        ((30, 20, 2020, None, 1.0), "年齢の範囲が逆"),
        ((20, 30, 2030, 2030, 1.0), "期間"),
        ((20, 30, 2020, None, -0.1), "倍率"),
        ((20, 30, 2020, None, 1.0, "women"), "性別"),
    ],
)
def test_changes_that_cannot_be(change: tuple[object, ...], said: str) -> None:
    with pytest.raises(PopulationError, match=said):
        RatioChange(*change)  # type: ignore[arg-type]


def test_a_child_woman_factor_is_bounded() -> None:
    with pytest.raises(PopulationError, match="子ども女性比"):
        PopulationScenario(child_woman_factor=11)


def leslie(assumed: Assumptions, bands: int) -> np.ndarray:
    """The same step as one matrix over both sexes, (2 B, 2 B), men first."""
    matrix = np.zeros((2 * bands, 2 * bands))
    for sex in (0, 1):
        at = sex * bands
        for cohort in range(bands - 1):
            matrix[at + cohort + 1, at + cohort] = assumed.ratio[0, sex, 0, cohort]
        matrix[at + bands - 1, at + bands - 1] = assumed.ratio[0, sex, 0, bands - 2]
    born = matrix[bands + 3 : bands + 10].sum(axis=0) * assumed.child_woman[0, 0]
    matrix[0] = born * assumed.male_share[0, 0]
    matrix[bands] = born * (1 - assumed.male_share[0, 0])
    return matrix


@pytest.mark.parametrize("bands", [19, 20])
def test_constant_rates_lead_to_the_stable_population(bands: int) -> None:
    """Leslie's matrix of the rates: the kernel is its powers; growth becomes its greatest
    eigenvalue and the structure by age the vector that belongs to it, whatever the start."""
    random = np.random.default_rng(11)
    survival = np.broadcast_to(np.linspace(0.999, 0.35, bands - 1), (1, 2, 1, bands - 1))
    moving = random.uniform(-0.05, 0.05, survival.shape)
    steps = 120
    assumed = population.given(
        np.repeat(survival, steps, axis=2),
        np.repeat(moving, steps, axis=2),
        np.full((1, steps), 0.31),
        np.full((1, steps), 1.05),
    )
    base = random.uniform(100, 1000, (1, 2, bands))
    values = project(base, assumed).values[0]
    matrix = leslie(assumed, bands)
    for power in (1, 2, 10):
        wanted = np.linalg.matrix_power(matrix, power) @ base.ravel()
        assert values[:, power].ravel() == pytest.approx(wanted)
    growth, vectors = np.linalg.eig(matrix)
    greatest = int(np.argmax(growth.real))
    totals = values.sum(axis=(0, 2))
    assert totals[-1] / totals[-2] == pytest.approx(growth[greatest].real, rel=1e-6)
    stable = np.abs(vectors[:, greatest].real)
    assert values[:, -1].ravel() / totals[-1] == pytest.approx(stable / stable.sum(), rel=1e-4)
