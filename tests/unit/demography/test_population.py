"""Years between published points, groups, and cohorts traced."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demography.cohorts import trace
from demography.population import (
    GROUPS,
    fold_open_band,
    group_sums,
    hiring_pool,
    interpolate,
)

POINTS = [2020, 2025, 2030]
projections = arrays(np.float64, (2, 3, 20), elements=st.floats(0, 1e6))


@given(projections)
def test_published_points_are_met_exactly(values: np.ndarray) -> None:
    assert (interpolate(values, POINTS, POINTS) == values).all()


@given(projections, st.integers(2020, 2030))
def test_total_moves_linearly_and_nothing_is_negative(values: np.ndarray, year: int) -> None:
    yearly = interpolate(values, POINTS, [year])[..., 0, :]
    totals = values.sum(axis=-1)
    expected = [np.interp(year, POINTS, total) for total in totals]
    assert yearly.sum(axis=-1) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (yearly >= -1e-9).all()


def test_a_cohort_moves_through_the_bands() -> None:
    """A thousand aged 20–24 in 2020 and 900 aged 25–29 in 2025: two years later 960 aged 22–26."""
    values = np.zeros((2, 20))
    values[0, 4], values[1, 5] = 1000, 900
    two_years_later = interpolate(values, [2020, 2025], [2022])[0]
    assert two_years_later[4] == pytest.approx(960 * 3 / 5)
    assert two_years_later[5] == pytest.approx(960 * 2 / 5)
    assert two_years_later.sum() == pytest.approx(960)


def test_births_come_in_a_fifth_a_year_and_the_oldest_share_one_ratio() -> None:
    values = np.zeros((2, 20))
    values[1, 0] = 500
    values[0, 18:] = [80, 20]
    values[1, 19] = 40
    one_year_later = interpolate(values, [2020, 2025], [2021])[0]
    assert one_year_later[0] == pytest.approx(100)
    assert one_year_later[18] == pytest.approx(80 * 0.88 * 4 / 5)
    assert one_year_later[19] == pytest.approx(20 * 0.88 + 80 * 0.88 / 5)


def test_nothing_is_extrapolated() -> None:
    yearly = interpolate(np.ones((3, 20)), POINTS, [2019, 2031])
    assert np.isnan(yearly).all()


def test_points_at_another_distance_move_band_by_band() -> None:
    values = np.zeros((2, 20))
    values[1, 3] = 30
    assert interpolate(values, [2020, 2023], [2022])[0, 3] == pytest.approx(20)


def test_points_must_increase() -> None:
    with pytest.raises(ValueError, match="increase"):
        interpolate(np.ones((2, 20)), [2025, 2020], [2022])


def test_groups_and_pool() -> None:
    values = np.arange(20, dtype=float)
    sums = dict(zip(GROUPS, group_sums(values), strict=True))
    assert sums == {
        "0-4": 0,
        "5-14": 1 + 2,
        "15-64": sum(range(3, 13)),
        "65+": sum(range(13, 20)),
        "75+": sum(range(15, 20)),
        "all": sum(range(20)),
        "none": 1,
    }
    assert hiring_pool(values) == 4
    assert fold_open_band(values, 90).tolist() == [*range(18), 18 + 19]


def test_groups_need_an_open_band_from_75() -> None:
    with pytest.raises(ValueError, match="75"):
        group_sums(np.ones(15))


def test_trace_splits_bands_evenly_and_says_so() -> None:
    """Births of 1947–49: 71–73 in 2020 lies within 70–74; from 95 on nobody can be told apart."""
    values = np.tile(np.arange(20.0) * 100, (3, 1))
    traced = trace(values, [1930, 2020, 2045], 1947, 1949, single_ages=False)
    first, last = traced.to_dict("records")
    assert (first["year"], first["age_from"], first["age_to"]) == (2020, 71, 73)
    assert first["population"] == pytest.approx(1400 * 3 / 5)
    assert first["per_age"] == pytest.approx(280)
    assert first["is_split"]
    assert np.isnan(last["population"])


def test_trace_whole_bands_and_single_ages() -> None:
    banded = trace(np.arange(20.0)[None, :], [2020], 1941, 1950, single_ages=False)
    assert banded.loc[0, ["age_from", "age_to", "population"]].tolist() == [70, 79, 14 + 15]
    assert not banded.loc[0, "is_split"]
    single = trace(np.arange(106.0)[None, :], [2020], 1947, 1949, single_ages=True)
    assert single.loc[0, "per_age"] == 72


def test_trace_wants_birth_years_in_order() -> None:
    with pytest.raises(ValueError, match="born_to"):
        trace(np.ones((1, 20)), [2020], 1950, 1949, single_ages=False)
