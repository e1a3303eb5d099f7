"""Separation and hiring rates from recorded flows, held by what is known elsewhere.

Separations: a Poisson model of all bodies together, log rate = log of the default + a penalised
spline over age + an effect of each year (statsmodels GLMGam). Each body then deviates from that
curve by a level and a slope over age with a normal prior, whose spread is estimated from all bodies
(empirical Bayes) where there are enough; so small bodies stay near the curve and large ones follow
their own records. Where too few left to fit anything, the default takes the place of the curve.
Hires: the mean of recorded years, and their ages shrunk towards those of all bodies and the default
by a fixed number of imagined hires.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.gam.api import BSplines, GLMGam
from statsmodels.gam.generalized_additive_model import GLMGamResults
from statsmodels.genmod.families import Poisson

from demography.arrays import FloatArray
from demography.flow_records import records
from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, DEFAULT_SEPARATION

Source = Literal["own", "pooled", "default"]

ENOUGH_EVENTS = 30
"""Separations from which the common curve is fitted."""
ENOUGH_IN_A_YEAR = 10
"""Separations from which a year has an effect of its own; the other years share one."""
ENOUGH_BODIES = 10
"""Bodies with records from which the spread between bodies is estimated."""
SPREAD = (0.5, 0.3)
"""Else: standard deviation of the log level, and of the log slope per SLOPE_YEARS of age, between
bodies. An assumption: two bodies in three lie between 0.6 and 1.6 times the common rate."""
SLOPE_YEARS, MIDDLE_AGE = 20.0, 42.0
MAX_RATE = 0.5
HIRE_YEARS = 5
IMAGINED_HIRES = 50.0
"""Weight of the common ages of hires against those of one body, in hires."""
_SPLINES = 8
_PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)


@dataclass(frozen=True)
class Rates:
    """What the records say; M municipalities.

    separation: (M, ages), share of regular staff leaving in a year other than by age limit;
    separation_se: its standard error, the spread between bodies included where it is not the
    body's own. hires: (M,), regular staff hired a year, mean of the newest HIRE_YEARS recorded
    years, NaN where none is; hires_se: its standard error. hire_profile: (M, ages), sums to 1.
    source: of the separation: `own` (at least half of the level is the body's own records),
    `pooled` (mostly the curve of all bodies) or `default`. hire_source: of the profile likewise.
    events: (M,), separations that counted. curve: (ages,), the common rate.
    """

    separation: FloatArray
    separation_se: FloatArray
    hires: FloatArray
    hires_se: FloatArray
    hire_profile: FloatArray
    source: tuple[Source, ...]
    hire_source: tuple[Source, ...]
    events: FloatArray
    curve: FloatArray


def estimate(
    flow: pd.DataFrame | None, staff: pd.DataFrame | None, municipalities: Sequence[str]
) -> Rates:
    """Rates of `municipalities`, in their order; always an answer, at worst the defaults.

    Frames as in flow_records.records.
    """
    found = records(flow, staff, municipalities)
    known = ~np.isnan(found.staff) & ~np.isnan(found.separations)
    usable = known.all(axis=-1, keepdims=True)
    exposed = np.where(usable, found.staff, 0.0)
    left = np.where(usable & (exposed > 0), found.separations, 0.0)
    common = _curve(left.sum(axis=0), exposed.sum(axis=0))
    own, spread = _deviations(left.sum(axis=1), np.einsum("mya,ya->ma", exposed, common.by_year))
    log_rate = np.log(common.rate) + own.mean @ _BASIS
    variance = common.log_variance + np.einsum("ia,mij,ja->ma", _BASIS, own.variance, _BASIS)
    rate = np.minimum(MAX_RATE, np.exp(log_rate))
    weight = 1.0 - own.variance[:, 0, 0] / spread[0]
    level: Source = "pooled" if common.is_fitted else "default"
    hires, hires_se = _hires_a_year(found.hires)
    profile, hire_source = _profile(found.hires)
    return Rates(
        rate,
        rate * np.sqrt(variance),
        hires,
        hires_se,
        profile,
        tuple("own" if share >= 0.5 else level for share in weight),
        hire_source,
        left.sum(axis=(1, 2)),
        common.rate,
    )


@dataclass(frozen=True)
class _Curve:
    """Common rate by age, (ages,), the variance of its logarithm, and the rate of each year."""

    rate: FloatArray
    log_variance: FloatArray
    by_year: FloatArray
    is_fitted: bool


def _curve(left: FloatArray, exposed: FloatArray) -> _Curve:
    """The curve of all bodies from separations and staff, (Y, ages) each.

    Beyond the observed ages the ratio to the default stays as at the nearest observed one. The
    rate is that of a mean year: years count by their staff.
    """
    years, ages = np.nonzero(exposed > 0)
    observed = np.unique(ages)
    if left.sum() < ENOUGH_EVENTS or len(observed) <= _SPLINES:
        return _default_curve(exposed)
    rich = np.flatnonzero(left.sum(axis=1) >= ENOUGH_IN_A_YEAR)[1:]
    effects = np.column_stack(
        [np.ones(len(exposed)), np.equal.outer(np.arange(len(exposed)), rich)]
    )
    smoother = BSplines(ages[:, None].astype(float), df=[_SPLINES], degree=[3])
    offset = np.log(exposed[years, ages] * DEFAULT_SEPARATION[ages])
    fits = [
        fit
        for penalty in _PENALTIES
        if (fit := _fit(left[years, ages], effects[years], smoother, penalty, offset)) is not None
    ]
    if not fits:
        return _default_curve(exposed)
    best = min(fits, key=lambda fit: fit.deviance + 2 * fit.edf.sum())
    nearest = np.clip(np.arange(len(AGES)), observed[0], observed[-1]).astype(float)
    shape = smoother.transform(nearest[:, None])
    split = effects.shape[1]
    year_effect = effects @ best.params[:split]
    staff = exposed.sum(axis=1) / exposed.sum()
    mean_year = np.column_stack([np.tile(staff @ effects, (len(AGES), 1)), shape])
    covariance = mean_year @ best.cov_params() * mean_year
    age_effect = np.log(DEFAULT_SEPARATION) + shape @ best.params[split:]
    return _Curve(
        np.minimum(MAX_RATE, np.exp(age_effect + staff @ year_effect)),
        covariance.sum(axis=1),
        np.exp(year_effect[:, None] + age_effect),
        True,
    )


def _default_curve(exposed: FloatArray) -> _Curve:
    by_year = np.broadcast_to(DEFAULT_SEPARATION, exposed.shape)
    return _Curve(DEFAULT_SEPARATION, np.zeros(len(AGES)), by_year, False)


def _fit(
    left: FloatArray, effects: FloatArray, smoother: BSplines, penalty: float, offset: FloatArray
) -> GLMGamResults | None:
    """The model under one penalty; None where the records do not determine it.

    Sparse records let the iteration run away, which statsmodels tells by warnings or by numbers
    that are not finite; other penalties may still hold it.
    """
    model = GLMGam(left, effects, smoother=smoother, alpha=penalty, family=Poisson(), offset=offset)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fit = model.fit()
        except (np.linalg.LinAlgError, ValueError):
            return None
        finite = np.isfinite(fit.params).all() and np.isfinite(fit.cov_params()).all()
        fitted = fit.fittedvalues
    total = left.sum()
    held = finite and np.isfinite(fit.deviance) and abs(fitted.sum() - total) < 0.01 * total
    return fit if held else None


_BASIS = np.stack([np.ones(len(AGES)), (AGES - MIDDLE_AGE) / SLOPE_YEARS])


@dataclass(frozen=True)
class _Deviations:
    """Level and slope of each body against the curve, (M, 2), and their variance, (M, 2, 2)."""

    mean: FloatArray
    variance: FloatArray


def _deviations(left: FloatArray, expected: FloatArray) -> tuple[_Deviations, FloatArray]:
    """(deviations, variance between bodies (2,)) from separations recorded and expected, (M, ages).

    The variance between bodies is found by expectation and maximisation over the bodies with
    records; each body's deviation is the mode of its posterior, the variance that of a normal
    distribution there.
    """
    prior = np.square(SPREAD)
    observed = expected.sum(axis=1) > 0
    found = _posterior(left, expected, prior)
    if observed.sum() < ENOUGH_BODIES:
        return found, prior
    for _ in range(60):
        second = found.mean**2 + np.einsum("mii->mi", found.variance)
        updated = np.maximum(1e-4, second[observed].mean(axis=0))
        settled = np.allclose(updated, prior, rtol=1e-3)
        prior = updated
        found = _posterior(left, expected, prior)
        if settled:
            break
    return found, prior


def _posterior(left: FloatArray, expected: FloatArray, prior: FloatArray) -> _Deviations:
    """Newton's method for all bodies at once; steps are held below one, where it always settles."""
    deviation = np.zeros((len(left), 2))
    for _ in range(50):
        fitted = expected * np.exp(np.clip(deviation @ _BASIS, -20, 20))
        gradient = (left - fitted) @ _BASIS.T - deviation / prior
        information = np.einsum("ia,ma,ja->mij", _BASIS, fitted, _BASIS) + np.diag(1 / prior)
        change = np.linalg.solve(information, gradient[..., None])[..., 0]
        deviation = deviation + np.clip(change, -1.0, 1.0)
        if np.abs(change).max(initial=0.0) < 1e-8:
            break
    return _Deviations(deviation, np.linalg.inv(information))


def _hires_a_year(hires: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(mean, standard error), (M,), of the newest HIRE_YEARS recorded years of (M, Y, ages).

    The error is that of the years around their mean, but never below that of a Poisson number.
    """
    count = hires.shape[0]
    mean, error = np.full(count, np.nan), np.full(count, np.nan)
    totals = hires.sum(axis=-1)
    for row in range(count):
        known = totals[row][~np.isnan(totals[row])][-HIRE_YEARS:]
        if len(known):
            mean[row] = known.mean()
            spread = known.var(ddof=1) if len(known) > 1 else 0.0
            error[row] = np.sqrt(max(spread, mean[row], 1 / len(known)) / len(known))
    return mean, error


def _profile(hires: FloatArray) -> tuple[FloatArray, tuple[Source, ...]]:
    """Share of hires by age of each body, (M, ages), and where most of it comes from."""
    own = np.nan_to_num(hires).sum(axis=1)
    everybody = own.sum(axis=0)
    common = (everybody + IMAGINED_HIRES * DEFAULT_HIRE_PROFILE) / (
        everybody.sum() + IMAGINED_HIRES
    )
    number: npt.NDArray[np.float64] = own.sum(axis=1)
    profile = (own + IMAGINED_HIRES * common) / (number + IMAGINED_HIRES)[:, None]
    level: Source = "pooled" if everybody.sum() >= IMAGINED_HIRES else "default"
    return profile, tuple("own" if many >= IMAGINED_HIRES else level for many in number)
