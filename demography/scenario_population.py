"""The population of many municipalities under a scenario: frame in, frame of the same shape out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import BAND_YEARS, FloatArray
from demography.assumption_table import AssumptionTables, assumption_tables
from demography.life_table import survival_ratios
from demography.migration import own_migration
from demography.population import (
    SEXES,
    Assumptions,
    PopulationError,
    PopulationScenario,
    Projection,
    project,
)
from demography.ratios import acting, changed, recover, with_net_migration, with_survival

YOUNGEST_OPEN_BAND = 50
"""Women to 49 must be told apart."""


_PLACE = {"municipality": "str"}
_YEARS = {"year_from": "int64", "year_to": "int64"}
_PERSONS = dict.fromkeys(("births", "deaths", "net_migration", "cohort_change"), "float64")
_OF_FLOWS = {**_PLACE, "sex": "str", **_YEARS, **_PERSONS}
_OF_COUNTED = {**_PLACE, **_YEARS, "is_split": "bool"}


@dataclass(frozen=True)
class ScenarioPopulation:
    """What `under_scenario` returns.

    frame: as given, `value` under the scenario. flows: municipality, sex, year_from, year_to,
    births, deaths, net_migration, cohort_change (see demography.population.Projection; deaths and
    net_migration are NaN where survival is not known), one row per step of each projected
    municipality. unchanged: municipalities left as given, because the frame has not all their
    figures by sex and five-year band every five years. own_migration: municipality, year_from,
    year_to, is_split of those whose migration was counted in the register (see
    demography.migration); for all others that of the projection stays.
    """

    frame: pd.DataFrame
    flows: pd.DataFrame
    unchanged: tuple[str, ...]
    own_migration: pd.DataFrame


class _Group(NamedTuple):
    """Municipalities with the same points and bands, and where their cells stand in the frame."""

    codes: list[str]
    points: list[int]
    rows: npt.NDArray[np.intp]
    cells: npt.NDArray[np.intp]
    values: FloatArray


def under_scenario(
    frame: pd.DataFrame,
    scenario: PopulationScenario,
    *,
    life_table: pd.DataFrame | None = None,
    assumptions: pd.DataFrame | None = None,
    register: pd.DataFrame | None = None,
) -> ScenarioPopulation:
    """Project every municipality of `frame` anew with its own ratios, changed by `scenario`.

    frame: metric `population` by (municipality,) year, sex, age of one projection: value = persons,
    age = first age of the band, the oldest open. The first year is the base; an unchanged scenario
    gives the frame back exactly, by construction (see demography.ratios). Without the column
    `municipality` the frame is one municipality's, for which tables of the nation hold.

    life_table, assumptions: see demography.life_table and demography.assumption_table; either
    splits r into survival and migration, the assumptions going first, which drive the rest too
    where scenario.from_assumptions says so. register: metric `population` of the resident register
    by municipality, year, sex, age, needed for scenario.own_migration.

    Raises PopulationError where the scenario needs what is not given, or a table cannot be used.
    """
    tables = (life_table, assumptions)
    result = frame.assign(value=frame["value"].astype("float64"))
    values = result["value"].to_numpy(copy=True)
    flows, counted = [], []
    groups, unchanged = _groups(result)
    for group in groups:
        assumed, own = _assumed(group, scenario, tables, register)
        if own is not None:
            counted.append(own)
        found = project(group.values[..., 0, :], changed(assumed, scenario, group.points))
        values[group.rows] = found.values.reshape(-1)[group.cells]
        flows.append(_flows(group, found))
    return ScenarioPopulation(
        result.assign(value=values),
        _joined(flows, _OF_FLOWS),
        tuple(unchanged),
        _joined(counted, _OF_COUNTED),
    )


def _assumed(
    group: _Group,
    scenario: PopulationScenario,
    tables: tuple[pd.DataFrame | None, pd.DataFrame | None],
    register: pd.DataFrame | None,
) -> tuple[Assumptions, pd.DataFrame | None]:
    """(assumptions of a group before changes, whose migration was counted, if asked for)."""
    assumed = recover(group.values)
    life_table, written = tables
    bands = group.values.shape[-1]
    survival = np.full((len(group.codes), len(SEXES), 1, bands - 1), np.nan)
    if life_table is not None and len(life_table):
        survival = survival_ratios(life_table, group.codes, bands)
    told: AssumptionTables | None = None
    if written is not None and len(written):
        told = assumption_tables(written, group.codes, group.points, bands)
        survival = np.where(np.isnan(told.survival), survival, told.survival)
    if np.isfinite(survival).any():
        assumed = with_survival(assumed, survival)
    if scenario.from_assumptions:
        if told is None:
            raise PopulationError(
                "将来人口の仮定値がないため、仮定値による推計はできません。"
                "将来人口の仮定値のファイルを取り込んでください"
            )
        assumed = _driven(assumed, told)
    if not scenario.own_migration:
        return assumed, None
    if register is None or register.empty:
        raise PopulationError(
            "住民基本台帳の年齢別人口がないため、実績の純移動率を使えません。"
            "年齢階級別人口の表を2年分以上取り込んでください"
        )
    own = own_migration(register, group.codes, survival[:, :, :1])
    counted = pd.DataFrame(
        {
            "municipality": group.codes,
            "year_from": own.year_from,
            "year_to": own.year_to,
            "is_split": own.is_split,
        }
    )
    share = acting(scenario, group.points)
    return with_net_migration(assumed, own.rates, share), counted[own.year_to > 0]


def _driven(assumed: Assumptions, told: AssumptionTables) -> Assumptions:
    """Net migration, child–woman ratio and sex ratio as the tables say, where they say."""
    if np.isfinite(told.net_migration).any():
        assumed = with_net_migration(assumed, told.net_migration)
    share = told.sex_ratio / (1 + told.sex_ratio)
    extra = assumed.extra
    stated = np.isfinite(told.child_woman)
    if extra is not None and stated.any():
        extra = extra.copy()
        extra[..., 0] = np.where(stated[:, None, :], 0.0, extra[..., 0])
    return replace(
        assumed,
        child_woman=np.where(stated, told.child_woman, assumed.child_woman),
        male_share=np.where(np.isfinite(share), share, assumed.male_share),
        extra=extra,
    )


def _groups(frame: pd.DataFrame) -> tuple[list[_Group], list[str]]:
    """(municipalities that can be projected, those with the same years and bands together; the
    others)."""
    if frame.empty:
        return [], []
    if "municipality" in frame.columns:
        at, codes = pd.factorize(frame["municipality"], sort=True)
    else:
        at, codes = np.zeros(len(frame), dtype=np.intp), pd.Index([""])
    sex = pd.Index(SEXES).get_indexer(pd.Index(frame["sex"]))
    age = pd.to_numeric(frame["age"]).to_numpy(dtype=np.float64, na_value=np.nan)
    year = frame["year"].to_numpy(dtype=np.int64)
    value = frame["value"].to_numpy()
    count = len(codes)
    bad = (sex < 0) | ~(age % BAND_YEARS == 0) | ~(value >= 0)
    first, last = np.full(count, 9999), np.zeros(count, dtype=np.int64)
    oldest = np.zeros(count)
    np.minimum.at(first, at, year)
    np.maximum.at(last, at, year)
    np.maximum.at(oldest, at, np.where(bad, 0, age))
    step, off = np.divmod(year - first[at], BAND_YEARS)
    bad |= off != 0
    points, bands = (last - first) // BAND_YEARS + 1, oldest.astype(np.int64) // BAND_YEARS + 1
    usable = np.bincount(at, bad, count) == 0
    usable &= np.bincount(at, minlength=count) == len(SEXES) * points * bands
    usable &= (points > 1) & (oldest >= YOUNGEST_OPEN_BAND)
    shapes = pd.DataFrame({"first": first, "points": points, "bands": bands})[usable]
    groups = []
    for (start, steps, width), alike in shapes.groupby(["first", "points", "bands"]):
        place = np.full(count, -1)
        place[alike.index] = np.arange(len(alike))
        rows = np.flatnonzero(place[at] >= 0)
        shape = (len(alike), len(SEXES), int(steps), int(width))
        band = age[rows].astype(np.int64) // BAND_YEARS
        cells = np.ravel_multi_index((place[at[rows]], sex[rows], step[rows], band), shape)
        once = np.bincount(cells, minlength=int(np.prod(shape)))
        if (once != 1).any():
            twice = codes[alike.index[int(np.argmax(once != 1)) // int(np.prod(shape[1:]))]]
            raise PopulationError(
                f"{twice}の推計人口に同じ年・性・年齢の行が2つあります。"
                "1つの推計だけを選んでください"
            )
        values = np.empty(shape)
        values.reshape(-1)[cells] = value[rows]
        span = [int(start) + BAND_YEARS * one for one in range(int(steps))]
        groups.append(_Group([str(codes[one]) for one in alike.index], span, rows, cells, values))
    return groups, [str(code) for code, fine in zip(codes, usable, strict=True) if not fine]


def _flows(group: _Group, found: Projection) -> pd.DataFrame:
    steps = len(group.points) - 1
    unknown = np.full_like(found.births, np.nan)
    deaths, moved = found.deaths, found.net_migration
    return pd.DataFrame(
        {
            "municipality": np.repeat(group.codes, len(SEXES) * steps),
            "sex": np.tile(np.repeat(SEXES, steps), len(group.codes)),
            "year_from": np.tile(group.points[:-1], len(SEXES) * len(group.codes)),
            "year_to": np.tile(group.points[1:], len(SEXES) * len(group.codes)),
            "births": found.births.ravel(),
            "deaths": (unknown if deaths is None else deaths.sum(axis=-1)).ravel(),
            "net_migration": (unknown if moved is None else moved.sum(axis=-1)).ravel(),
            "cohort_change": found.cohort_change.sum(axis=-1).ravel(),
        }
    )


def _joined(frames: list[pd.DataFrame], columns: dict[str, str]) -> pd.DataFrame:
    if frames:
        return pd.concat(frames, ignore_index=True)
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
