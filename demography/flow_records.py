"""Recorded separations and hires, and the staff they came from, as arrays.

An age in a record is that on the day. Separations are mostly on 31 March, after the birthday of the
year, so one who left at L is taken to have been L − 1 on the 1 April before; L where nobody of that
age was there. Hires count at the age of the day. Only regular staff is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.workforce import AGES, retirement_age

REACH = 2
"""Years to the nearest count of staff that may stand in for that of a year without one."""


@dataclass(frozen=True)
class Records:
    """M municipalities, Y fiscal years (ascending), persons.

    staff: (M, Y, ages), on 1 April, NaN where no count is near. separations: (M, Y, ages), other
    than by age limit, by age on 1 April, NaN where the year is not recorded. hires: (M, Y, ages),
    likewise, by age when they join.
    """

    years: npt.NDArray[np.int64]
    staff: FloatArray
    separations: FloatArray
    hires: FloatArray


def records(
    flow: pd.DataFrame | None, staff: pd.DataFrame | None, municipalities: Sequence[str]
) -> Records:
    """Arrays from frames, in the order of `municipalities`; rows of others are left out.

    flow: municipality (not needed where there is one), fiscal_year, age, kind, hires, separations,
    reason. staff: municipality, as_of, age, kind, headcount; the first count of a fiscal year is
    its exposure. Rows without an age, a year or a number are left out. A separation for an unknown
    reason at the retirement age of the year or later is taken as one by age limit.
    """
    names = pd.Index(municipalities)
    moved = _regular(flow, names, ("fiscal_year", "age"))
    there = _regular(staff, names, ("as_of", "age"))
    if len(there):
        date = pd.to_datetime(there["as_of"])
        year = date.dt.year - (date.dt.month < 4)
        there = there.assign(fiscal_year=year.astype("int64"), date=date)
        first = there.groupby(["row", "fiscal_year"])["date"].transform("min")
        there = there[there["date"] == first]
    years = np.unique(moved["fiscal_year"].to_numpy(dtype=np.int64)) if len(moved) else _NO_YEARS
    shape = (len(names), len(years), len(AGES))
    people = _nearest(there, years, shape)
    separations, hires = np.full(shape, np.nan), np.full(shape, np.nan)
    if len(moved):
        left = moved[moved["separations"].notna()]
        _mark(separations, left, years)
        limit = retirement_ages(left["fiscal_year"].to_numpy(dtype=np.int64))
        reason = left["reason"].fillna("unknown").astype("str")
        by_age_limit = (reason == "mandatory") | (
            (reason == "unknown") & (left["age"].to_numpy() >= limit)
        )
        _add(separations, left[~by_age_limit], years, "separations", people)
        came = moved[moved["hires"].notna()]
        _mark(hires, came, years)
        _add(hires, came, years, "hires", None)
    return Records(years, people, separations, hires)


_NO_YEARS: npt.NDArray[np.int64] = np.empty(0, dtype=np.int64)


def retirement_ages(fiscal_years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """workforce.retirement_age of each year."""
    known = {int(year): retirement_age(int(year)) for year in np.unique(fiscal_years)}
    return np.array([known[int(year)] for year in fiscal_years], dtype=np.int64)


def _regular(frame: pd.DataFrame | None, names: pd.Index, needed: tuple[str, str]) -> pd.DataFrame:
    """Rows of regular staff of `names` with what is needed, and `row`, their position in it."""
    if frame is None or frame.empty:
        return pd.DataFrame()
    if "municipality" not in frame.columns:
        frame = frame.assign(municipality=names[0])
    row = names.get_indexer(pd.Index(frame["municipality"]))
    named = (frame["kind"] == "regular") & frame[list(needed)].notna().all(axis=1)
    return frame.assign(row=row)[named.to_numpy() & (row >= 0)]


def _positions(frame: pd.DataFrame, years: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.searchsorted(years, frame["fiscal_year"].to_numpy(dtype=np.int64))


def _mark(target: FloatArray, frame: pd.DataFrame, years: npt.NDArray[np.int64]) -> None:
    """Zero instead of NaN in every year that has a record: ages not named had nobody."""
    target[frame["row"].to_numpy(), _positions(frame, years)] = 0.0


def _on_axis(ages: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.clip(ages, AGES[0], AGES[-1]) - AGES[0]


def _add(
    target: FloatArray,
    frame: pd.DataFrame,
    years: npt.NDArray[np.int64],
    column: str,
    people: FloatArray | None,
) -> None:
    """Add the numbers of a column; with `people` by the age on the 1 April before."""
    row, year = frame["row"].to_numpy(), _positions(frame, years)
    age = frame["age"].to_numpy(dtype=np.int64)
    at = _on_axis(age)
    if people is not None:
        before = _on_axis(age - 1)
        # NaN counts as present: there is no exposure to compare with.
        absent = (people[row, year, before] == 0) & (people[row, year, at] > 0)
        at = np.where(absent, at, before)
    np.add.at(target, (row, year, at), frame[column].to_numpy(dtype=np.float64))


def _nearest(
    there: pd.DataFrame, years: npt.NDArray[np.int64], shape: tuple[int, int, int]
) -> FloatArray:
    """Staff of each year: its own count, else the nearest within REACH, else NaN."""
    result = np.full(shape, np.nan)
    there = there[there["headcount"].notna()] if len(there) else there
    if not len(there) or not len(years):
        return result
    counted = np.unique(there["fiscal_year"].to_numpy(dtype=np.int64))
    counts = np.full((shape[0], len(counted), shape[2]), np.nan)
    _mark(counts, there, counted)
    at = (there["row"].to_numpy(), _positions(there, counted))
    np.add.at(
        counts,
        (*at, _on_axis(there["age"].to_numpy(dtype=np.int64))),
        there["headcount"].to_numpy(dtype=np.float64),
    )
    known = ~np.isnan(counts[..., 0])
    for position, year in enumerate(years):
        away = np.where(known, np.abs(counted - year), REACH + 1)
        nearest = away.argmin(axis=1)
        rows = np.flatnonzero(away[np.arange(shape[0]), nearest] <= REACH)
        result[rows, position] = counts[rows, nearest[rows]]
    return result
