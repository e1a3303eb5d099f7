"""Cohorts traced through a projection."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demography.cohorts import GENERATIONS, beside_quoted, trace

FIVE = list(range(0, 100, 5))
SINGLE = list(range(106))


def test_trace_splits_bands_evenly_and_says_so() -> None:
    """Births of 1947–49: 71–73 in 2020 lies within 70–74; from 95 on nobody can be told apart."""
    values = np.tile(np.arange(20.0) * 100, (3, 1))
    traced = trace(values, [1930, 2020, 2045], FIVE, 1947, 1949)
    first, last = traced.to_dict("records")
    assert (first["year"], first["age_from"], first["age_to"]) == (2020, 71, 73)
    assert first["population"] == pytest.approx(1400 * 3 / 5)
    assert first["per_age"] == pytest.approx(280)
    assert first["is_split"]
    assert np.isnan(last["population"])


def test_trace_whole_bands_and_single_ages() -> None:
    banded = trace(np.arange(20.0)[None, :], [2020], FIVE, 1941, 1950)
    assert banded.loc[0, ["age_from", "age_to", "population"]].tolist() == [70, 79, 14 + 15]
    assert not banded.loc[0, "is_split"]
    single = trace(np.arange(106.0)[None, :], [2020], SINGLE, 1947, 1949)
    assert single.loc[0, "per_age"] == 72
    assert not single.loc[0, "is_split"]


def test_bands_of_different_width_are_read_by_where_they_begin() -> None:
    """0, 1–4, 5–14, 15 and over: born 2015–2020 in 2020 are 0, 1–4 and one year of 5–14."""
    traced = trace(np.array([[10.0, 40.0, 200.0, 999.0]]), [2020], [0, 1, 5, 15], 2015, 2020)
    assert traced.loc[0, "population"] == 10 + 40 + 20
    assert traced.loc[0, "is_split"]


def test_ages_below_the_first_band_are_unknown() -> None:
    traced = trace(np.array([[5.0, 5.0, 9.0]]), [2020], [20, 25, 30], 2001, 2010)
    assert np.isnan(traced.loc[0, "population"])


@given(st.integers(1900, 2020), st.integers(0, 30), st.integers(0, 30))
def test_neighbouring_cohorts_add_up(born: int, one: int, other: int) -> None:
    values = np.random.default_rng(7).uniform(0, 1e6, (1, 20))
    parts = [
        trace(values, [2050], FIVE, born, born + one),
        trace(values, [2050], FIVE, born + one + 1, born + one + 1 + other),
    ]
    whole = trace(values, [2050], FIVE, born, born + one + 1 + other)
    if len(whole) and not np.isnan(whole.loc[0, "population"]):
        assert sum(part.loc[0, "population"] for part in parts) == pytest.approx(
            whole.loc[0, "population"]
        )


def test_trace_wants_birth_years_in_order_and_bands_that_match() -> None:
    with pytest.raises(ValueError, match="born_to"):
        trace(np.ones((1, 20)), [2020], FIVE, 1950, 1949)
    with pytest.raises(ValueError, match="starts"):
        trace(np.ones((1, 20)), [2020], FIVE[:-1], 1949, 1950)
    with pytest.raises(ValueError, match="starts"):
        trace(np.ones((1, 2)), [2020], [5, 5], 1949, 1950)


def test_the_table_stands_beside_the_quoted_figures() -> None:
    """A projection of 1,000,000 persons at each age: 23 % above 81.3 ten thousand, and so on."""
    table = beside_quoted(np.full((1, 106), 1e6), [2040], SINGLE)
    assert table["key"].tolist() == [one.key for one in GENERATIONS for _ in one.quoted]
    then = table[table["year"] == 2040].set_index("key")
    assert then[["age_from", "age_to"]].to_numpy().tolist() == [[91, 93], [66, 69], [20, 22]]
    assert then["difference"].tolist() == pytest.approx(
        [1e6 / 792_000 - 1, 1e6 / 1_852_000 - 1, 1e6 / 947_000 - 1]
    )
    assert table[table["year"] == 2020]["per_age"].isna().all(), "the projection lacks 2020"
