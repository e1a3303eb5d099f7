"""Own migration counted from a register that a known migration has made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from demography import population
from demography.migration import own_migration
from demography.population import PopulationError, project

AREAS = ["271403", "272060"]
BANDS = 21
SURVIVAL = np.broadcast_to(np.linspace(0.999, 0.3, BANDS - 1), (2, 2, 1, BANDS - 1))


def register(values: np.ndarray, years: list[int]) -> pd.DataFrame:
    """(A, 2, Y, B) → rows as the metric gives them."""
    at = np.indices(values.shape).reshape(4, -1)
    return pd.DataFrame(
        {
            "municipality": np.array(AREAS)[at[0]],
            "sex": np.array(["male", "female"])[at[1]],
            "year": np.array(years)[at[2]],
            "age": 5 * at[3],
            "value": values.ravel(),
        }
    )


def moved(migration: np.ndarray, steps: int) -> np.ndarray:
    """(A, 2, steps + 1, B) every five years, with the given net migration."""
    base = np.random.default_rng(3).uniform(200, 400, (2, 2, BANDS))
    shape = (2, 2, steps, BANDS - 1)
    assumed = population.given(
        np.broadcast_to(SURVIVAL, shape),
        np.broadcast_to(migration, shape),
        np.full((2, steps), 0.2),
        np.full((2, steps), 1.05),
    )
    return project(base, assumed).values


def known() -> np.ndarray:
    random = np.random.default_rng(5)
    return random.uniform(-0.2, 0.3, (2, 2, 1, BANDS - 1)) * (SURVIVAL > 0.5)


def test_counts_five_years_apart_give_the_rates_back() -> None:
    people = moved(known(), 2)
    found = own_migration(register(people, [2015, 2020, 2025]), AREAS, SURVIVAL)
    assert found.rates == pytest.approx(known())
    assert (found.year_from == 2015).all() and (found.year_to == 2025).all()
    assert not found.is_split.any()


def test_several_pairs_are_pooled() -> None:
    """1 in 10 came to 1,000 and 1 in 4 to 3,000: 850 / 4,000 together, past those who died."""
    people = np.full((2, 2, 4, BANDS), 1000.0)
    people[:, :, 2] = 3000
    lived = SURVIVAL[0, 0, 0, 4]
    people[:, :, 1, 5] = 1000 * (lived + 0.1)
    people[:, :, 3, 5] = 3000 * (lived + 0.25)
    found = own_migration(register(people, [2001, 2006, 2013, 2018]), AREAS, SURVIVAL)
    assert found.rates[0, 0, 0, 4] == pytest.approx(850 / 4000)


def test_the_open_band_is_folded_to_that_of_the_survival() -> None:
    people = moved(known(), 1)
    survival = SURVIVAL[..., :18]
    found = own_migration(register(people, [2020, 2025]), AREAS, survival)
    folded = people[..., 1, 18:].sum(axis=-1) / people[..., 0, 17:].sum(axis=-1)
    assert found.rates[:, :, 0, 17] == pytest.approx(folded - survival[:, :, 0, 17])
    assert found.rates[..., :17] == pytest.approx(known()[..., :17])


@pytest.mark.parametrize("distance", [3, 4])
def test_nearer_counts_find_a_steady_migration(distance: int) -> None:
    """A population that everywhere grows by migration of 2 % a year, the same size in each age."""
    survival = np.full((2, 2, 1, BANDS - 1), 0.9)
    base = np.full((2, 2, BANDS), 1000.0)
    growth = 0.9 ** (distance / 5) * 1.02**distance
    people = np.stack([base, base * growth], axis=2)
    found = own_migration(register(people, [2025 - distance, 2025]), AREAS, survival)
    assert found.is_split.all()
    assert (found.year_from == 2025 - distance).all()
    # The open band takes in a part of the band below and loses nobody to one above.
    assert found.rates[..., :-1] == pytest.approx(0.9 * (1.02**5 - 1))


def test_the_widest_and_newest_pair_below_five_years_is_taken() -> None:
    people = np.full((2, 2, 3, BANDS), 100.0)
    found = own_migration(register(people, [2019, 2021, 2023]), AREAS, SURVIVAL)
    assert (found.year_from == 2019).all() and (found.year_to == 2023).all()
    found = own_migration(register(people, [2012, 2015, 2023]), AREAS, SURVIVAL)
    assert (found.year_from == 2012).all() and (found.year_to == 2015).all()


def test_each_area_by_what_it_has() -> None:
    people = register(moved(known(), 1), [2020, 2025])
    only_once = people[(people["municipality"] == AREAS[0]) | (people["year"] == 2020)]
    found = own_migration(only_once, AREAS, SURVIVAL)
    assert np.isnan(found.rates[1]).all() and found.year_to.tolist() == [2025, 0]
    assert found.rates[0] == pytest.approx(known()[0])


def test_rows_of_both_sexes_and_without_age_are_left_out() -> None:
    people = register(moved(known(), 1), [2020, 2025])
    more = people.assign(sex="both"), people.head(3).assign(age=None)
    found = own_migration(pd.concat([people, *more]), AREAS, SURVIVAL)
    assert found.rates == pytest.approx(known())


@pytest.mark.parametrize("years", [[2015, 2025], [2024, 2025], [2023, 2025]])
def test_counts_too_near_or_too_far_tell_no_migration(years: list[int]) -> None:
    people = np.full((2, 2, 2, BANDS), 100.0)
    with pytest.raises(PopulationError, match="3～5年離れた"):
        own_migration(register(people, years), AREAS, SURVIVAL)


def test_birth_years_that_grow_evenly_are_told_from_migration() -> None:
    """Each birth year a hundredth larger than the one before; nobody dies, comes or leaves."""
    ages = np.arange(5 * BANDS)
    now = 1000 * 1.01 ** -ages.astype(float)
    later = np.concatenate([now[0] * 1.01 ** np.arange(4, 0, -1), now[:-4]])
    people = np.stack([one.reshape(BANDS, 5).sum(axis=1) for one in (now, later)])
    everyone = np.broadcast_to(people, (2, 2, 2, BANDS))
    alive = np.ones((2, 2, 1, BANDS - 1))
    rates = own_migration(register(everyone, [2021, 2025]), AREAS, alive).rates
    assert np.abs(rates[..., :-2]).max() < 0.001
