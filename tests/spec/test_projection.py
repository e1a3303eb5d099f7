"""From loaded files through the query door to a population under a scenario."""

from __future__ import annotations

import pandas as pd
import pytest

from demography.population import PopulationScenario, RatioChange
from demography.scenario_population import ScenarioPopulation, under_scenario
from tests.spec.lake import Lake
from warehouse import query
from warehouse.runner import ChecksFailed

CITY, TOWN = "272060", "013617"
HEAD = (
    "series | projection | area | area_name | prefecture | area_kind | year | sex | age_from"
    " | age_to | population | is_actual | counts_in_nation | base_year"
)


def counted(
    series: str, projection: str, base: str, years: list[int], bands: int, by: float
) -> str:
    """A city and a town: 1,000 persons in each cell of the first year, times `by` a point later."""
    lines = [HEAD]
    for area, kind in ((CITY, "city"), (TOWN, "town_village")):
        for step, year in enumerate(years):
            for sex in ("male", "female"):
                for age in range(0, 5 * bands, 5):
                    last = "-" if age == 5 * (bands - 1) else str(age + 4)
                    lines.append(
                        f"{series} | {projection} | {area} | 名 | 府 | {kind} | {year} | {sex}"
                        f" | {age} | {last} | {round(1000 * by**step)} | no | yes | {base}"
                    )
    return "\n".join(lines)


def table() -> str:
    """Nobody dies before 50; then 1 in 50 a year."""
    lines = ["area | table_year | sex | age_from | mortality"]
    lines += [f"000000 | 2020 | both | {age} | {0.02 if age >= 50 else 0}" for age in range(106)]
    return "\n".join(lines)


@pytest.fixture
def release(lake: Lake) -> query.Release:
    lake.add("ipss_r5_suikei", counted("regional", "ipss_r5", "2020", [2020, 2025, 2030], 20, 0.9))
    lake.add("juki_age", counted("register", "juki", "-", [2019, 2024], 21, 1.1))
    lake.add("life_table", table())
    lake.add(
        "population_assumption",
        "area | year_from | sex | age_from | survival | child_woman_ratio\n"
        f"{TOWN} | 2020 | both | - | - | 0.5",
    )
    return lake.release()


def run(release: query.Release, scenario: PopulationScenario) -> ScenarioPopulation:
    by = ("municipality", "year", "sex", "age")
    where = {"municipality": [CITY, TOWN]}
    register = query.metric("population", by, {**where, "series": "register"}, release=release)
    return under_scenario(
        query.metric("population", by, where, release=release).frame,
        scenario,
        life_table=query.life_table(release),
        assumptions=query.population_assumptions(release),
        register=register.frame,
    )


def cell(frame: pd.DataFrame, area: str, year: int, age: int) -> float:
    rows = frame.set_index(["municipality", "year", "age", "sex"])["value"]
    return float(rows[area, year, age, "male"])


def test_the_baseline_is_what_the_metric_says(release: query.Release) -> None:
    by = ("municipality", "year", "sex", "age")
    found = run(release, PopulationScenario())
    asked = query.metric("population", by, {"municipality": [CITY, TOWN]}, release=release).frame
    assert (found.frame["value"] == asked["value"]).all() and len(asked) == 2 * 3 * 2 * 20
    assert found.unchanged == ()
    young = found.flows[found.flows["year_to"] == 2025].set_index(["municipality", "sex"])
    # 1,000 in each of 20 bands: from 50 on five years at 2 %, from 45–49 the years past 50.
    lived = 0.98**5
    dying = 10 * (1 - lived) + (1 - 0.99 * (1 - lived) / (5 * 0.02))
    assert young.loc[(CITY, "male"), "births"] == 900
    assert young.loc[(CITY, "male"), "deaths"] == pytest.approx(1000 * dying, rel=1e-4)
    assert young.loc[(CITY, "male"), "cohort_change"] == 18 * 900 + 900 - 20 * 1000


def test_own_migration_is_that_of_the_register(release: query.Release) -> None:
    """r of the register is 1.1 where the projection has 0.9, for all but the two oldest bands."""
    found = run(release, PopulationScenario(own_migration=True))
    assert cell(found.frame, CITY, 2025, 30) == pytest.approx(1100)
    assert cell(found.frame, CITY, 2030, 30) == pytest.approx(1210)
    assert found.own_migration["municipality"].tolist() == [TOWN, CITY]
    assert set(found.own_migration["year_from"]) == {2019}


def test_migration_alone_is_changed(release: query.Release) -> None:
    """r 0.9 at s 1 is m −0.1; half of it gives 950, from 2025 on."""
    change = RatioChange(20, 39, 2025, None, 0.5)
    found = run(release, PopulationScenario(net_migration=(change,))).frame
    assert cell(found, CITY, 2025, 30) == 900
    assert cell(found, CITY, 2030, 30) == pytest.approx(900 * (0.5 * (810 / 900 - 1) + 1))
    assert cell(found, CITY, 2030, 40) == 810


def test_written_assumptions_drive_where_they_are_asked_to(release: query.Release) -> None:
    driven = run(release, PopulationScenario(from_assumptions=True)).frame
    assert cell(driven, CITY, 2025, 0) == 900
    assert cell(driven, TOWN, 2025, 0) == pytest.approx(7 * 900 * 0.5 / 2)
    assert cell(driven, TOWN, 2025, 5) == 900


def test_a_life_table_loaded_twice_is_not_published(lake: Lake) -> None:
    lake.add("life_table", table())
    lake.add("life_table", table().replace("0.02", "0.03"))
    with pytest.raises(ChecksFailed, match="生命表"):
        lake.build()
