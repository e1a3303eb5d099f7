"""Which staff stands against the surveyed hours, so that both sides cover the same work.

Rules, applied per municipality:
1. Regular and rehired staff count. Fixed-term staff counts where the survey has hours of theirs or
   hours of unknown kind; else they stay outside.
2. Fixed-term hours without any fixed-term staff in the staff file, and outsourced hours, count as
   supply of their own: hours ÷ hours per FTE.
3. Where departments holding at least MATCHED_FROM of the surveyed staff hours are found in the
   staff file, only the staff of surveyed departments counts, kind by kind.
4. Else, where the surveyed staff hours are less than FULL_COVERAGE_FROM of the hours of the staff
   that counts, the staff is scaled down to the surveyed hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from demography.arrays import FloatArray
from demography.workforce import KINDS

MATCHED_FROM = 0.9
FULL_COVERAGE_FROM = 0.8


@dataclass(frozen=True)
class Scope:
    """Supply side of each municipality.

    share: (municipalities, kinds), part of the staff of each of KINDS that counts.
    outsourced_fte, fixed_term_fte: (municipalities,), constant supply taken from surveyed hours.
    coverage: (municipalities,), surveyed staff hours ÷ hours of the staff that counts before
    rule 4; NaN where there is no survey or no such staff.
    codes: notes of each municipality.
    """

    share: FloatArray
    outsourced_fte: FloatArray
    fixed_term_fte: FloatArray
    coverage: FloatArray
    codes: tuple[tuple[str, ...], ...]


def _cells(frame: pd.DataFrame, municipalities: pd.Index, column: str) -> pd.DataFrame:
    """Sum of `column` by municipality and kind: one row per municipality, KINDS and others."""
    table = frame.astype({column: "float64"}).pivot_table(
        index="municipality", columns="kind", values=column, aggfunc="sum", fill_value=0.0
    )
    return table.reindex(municipalities, fill_value=0.0)


def _column(table: pd.DataFrame, name: str) -> FloatArray:
    if name not in table.columns:
        return np.zeros(len(table))
    return table[name].to_numpy(dtype=np.float64)


def _matched(
    staff: pd.DataFrame, survey: pd.DataFrame, municipalities: pd.Index
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """(share of FTE in surveyed departments by kind, whether rule 3 applies)."""
    everything = np.ones((len(municipalities), len(KINDS)))
    nothing = np.zeros(len(municipalities), dtype=bool)
    own = survey[survey["kind"] != "outsourced"]
    if "department" not in staff.columns or own.empty:
        return everything, nothing
    keys = ["municipality", "department"]
    surveyed = own.groupby(keys, as_index=False)["hours"].sum()
    employed = staff[keys].drop_duplicates()
    found = surveyed[surveyed["department"] != ""].merge(employed, on=keys)
    total = surveyed.groupby("municipality")["hours"].sum().reindex(municipalities)
    hit = found.groupby("municipality")["hours"].sum().reindex(municipalities, fill_value=0.0)
    applies = (hit >= MATCHED_FROM * total).to_numpy() & (total > 0).to_numpy()
    inside = staff.merge(surveyed[keys], on=keys)
    part, whole = _cells(inside, municipalities, "fte"), _cells(staff, municipalities, "fte")
    for position, kind in enumerate(KINDS):
        all_of_kind = _column(whole, kind)
        everything[:, position] = np.divide(
            _column(part, kind), all_of_kind, out=np.ones(len(whole)), where=all_of_kind > 0
        )
    everything[~applies] = 1.0
    return everything, applies


def decide(
    staff: pd.DataFrame, survey: pd.DataFrame, municipalities: pd.Index, hours_per_fte: float
) -> Scope:
    """Apply the rules of this module.

    staff: municipality, kind, fte and, where known, department. survey: municipality, department,
    kind (regular, fixed_term, outsourced, unknown), hours. municipalities: the wanted order.
    """
    hours = _cells(survey, municipalities, "hours")
    regular, fixed, outsourced, unknown = (
        _column(hours, kind) for kind in ("regular", "fixed_term", "outsourced", "unknown")
    )
    surveyed = hours.sum(axis=1).to_numpy() > 0
    fte = _cells(staff, municipalities, "fte")
    has_fixed = _column(fte, "fixed_term") > 0
    share, matched = _matched(staff, survey, municipalities)
    fixed_counts = (fixed + unknown > 0) | ~surveyed
    share[~fixed_counts, KINDS.index("fixed_term")] = 0.0
    from_survey = ~has_fixed & (fixed > 0)
    supply = sum(share[:, k] * _column(fte, kind) for k, kind in enumerate(KINDS))
    supply_hours = supply * hours_per_fte
    own = regular + unknown + np.where(from_survey, 0.0, fixed)
    coverage = np.divide(
        own, supply_hours, out=np.full(len(municipalities), np.nan), where=supply_hours > 0
    )
    coverage[~surveyed] = np.nan
    scaled = ~matched & (coverage < FULL_COVERAGE_FROM)
    share[scaled] *= coverage[scaled, None]
    said = {
        "departments_matched": matched,
        "scaled_to_survey": scaled,
        "fixed_term_outside": has_fixed & ~fixed_counts,
        "fixed_term_from_survey": from_survey,
        "outsourced_constant": outsourced > 0,
    }
    return Scope(
        share,
        outsourced / hours_per_fte,
        np.where(from_survey, fixed, 0.0) / hours_per_fte,
        coverage,
        tuple(
            tuple(code for code, where in said.items() if where[row])
            for row in range(len(municipalities))
        ),
    )
