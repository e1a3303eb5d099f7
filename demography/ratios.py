"""Ratios recovered from a published projection, split by survival, and changed by a scenario.

A published projection gives points only. Each step then gives r = P(x+5, t+5) ÷ P(x, t) per cohort,
the child–woman ratio and the sex ratio at 0–4. A cell that nobody was in before and somebody is in
after has no ratio: it becomes an additive term. So the projection that nobody changes gives back
the published figures exactly. That is so by construction and says nothing about how good they are;
what it gives is a start from which changes can be counted. Survival and net migration are within r
and cannot be told apart without a life table or the published survival ratios; with them m = r − s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from demography.arrays import BAND_YEARS, FloatArray, band_starts
from demography.population import (
    SEXES,
    Assumptions,
    PopulationError,
    PopulationScenario,
    RatioChange,
    children,
    cohorts,
    survival_unknown,
    women,
)

USUAL_MALE_SHARE = 1.05 / 2.05
"""Where a projection has no children: 105 boys per 100 girls."""


def recover(points: FloatArray) -> Assumptions:
    """Assumptions that lead from each point of (A, 2, T + 1, B) to the next, exactly.

    The additive term also carries what division and multiplication round off, so that the published
    figures come back to the last bit. Raises PopulationError where a figure is missing or negative.
    """
    points = np.asarray(points, dtype=np.float64)
    if not (points >= 0).all():
        raise PopulationError("推計人口に空欄か負の値があります。ファイルを確かめてください")
    stock, target = cohorts(points[..., :-1, :]), points[..., 1:, 1:]
    ratio = _ratio(target, stock)
    end = np.moveaxis(points[..., 1:, :], 1, 2)
    mothers, young = women(end), end[..., 0]
    child_woman = _ratio(young.sum(axis=-1), mothers)
    boys = young[..., SEXES.index("male")]
    male_share = _ratio(boys, young.sum(axis=-1), USUAL_MALE_SHARE)
    extra = np.empty_like(points[..., 1:, :])
    extra[..., 1:] = target - stock * ratio
    expected = children(mothers, child_woman, male_share)
    extra[..., 0] = np.moveaxis(young - expected, 2, 1)
    return Assumptions(ratio, child_woman, male_share, extra=extra)


def _ratio(part: FloatArray, whole: FloatArray, otherwise: float = 0.0) -> FloatArray:
    return np.divide(part, whole, out=np.full_like(whole, otherwise), where=whole > 0)


def with_survival(assumptions: Assumptions, survival: FloatArray) -> Assumptions:
    """The same projection with r split: survival (A, 2, T or 1, B − 1), the rest is migration.

    NaN where survival is not known; such areas can be projected but not changed apart. Raises
    PopulationError where survival is no share.
    """
    if ((survival < 0) | (survival > 1)).any():
        raise PopulationError("生残率に 0～1 でない値があります。生命表か仮定値を確かめてください")
    return replace(assumptions, survival=np.broadcast_to(survival, assumptions.ratio.shape))


def with_net_migration(
    assumptions: Assumptions, rates: FloatArray, share: FloatArray | None = None
) -> Assumptions:
    """r = s + the given net migration rates, (A, 2, T or 1, B − 1), where they are not NaN.

    share: (T,) part of each step, 0–1, in which they hold, r as it was in the rest; None = all.
    Cells with rates of their own lose that part of their additive term. r does not fall below 0.
    Raises PopulationError where survival is not known of an area with rates.
    """
    rates = np.broadcast_to(rates, assumptions.ratio.shape)
    own, survival = np.isfinite(rates), assumptions.survival
    if survival is None:
        raise survival_unknown(len(assumptions.ratio))
    if (unknown := own & np.isnan(survival)).any():
        raise survival_unknown(int(unknown.any(axis=(1, 2, 3)).sum()))
    part = np.where(own, 1.0 if share is None else share[:, None], 0.0)
    theirs = np.where(own, np.maximum(survival + rates, 0.0), 0.0)
    ratio = assumptions.ratio * (1 - part) + theirs * part
    extra = assumptions.extra
    if extra is not None:
        extra = extra.copy()
        extra[..., 1:] *= 1 - part
    return replace(assumptions, ratio=ratio, extra=extra)


def changed(
    assumptions: Assumptions, scenario: PopulationScenario, points: Sequence[int]
) -> Assumptions:
    """Assumptions under `scenario` (all but own_migration, which needs its rates).

    points: the T + 1 years. Survival times its factor does not rise above 1; net migration times
    its factor keeps its sign; then r = s + m, not below 0, times the factors of `ratios` (what
    these add or take counts as migration in the flows). Additive terms are multiplied as the ratio
    that they stand for. Where nothing is changed nothing moves, to the last bit. Raises
    PopulationError where survival and migration are changed apart but cannot be told apart.
    """
    steps, bands = assumptions.steps, assumptions.ratio.shape[-1] + 1
    if len(points) != steps + 1 or (np.diff(points) != BAND_YEARS).any():
        raise PopulationError(
            "推計の年が5年おきでないため、仮定を変えられません。5年ごとの推計を使ってください"
        )
    ratio, survival = assumptions.ratio, assumptions.survival
    moving = factors(scenario.net_migration, points, bands)
    if scenario.survival or scenario.net_migration:
        known, migration = assumptions.known_survival, assumptions.net_migration
        survival = np.minimum(known * factors(scenario.survival, points, bands), 1.0)
        ratio = np.maximum(ratio + (survival - known) + migration * (moving - 1), 0.0)
    all_of_r = factors(scenario.ratios, points, bands)
    born = 1 + (scenario.child_woman_factor - 1) * acting(scenario, points)
    extra = assumptions.extra
    if extra is not None:
        extra = extra.copy()
        extra[..., 1:] *= moving * all_of_r
        extra[..., 0] *= born
    return Assumptions(
        ratio * all_of_r,
        assumptions.child_woman * born,
        assumptions.male_share,
        survival,
        extra,
    )


def acting(scenario: PopulationScenario, points: Sequence[int]) -> FloatArray:
    """(T,) part of each step, 0–1, that lies after the scenario's year_from."""
    since = np.asarray(points[:-1], dtype=np.float64)
    return _overlap(since, -np.inf if scenario.year_from is None else scenario.year_from, np.inf)


def factors(changes: Sequence[RatioChange], points: Sequence[int], bands: int) -> FloatArray:
    """(2, T, B − 1) multipliers of several changes together: their product."""
    starts = band_starts(bands)[1:]
    result = np.ones((len(SEXES), len(points) - 1, len(starts)))
    since = np.asarray(points[:-1], dtype=np.float64)
    for change in changes:
        last_age = np.inf if change.age_to is None else change.age_to
        last_year = np.inf if change.year_to is None else change.year_to
        ages = _overlap(starts.astype(np.float64), change.age_from, last_age + 1)
        ages[-1] = float(change.age_from <= starts[-1] <= last_age)
        share = _overlap(since, change.year_from, last_year)[:, None] * ages
        whom = slice(None) if change.sex == "both" else SEXES.index(change.sex)
        result[whom] *= 1 + (change.factor - 1) * share
    return result


def _overlap(starts: FloatArray, first: float, end: float) -> FloatArray:
    """Share of each span [start, start + 5) that lies in [first, end)."""
    inside = np.minimum(end, starts + BAND_YEARS) - np.maximum(first, starts)
    return np.clip(inside, 0.0, BAND_YEARS) / BAND_YEARS
