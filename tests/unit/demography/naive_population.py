"""The cohort-component method once more, cell by cell in plain loops over dictionaries.

It shares nothing with demography.population: it is what the vectorised kernel is held against.
"""

from __future__ import annotations

Cells = dict[tuple[str, int], float]
"""(sex, first age of the band) → persons, or (sex, first age at the start) → rate."""


def step(
    people: Cells,
    oldest: int,
    survival: Cells,
    migration: Cells,
    child_woman: float,
    sex_ratio: float,
) -> tuple[Cells, dict[str, float]]:
    """Five years later, and the flows: `survival` and `migration` by age at the start, the two
    oldest bands under the age of the second oldest; sex_ratio is boys per girl."""
    after: Cells = {}
    flows = {"births": 0.0, "deaths": 0.0, "net_migration": 0.0}
    for sex in ("male", "female"):
        for start in range(0, oldest, 5):
            stock = people[sex, start]
            if start + 5 == oldest:
                stock += people[sex, oldest]
            dying = stock * (1 - survival[sex, start])
            moving = stock * migration[sex, start]
            after[sex, start + 5] = stock - dying + moving
            flows["deaths"] += dying
            flows["net_migration"] += moving
    mothers = 0.0
    for age in (15, 20, 25, 30, 35, 40, 45):
        mothers += after["female", age]
    born = mothers * child_woman
    after["female", 0] = born / (1 + sex_ratio)
    after["male", 0] = born - after["female", 0]
    flows["births"] = born
    return after, flows


def ratios(before: Cells, after: Cells, oldest: int) -> tuple[Cells, Cells, float, float]:
    """(r, persons who come where nobody was, child–woman ratio, boys per girl) of one step."""
    r: Cells = {}
    arriving: Cells = {}
    for sex in ("male", "female"):
        for start in range(0, oldest, 5):
            stock = before[sex, start]
            if start + 5 == oldest:
                stock += before[sex, oldest]
            target = after[sex, start + 5]
            if stock > 0:
                r[sex, start] = target / stock
            else:
                arriving[sex, start] = target
    mothers = sum(after["female", age] for age in range(15, 50, 5))
    boys, girls = after["male", 0], after["female", 0]
    return r, arriving, (boys + girls) / mothers, boys / girls
