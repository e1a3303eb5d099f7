"""Values of a workbook's cells as text: ISO for dates and times, plain digits for numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

WHOLE = 1e15
"""Whole numbers below this are written digit by digit."""


def text_of(value: Any) -> str:
    """A cell as text: ISO for dates and times, plain digits for numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < WHOLE:
            return str(int(value))
        return format(value, ".15g") if 1e-4 <= abs(value) < WHOLE else repr(value)
    if isinstance(value, dt.datetime):
        second = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        return second.isoformat() if second.time() != dt.time() else second.date().isoformat()
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if isinstance(value, dt.time):
        return value.replace(microsecond=0).isoformat()
    return str(value)


def texts_of(numbers: npt.NDArray[np.float64]) -> pa.StringArray:
    """Numbers as `text_of` gives them; whole ones all at once."""
    if (np.abs(numbers) < WHOLE).all() and (numbers == np.floor(numbers)).all():
        return pa.array(numbers.astype(np.int64)).cast(pa.string())
    return pa.array([text_of(number) for number in numbers.tolist()], pa.string())
