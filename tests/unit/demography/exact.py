"""Staff by chance as it happens: every age, year and draw a binomial or Poisson number. Slow."""

from __future__ import annotations

import numpy as np

from demography.uncertainty import Supply
from demography.workforce import AGES, Plan, retirement_age


def staff(
    regular: np.ndarray,
    rehired: np.ndarray,
    plan: Plan,
    supply: Supply,
    pool_error: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:
    """Available FTE of one municipality, (draws, Y).

    regular, rehired: (ages,); plan and supply of one municipality, its axis of length 1.
    pool_error: (draws, T), factor of the hires.
    """
    draws, steps = pool_error.shape
    separation = np.broadcast_to(plan.separation, (1, len(AGES)))[0]
    profile = np.broadcast_to(plan.hire_profile, (1, len(AGES)))[0]

    def whole(people: np.ndarray) -> np.ndarray:
        return np.floor(people + generator.random((draws, len(people)))).astype(np.int64)

    people, again = whole(regular), whole(rehired)
    result = np.empty((draws, steps + 1))
    for year in range(steps + 1):
        result[:, year] = people.sum(axis=1) * supply.regular_fte[0] + supply.constant[0, year]
        result[:, year] += (again * supply.rehired_fte[year, 0]).sum(axis=1)
        if year == steps:
            break
        remaining = generator.binomial(people, 1 - separation)
        due = retirement_age(plan.base_year + year) - 1 <= AGES
        young = AGES + 1 < 65
        back = generator.binomial(np.where(due & young, remaining, 0), plan.rehire_rate)
        kept = np.where(young, generator.binomial(again, 1 - separation), 0) + back
        people, again = np.zeros_like(people), np.zeros_like(again)
        people[:, 1:] = np.where(due, 0, remaining)[:, :-1]
        again[:, 1:] = kept[:, :-1]
        if plan.target is not None:
            wanted = np.maximum(0.0, plan.target[0, year + 1] - people.sum(axis=1))
        else:
            assert plan.hires is not None
            wanted = plan.hires[0, year] * pool_error[:, year]
        people += generator.poisson(wanted[:, None] * profile)
    return result
