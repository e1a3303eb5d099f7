"""Cohort-component projection in five-year steps and bands, and what a scenario changes in it.

One step, per area and sex (domain 7): P(x+5, t+5) = P(x, t) · r(x, t) with r = s + m, survival and
net migration rate of the cohort. The open band takes the two oldest bands together. Children aged
0–4 are the child–woman ratio times the women aged 15–49 of the same year, split by the sex ratio.

Arrays: base (A, 2, B), points (A, 2, T + 1, B), per step and cohort (A, 2, T, B − 1): A areas, the
sexes of SEXES, T steps, B bands (19 with 90+, 20 with 95+, or others). Cohort c ends in band c + 1;
the last cohort is the two oldest bands together. A first axis of length 1 holds for every area.
Persons; rates are shares per step. Nothing here loops over areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from demography.arrays import BAND_YEARS, FloatArray

Sex = Literal["both", "male", "female"]
SEXES: tuple[Sex, ...] = ("male", "female")
"""The axis of sexes, in this order."""

FERTILE = slice(15 // BAND_YEARS, 50 // BAND_YEARS)
"""Bands of women aged 15–49."""

OLDEST_AGE = 120
HIGHEST_FACTOR = 10.0


class PopulationError(ValueError):
    """Assumptions or frames that cannot be used: one Japanese line, what and what to do."""


@dataclass(frozen=True)
class RatioChange:
    """A multiplier on the ratios of some ages, years and sexes.

    age_from, age_to: ages at the end of a step, both included; None = without end. A band that
    lies within them in part is changed in part, by the share of its five ages; the open band counts
    as a whole where it begins within them. year_from, year_to: the change acts from the one to the
    other; None = without end. A step that lies within them in part is changed in part. factor:
    0–10, 1 changes nothing. sex: whom it concerns. Children aged 0–4 follow the child–woman ratio,
    never these.
    """

    age_from: int
    age_to: int | None
    year_from: int
    year_to: int | None
    factor: float
    sex: Sex = "both"

    def __post_init__(self) -> None:
        if not 0 <= self.age_from <= OLDEST_AGE:
            raise PopulationError(f"年齢は 0～{OLDEST_AGE} で書いてください（{self.age_from}）")
        if self.age_to is not None and self.age_to < self.age_from:
            raise PopulationError(
                f"年齢の範囲が逆です（{self.age_from}～{self.age_to}）。小さい方を先にしてください"
            )
        if self.year_to is not None and self.year_to <= self.year_from:
            raise PopulationError(
                f"年の範囲（{self.year_from}～{self.year_to}）に期間がありません。"
                "終わりの年を始まりより後にしてください"
            )
        _check_factor("倍率", self.factor)
        if self.sex not in ("both", *SEXES):
            raise PopulationError(f"性別「{self.sex}」は使えません（both、male、female のどれか）")


@dataclass(frozen=True)
class PopulationScenario:
    """What a scenario changes in a projection; the default changes nothing.

    child_woman_factor: times the child–woman ratio of every step. ratios: changes of r, survival
    and net migration together. survival, net_migration: changes of each by itself, which need a
    life table or the assumption file. own_migration: take the net migration rates counted in the
    resident register instead of those of the projection. from_assumptions: take net migration,
    child–woman ratio and sex ratio from the assumption file where it tells. year_from: year from
    which child_woman_factor and own_migration act (the others have years of their own), a step
    that lies after it in part in part; None = from the first.
    """

    child_woman_factor: float = 1.0
    ratios: tuple[RatioChange, ...] = ()
    survival: tuple[RatioChange, ...] = ()
    net_migration: tuple[RatioChange, ...] = ()
    own_migration: bool = False
    from_assumptions: bool = False
    year_from: int | None = None

    def __post_init__(self) -> None:
        _check_factor("子ども女性比の倍率", self.child_woman_factor)


def _check_factor(name: str, value: float) -> None:
    if not 0 <= value <= HIGHEST_FACTOR:
        raise PopulationError(f"{name}は 0～{HIGHEST_FACTOR:g} で書いてください（{value:g}）")


@dataclass(frozen=True)
class Assumptions:
    """What moves a population from point to point.

    ratio: (A, 2, T, B − 1) r per cohort. child_woman: (A, T) children 0–4 per woman 15–49 at the
    end of the step. male_share: (A, T) boys among the children. survival: (A, 2, T, B − 1), the
    part of r that is survival, NaN in areas where it is not known; None where it is known nowhere.
    extra: (A, 2, T, B) persons who come in by number, not by ratio (see demography.ratios); None =
    nobody.
    """

    ratio: FloatArray
    child_woman: FloatArray
    male_share: FloatArray
    survival: FloatArray | None = None
    extra: FloatArray | None = None

    @property
    def steps(self) -> int:
        """T."""
        return self.ratio.shape[-2]

    @property
    def net_migration(self) -> FloatArray:
        """m = r − s, (A, 2, T, B − 1). Raises PopulationError where survival is not known."""
        return self.ratio - self.known_survival

    @property
    def known_survival(self) -> FloatArray:
        """The survival ratios. Raises PopulationError where any area has none."""
        if self.survival is None:
            raise survival_unknown(len(self.ratio))
        if areas := int(np.isnan(self.survival).any(axis=(1, 2, 3)).sum()):
            raise survival_unknown(areas)
        return self.survival

    @property
    def sex_ratio(self) -> FloatArray:
        """Boys per girl at 0–4, (A, T); infinite where all are boys."""
        with np.errstate(divide="ignore"):
            return self.male_share / (1 - self.male_share)


def survival_unknown(areas: int) -> PopulationError:
    """The error where so many areas have no survival and need it."""
    return PopulationError(
        f"{areas}地域の生残率が分からないため、純移動率と分けられません。"
        "生命表か将来人口の仮定値を取り込んでください"
    )


@dataclass(frozen=True)
class Projection:
    """Points (A, 2, T + 1, B) and what happened between them, per area, sex and step.

    births: (A, 2, T) persons aged 0–4 at the end: those born in the step who live there then, so
    deaths and moves of the youngest are within. cohort_change: (A, 2, T, B − 1) net change of each
    cohort. deaths, net_migration: the same cohorts; None or NaN where survival is not known, for
    then only their balance is: cohort_change = net_migration − deaths.
    Population at the end = at the start + births + Σ cohort_change.
    """

    values: FloatArray
    births: FloatArray
    cohort_change: FloatArray
    deaths: FloatArray | None
    net_migration: FloatArray | None


def given(
    survival: FloatArray, net_migration: FloatArray, child_woman: FloatArray, sex_ratio: FloatArray
) -> Assumptions:
    """Assumptions from their parts, as assumption tables give them.

    survival (0–1), net_migration (per person at the start of the step): (A, 2, T, B − 1).
    child_woman: (A, T). sex_ratio: (A, T) boys per girl at 0–4. Shapes are broadcast. Raises
    PopulationError where a cell is missing, survival is no share, or more leave than survive.
    """
    ratio = survival + net_migration
    child_woman, sex_ratio = np.broadcast_arrays(child_woman, sex_ratio)
    parts = (ratio, child_woman, sex_ratio)
    if not all(np.isfinite(part).all() for part in parts):
        raise PopulationError("仮定値に欠けた年齢か期間があります。すべての値を書いてください")
    if (survival < 0).any() or (survival > 1).any():
        raise PopulationError("生残率に 0～1 でない値があります。割合で書いてください")
    if (ratio < 0).any():
        raise PopulationError(
            "転出が生き残る人より多い年齢があります（生残率＋純移動率が負）。値を確かめてください"
        )
    if (child_woman < 0).any() or (sex_ratio < 0).any():
        raise PopulationError("子ども女性比か0～4歳性比が負です。値を確かめてください")
    return Assumptions(
        ratio,
        child_woman,
        sex_ratio / (1 + sex_ratio),
        np.broadcast_to(survival, ratio.shape),
    )


def cohorts(values: FloatArray) -> FloatArray:
    """(…, B − 1) persons by cohort from (…, B) bands: the two oldest together."""
    joined = values[..., :-1].copy()
    joined[..., -1] += values[..., -1]
    return joined


def women(values: FloatArray) -> FloatArray:
    """(…) women aged 15–49 out of (…, 2, B)."""
    return values[..., SEXES.index("female"), FERTILE].sum(axis=-1)


def project(base: FloatArray, assumptions: Assumptions) -> Projection:
    """Move `base` (A, 2, B) through all steps of `assumptions`.

    No cell falls below 0. Linear in `base` where there is nobody extra.
    """
    steps = assumptions.steps
    values = np.empty((*base.shape[:-1], steps + 1, base.shape[-1]))
    values[..., 0, :] = base
    for step in range(steps):
        end = values[..., step + 1, :]
        end[..., 1:] = cohorts(values[..., step, :]) * assumptions.ratio[..., step, :]
        extra = None if assumptions.extra is None else assumptions.extra[..., step, :]
        if extra is not None:
            end[..., 1:] += extra[..., 1:]
            np.maximum(end[..., 1:], 0.0, out=end[..., 1:])
        end[..., 0] = children(
            women(end), assumptions.child_woman[:, step], assumptions.male_share[:, step]
        )
        if extra is not None:
            end[..., 0] += extra[..., 0]
            np.maximum(end[..., 0], 0.0, out=end[..., 0])
    return _with_flows(values, assumptions)


def children(mothers: FloatArray, child_woman: FloatArray, male_share: FloatArray) -> FloatArray:
    """(…, 2) boys and girls aged 0–4 from (…) women aged 15–49, in the order of SEXES."""
    both = mothers * child_woman
    return np.stack([both * male_share, both * (1 - male_share)], axis=-1)


def _with_flows(values: FloatArray, assumptions: Assumptions) -> Projection:
    stock = cohorts(values[..., :-1, :])
    change = values[..., 1:, 1:] - stock
    births = values[..., 1:, 0]
    if assumptions.survival is None:
        return Projection(values, births, change, None, None)
    deaths = stock * (1 - assumptions.survival)
    return Projection(values, births, change, deaths, change + deaths)
