"""Frames of the metric `population` under a scenario."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from demography.population import PopulationError, PopulationScenario, RatioChange
from demography.scenario_population import under_scenario

BASELINE = PopulationScenario()
YEARS = range(2020, 2055, 5)


def projection(municipalities: int = 3, bands: int = 20, seed: int = 1) -> pd.DataFrame:
    """Rows in no order, as of a query without one."""
    random = np.random.default_rng(seed)
    codes = [f"{100000 + 7 * one}" for one in range(municipalities)]
    index = pd.MultiIndex.from_product(
        [codes, YEARS, ["male", "female"], range(0, 5 * bands, 5)],
        names=["municipality", "year", "sex", "age"],
    )
    frame = index.to_frame(index=False)
    frame["value"] = random.integers(0, 300, len(frame))
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


def life_table() -> pd.DataFrame:
    ages = np.arange(106)
    q = np.minimum(1.0, 0.0002 * np.exp(0.09 * np.maximum(ages - 25, 0)))
    return pd.DataFrame({"sex": "both", "age": ages, "mortality": q})


def assumption_rows(**values: float) -> pd.DataFrame:
    """One municipality, both sexes, all starting bands of a projection to 95+."""
    names = ("survival", "net_migration", "child_woman_ratio", "sex_ratio")
    return pd.DataFrame(
        {"area": "100007", "year_from": 2020, "sex": "both", "age": range(0, 95, 5)}
    ).assign(**{name: values.get(name, np.nan) for name in names})


@pytest.mark.parametrize("bands", [19, 20])
def test_the_baseline_is_the_frame_itself(bands: int) -> None:
    frame = projection(bands=bands)
    found = under_scenario(frame, BASELINE)
    pd.testing.assert_frame_equal(found.frame, frame.astype({"value": "float64"}))
    assert found.unchanged == ()
    with_table = under_scenario(frame, BASELINE, life_table=life_table())
    pd.testing.assert_frame_equal(with_table.frame, found.frame)


def test_rows_and_other_columns_stay_where_they_are() -> None:
    frame = projection().assign(n=1, projection="ipss_r5")
    frame.index = pd.Index(range(len(frame), 0, -1))
    found = under_scenario(frame, PopulationScenario(child_woman_factor=2.0)).frame
    pd.testing.assert_frame_equal(found.drop(columns="value"), frame.drop(columns="value"))
    born = found["age"] == 0
    later = frame["year"] > 2020
    untouched = frame["year"] - frame["age"] < 2025 - 5
    assert (found["value"][untouched] == frame["value"][untouched]).all()
    first = born & (frame["year"] == 2025)
    assert found["value"][first].sum() == pytest.approx(2 * frame["value"][first].sum())
    assert (found["value"][born & later] >= frame["value"][born & later]).all()


def test_one_municipality_needs_no_column_for_it() -> None:
    frame = projection(1)
    scenario = PopulationScenario(ratios=(RatioChange(20, 29, 2020, None, 1.1),))
    alone = under_scenario(frame.drop(columns="municipality"), scenario)
    assert (alone.frame["value"] == under_scenario(frame, scenario).frame["value"]).all()
    assert set(alone.flows["municipality"]) == {""}


def test_each_municipality_is_projected_by_itself() -> None:
    frame = projection(4)
    scenario = PopulationScenario(1.2, (RatioChange(20, 29, 2025, 2040, 0.7, "female"),))
    together = under_scenario(frame, scenario).frame
    for code, own in frame.groupby("municipality"):
        alone = under_scenario(own, scenario).frame
        assert (together[frame["municipality"] == code]["value"] == alone["value"]).all()


def test_those_with_other_points_or_bands_stand_beside_each_other() -> None:
    older, newer = projection(2, bands=19), projection(2, bands=20, seed=2)
    newer = newer[newer["year"] >= 2030].replace({"municipality": {"100000": "a", "100007": "b"}})
    scenario = PopulationScenario(child_woman_factor=1.5)
    both = under_scenario(pd.concat([older, newer], ignore_index=True), scenario)
    assert both.unchanged == ()
    wanted = [under_scenario(one, scenario).frame["value"] for one in (older, newer)]
    assert both.frame["value"].tolist() == pd.concat(wanted).tolist()


def test_those_without_all_figures_are_left_as_given() -> None:
    frame = projection(6).astype({"value": "float64"})
    codes = sorted(frame["municipality"].unique())
    of = [frame["municipality"] == code for code in codes]
    frame.loc[of[0] & (frame["year"] == 2030), "age"] += 1
    frame.loc[of[1] & (frame["age"] == 40) & (frame["year"] == 2030), "value"] = np.nan
    frame.loc[of[2], "sex"] = "both"
    frame.loc[of[3] & (frame["year"] == 2050), "year"] = 2051
    frame = frame[~(of[4] & (frame["age"] == 40) & (frame["year"] == 2030))]
    found = under_scenario(frame, PopulationScenario(child_woman_factor=1.5))
    assert found.unchanged == tuple(codes[:5])
    changed = found.frame["value"].compare(frame["value"])
    assert set(frame.loc[changed.index, "municipality"]) == {codes[5]}


def test_totals_alone_are_left_as_given() -> None:
    totals = projection(2).groupby(["municipality", "year"], as_index=False)["value"].sum()
    found = under_scenario(totals.assign(sex="both", age=None), BASELINE)
    assert found.unchanged == ("100000", "100007") and found.flows.empty
    assert found.own_migration.empty
    assert under_scenario(projection(1).head(0), BASELINE).frame.empty


def test_a_cell_told_twice_is_refused() -> None:
    """One cell in place of another: as many rows as there should be."""
    frame = projection(2)
    here = (frame["municipality"] == "100007") & (frame["year"] == 2030) & (frame["sex"] == "male")
    frame.loc[here & (frame["age"] == 40), "age"] = 45
    with pytest.raises(PopulationError, match=r"100007.*2つ"):
        under_scenario(frame, BASELINE)


def test_flows_add_up_to_the_change() -> None:
    frame = projection()
    scenario = PopulationScenario(1.1, net_migration=(RatioChange(20, 29, 2025, None, 1.3),))
    found = under_scenario(frame, scenario, life_table=life_table())
    keys = ["municipality", "sex"]
    totals = found.frame.groupby([*keys, "year"])["value"].sum().unstack()
    flows = found.flows.set_index([*keys, "year_to"])
    assert flows["cohort_change"].to_numpy() == pytest.approx(
        (flows["net_migration"] - flows["deaths"]).to_numpy()
    )
    change = (flows["births"] + flows["cohort_change"]).unstack()
    assert change.to_numpy() == pytest.approx(totals.diff(axis=1).iloc[:, 1:].to_numpy())
    assert (flows["deaths"] > 0).all() and (flows["births"] >= 0).all()
    unknown = under_scenario(frame, BASELINE).flows
    assert unknown["deaths"].isna().all() and unknown["net_migration"].isna().all()
    assert unknown["births"].notna().all()


def test_changes_apart_need_survival_of_every_municipality() -> None:
    scenario = PopulationScenario(survival=(RatioChange(80, None, 2020, None, 1.05),))
    with pytest.raises(PopulationError, match=r"3地域.*生命表"):
        under_scenario(projection(), scenario)
    with pytest.raises(PopulationError, match="2地域"):
        under_scenario(projection(), scenario, assumptions=assumption_rows(survival=0.9))
    some = under_scenario(projection(), BASELINE, assumptions=assumption_rows(survival=0.9)).flows
    assert set(some[some["deaths"].notna()]["municipality"]) == {"100007"}


def test_assumptions_go_before_the_life_table() -> None:
    tables = {"life_table": life_table(), "assumptions": assumption_rows(survival=0.5)}
    frame = projection()
    flows = under_scenario(frame, BASELINE, **tables).flows.set_index("municipality")
    stock = frame[(frame["municipality"] == "100007") & (frame["year"] == 2020)]["value"].sum()
    first = flows[flows["year_from"] == 2020]["deaths"].groupby("municipality").sum()
    assert first["100007"] == pytest.approx(0.5 * stock)
    assert 0 < first["100000"] < 0.4 * stock


DRIVEN = PopulationScenario(from_assumptions=True)


def test_without_the_file_nothing_can_be_driven_by_it() -> None:
    with pytest.raises(PopulationError, match="仮定値のファイルを取り込んで"):
        under_scenario(projection(), DRIVEN)


def test_assumptions_may_drive_the_projection() -> None:
    """s 0.9 and m 0.1 with 0.3 children per woman, boys as many as girls: nobody is lost."""
    written = assumption_rows(survival=0.9, net_migration=0.1, child_woman_ratio=0.3, sex_ratio=1.0)
    frame = projection()
    driven = under_scenario(frame, DRIVEN, assumptions=written).frame
    others = frame["municipality"] != "100007"
    assert (driven["value"][others] == frame["value"][others]).all()
    table = driven[~others].pivot_table(index="year", columns=["sex", "age"], values="value")
    cohort = [table.loc[2020 + 5 * step, ("male", 20 + 5 * step)] for step in range(7)]
    assert cohort == pytest.approx([cohort[0]] * 7)
    mothers = sum(table["female", age] for age in range(15, 50, 5))
    for sex in ("male", "female"):
        assert table[sex, 0].iloc[1:].tolist() == pytest.approx((0.15 * mothers).iloc[1:].tolist())
    kept = under_scenario(frame, BASELINE, assumptions=written).frame
    assert (kept["value"] == frame["value"]).all()


def test_own_migration_from_the_register() -> None:
    """Registers that all have left by 2025: nobody lives on in the one, the other stays."""
    frame = projection(2)
    scenario = PopulationScenario(own_migration=True)
    counted = frame[(frame["year"] == 2020) & (frame["municipality"] == "100000")]
    counted = counted.assign(value=1000.0)
    register = pd.concat([counted, counted.assign(year=2025, value=0.0)])
    found = under_scenario(frame, scenario, life_table=life_table(), register=register)
    assert found.own_migration.to_numpy().tolist() == [["100000", 2020, 2025, False]]
    moved = found.frame["municipality"] == "100000"
    assert found.frame[moved & (frame["year"] > 2020)]["value"].sum() < 1e-9
    assert (found.frame["value"][~moved] == frame["value"][~moved]).all()
    with pytest.raises(PopulationError, match="住民基本台帳"):
        under_scenario(frame, scenario, life_table=life_table())


def test_fast_enough_for_a_page_and_for_the_nation() -> None:
    scenario = PopulationScenario(1.2, (RatioChange(20, 29, 2020, None, 1.1),))
    one, nation = projection(1), projection(1741)
    for frame, seconds in ((one, 0.02), (nation, 3.0)):
        under_scenario(frame, scenario)
        taken = []
        for _ in range(3):
            start = time.perf_counter()
            under_scenario(frame, scenario, life_table=life_table())
            taken.append(time.perf_counter() - start)
        assert min(taken) < seconds
