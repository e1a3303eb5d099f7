"""Survival out of life tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from demography.life_table import survival_ratios
from demography.population import PopulationError

OSAKA, SAKAI, IZUMIOTSU, KYOTO = "270008", "271403", "272060", "261009"


def gompertz(ages: list[int], **more: object) -> pd.DataFrame:
    """Single ages or bands of one table for both sexes: q over the row's width."""
    starts = np.array(ages, dtype=float)
    widths = np.diff(starts, append=starts[-1] + 1)
    hazard = 0.00002 * (np.exp(0.1 * (starts + widths)) - np.exp(0.1 * starts)) / 0.1
    q = 1 - np.exp(-hazard)
    q[-1] = 1
    return pd.DataFrame({"sex": "both", "age": ages, "mortality": q, **more})


SINGLE = list(range(0, 106))
BANDS = [0, 1, *range(5, 105, 5)]


def test_by_hand() -> None:
    """Person-years of bands to 55+: 450 of 500 live on, …, and 100 of the last two bands' 400."""
    table = pd.DataFrame(
        {
            "sex": "male",
            "age": range(0, 60, 5),
            "person_years": [500, 450, *[400] * 8, 300, 100.0],
        }
    )
    found = survival_ratios(table, [""], 12)
    assert found.shape == (1, 2, 1, 11)
    assert found[0, 0, 0].tolist() == [0.9, 400 / 450, *[1.0] * 7, 0.75, 0.25 / (1)]
    assert np.isnan(found[0, 1]).all()


def test_three_measures_say_the_same() -> None:
    """q, l = Π (1 − q) and L as half the sum of neighbours give one answer."""
    table = gompertz(SINGLE)
    q = table["mortality"].to_numpy()
    alive = np.array([np.prod(1 - q[:age]) for age in SINGLE])
    lived = np.array([(alive[a] + alive[a + 1]) / 2 for a in SINGLE[:-1]] + [0.0])
    lived[0] = alive[1] + 0.1 * (alive[0] - alive[1])
    lived[-1] = alive[-1] / -np.log(1 - q[-2])
    by_q = survival_ratios(table, [""], 20)
    by_l = survival_ratios(table[["sex", "age"]].assign(survivors=1e5 * alive), [""], 20)
    by_years = survival_ratios(table[["sex", "age"]].assign(person_years=lived), [""], 20)
    assert by_l == pytest.approx(by_q) and by_years == pytest.approx(by_q)
    ten_to_fifteen = lived[15:20].sum() / lived[10:15].sum()
    assert by_q[0, 0, 0, 2] == pytest.approx(ten_to_fifteen)
    assert by_q[0, 1, 0, 18] == pytest.approx(lived[95:].sum() / lived[90:].sum())


def test_bands_come_near_single_ages() -> None:
    single = survival_ratios(gompertz(SINGLE), [""], 19)
    banded = survival_ratios(gompertz(BANDS), [""], 19)
    assert banded == pytest.approx(single, abs=0.02)
    assert (np.diff(single[0, 0, 0]) < 0).all()


def test_own_table_before_that_of_the_prefecture_before_that_of_the_nation() -> None:
    tables = {"000000": 1.0, OSAKA: 0.5, IZUMIOTSU: 0.25}
    rows = pd.concat(
        gompertz(SINGLE, area=area).assign(mortality=lambda t, f=factor: t["mortality"] * f)
        for area, factor in tables.items()
    )
    found = survival_ratios(rows, [KYOTO, SAKAI, IZUMIOTSU], 19)[:, 0, 0, 12]
    assert found[0] < found[1] < found[2]
    without_nation = rows[rows["area"] != "000000"]
    assert np.isnan(survival_ratios(without_nation, [KYOTO], 19)).all()


def test_one_sex_goes_before_both_and_the_newest_year_counts() -> None:
    both, men = gompertz(SINGLE), gompertz(SINGLE).assign(sex="male")
    men["mortality"] = np.minimum(1, men["mortality"] * 2)
    old = gompertz(SINGLE, table_year=2015).assign(mortality=0.5)
    rows = pd.concat([both.assign(table_year=2020), old, men.assign(table_year=2020)])
    found = survival_ratios(rows, [""], 19)[0, :, 0]
    assert (found[0] < found[1]).all()
    assert found[1] == pytest.approx(survival_ratios(both, [""], 19)[0, 1, 0])


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (gompertz(SINGLE[:80]), "90歳以上まで"),
        (gompertz(SINGLE[1:]), "0歳から"),
        (gompertz(SINGLE).assign(mortality=1.5), "死亡率"),
        (gompertz(SINGLE).assign(survivors=np.arange(106.0)), "増えて"),
        (gompertz(SINGLE).assign(person_years=-1.0), "負の値"),
        (pd.concat([gompertz(SINGLE)] * 2), "重なる行"),
        (gompertz(SINGLE).head(0), "行がありません"),
    ],
)
def test_tables_that_cannot_be(table: pd.DataFrame, said: str) -> None:
    with pytest.raises(PopulationError, match=said):
        survival_ratios(table, [""], 19)
