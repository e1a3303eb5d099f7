"""What the staffing gap of the nation costs: `make bench-gap`.

Made-up municipalities go through demography.gap.project, whole: expectation, random futures and
frames, each size in a process of its own so that its peak of memory can be read. Beside it stands
the plain way to the same random futures, a binomial number for every age, year and draw, at a size
that it can finish; it draws the staff alone, without work, quantiles or frames.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from demography.expectation import expectation
from demography.gap import GapInputs, inputs_from_frames, project
from demography.scenario import PRESETS, Scenario
from demography.uncertainty import Supply
from demography.workforce import AGES
from tests.unit.demography import exact

BASE_YEAR = 2020
"""So that there are thirty years to the last one."""
NATION, DRAWS, ONE_DRAWS = 1741, 1000, 5000
CATEGORIES = pd.DataFrame(
    {
        "category": [f"c{n}" for n in range(18)],
        "category_group": ["clerical"] * 9 + ["people_planning"] * 3 + ["other"] * 6,
        "driver": ["all", "15-64", "75+", "none", "0-4", "65+"] * 3,
    }
)


def inputs(count: int) -> GapInputs:
    """`count` municipalities of a hundred to some thousand staff, with survey and projection."""
    generator = np.random.default_rng(1)
    names = np.array([f"{position:06}" for position in range(count)])
    sizes = generator.lognormal(5.7, 0.8, count)
    ages = np.arange(20, 62)
    staff = pd.DataFrame(
        {
            "municipality": np.repeat(names, len(ages)),
            "age": np.tile(ages, count),
            "kind": "regular",
            "value": generator.poisson(np.repeat(sizes / len(ages), len(ages))) + 1.0,
        }
    )
    work = pd.DataFrame(
        {
            "municipality": np.repeat(names, len(CATEGORIES)),
            "survey": str(BASE_YEAR),
            "department": "",
            "category": np.tile(CATEGORIES["category"], count),
            "staff_kind": "regular",
            "value": np.repeat(sizes * 1860 / len(CATEGORIES), len(CATEGORIES)),
        }
    )
    years, bands = np.arange(2020, 2055, 5), np.arange(0, 95, 5)
    index = pd.MultiIndex.from_product([names, years, bands], names=["municipality", "year", "age"])
    people = np.repeat(sizes * 5, len(years) * len(bands))
    declining = 0.97 ** (index.get_level_values("year").to_numpy() - 2020)
    population = pd.DataFrame({"value": people * declining}, index=index).reset_index()
    return inputs_from_frames(staff, work, population, CATEGORIES, base_year=BASE_YEAR)


def apart(work: Callable[..., float], *arguments: object) -> tuple[float, float]:
    """(seconds, GiB at the peak) of some work in a process of its own."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_measured, args=(sender, work, arguments)
    )
    process.start()
    sender.close()
    result: tuple[float, float] = receiver.recv()
    process.join()
    return result


def _measured(sender: object, work: Callable[..., float], arguments: tuple[object, ...]) -> None:
    seconds = work(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sender.send((seconds, peak))  # type: ignore[attr-defined]


def ours(count: int, draws: int, scenario: Scenario) -> float:
    """Seconds of `project`, after a small run that loads what is loaded once."""
    project(inputs(1), scenario, draws=10)
    given = inputs(count)
    start = time.perf_counter()
    project(given, scenario, draws=draws)
    return time.perf_counter() - start


def naive(count: int, draws: int, scenario: Scenario) -> float:
    """Seconds of the plain loop over municipalities, years and ages for the staff alone."""
    expected = expectation(inputs(count), scenario)
    start = time.perf_counter()
    for row in range(count):
        only = slice(row, row + 1)
        supply = Supply(
            expected.supply.regular_fte[only],
            expected.supply.rehired_fte[:, only],
            expected.supply.constant[only],
        )
        exact.staff(
            expected.path.regular[0, row],
            expected.path.rehired[0, row],
            expected.plan.of(only),
            supply,
            np.ones((draws, len(expected.path.hires))),
            np.random.default_rng(row),
        )
    return time.perf_counter() - start


def main() -> None:
    """Print one line per size and rule of hiring, then the plain loop and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=NATION)
    parser.add_argument("--naive", type=int, default=10, help="municipalities of the plain loop")
    options = parser.parse_args()
    known = {str(scenario.hiring.rule): scenario for scenario in PRESETS[:3]}
    print(f"{len(AGES)} ages, {BASE_YEAR}–2050")
    print(f"{'':>12} {'rule':>12} {'municipalities':>14} {'draws':>6} {'seconds':>8} {'GiB':>5}")

    def line(name: str, rule: str, count: int, draws: int, work: Callable[..., float]) -> float:
        seconds, peak = apart(work, count, draws, known[rule])
        print(f"{name:>12} {rule:>12} {count:>14} {draws:>6} {seconds:>8.2f} {peak:>5.2f}")
        return seconds / count / draws

    for rule in known:
        each = line("project", rule, options.municipalities, DRAWS, ours)
        plain = line("plain loop", rule, options.naive, DRAWS, naive)
        print(f"{'':>12} per municipality and draw: plain loop ÷ project = {plain / each:.0f}")
    for rule in known:
        line("project", rule, 1, ONE_DRAWS, ours)


if __name__ == "__main__":
    main()
