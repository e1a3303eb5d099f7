"""Survival ratios of five-year bands out of life tables.

A table gives, by sex and age, the person-years lived L (定常人口), or the survivors l (生存数), or
the probability of dying q (死亡率); the first that it gives for all ages is used. Survival of a
band is L of the next band ÷ L of this one, that of the two oldest T(x+5) ÷ T(x) with T the
person-years from an age on. Where L is not given: L = n (l(x) + l(x+n)) / 2; those who die in the
first interval of life live a tenth of it; past the last age mortality stays as in the age before.

One table says nothing of coming improvement: survival is the same in every step, and the net
migration that is left over (r − s) takes what mortality gains.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray, band_starts
from demography.population import SEXES, PopulationError

NATION = "000000"
FIRST_INTERVAL = 0.1
"""Part of the first interval lived by those who die in it: most die in their first days."""

MEASURES = ("person_years", "survivors", "mortality")


def survival_ratios(table: pd.DataFrame, areas: Sequence[str], bands: int) -> FloatArray:
    """(A, 2, 1, B − 1) survival by cohort for `areas`, NaN where no table holds.

    table: area (six digits; null, NATION or no such column = the nation), sex (male, female or
    both), age (first age of the row) and any of MEASURES; `table_year` where known, the newest of
    each area counts. An area without a table of its own takes its prefecture's, else the nation's;
    a sex without one takes that of both. Rows may be single ages, five-year bands or 0, 1–4, 5–9, …

    Raises PopulationError where a table has gaps, ends too young or cannot be a life table.
    """
    rows = _newest(table, areas)
    places = pd.Index(rows["area"].unique())
    ratios = np.full((len(places) + 1, len(SEXES), bands - 1), np.nan)
    keys = ["area", "sex"]
    rows = rows.sort_values([*keys, "age"])
    spans = rows.groupby(keys)["age"].agg(tuple)
    by_table = rows.set_index(keys)
    for ages, alike in spans.groupby(spans):
        chosen = by_table.loc[by_table.index.isin(alike.index)]
        shape = (len(alike), len(ages))
        measures = {
            name: chosen[name].to_numpy(dtype=np.float64).reshape(shape)
            for name in MEASURES
            if name in chosen.columns
        }
        years = _by_band(np.array(ages, dtype=np.int64), measures, bands)
        found = _survival(years)
        at = places.get_indexer(alike.index.get_level_values("area"))
        sexes = alike.index.get_level_values("sex")
        # Tables of one sex are written last, so that they go before those of both.
        for sex in ("both", *SEXES):
            mine = sexes == sex
            whom = slice(None) if sex == "both" else SEXES.index(sex)
            if sex == "both":
                ratios[at[mine]] = _kept(ratios[at[mine]], found[mine][:, None, :])
            else:
                ratios[at[mine], whom] = found[mine]
    return ratios[_holding(places, areas)][:, :, None, :]


def _kept(known: FloatArray, otherwise: FloatArray) -> FloatArray:
    return np.where(np.isnan(known), otherwise, known)


def _newest(table: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """The rows that may hold for `areas`, of the newest table of each place."""
    if table.empty:
        raise PopulationError("生命表に行がありません。年齢別の生命表を取り込んでください")
    area = table["area"] if "area" in table.columns else pd.Series(NATION, index=table.index)
    wanted, prefectures = set(areas), {code[:2] for code in areas}
    near = {
        code
        for code in area.dropna().unique()
        if code in wanted or (code[2:5] == "000" and (code[:2] in prefectures or code == NATION))
    }
    rows = table.assign(area=area.fillna(NATION))[area.isna() | area.isin(near)]
    rows = rows.assign(age=pd.to_numeric(rows["age"]))
    if "table_year" in rows.columns:
        year = pd.to_numeric(rows["table_year"]).fillna(0)
        rows = rows[year == year.groupby(rows["area"]).transform("max")]
    if rows["age"].isna().any() or rows.duplicated(["area", "sex", "age"]).any():
        raise PopulationError(
            "生命表に年齢のない行か重なる行があります。ファイルを確かめてください"
        )
    return rows


def _holding(places: pd.Index, areas: Sequence[str]) -> npt.NDArray[np.intp]:
    """Position of the table that holds for each area; −1 (which holds nothing) where none does."""
    wanted = pd.Index(list(areas)).astype("str")
    own = places.get_indexer(wanted)
    by_prefecture = {code[:2]: at for at, code in enumerate(places) if code[2:5] == "000"}
    nation = places.get_indexer(pd.Index([NATION]))[0]
    prefecture = np.array([by_prefecture.get(code[:2], -1) for code in wanted], dtype=np.intp)
    return np.where(own >= 0, own, np.where(prefecture >= 0, prefecture, nation))


def _by_band(ages: npt.NDArray[np.int64], given: dict[str, FloatArray], bands: int) -> FloatArray:
    """(tables, B) person-years by band, the last from its age on."""
    starts = band_starts(bands)
    if ages[0] != 0 or not np.isin(starts, ages).all():
        raise PopulationError(
            f"生命表は0歳から{starts[-1]}歳以上まで、5歳の境で切れる行が必要です"
            f"（{ages[0]}～{ages[-1]}歳の表です）"
        )
    lived = given.get("person_years")
    if lived is None or np.isnan(lived).any():
        lived = _person_years(ages, _survivors(given))
    if not (np.isfinite(lived) & (lived >= 0)).all() or (lived[:, 0] == 0).any():
        raise PopulationError("生命表に欠けた値か負の値があります。ファイルを確かめてください")
    return np.add.reduceat(lived, np.searchsorted(ages, starts), axis=-1)


def _survivors(given: dict[str, FloatArray]) -> FloatArray:
    alive = given.get("survivors")
    if alive is None or np.isnan(alive).any():
        dying = given.get("mortality")
        if dying is None or not ((dying >= 0) & (dying <= 1)).all():
            raise PopulationError(
                "生命表の死亡率に欠けた値か 0～1 でない値があります。生存数か定常人口でも読めます"
            )
        later = np.cumprod(1 - dying[:, :-1], axis=-1)
        alive = np.concatenate([np.ones_like(later[:, :1]), later], axis=-1)
    if (np.diff(alive, axis=-1) > 0).any():
        raise PopulationError("生命表の生存数が年齢とともに増えています。列を確かめてください")
    return alive


def _person_years(ages: npt.NDArray[np.int64], alive: FloatArray) -> FloatArray:
    widths = np.diff(ages).astype(np.float64)
    lived = np.empty_like(alive)
    lived[:, :-1] = widths * (alive[:, :-1] + alive[:, 1:]) / 2
    lived[:, 0] = widths[0] * (alive[:, 1] + FIRST_INTERVAL * (alive[:, 0] - alive[:, 1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        mortality = np.log(alive[:, -2] / alive[:, -1]) / widths[-1]
        lived[:, -1] = np.where(alive[:, -1] > 0, alive[:, -1] / mortality, 0.0)
    return lived


def _survival(years: FloatArray) -> FloatArray:
    """(tables, B − 1) from person-years (tables, B)."""
    whole = years[:, :-1].copy()
    whole[:, -1] += years[:, -1]
    return np.divide(years[:, 1:], whole, out=np.zeros_like(whole), where=whole > 0)
