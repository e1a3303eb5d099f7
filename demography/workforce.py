"""Staff by single age and kind, one fiscal year at a time (domain 8).

A state is the staff on 1 April; a flow is what happens until the next 1 April: leaving by
age-specific rate, mandatory retirement, rehire, hires, and everyone one year older. Arrays end
with the axis of AGES; leading axes are free (municipalities, draws × municipalities). Numbers are
expectations: fractions of a person stay fractions. Chance is in `uncertainty`. Unit: persons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from demography.arrays import FloatArray

AGES: npt.NDArray[np.int64] = np.arange(18, 71, dtype=np.int64)
KINDS = ("regular", "rehired", "fixed_term")
"""Kinds of staff: in permanent posts, rehired after mandatory retirement, 会計年度任用."""

REHIRE_UNTIL = 65
IMPLIED_BELOW = 30
"""Hires a year are implied by the staff younger than this."""


def retirement_age(fiscal_year: int) -> int:
    """Age at which a regular member of staff retires in `fiscal_year`.

    60 to FY2022, then one year more every second year, 65 from FY2031. Source: 地方公務員法の一部を
    改正する法律（令和3年法律第63号）.
    """
    return 60 + min(5, max(0, (fiscal_year - 2021) // 2))


def _by_age(spans: dict[tuple[int, int], float]) -> FloatArray:
    rates = np.zeros(len(AGES))
    for (first, last), value in spans.items():
        rates[(first <= AGES) & (last >= AGES)] = value
    return rates


DEFAULT_SEPARATION = _by_age(
    {
        (18, 24): 0.0144,
        (25, 29): 0.0165,
        (30, 34): 0.0157,
        (35, 39): 0.0100,
        (40, 44): 0.0049,
        (45, 49): 0.0052,
        (50, 54): 0.0043,
        (55, 59): 0.0073,
        (60, 70): 0.0500,
    }
)
"""Share of regular and rehired staff of each age leaving in a year other than by age limit.

