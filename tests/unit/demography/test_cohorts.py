"""Cohorts traced through a projection."""

from __future__ import annotations

import numpy as np
import pytest

from demography.cohorts import trace


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
