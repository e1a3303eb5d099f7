"""Measured errors of a projection, and the error model that they give."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from demography.backtest import SIZE_CODES, log_errors, relative_errors, size_of, summary
from demography.error_model import DEFAULT, ENOUGH, ErrorModel, measure


def pairs(*rows: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["projected", "counted", "years_ahead"])


def areas(size: float, sd: float, n: int = 400, years: float = 5.0) -> list[tuple[float, ...]]:
    """Areas whose log errors are the quantiles of a normal distribution."""
    errors = stats.norm.ppf((np.arange(n) + 0.5) / n) * sd
    return [(size * math.exp(-error), size, years) for error in errors]


def test_statistics_by_hand() -> None:
    """Errors of +10 %, −10 % and +40 % in one size, −1 % in another."""
    found = summary(
        pairs((1100, 1000, 5), (1800, 2000, 5), (4200, 3000, 5), (99_000, 100_000, 5), (5, 0, 5))
    )
    assert found.index.tolist() == ["under_10k", "100k_300k"]
    small = found.loc["under_10k"]
    assert small["n"] == 3
    assert small["median_ape"] == pytest.approx(0.1)
    assert small["mean_ape"] == pytest.approx(0.2)
    assert small["bias"] == pytest.approx(0.4 / 3)
    # Sorted |log errors|: 0.0953, 0.1054, 0.3365; the quantile 0.8 lies 0.6 of the last way.
    assert small["log_p80"] == pytest.approx(
        math.log(1 / 0.9) + 0.6 * (math.log(1.4) - math.log(1 / 0.9))
    )
    assert found.loc["100k_300k", "bias"] == pytest.approx(-0.01)


def test_sizes_begin_at_their_lower_bound() -> None:
    counted = np.array([9_999.0, 10_000.0, 49_999.0, 50_000.0, 100_000.0, 300_000.0, math.nan])
    assert [SIZE_CODES[one] for one in size_of(counted)] == [
        *("under_10k", "10k_50k", "10k_50k", "50k_100k", "100k_300k", "over_300k", "under_10k")
    ]


def test_nobody_on_one_side_is_no_error() -> None:
    zero, ten = np.array([0.0]), np.array([10.0])
    assert np.isnan(relative_errors(ten, zero)).all()
    assert np.isnan(log_errors(zero, ten, np.array([5.0]))).all()
    assert relative_errors(zero, ten) == pytest.approx([-1])


def test_a_longer_horizon_counts_for_less() -> None:
    one, other = log_errors(
        np.array([100.0, 100.0]), np.array([110.0, 110.0]), np.array([5.0, 20.0])
    )
    assert one == pytest.approx(math.log(1.1))
    assert other == pytest.approx(one / 2)
    with pytest.raises(ValueError, match="census"):
        log_errors(np.array([1.0]), np.array([1.0]), np.array([0.0]))


def test_the_model_finds_the_error_that_was_put_in() -> None:
    sizes = (5e3, 2e4, 7e4, 2e5, 5e5)
    sds = (0.05, 0.04, 0.03, 0.02, 0.01)
    rows = [row for size, sd in zip(sizes, sds, strict=True) for row in areas(size, sd)]
    model = measure(pairs(*rows))
    assert model.five_year_sd == pytest.approx(sds, rel=0.02)
    assert model.areas == (400,) * 5
    # Ten years ahead with √2 times the error is the same model.
    later = [
        row for s, sd in zip(sizes, sds, strict=True) for row in areas(s, sd * 2**0.5, 400, 10)
    ]
    assert measure(pairs(*later)).five_year_sd == pytest.approx(sds, rel=0.02)


def test_the_error_never_grows_with_size() -> None:
    rows = areas(5e3, 0.03) + areas(2e4, 0.01) + areas(7e4, 0.02) + areas(5e5, 0.005)
    sd = measure(pairs(*rows)).five_year_sd
    assert sd[1] == sd[2] and 0.01 < sd[1] < 0.02, "taken together"
    assert sd[3] == DEFAULT.five_year_sd[3], "no area of this size"
    assert sd[0] > sd[1] > sd[4]


def test_few_areas_leave_the_default() -> None:
    few = measure(pairs(*areas(5e3, 0.2, ENOUGH - 1)))
    assert few == DEFAULT
    assert measure(pairs(*areas(5e3, 0.2, ENOUGH))).areas == (ENOUGH, 0, 0, 0, 0)
    assert measure(pairs()) == DEFAULT


def test_the_error_widens_with_the_square_root_of_time() -> None:
    sd = DEFAULT.sd(np.array([30_000.0]), np.array([0.0, 5.0, 20.0, -3.0]))
    assert sd == pytest.approx([0, 0.0172, 0.0344, 0])
    small, large, unknown = DEFAULT.sd(np.array([3e3, 5e5, math.nan]), np.array(5.0))
    assert unknown == small > large
    double = ErrorModel(tuple(2 * one for one in DEFAULT.five_year_sd))
    assert double.sd(np.array([3e3]), np.array(5.0)) == pytest.approx([2 * small])


@given(
    st.lists(
        st.tuples(st.floats(1, 1e6), st.floats(1, 1e6), st.sampled_from([5.0, 10.0])),
        max_size=200,
    )
)
def test_any_measured_model_is_ordered_where_it_was_measured(
    rows: list[tuple[float, float, float]],
) -> None:
    model = measure(pairs(*rows))
    measured = [sd for sd, n in zip(model.five_year_sd, model.areas, strict=True) if n]
    assert measured == sorted(measured, reverse=True)
    assert sum(model.areas) <= len(rows)
