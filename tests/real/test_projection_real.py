"""The kernel on published projections: given back exactly, and what scenarios do to their sums."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from demography.life_table import survival_ratios
from demography.migration import own_migration
from demography.population import PopulationScenario, RatioChange
from demography.ratios import recover, with_survival
from demography.scenario_population import under_scenario
from demography.totals import Control, rake, whole_table
from tests.unit.demography.naive_population import ratios, step

CITY = "27206"
BASELINE = PopulationScenario()
WITHOUT_WARDS = ("さいたま市", "相模原市", "新潟市", "静岡市", "浜松市", "堺市", "岡山市", "熊本市")


@pytest.fixture(scope="module")
def printed(h30: Path) -> pd.DataFrame:
    """Every cell by sex and age of every area: municipality, kind, prefecture, year, sex, age."""
    book = pd.read_csv(h30, encoding="utf-8-sig", dtype={"コード": str, "市などの別": str})
    cells = [name for name in book.columns if name.endswith(("/m", "/f"))]
    long = book.melt(["コード", "市などの別", "都道府県", "市区町村", "年"], cells)
    return pd.DataFrame(
        {
            "municipality": long["コード"].str.zfill(5),
            "name": long["市区町村"],
            "kind": long["市などの別"],
            "prefecture": long["都道府県"],
            "year": long["年"].str.removesuffix("年").astype("int64"),
            "sex": long["variable"].str[-1].map({"m": "male", "f": "female"}),
            "age": long["variable"].str.extract(r"^(\d+)")[0].astype("int64"),
            "value": long["value"].astype("float64"),
        }
    )


def test_every_published_figure_comes_back_exactly(printed: pd.DataFrame) -> None:
    start = time.perf_counter()
    found = under_scenario(printed, BASELINE)
    assert time.perf_counter() - start < 3
    assert found.unchanged == ()
    assert printed["municipality"].nunique() == 1857
    assert (found.frame["value"] == printed["value"]).all()


def test_the_nation_keeps_its_sum_and_its_balance(printed: pd.DataFrame) -> None:
    """The rules of adding up for this round: 0, 2, 3, Fukushima as a prefecture, and the eight
    designated cities that come without wards."""
    alone = printed["kind"].eq("1") & printed["name"].isin(WITHOUT_WARDS)
    counted = printed["kind"].isin(["0", "2", "3"]) | alone | printed["municipality"].eq("07000")
    nation = printed[counted]
    assert nation[nation["year"] == 2020]["value"].sum() == 125_324_842
    found = under_scenario(nation, BASELINE)
    flows = found.flows.groupby("year_to")[["births", "cohort_change"]].sum()
    totals = found.frame.groupby("year")["value"].sum()
    assert flows.sum(axis=1).tolist() == totals.diff().dropna().tolist()
    # 0–4 at the end of the first step, as the round prints it for the nation of its areas.
    young = nation[(nation["age"] == 0) & (nation["year"] == 2020)]["value"].sum()
    assert flows.loc[2020, "births"] == young


def test_more_children_alone_move_only_those_born_since(printed: pd.DataFrame) -> None:
    city = printed[printed["municipality"] == "27206"]
    found = under_scenario(city, PopulationScenario(child_woman_factor=1.2)).frame
    born_before = city["age"] > city["year"] - 2020
    assert (found["value"][born_before] == city["value"][born_before]).all()
    young = (city["age"] == 0) & (city["year"] == 2020)
    assert found["value"][young].sum() == pytest.approx(1.2 * city["value"][young].sum())
    last = city["year"] == 2045
    assert found["value"][last].sum() > 1.05 * city["value"][last].sum()


def test_areas_under_one_scenario_are_raked_to_their_prefecture(printed: pd.DataFrame) -> None:
    """Ratios of parts do not add up to those of the whole: scaled, then rounded to persons."""
    here = printed[printed["prefecture"].eq("大阪府")]
    scenario = PopulationScenario(1.1, (RatioChange(20, 29, 2015, None, 1.05),))
    found = under_scenario(here, scenario).frame
    at = found["year"] == 2045
    whole = found[at & found["kind"].eq("a")].pivot_table(
        index="sex", columns="age", values="value"
    )
    keys = ["municipality", "sex"]
    inner = found[at & found["kind"].isin(["0", "2", "3"])]
    parts = inner.pivot_table(index=keys, columns="age", values="value")
    alone = found[at & found["municipality"].eq("27140")]
    parts = pd.concat([parts, alone.pivot_table(index=keys, columns="age", values="value")])
    seed = parts.sort_index().to_numpy().reshape(-1, 2, 19)
    controls = [Control("府の性・年齢", (1, 2), whole.to_numpy())]
    assert seed.sum() == pytest.approx(whole.to_numpy().sum(), rel=0.01)
    raked = rake(seed, controls)
    assert raked.sum(axis=0) == pytest.approx(whole.to_numpy(), rel=1e-5)
    persons = whole_table(raked.reshape(len(raked), -1))
    for axis in (0, 1):
        change = persons.sum(axis=axis) - raked.reshape(len(raked), -1).sum(axis=axis)
        assert (np.abs(change) < 1).all()


def test_a_scenario_is_that_of_the_plain_loop(printed: pd.DataFrame) -> None:
    """Children and the ratios to 20–29 changed, cell by cell for areas from all over the list."""
    codes = sorted(printed["municipality"].unique())[:: 1857 // 30]
    here = printed[printed["municipality"].isin(codes)]
    scenario = PopulationScenario(1.2, (RatioChange(20, 29, 2020, None, 0.9),))
    found = under_scenario(here, scenario).frame.set_index(["municipality", "year", "sex", "age"])[
        "value"
    ]
    original = here.set_index(["municipality", "year", "sex", "age"])["value"].sort_index()
    compared = 0
    for code in codes:
        cells = {year: original[code, year].to_dict() for year in range(2015, 2050, 5)}
        people = cells[2015]
        for year in range(2015, 2045, 5):
            r, arriving, child_woman, sex_ratio = ratios(cells[year], cells[year + 5], 90)
            assert not any(arriving.values())
            for (sex, start), ratio in r.items():
                r[sex, start] = ratio * (0.9 if start in (15, 20) and year >= 2020 else 1)
            nobody = dict.fromkeys(r, 0.0)
            people, _ = step(people, 90, r, nobody, 1.2 * child_woman, sex_ratio)
            for (sex, age), wanted in people.items():
                assert found[code, year + 5, sex, age] == pytest.approx(wanted, rel=1e-9, abs=1e-6)
                compared += 1
    assert compared == len(codes) * 6 * 2 * 19


def test_assumptions_written_down_give_the_projection_back(printed: pd.DataFrame) -> None:
    """s of a made-up table, m = r − s, the ratios of children: driven by them alone."""
    city = printed[printed["municipality"] == "27206"]
    points = list(range(2015, 2050, 5))
    values = np.stack(
        [
            city[city["sex"] == sex].pivot_table(index="year", columns="age", values="value")
            for sex in ("male", "female")
        ]
    )[None]
    survival = np.linspace(0.999, 0.4, 18)
    assumed = with_survival(recover(values), np.broadcast_to(survival, (1, 2, 1, 18)))
    at = np.indices(assumed.ratio.shape[1:]).reshape(3, -1)
    written = pd.DataFrame(
        {
            "area": "27206",
            "sex": np.array(["male", "female"])[at[0]],
            "year_from": np.array(points)[at[1]],
            "age": 5 * at[2],
            "survival": assumed.known_survival.ravel(),
            "net_migration": assumed.net_migration.ravel(),
            "child_woman_ratio": assumed.child_woman[0, at[1]],
            "sex_ratio": assumed.sex_ratio[0, at[1]],
        }
    )
    base = city.assign(value=city["value"].where(city["year"] == 2015, 1.0))
    found = under_scenario(base, PopulationScenario(from_assumptions=True), assumptions=written)
    assert found.frame["value"].to_numpy() == pytest.approx(city["value"].to_numpy())
    assert found.flows["deaths"].gt(0).all()


@pytest.mark.parametrize(("distance", "error"), [(3, 0.03), (4, 0.02), (5, 0.001)])
def test_uneven_birth_years_are_hardly_taken_for_migration(
    h29: Path, distance: int, error: float
) -> None:
    """The nation of 2015 by single years grows older and nobody moves: what is found below 75 is
    the error of the method (ADR 25)."""
    ages = np.arange(106)
    mortality = np.minimum(1.0, 0.00015 * np.exp(0.095 * np.maximum(ages - 30, 0)))
    alive = np.concatenate([[1.0], np.cumprod(1 - mortality)])[:-1]
    lived = (alive[:-1] + alive[1:]) / 2
    rows = []
    for name, sex in (("M", "male"), ("F", "female")):
        sheet = CalamineWorkbook.from_path(str(h29)).get_sheet_by_name(name).to_python()
        column = next(at for at, year in enumerate(sheet[2]) if at and int(year) == 2015)
        people = np.array([row[column] for row in sheet[4:105]], dtype=float) * 1000
        for year in range(2015, 2016 + distance):
            if year in (2015, 2015 + distance):
                bands = np.append(people[:100].reshape(20, 5).sum(axis=1), people[100])
                rows += [(CITY, year, sex, 5 * band, value) for band, value in enumerate(bands)]
            people = np.concatenate([people[:1], people[:-1] * lived[1:101] / lived[:100]])
    table = pd.DataFrame({"sex": "both", "age": ages, "mortality": mortality})
    register = pd.DataFrame(rows, columns=["municipality", "year", "sex", "age", "value"])
    found = own_migration(register, [CITY], survival_ratios(table, [CITY], 21))
    assert found.is_split.all() == (distance < 5)
    assert np.abs(found.rates[0, :, 0, 1:14]).max() < error
