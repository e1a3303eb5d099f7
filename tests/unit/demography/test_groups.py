"""Population groups and bands."""

from __future__ import annotations

import numpy as np
import pytest

from demography.arrays import fold_open_band
from demography.groups import GROUPS, group_sums, hiring_pool


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
