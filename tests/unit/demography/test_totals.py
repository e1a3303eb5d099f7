"""Raking and rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from demography.totals import Control, TotalsError, rake, whole, whole_table

ROWS, COLUMNS = "行", "列"


def controls(table: np.ndarray) -> list[Control]:
    return [Control(ROWS, (0,), table.sum(axis=1)), Control(COLUMNS, (1,), table.sum(axis=0))]


def test_raking_by_hand() -> None:
    """Rows 30 and 70, columns 40 and 60 from a table of ones: their product ÷ 100."""
    wanted = [
        Control(ROWS, (0,), np.array([30.0, 70])),
        Control(COLUMNS, (1,), np.array([40.0, 60])),
    ]
    assert rake(np.ones((2, 2)), wanted) == pytest.approx(np.array([[12, 18], [28, 42]]))


def test_cross_product_ratios_stay() -> None:
    seed = np.array([[1.0, 2], [3, 4]])
    wanted = [
        Control(ROWS, (0,), np.array([30.0, 70])),
        Control(COLUMNS, (1,), np.array([40.0, 60])),
    ]
    found = rake(seed, wanted)
    assert found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0]) == pytest.approx(4 / 6)


positive = arrays(np.float64, (3, 2, 4), elements=st.floats(1, 1000))


@settings(deadline=None, max_examples=50)
@given(
    positive, positive, st.sets(st.tuples(*(st.integers(0, n - 1) for n in (3, 2, 4))), max_size=3)
)
def test_areas_sexes_and_ages_meet_their_totals(
    seed: np.ndarray, truth: np.ndarray, empty: set[tuple[int, int, int]]
) -> None:
    """Totals of a table with the same cells of 0 can always be met."""
    for cell in empty:
        seed[cell] = truth[cell] = 0
    wanted = [
        Control("地域と性", (0, 1), truth.sum(axis=2)),
        Control("年齢と性", (1, 2), truth.sum(axis=0)),
    ]
    found = rake(seed, wanted)
    assert found.sum(axis=2) == pytest.approx(wanted[0].totals, rel=1e-5, abs=1e-6)
    assert found.sum(axis=0) == pytest.approx(wanted[1].totals, rel=1e-5, abs=1e-6)
    assert (found >= 0).all() and all(found[cell] == 0 for cell in empty)


def test_what_fits_already_stays() -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert rake(table, controls(table)) == pytest.approx(table)


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "said"),
    [
        ([[1, 1], [1, 1]], [10, 20], [10, 21], "行と列の合計が合いません.*30 と 31"),
        ([[1, 1], [0, 0]], [10, 20], [10, 20], "行の1か所"),
        ([[1, 0], [0, 1]], [10, 20], [15, 15], "合わせられません.*差"),
        ([[1, -1], [1, 1]], [10, 20], [15, 15], "負か欠けた"),
        ([[1, 1], [1, 1]], [10, -20], [15, 15], "行に負か欠けた"),
        ([[1, 1], [1, 1]], [10, 20, 30], [30, 30], "形が合いません"),
    ],
)
def test_totals_that_cannot_be_met(
    seed: list[list[float]], rows: list[float], columns: list[float], said: str
) -> None:
    wanted = [
        Control(ROWS, (0,), np.array(rows, float)),
        Control(COLUMNS, (1,), np.array(columns, float)),
    ]
    with pytest.raises(TotalsError, match=said):
        rake(np.array(seed, dtype=float), wanted)


def test_axes_are_written_in_order() -> None:
    with pytest.raises(TotalsError, match="小さい順"):
        rake(np.ones((2, 2)), [Control("両方", (1, 0), np.ones((2, 2)))])


def test_the_largest_remainders_go_up() -> None:
    assert whole(np.array([1.2, 2.7, 3.6, 0.5])).tolist() == [1, 3, 4, 0]
    assert whole(np.array([[0.5, 0.5], [2.0, 3.0]])).tolist() == [[1, 0], [2, 3]]


@settings(deadline=None)
@given(arrays(np.float64, array_shapes(max_dims=2, max_side=6), elements=st.floats(0, 1e6)))
def test_whole_numbers_keep_the_sum(values: np.ndarray) -> None:
    found = whole(values)
    assert (found == np.rint(found)).all()
    assert (np.abs(found - values) < 1).all()
    assert (np.abs(found.sum(axis=-1) - values.sum(axis=-1)) <= 0.5 + 1e-6).all()


fractions = st.one_of(st.integers(0, 3).map(float), st.floats(0, 50), st.sampled_from([0.5, 0.25]))


@settings(deadline=None, max_examples=100)
@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=fractions))
def test_whole_tables_keep_rows_columns_and_all(values: np.ndarray) -> None:
    found = whole_table(values)
    assert (found == np.rint(found)).all() and (found >= 0).all()
    for axis in (None, 0, 1):
        change = np.abs(found.sum(axis=axis) - values.sum(axis=axis))
        assert (change < 1 + 1e-6).all()
    assert abs(found.sum() - values.sum()) <= 0.5 + 1e-6
    assert (np.abs(found - values) < 1 + 1e-6).all()
    assert (found[values == np.rint(values)] == values[values == np.rint(values)]).all()


def test_whole_totals_are_kept_exactly() -> None:
    """Each row by itself would round to 1, 0, 0: then the first column were 3 instead of 1."""
    values = np.full((3, 3), 1 / 3)
    found = whole_table(values)
    assert found.sum(axis=0).tolist() == [1, 1, 1] and found.sum(axis=1).tolist() == [1, 1, 1]


def test_the_nearest_table_is_taken() -> None:
    values = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert whole_table(values).tolist() == [[1, 0], [0, 1]]


def test_a_table_of_persons_is_positive() -> None:
    with pytest.raises(TotalsError, match="負か欠けた"):
        whole_table(np.array([[1.0, np.nan]]))
