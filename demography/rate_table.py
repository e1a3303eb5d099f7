"""Rates of separation and hiring as a table of a release, and back as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from demography.arrays import FloatArray
from demography.rates import Rates
from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, DEFAULT_SEPARATION

DEFAULT = "default"


@dataclass(frozen=True)
class KnownRates:
    """M municipalities. separation, hire_profile: (M, ages). hires: (M,) a year, NaN where not
    recorded. source, hire_source: as in demography.rates.Rates."""

    separation: FloatArray
    hire_profile: FloatArray
    hires: FloatArray
    source: tuple[str, ...]
    hire_source: tuple[str, ...]


def as_table(rates: Rates, municipalities: Sequence[str]) -> pd.DataFrame:
    """One row per municipality and age: municipality, age, separation, separation_se, hire_share,
    source, hire_source, hires, hires_se (the last four the same for all ages)."""
    count = len(municipalities)

    def each(values: Sequence[str] | FloatArray) -> object:
        return np.repeat(np.asarray(values), len(AGES))

    return pd.DataFrame(
        {
            "municipality": each(municipalities),
            "age": np.tile(AGES, count),
            "separation": rates.separation.ravel(),
            "separation_se": rates.separation_se.ravel(),
            "hire_share": np.broadcast_to(rates.hire_profile, (count, len(AGES))).ravel(),
            "source": each(rates.source),
            "hire_source": each(rates.hire_source),
            "hires": each(rates.hires),
            "hires_se": each(rates.hires_se),
        }
    )


def known_rates(table: pd.DataFrame | None, municipalities: Sequence[str]) -> KnownRates:
    """The rates of `municipalities`, in their order; defaults for those that the table lacks.

    table: as as_table gives it; None or empty where nothing is recorded.
    """
    count = len(municipalities)
    separation = np.tile(DEFAULT_SEPARATION, (count, 1))
    profile = np.tile(DEFAULT_HIRE_PROFILE, (count, 1))
    hires = np.full(count, np.nan)
    source, hire_source = [DEFAULT] * count, [DEFAULT] * count
    if table is not None and len(table):
        names = pd.Index(municipalities)
        rows = table.assign(
            row=names.get_indexer(pd.Index(table["municipality"])),
            at=table["age"].to_numpy() - int(AGES[0]),
        )
        rows = rows[rows["row"] >= 0]
        at = (rows["row"].to_numpy(), rows["at"].to_numpy())
        separation[at] = rows["separation"]
        profile[at] = rows["hire_share"]
        for one in rows.drop_duplicates("row").to_dict("records"):
            row = int(one["row"])
            hires[row] = one["hires"]
            source[row], hire_source[row] = str(one["source"]), str(one["hire_source"])
    return KnownRates(separation, profile, hires, tuple(source), tuple(hire_source))
