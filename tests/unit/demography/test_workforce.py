"""Retirement arithmetic by hand, conservation, and the naive loop against the kernel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demography.workforce import (
    AGES,
    DEFAULT_HIRE_PROFILE,
    DEFAULT_SEPARATION,
    Plan,
    expect,
    implied_hires,
    retirement_age,
)
from tests.unit.demography.frames import naive

A = len(AGES)
NOBODY_LEAVES = np.zeros(A)


def people(**by_age: float) -> np.ndarray:
    """people(a59=3): three persons aged 59, as an array of one municipality."""
    result = np.zeros((1, A))
    for name, count in by_age.items():
        result[0, int(name[1:]) - 18] = count
    return result


def plan(base_year: int, steps: int, hires: float = 0.0, rehire_rate: float = 0.0) -> Plan:
    number = np.full((1, steps), hires)
    return Plan(base_year, NOBODY_LEAVES, rehire_rate, DEFAULT_HIRE_PROFILE, hires=number)


@pytest.mark.parametrize(
    ("years", "age"),
    [
        ((2010, 2021, 2022), 60),
        ((2023, 2024), 61),
        ((2025, 2026), 62),
        ((2027, 2028), 63),
        ((2029, 2030), 64),
        ((2031, 2032, 2050), 65),
    ],
)
def test_retirement_age_rises_every_second_year(years: tuple[int, ...], age: int) -> None:
    assert [retirement_age(year) for year in years] == [age] * len(years)


def test_five_years_without_mandatory_retirement() -> None:
    """One person of each age from 40 to 59 on 1 April 2022: who leaves when."""
    start = people(**{f"a{age}": 1 for age in range(40, 60)})
    path = expect(start, people(), plan(2022, 20), 20)
    retired = dict(zip(range(2022, 2042), path.retirements.sum(axis=(1, 2)), strict=True))
    none = {2023, 2025, 2027, 2029, 2031}
    assert {year for year, count in retired.items() if count == 0} == none
    assert all(count == 1 for year, count in retired.items() if year not in none)


@pytest.mark.parametrize(
    ("age_on_1_april_2022", "last_year", "age_at_the_end"),
    [
        (59, 2022, 60),
        (58, 2024, 61),
        (57, 2026, 62),
        (56, 2028, 63),
        (55, 2030, 64),
        (54, 2032, 65),
        (53, 2033, 65),
        (40, 2046, 65),
    ],
)
def test_one_person_leaves_on_31_march_of_the_year_they_turn_r(
    age_on_1_april_2022: int, last_year: int, age_at_the_end: int
) -> None:
    start = people(**{f"a{age_on_1_april_2022}": 1})
    path = expect(start, people(), plan(2022, 28), 28)
    year, _, position = (int(axis[0]) for axis in np.nonzero(path.retirements))
    assert 2022 + year == last_year
    assert AGES[position] + 1 == age_at_the_end == retirement_age(last_year)


def test_rehired_are_a_kind_of_their_own_until_65() -> None:
    """Ten aged 59 in 2022 retire at 60; seven come back, and stay although R rises past them."""
    path = expect(people(a59=10), people(), plan(2022, 7, rehire_rate=0.7), 7)
    assert path.rehires.sum(axis=(1, 2)).tolist() == pytest.approx([7, 0, 0, 0, 0, 0, 0])
    assert path.retirements.sum(axis=(1, 2)).tolist() == [10, 0, 0, 0, 0, 0, 0]
    on_1_april = path.rehired.sum(axis=(1, 2)).tolist()  # 2022, 2023 (aged 60), …, 2027 (64), 2028
    assert on_1_april == pytest.approx([0, 7, 7, 7, 7, 7, 0, 0])


def test_nobody_is_rehired_at_65() -> None:
    path = expect(people(a64=10), people(), plan(2032, 2, rehire_rate=1.0), 2)
    assert path.retirements[0].sum() == 10
    assert path.rehires.sum() == 0


def test_replacement_fills_up_to_the_target_and_never_dismisses() -> None:
    target = np.array([[10.0, 10.0, 2.0]])
    filling = Plan(2040, NOBODY_LEAVES, 0.0, DEFAULT_HIRE_PROFILE, target=target)
    path = expect(people(a64=4, a30=6), people(), filling, 2)
    assert path.hires.sum(axis=(1, 2)).tolist() == pytest.approx([4, 0])
    assert path.regular.sum(axis=(1, 2)).tolist() == pytest.approx([10, 10, 10])


def test_plan_wants_either_hires_or_a_target() -> None:
    with pytest.raises(ValueError, match="either"):
        Plan(2026, NOBODY_LEAVES, 0.0, DEFAULT_HIRE_PROFILE)


def test_defaults_are_shares() -> None:
    assert DEFAULT_HIRE_PROFILE.sum() == pytest.approx(1)
    assert ((DEFAULT_SEPARATION > 0) & (DEFAULT_SEPARATION < 0.1)).all()


staffs = arrays(np.float64, (2, A), elements=st.floats(0, 500))


@given(
    regular=staffs,
    rehired=staffs,
    year=st.integers(2015, 2040),
    hires=st.floats(0, 60),
    rate=st.floats(0, 1),
)
def test_stock_is_conserved_and_never_negative(
    regular: np.ndarray, rehired: np.ndarray, year: int, hires: float, rate: float
) -> None:
    number = np.full((2, 6), hires)
    given_plan = Plan(year, DEFAULT_SEPARATION, rate, DEFAULT_HIRE_PROFILE, hires=number)
    path = expect(regular, rehired, given_plan, 6)
    out = path.separations + path.retirements
    total = path.regular.sum(axis=-1)
    assert total[1:] == pytest.approx(total[:-1] + (path.hires - out).sum(axis=-1), abs=1e-6)
    again = path.rehired.sum(axis=-1)
    change = (path.rehires - path.rehire_ends).sum(axis=-1)
    assert again[1:] == pytest.approx(again[:-1] + change, abs=1e-6)
    for values in (path.regular, path.rehired, out, path.rehires, path.rehire_ends, path.hires):
        assert (values >= -1e-9).all()


@pytest.mark.parametrize("rule", ["fixed", "pool", "replacement"])
@settings(max_examples=30)
@given(
    regular=staffs,
    rehired=staffs,
    year=st.integers(2018, 2034),
    hires=st.floats(0, 40),
    multiple=st.floats(0, 8),
)
def test_kernel_equals_naive_loop(
    regular: np.ndarray,
    rehired: np.ndarray,
    year: int,
    hires: float,
    multiple: float,
    rule: str,
) -> None:
    """Two municipalities at once, each with rates of its own, under every rule of hiring."""
    steps = 12
    separation = np.stack([DEFAULT_SEPARATION, multiple * DEFAULT_SEPARATION])
    pool = hires * np.linspace(1, 0.5, steps) ** (0 if rule == "fixed" else 1)
    wanted = regular.sum(axis=1)[:, None] * np.linspace(1, 0.6, steps + 1)
    filling = rule == "replacement"
    given_plan = Plan(
        year,
        separation,
        0.7,
        DEFAULT_HIRE_PROFILE,
        hires=None if filling else np.stack([pool, 2 * pool]),
        target=wanted if filling else None,
    )
    path = expect(regular, rehired, given_plan, steps)
    for row in range(2):
        loop = naive(
            dict(zip(AGES.tolist(), regular[row], strict=True)),
            dict(zip(AGES.tolist(), rehired[row], strict=True)),
            year,
            steps,
            ((row + 1) * pool).tolist(),
            0.7,
            separation[row].tolist(),
            target=wanted[row, 1:].tolist() if filling else None,
        )
        for step, (state, again, totals) in enumerate(loop, start=1):
            assert path.regular[step, row] == pytest.approx([state.get(a, 0) for a in AGES])
            assert path.rehired[step, row] == pytest.approx([again.get(a, 0) for a in AGES])
            flow = (path.separations, path.retirements, path.rehires, path.rehire_ends)
            sums = [values[step - 1, row].sum() for values in flow]
            assert sums == pytest.approx(list(totals.values()))


def test_rates_and_profile_of_each_municipality_are_its_own() -> None:
    """Two municipalities at once are the two alone, rates and ages of hires by municipality."""
    regular, rehired = np.full((2, A), 3.0), np.full((2, A), 1.0)
    separation = np.stack([DEFAULT_SEPARATION, 2 * DEFAULT_SEPARATION])
    profile = np.stack([DEFAULT_HIRE_PROFILE, np.roll(DEFAULT_HIRE_PROFILE, 5)])
    number, target = np.array([[4.0] * 6, [9.0] * 6]), np.array([[150.0] * 7, [90.0] * 7])
    for given_hires in ({"hires": number}, {"target": target}):
        both = Plan(2026, separation, 0.7, profile, **given_hires)
        together = expect(regular, rehired, both, 6)
        for row in range(2):
            only = slice(row, row + 1)
            part = both.of(only)
            single = Plan(
                2026, part.separation[0], 0.7, part.hire_profile[0], part.hires, part.target
            )
            alone = expect(regular[only], rehired[only], single, 6)
            for name in ("regular", "rehired", "separations", "hires"):
                assert getattr(together, name)[:, only] == pytest.approx(getattr(alone, name))
            implied = implied_hires(regular, separation, profile)
            assert implied[row] == pytest.approx(
                implied_hires(regular[row], separation[row], profile[row])
            )


def test_draws_are_an_axis_like_any_other() -> None:
    start = np.random.default_rng(1).uniform(0, 5, (3, 2, A))
    number = np.random.default_rng(2).uniform(0, 5, (3, 2, 4))
    path = expect(
        start, start, Plan(2026, DEFAULT_SEPARATION, 0.7, DEFAULT_HIRE_PROFILE, number), 4
    )
    one = Plan(2026, DEFAULT_SEPARATION, 0.7, DEFAULT_HIRE_PROFILE, number[2])
    assert path.regular[:, 2] == pytest.approx(expect(start[2], start[2], one, 4).regular)


def test_implied_hires_reproduce_a_steady_intake() -> None:
    """Hire twelve a year for sixty years: today's young staff implies twelve."""
    steady = Plan(2000, DEFAULT_SEPARATION, 0.0, DEFAULT_HIRE_PROFILE, hires=np.full((1, 60), 12.0))
    grown = expect(np.zeros((1, A)), np.zeros((1, A)), steady, 60).regular[-1]
    assert implied_hires(grown, DEFAULT_SEPARATION, DEFAULT_HIRE_PROFILE) == pytest.approx([12.0])


def test_nobody_young_is_hired_so_none_is_implied() -> None:
    old = np.where(AGES == 40, 1.0, 0.0)
    assert implied_hires(people(a25=9), DEFAULT_SEPARATION, old) == pytest.approx([0.0])
