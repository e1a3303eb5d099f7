"""The arrays of the models: one type, and ages in five-year bands.

Bands run from 0–4 upwards, the last one is open. Unit: persons.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

BAND_YEARS = 5


def band_starts(bands: int) -> npt.NDArray[np.int64]:
    """First age of each of `bands` five-year bands."""
    return np.arange(bands, dtype=np.int64) * BAND_YEARS


def fold_open_band(values: FloatArray, open_from: int) -> FloatArray:
    """Add all bands from `open_from` upwards into one open band."""
    keep = open_from // BAND_YEARS
    oldest = values[..., keep:].sum(axis=-1, keepdims=True)
    return np.concatenate([values[..., :keep], oldest], axis=-1)
