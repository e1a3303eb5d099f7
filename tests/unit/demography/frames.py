"""Small frames as metrics answer them, and a deliberately naive projection to compare with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, DEFAULT_SEPARATION, retirement_age

CATEGORIES = pd.DataFrame(
    {
        "category": ["reception", "visit", "liaison", "collection", "inquiry"],
        "category_group": ["clerical", "people_planning", "other", "clerical", "other"],
        "driver": ["all", "75+", "none", "15-64", "all"],
    }
)


def staff(*cells: tuple[int, str, float]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["age", "kind", "value"])


def survey(*cells: tuple[str, str, str, float], year: str = "2025") -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["department", "category", "staff_kind", "value"])
    return frame.assign(survey=year)


def bands(by_year: dict[int, float], elderly: dict[int, float] | None = None) -> pd.DataFrame:
    """Every five-year band to 90+ holds the given number; those from 75 another where given."""
    rows = [
        (year, age, (elderly or by_year)[year] if age >= 75 else persons)
        for year, persons in by_year.items()
        for age in range(0, 95, 5)
    ]
    return pd.DataFrame(rows, columns=["year", "age", "value"])


State = dict[int, float]


def naive(
    regular: State,
    rehired: State,
    base_year: int,
    years: int,
    hires: float | list[float],
    rehire_rate: float,
    separation: Sequence[float] = tuple(DEFAULT_SEPARATION),
    profile: Sequence[float] = tuple(DEFAULT_HIRE_PROFILE),
    target: list[float] | None = None,
) -> list[tuple[State, State, dict[str, float]]]:
    """Person by person of an age, in plain loops: states after each year and the year's totals.

    hires: a year, or of each year; with a target, of each state after the first, they
    fill up to it.
    """
    result = []
    for year in range(base_year, base_year + years):
        next_regular: State = defaultdict(float)
        next_rehired: State = defaultdict(float)
        totals = {"separations": 0.0, "retirements": 0.0, "rehired": 0.0, "rehire_ended": 0.0}
        for age, people in regular.items():
            leaving = people * separation[age - 18]
            totals["separations"] += leaving
            people -= leaving
            if age + 1 >= retirement_age(year):
                totals["retirements"] += people
                if age + 1 < 65:
                    next_rehired[age + 1] += people * rehire_rate
                    totals["rehired"] += people * rehire_rate
            else:
                next_regular[age + 1] += people
        for age, people in rehired.items():
            staying = people * (1 - separation[age - 18]) if age + 1 < 65 else 0.0
            totals["rehire_ended"] += people - staying
            if staying:
                next_rehired[age + 1] += staying
        at = year - base_year
        if target is not None:
            wanted = max(0.0, target[at] - sum(next_regular.values()))
        else:
            wanted = hires[at] if isinstance(hires, list) else hires
        for position, share in enumerate(profile):
            next_regular[int(AGES[position])] += wanted * share
        regular, rehired = dict(next_regular), dict(next_rehired)
        result.append((regular, rehired, totals))
    return result
