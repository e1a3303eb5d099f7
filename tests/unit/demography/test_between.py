"""Years between published points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demography.between import interpolate

POINTS = [2020, 2025, 2030]
persons = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))
projections = arrays(np.float64, (2, 3, 20), elements=persons)


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
