"""Population of every year and group for many municipalities, out of a frame of a projection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import BAND_YEARS, FloatArray, fold_open_band
from demography.between import interpolate
from demography.groups import GROUPS, group_sums, hiring_pool

OPEN_FROM = 90
"""Open band used for the groups: the youngest of the published rounds, so that both fit."""
OLDEST_GROUP_FROM = 75

_SUMS_OF_AGE_GROUPS: dict[str, tuple[str, ...]] = {
    "15-64": ("15-64",),
    "65+": ("65-74", "75+"),
    "75+": ("75+",),
    "all": ("0-14", "15-64", "65-74", "75+"),
}


@dataclass(frozen=True)
class PopulationPaths:
    """M municipalities, Y years.

    groups: (M, Y, GROUPS), NaN where unknown (`none` is always 1). pool: (M, Y) persons 20–24.
    is_interpolated: (M, Y), the year lies between two published ones. detail: (M,), what the frame
    has: `bands`, `age_groups`, `total` or `nothing`.
    """

    groups: FloatArray
    pool: FloatArray
    is_interpolated: npt.NDArray[np.bool_]
    detail: npt.NDArray[np.str_]


def population_paths(
    frame: pd.DataFrame, municipalities: pd.Index, years: npt.NDArray[np.int64]
) -> PopulationPaths:
    """Interpolate a projection to `years`.

    frame: municipality, year, value (persons) and either `age` (single age or first age of a
    five-year band; null in rows that give the total alone), or `age_group` (0-14, 15-64, 65-74,
    75+), or neither (totals). Where a municipality has rows by age its total rows are left out.
    Years before the first published one take its values; years after the last are NaN.
    """
    shape = (len(municipalities), len(years))
    paths = PopulationPaths(
        np.full((*shape, len(GROUPS)), np.nan),
        np.full(shape, np.nan),
        np.zeros(shape, dtype=bool),
        np.full(len(municipalities), "nothing", dtype="<U10"),
    )
    paths.groups[..., GROUPS.index("none")] = 1.0
    frame = frame[frame["municipality"].isin(municipalities) & frame["value"].notna()]
    if "age_group" in frame.columns:
        _fill(paths, frame.rename(columns={"age_group": "part"}), municipalities, years, "groups")
        return paths
    age = pd.to_numeric(frame["age"]) if "age" in frame.columns else None
    if age is not None and age.notna().any():
        banded = frame[age.notna()].assign(part=(age[age.notna()] // BAND_YEARS).astype("int64"))
        open_band = banded.groupby("municipality")["part"].transform("max")
        banded = banded[open_band * BAND_YEARS >= OLDEST_GROUP_FROM]
        _fill(paths, banded, municipalities, years, "bands")
        frame = frame[~frame["municipality"].isin(banded["municipality"])]
    _fill(paths, frame.assign(part="all"), municipalities, years, "total")
    return paths


def _fill(
    paths: PopulationPaths,
    frame: pd.DataFrame,
    municipalities: pd.Index,
    years: npt.NDArray[np.int64],
    detail: str,
) -> None:
    """Write the municipalities of `frame` into `paths`, those with the same years together."""
    if frame.empty:
        return
    table = frame.pivot_table(
        index=["municipality", "year"], columns="part", values="value", aggfunc="sum", fill_value=0
    ).sort_index()
    listed = table.reset_index("year").groupby(level="municipality")["year"].agg(tuple)
    for _, alike in listed.groupby(listed):
        members, points = alike.index, alike.iloc[0]
        rows = municipalities.get_indexer(members)
        chosen = table.loc[table.index.get_level_values("municipality").isin(members)]
        values = chosen.to_numpy(dtype=np.float64).reshape(len(members), len(points), -1)
        _write(paths, rows, values, list(chosen.columns), np.array(points), years, detail)


def _write(
    paths: PopulationPaths,
    rows: npt.NDArray[np.intp],
    values: FloatArray,
    parts: list[object],
    points: npt.NDArray[np.int64],
    years: npt.NDArray[np.int64],
    detail: str,
) -> None:
    at = np.maximum(years, points[0])
    paths.is_interpolated[rows] = ~np.isin(at, points) & (at <= points[-1])
    if detail == "bands":
        full = np.zeros((*values.shape[:-1], int(str(parts[-1])) + 1))
        full[..., [int(str(part)) for part in parts]] = values
        open_from = min(OPEN_FROM, (full.shape[-1] - 1) * BAND_YEARS)
        yearly = interpolate(fold_open_band(full, open_from), points.tolist(), at.tolist())
        paths.groups[rows] = group_sums(yearly)
        paths.pool[rows] = hiring_pool(yearly)
        paths.detail[rows] = "bands"
        return
    names = _SUMS_OF_AGE_GROUPS if detail == "groups" else {"all": ("all",)}
    yearly = interpolate(values, points.tolist(), at.tolist(), by_cohort=False)
    for group, members in names.items():
        columns = [parts.index(member) for member in members if member in parts]
        paths.groups[rows, :, GROUPS.index(group)] = yearly[..., columns].sum(axis=-1)
    paths.detail[rows] = "age_groups" if detail == "groups" else "total"