To 59: voluntary separations of general administrative staff in FY2018 ÷ staff (総務省
「平成30年度地方公務員の退職状況等調査」÷「平成30年地方公務員給与実態調査」). From 60: an
assumption, because few years of the raised retirement age have been observed. Own records should
replace both.
"""

DEFAULT_HIRE_PROFILE = _by_age(
    {
        (18, 18): 0.10,
        (20, 20): 0.04,
        (22, 22): 0.38,
        (23, 23): 0.12,
        (24, 24): 0.08,
        (25, 25): 0.06,
        (26, 26): 0.05,
        (27, 27): 0.04,
        (28, 29): 0.03,
        (30, 34): 0.01,
        (35, 39): 0.004,
    }
)
"""Share of hires at each age on the 1 April they join; sums to 1. An assumption: school leavers
at 18, graduates at 22, and a tail of people with experience."""


@dataclass(frozen=True)
class Plan:
    """Rates and hires over the years from `base_year`; T steps lead to T + 1 states.

    separation: share leaving in a year by age, broadcastable to (…, ages): one for all, or one per
    municipality.
    rehire_rate: share of those retired by age who come back (until REHIRE_UNTIL).
    hire_profile: share of hires by age, broadcastable to (…, ages), sums to 1.
    hires: persons hired at the end of each step, (…, T); or None where hires follow `target`.
    target: regular staff wanted in each state, (…, T + 1): hires fill up to it and are never
    negative; or None where `hires` are given. Exactly one of the two is given.
    """

    base_year: int
    separation: FloatArray
    rehire_rate: float
    hire_profile: FloatArray
    hires: FloatArray | None = None
    target: FloatArray | None = None

    def __post_init__(self) -> None:
        if (self.hires is None) == (self.target is None):
            raise ValueError("give either hires or target")

    def of(self, rows: slice) -> Plan:
        """The plan of some of the municipalities, where arrays begin with an axis of them."""
        return replace(
            self,
            separation=self.separation if self.separation.ndim == 1 else self.separation[rows],
            hire_profile=self.hire_profile
            if self.hire_profile.ndim == 1
            else self.hire_profile[rows],
            hires=None if self.hires is None else self.hires[rows],
            target=None if self.target is None else self.target[rows],
        )


@dataclass(frozen=True)
class Flow:
    """What happened in one fiscal year, by age on its 1 April; hires by age on the next.

    rehire_ends holds both the rehired who left by rate and those who reached REHIRE_UNTIL.
    """

    separations: FloatArray
    retirements: FloatArray
    rehires: FloatArray
    rehire_ends: FloatArray
    hires: FloatArray


def older(people: FloatArray) -> FloatArray:
    """Everyone one year older; who is past the last age is gone."""
    result = np.zeros_like(people)
    result[..., 1:] = people[..., :-1]
    return result


@dataclass(frozen=True)
class Chances:
    """What becomes of one person within a fiscal year, (…, ages) by age on its 1 April.

    stay: of regular staff, to be regular staff a year later. retire: of regular staff, to reach the
    age limit. back: of regular staff, to do so and be rehired. keep: of the rehired, to be so a
    year later.
    """

    stay: FloatArray
    retire: FloatArray
    back: FloatArray
    keep: FloatArray


def chances(year: int, separation: FloatArray, rehire_rate: float) -> Chances:
    """Chances of the fiscal year `year`; arguments as in Plan.

    Who is R − 1 or older on 1 April and does not leave before retires on 31 March,
    R = retirement_age(year). Only regular staff retires: the rehired are not retired again, they
    end at REHIRE_UNTIL.
    """
    remain = 1.0 - separation
    due = retirement_age(year) - 1 <= AGES
    before_end = AGES + 1 < REHIRE_UNTIL
    return Chances(
        np.where(due, 0.0, remain),
        np.where(due, remain, 0.0),
        np.where(due & before_end, remain * rehire_rate, 0.0),
        np.where(before_end, remain, 0.0),
    )


def step(
    index: int, regular: FloatArray, rehired: FloatArray, plan: Plan
) -> tuple[FloatArray, FloatArray, Flow]:
    """The fiscal year `index` steps after plan.base_year: (regular, rehired, flow).

    regular, rehired: (…, ages), on the 1 April that begins it; returned for the one that ends it.
    """
    chance = chances(plan.base_year + index, plan.separation, plan.rehire_rate)
    separations = regular * plan.separation
    survivors = older(regular * chance.stay)
    rehires = regular * chance.back
    rehire_ends = rehired * (1.0 - chance.keep)
    if plan.hires is not None:
        wanted = plan.hires[..., index]
    else:
        assert plan.target is not None  # Plan has one of the two
        wanted = np.maximum(0.0, plan.target[..., index + 1] - survivors.sum(axis=-1))
    hires = np.asarray(wanted)[..., None] * plan.hire_profile
    flow = Flow(separations, regular * chance.retire, rehires, rehire_ends, hires)
    return survivors + hires, older(rehired - rehire_ends + rehires), flow


@dataclass(frozen=True)
class Path:
    """Expected states, (states, …, ages), and flows, (steps, …, ages), of a run."""

    regular: FloatArray
    rehired: FloatArray
    separations: FloatArray
    retirements: FloatArray
    rehires: FloatArray
    rehire_ends: FloatArray
    hires: FloatArray


def expect(regular: FloatArray, rehired: FloatArray, plan: Plan, steps: int) -> Path:
    """The whole expected run, the given state first. `steps` is at least 1."""
    states, flows = [(regular, rehired)], []
    for index in range(steps):
        regular, rehired, flow = step(index, regular, rehired, plan)
        states.append((regular, rehired))
        flows.append(flow)
    return Path(
        np.stack([state for state, _ in states]),
        np.stack([state for _, state in states]),
        np.stack([flow.separations for flow in flows]),
        np.stack([flow.retirements for flow in flows]),
        np.stack([flow.rehires for flow in flows]),
        np.stack([flow.rehire_ends for flow in flows]),
        np.stack([np.broadcast_to(flow.hires, regular.shape) for flow in flows]),
    )


def implied_hires(
    regular: FloatArray, separation: FloatArray, hire_profile: FloatArray
) -> FloatArray:
    """Hires a year, (…), that would have led to today's staff younger than IMPLIED_BELOW.

    regular: (…, ages); separation and hire_profile as in Plan. If H were hired every year at the
    ages of the profile, then Σ_{a<30} Σ_{h≤a} H·profile(h)·Π_{h≤j<a}(1 − separation(j)) would be
    working today at those ages; solved for H. 0 where the profile hires nobody so young.
    """
    young = int((AGES < IMPLIED_BELOW).sum())
    stay, profile = np.broadcast_arrays(1.0 - separation, hire_profile)
    here = np.zeros(stay.shape[:-1])
    per_hire = np.zeros(stay.shape[:-1])
    for position in range(young):
        before = here * stay[..., position - 1] if position else 0.0
        here = before + profile[..., position]
        per_hire = per_hire + here
    staff = regular[..., :young].sum(axis=-1)
    return np.divide(staff, per_hire, out=np.zeros_like(staff), where=per_hire > 0)
