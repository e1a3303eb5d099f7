"""Assumption tables as arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from demography.assumption_table import assumption_tables
from demography.population import PopulationError

POINTS = [2020, 2025, 2030]
COLUMNS = (
    "area",
    "year_from",
    "sex",
    "age",
    "survival",
    "net_migration",
    "child_woman_ratio",
    "sex_ratio",
)


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame([dict(zip(COLUMNS, row, strict=True)) for row in rows], columns=COLUMNS)
    return frame.astype(dict.fromkeys(COLUMNS[3:], "float64"))


def test_rows_go_to_their_cells() -> None:
    given = table(
        ("272060", 2020, "male", 20, 0.99, 0.05, None, None),
        ("272060", 2025, "male", 20, 0.98, None, None, None),
        ("272060", 2020, "both", 85, 0.4, None, None, None),
        ("272060", 2020, None, None, None, None, 0.21, 1.05),
        ("271403", 2020, None, None, None, None, 0.25, None),
        ("999999", 2020, "male", 20, 0.5, 0.5, 0.5, 0.5),
        ("272060", 2035, "male", 20, 0.5, 0.5, None, None),
    )
    found = assumption_tables(given, ["271403", "272060"], POINTS, 19)
    assert found.survival[1, 0, :, 4].tolist() == [0.99, 0.98]
    assert found.survival[1, :, :, 17].tolist() == [[0.4, 0.4], [0.4, 0.4]]
    assert found.net_migration[1, 0, :, 4].tolist() == [0.05, 0.05]
    assert np.isfinite(found.survival).sum() == 2 + 4
    assert found.child_woman.tolist() == [[0.25, 0.25], [0.21, 0.21]]
    assert found.sex_ratio[1].tolist() == [1.05, 1.05]
    assert np.isnan(found.sex_ratio[0]).all()


def test_one_sex_goes_before_both() -> None:
    both = ("272060", 2020, "both", 20, 0.9, None, None, None)
    female = ("272060", 2020, "female", 20, 0.95, None, None, None)
    found = assumption_tables(table(female, both), ["272060"], POINTS, 19).survival
    assert found[0, :, 0, 4].tolist() == [0.9, 0.95]


def test_nothing_holds_before_the_first_step_given() -> None:
    given = table(("272060", 2025, "both", 20, 0.9, None, 0.2, None))
    found = assumption_tables(given, ["272060"], POINTS, 19)
    assert np.isnan(found.survival[0, 0, 0, 4]) and found.survival[0, 0, 1, 4] == 0.9
    assert np.isnan(found.child_woman[0, 0]) and found.child_woman[0, 1] == 0.2


def test_older_bands_than_the_projection_has_are_refused() -> None:
    given = table(
        ("272060", 2020, "male", 85, 0.4, None, None, None),
        ("272060", 2020, "male", 90, 0.2, None, None, None),
    )
    with pytest.raises(PopulationError, match="272060・2020年"):
        assumption_tables(given, ["272060"], POINTS, 19)
    assert assumption_tables(given, ["272060"], POINTS, 20).survival[0, 0, 0, 18] == 0.2
