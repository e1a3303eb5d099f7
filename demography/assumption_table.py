"""Assumption tables of a projection (将来人口の仮定値) as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography.arrays import BAND_YEARS, FloatArray
from demography.population import SEXES, PopulationError


@dataclass(frozen=True)
class AssumptionTables:
    """NaN where the tables say nothing.

    survival, net_migration: (A, 2, T, B − 1). child_woman, sex_ratio (boys per girl): (A, T).
    """

    survival: FloatArray
    net_migration: FloatArray
    child_woman: FloatArray
    sex_ratio: FloatArray


def assumption_tables(
    frame: pd.DataFrame, areas: Sequence[str], points: Sequence[int], bands: int
) -> AssumptionTables:
    """Place the rows of `frame` in arrays over `areas` and the steps between `points`.

    frame: area, year_from (start of the step), sex (male, female, both or null), age (first age of
    the band at the start of the step, null where the row has none), survival, net_migration,
    child_woman_ratio, sex_ratio, each null where the row does not tell. The two oldest bands move
    together under the age of the younger, e.g. 85 where the open band is 90+. Assumptions of the
    last step given hold for the steps after it. Raises PopulationError where two rows tell the same
    cell, which bands older than those of the projection do.
    """
    areas_index = pd.Index(list(areas))
    starts = np.asarray(points[:-1], dtype=np.int64)
    rows = frame[frame["area"].isin(areas_index)]
    rows = rows.assign(
        area_at=areas_index.get_indexer(pd.Index(rows["area"])),
        step=pd.Index(starts).get_indexer(pd.Index(pd.to_numeric(rows["year_from"]))),
    )
    rows = rows[rows["step"] >= 0]
    age = pd.to_numeric(rows["age"])
    oldest = bands - 2
    aged = rows[age.notna()]
    aged = aged.assign(cohort=np.minimum(age[age.notna()] // BAND_YEARS, oldest).astype(np.intp))
    shape = (len(areas_index), len(starts))
    return AssumptionTables(
        *(_by_cohort(aged, name, (*shape, bands - 1)) for name in ("survival", "net_migration")),
        *(_by_step(rows, name, shape) for name in ("child_woman_ratio", "sex_ratio")),
    )


def _by_cohort(rows: pd.DataFrame, name: str, shape: tuple[int, int, int]) -> FloatArray:
    """(A, 2, T, B − 1); rows of both sexes fill what rows of one sex leave open."""
    areas, steps, width = shape
    result = np.full((areas, len(SEXES), steps, width), np.nan)
    told = rows[rows[name].notna()]
    sex = told["sex"].fillna("both")
    for position, one in enumerate(SEXES):
        for written in ("both", one):
            cells = told[sex == written]
            _refuse_twice(cells, ["area_at", "step", "cohort"])
            at = (cells["area_at"], position, cells["step"], cells["cohort"])
            result[at] = cells[name].to_numpy(dtype=np.float64)
    return _carried(result, axis=2)


def _by_step(rows: pd.DataFrame, name: str, shape: tuple[int, int]) -> FloatArray:
    result = np.full(shape, np.nan)
    told = rows[rows[name].notna()].drop_duplicates(["area_at", "step", name])
    _refuse_twice(told, ["area_at", "step"])
    result[told["area_at"], told["step"]] = told[name].to_numpy(dtype=np.float64)
    return _carried(result, axis=1)


def _refuse_twice(cells: pd.DataFrame, keys: list[str]) -> None:
    twice = cells.duplicated(keys)
    if twice.any():
        row = cells[twice].iloc[0]
        raise PopulationError(
            f"仮定値の{row['area']}・{row['year_from']}年に同じ年齢の値が2つあります。"
            "年齢の区切りが推計（90歳以上か95歳以上まで）と同じか確かめてください"
        )


def _carried(values: FloatArray, axis: int) -> FloatArray:
    """Steps without a value take the last one before them."""
    steps = np.arange(values.shape[axis])
    along = steps.reshape([-1 if one == axis else 1 for one in range(values.ndim)])
    last = np.maximum.accumulate(np.where(np.isnan(values), 0, along), axis=axis)
    return np.take_along_axis(values, last, axis=axis)
