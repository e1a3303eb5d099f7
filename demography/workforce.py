"""Staff by single age and kind, one fiscal year at a time (domain 8).

A state is the staff on 1 April; a flow is what happens until the next 1 April: leaving by
age-specific rate, mandatory retirement, rehire, hires, and everyone one year older. Arrays end
with the axis of AGES; leading axes are free (municipalities, or draws × municipalities). The same
kernel computes expected numbers (`Expected`) and random ones (`Sampled`). Unit: persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

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


class Chance(Protocol):
    """How a number of people follows from a rate."""

    def thin(self, people: FloatArray, rate: FloatArray | float) -> FloatArray:
        """Those of `people` to whom something of probability `rate` happens."""

    def arrive(self, mean: FloatArray) -> FloatArray:
        """Newcomers where `mean` are expected."""


class Expected:
    """Expected numbers: fractions of a person stay fractions."""

    def thin(self, people: FloatArray, rate: FloatArray | float) -> FloatArray:
        """See Chance."""
        return people * rate

    def arrive(self, mean: FloatArray) -> FloatArray:
        """See Chance."""
        return mean


class Sampled:
    """Whole persons by chance: separations and rehires binomial, hires Poisson."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def thin(self, people: FloatArray, rate: FloatArray | float) -> FloatArray:
        """See Chance."""
        return self._generator.binomial(people.astype(np.int64), rate).astype(np.float64)

    def arrive(self, mean: FloatArray) -> FloatArray:
        """See Chance."""
        return self._generator.poisson(mean).astype(np.float64)


@dataclass(frozen=True)
class Plan:
    """Rates and hires over the years from `base_year`; T steps lead to T + 1 states.

    separation: share leaving in a year by age, broadcastable to (…, ages).
    rehire_rate: share of those retired by age who come back (until REHIRE_UNTIL).
    hire_profile: share of hires by age, (ages,), sums to 1.
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

    def of(self, row: int) -> Plan:
        """The plan of one municipality out of (municipalities, …)."""
        return replace(
            self,
            hires=None if self.hires is None else self.hires[row],
            target=None if self.target is None else self.target[row],
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


def step(
    year: int, index: int, regular: FloatArray, rehired: FloatArray, plan: Plan, chance: Chance
) -> tuple[FloatArray, FloatArray, Flow]:
    """One fiscal year: (regular, rehired, flow) of the next 1 April.

    regular, rehired: (…, ages) on 1 April of `year`, which is step `index` of the plan. Who is
    R − 1 or older on 1 April retires at the end of the year, R = retirement_age(year). Only regular
    staff retires: the rehired are not retired again, they end at REHIRE_UNTIL.
    """
    separations = chance.thin(regular, plan.separation)
    remaining = regular - separations
    retirements = np.where(retirement_age(year) - 1 <= AGES, remaining, 0.0)
    rehires = chance.thin(np.where(AGES + 1 < REHIRE_UNTIL, retirements, 0.0), plan.rehire_rate)
    leaving = chance.thin(rehired, plan.separation)
    rehire_ends = np.where(AGES + 1 < REHIRE_UNTIL, leaving, rehired)
    survivors = older(remaining - retirements)
    if plan.hires is not None:
        wanted = plan.hires[..., index]
    else:
        assert plan.target is not None  # Plan has one of the two
        wanted = np.maximum(0.0, plan.target[..., index + 1] - survivors.sum(axis=-1))
    hires = chance.arrive(np.asarray(wanted)[..., None] * plan.hire_profile)
    flow = Flow(separations, retirements, rehires, rehire_ends, hires)
    return survivors + hires, older(rehired - rehire_ends + rehires), flow


def run(
    regular: FloatArray, rehired: FloatArray, plan: Plan, steps: int, chance: Chance
) -> Iterator[tuple[FloatArray, FloatArray, Flow]]:
    """States of 1 April of base_year + 1, + 2, … with the flow that led to each."""
    for index in range(steps):
        year = plan.base_year + index
        regular, rehired, flow = step(year, index, regular, rehired, plan, chance)
        yield regular, rehired, flow


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
    path = list(run(regular, rehired, plan, steps, Expected()))
    flows = [flow for _, _, flow in path]
    return Path(
        np.stack([regular, *(state for state, _, _ in path)]),
        np.stack([rehired, *(state for _, state, _ in path)]),
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
    working today at those ages; solved for H.
    """
    stay = 1.0 - np.broadcast_to(separation, (len(AGES),))
    per_hire = np.zeros(len(AGES))
    for position in range(len(AGES)):
        before = per_hire[position - 1] * stay[position - 1] if position else 0.0
        per_hire[position] = before + hire_profile[position]
    young = AGES < IMPLIED_BELOW
    return regular[..., young].sum(axis=-1) / per_hire[young].sum()
