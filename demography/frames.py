"""The arrays of one computation as long frames, one row per municipality × year × …"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.inputs import GapInputs
from demography.uncertainty import QUANTILES, SERIES
from demography.workforce import AGES, KINDS, Path

_NOBODY = 1e-9


def _take(values: Iterable[str], positions: npt.NDArray[np.int64]) -> pd.Series[str]:
    """Labels at positions as text; goes through codes, which is fast for millions of rows."""
    codes = pd.Categorical.from_codes(positions, categories=pd.Index(list(values)))
    return pd.Series(codes).astype("str")


def required(inputs: GapInputs, hours: FloatArray, hours_per_fte: float) -> pd.DataFrame:
    """municipality, year, department, category, hours, fte; from hours (tasks, Y)."""
    task, year = np.nonzero(~np.isnan(hours))
    departments, position = np.unique(
        inputs.tasks["department"].to_numpy(dtype="str"), return_inverse=True
    )
    value = hours[task, year]
    return pd.DataFrame(
        {
            "municipality": _take(inputs.municipalities, inputs.tasks["row"].to_numpy()[task]),
            "year": inputs.years[year],
            "department": _take(departments, position[task]),
            "category": _take(
                inputs.categories["category"], inputs.tasks["column"].to_numpy()[task]
            ),
            "hours": value,
            "fte": value / hours_per_fte,
        }
    )


def available(inputs: GapInputs, fte: FloatArray) -> pd.DataFrame:
    """municipality, year, kind, fte; from fte (M, Y, KINDS and outsourced)."""
    row, year, kind = np.nonzero(fte > _NOBODY)
    return pd.DataFrame(
        {
            "municipality": _take(inputs.municipalities, row),
            "year": inputs.years[year],
            "kind": _take([*KINDS, "outsourced"], kind),
            "fte": fte[row, year, kind],
        }
    )


def staff(inputs: GapInputs, heads: FloatArray, fte: FloatArray) -> pd.DataFrame:
    """municipality, year, age, kind, headcount, fte; from heads and fte (Y, M, ages, kinds)."""
    year, row, age, kind = np.nonzero(heads > _NOBODY)
    return pd.DataFrame(
        {
            "municipality": _take(inputs.municipalities, row),
            "year": inputs.years[year],
            "age": AGES[age],
            "kind": _take(KINDS, kind),
            "headcount": heads[year, row, age, kind],
            "fte": fte[year, row, age, kind],
        }
    )


def flow(inputs: GapInputs, path: Path) -> pd.DataFrame:
    """One row per municipality and fiscal year, from the expected path."""
    steps = len(inputs.years) - 1
    columns = {
        "hires": path.hires,
        "separations": path.separations,
        "retirements": path.retirements,
        "rehired": path.rehires,
        "rehire_ended": path.rehire_ends,
    }
    count = len(inputs.municipalities)
    table = {
        "municipality": _take(inputs.municipalities, np.repeat(np.arange(count), steps)),
        "year": np.tile(inputs.years[:-1], count),
    }
    sums = {name: values.sum(axis=-1).T.ravel() for name, values in columns.items()}
    return pd.DataFrame({**table, **sums, "pool_20_24": inputs.pool[:, :-1].ravel()})


def gap(
    inputs: GapInputs, required_fte: FloatArray, available_fte: FloatArray, bands: FloatArray
) -> pd.DataFrame:
    """One row per municipality with a survey and year with a population; see GapResult.gap.

    required_fte, available_fte: (M, Y); bands: (M, Y, SERIES, QUANTILES).
    """
    row, year = np.nonzero(inputs.surveyed[:, None] & ~np.isnan(required_fte))
    difference = required_fte - available_fte
    with np.errstate(divide="ignore", invalid="ignore"):
        share = difference / required_fte
    at = (row, year)
    frame = pd.DataFrame(
        {
            "municipality": _take(inputs.municipalities, row),
            "year": inputs.years[year],
            "required_fte": required_fte[at],
            "available_fte": available_fte[at],
            "gap_fte": difference[at],
            "gap_share": share[at],
            "base_gap_fte": difference[row, 0],
            "demand_change_fte": required_fte[at] - required_fte[row, 0],
            "supply_loss_fte": available_fte[row, 0] - available_fte[at],
            "is_interpolated": inputs.is_interpolated[at],
        }
    )
    quantiles = {
        f"{series}_{name}": bands[row, year, at_series, position]
        for at_series, series in enumerate(SERIES)
        for position, name in enumerate(QUANTILES)
    }
    return frame.assign(**quantiles)


def scope(inputs: GapInputs) -> pd.DataFrame:
    """municipality, coverage, staff_share; see GapResult.scope."""
    fte = inputs.staff_fte.sum(axis=1)
    total = fte.sum(axis=-1)
    counted = (fte * inputs.scope.share).sum(axis=-1)
    return pd.DataFrame(
        {
            "municipality": list(inputs.municipalities),
            "coverage": inputs.scope.coverage,
            "staff_share": np.divide(counted, total, out=np.zeros_like(total), where=total > 0),
        }
    )
