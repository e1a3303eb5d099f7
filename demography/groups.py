"""The population groups that drive work (domain 9), and the cohort to hire from, out of bands.

Arrays are (…, bands): any leading axes, five-year age bands from 0–4 upwards, the last band open.
Unit: persons.
"""

from __future__ import annotations

import numpy as np

from demography.arrays import BAND_YEARS, FloatArray, band_starts

GROUPS = ("0-4", "5-14", "15-64", "65+", "75+", "all", "none")
"""Groups that cause work (domain 9). `none` does not follow the population: always 1."""

GROUP_AGES: dict[str, tuple[int, int | None]] = {
    "0-4": (0, 4),
    "5-14": (5, 14),
    "15-64": (15, 64),
    "65+": (65, None),
    "75+": (75, None),
    "all": (0, None),
}


def group_sums(values: FloatArray) -> FloatArray:
    """Persons in each of GROUPS, (…, 7), from bands, (…, bands); `none` is 1 everywhere.

    Needs bands up to an open one that begins at 75 or later; raises ValueError else.
    """
    starts = band_starts(values.shape[-1])
    if starts[-1] < 75:
        raise ValueError("the open band must begin at 75 or later")
    result = np.ones((*values.shape[:-1], len(GROUPS)))
    for position, group in enumerate(GROUPS[:-1]):
        first, last = GROUP_AGES[group]
        inside = (starts >= first) & (starts <= (starts[-1] if last is None else last))
        result[..., position] = values[..., inside].sum(axis=-1)
    return result


def hiring_pool(values: FloatArray) -> FloatArray:
    """Persons aged 20–24, (…), the cohort to hire from, out of bands, (…, bands)."""
    return values[..., 20 // BAND_YEARS]
