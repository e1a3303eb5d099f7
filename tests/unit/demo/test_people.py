"""The projection in the official layout: sums, cohorts, the city's story."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from python_calamine import CalamineWorkbook

from pipelines.demo import people
from pipelines.demo.world import CITY, PREFECTURE, WATERMARK

Sheet = list[list[object]]
BOTH, MALE, FEMALE = 5, 27, 49


def read(folder: Path) -> Sheet:
    book = CalamineWorkbook.from_path(str(folder / "suikei_kekka.xlsx"))
    assert book.sheet_names == ["Sheet1"]
    return book.get_sheet_by_name("Sheet1").to_python(skip_empty_area=False)


@pytest.fixture(scope="module")
def sheet(city_folder: Path) -> Sheet:
    return read(city_folder)


@pytest.fixture(scope="module")
def nation_sheet(nation_folder: Path) -> Sheet:
    return read(nation_folder)


def block(rows: Sheet, start: int) -> NDArray[np.float64]:
    """Total and twenty bands of each row."""
    return np.array([row[start : start + 21] for row in rows], dtype=float)


def test_layout_is_the_official_one(sheet: Sheet) -> None:
    assert "男女5歳階級" in str(sheet[0][0])
    assert WATERMARK in str(sheet[0][0])
    assert sheet[3][:5] == ["コード", "市などの別", "都道府県", "市区町村", "年"]
    bands = [f"{age}～{age + 4}歳" for age in range(0, 95, 5)] + ["95歳～"]
    for start in (BOTH, MALE, FEMALE):
        assert sheet[4][start : start + 21] == ["総数", *bands]
    assert {len(row) for row in sheet} == {84}
    assert sheet[5][:5] == [51000, "a", PREFECTURE, "", "2020年"]
    assert [row[4] for row in sheet[5:12]] == [f"{year}年" for year in people.YEARS]


@pytest.mark.parametrize("which", ["sheet", "nation_sheet"])
def test_sums_hold_exactly(which: str, request: pytest.FixtureRequest) -> None:
    rows = request.getfixturevalue(which)[5:]
    both, male, female = (block(rows, start) for start in (BOTH, MALE, FEMALE))
    assert (both == male + female).all()
    for values in (both, male, female):
        assert (values[:, 0] == values[:, 1:].sum(axis=1)).all()
    is_prefecture = np.array([row[1] == "a" for row in rows])
    prefectures = np.array([row[2] for row in rows])
    years = np.array([row[4] for row in rows])
    for name in set(prefectures.tolist()):
        for year in ("2020年", "2040年"):
            own = (prefectures == name) & (years == year)
            parts = both[own & ~is_prefecture].sum(axis=0)
            assert (both[own & is_prefecture][0] == parts).all()


def of_city(sheet: Sheet) -> NDArray[np.float64]:
    rows = [row for row in sheet[5:] if row[3] == CITY]
    assert len(rows) == len(people.YEARS)
    return block(rows, BOTH)


def test_city_shrinks_from_seventy_to_fifty_eight_thousand(sheet: Sheet) -> None:
    totals = of_city(sheet)[:, 0]
    assert 69_000 <= totals[0] <= 71_500
    assert 57_000 <= totals[people.YEARS.index(2040)] <= 59_000
    assert (np.diff(totals) < 0).all()


def test_second_baby_boom_moves_up_the_pyramid(sheet: Sheet) -> None:
    bands = of_city(sheet)[:, 1:]
    born_around_1973 = 9  # 45–49 in 2020
    for step in range(4):
        band = born_around_1973 + step
        assert bands[step, band] > bands[step, band - 1]
        assert bands[step, band] > bands[step, band + 1] or band + 1 >= 14
    assert bands[0, born_around_1973] == bands[0, :13].max()


def test_a_cohort_never_grows_by_more_than_migration_can_explain(sheet: Sheet) -> None:
    bands = of_city(sheet)[:, 1:]
    ratios = bands[1:, 1:-1] / bands[:-1, :-2]
    assert ratios.max() < 1.05
    assert (ratios[:, -1] < 0.75).all()  # 85–89 → 90–94


def test_survival_gives_the_life_expectancy_that_it_claims() -> None:
    for (level, slope), low, high in zip(people._HAZARD, (81, 87), (83, 89), strict=True):
        ages = np.arange(0, 120, 0.1)
        alive = np.exp(-level / slope * np.expm1(slope * ages))
        assert low < alive.sum() * 0.1 < high
    assert (people.survival()[1] > people.survival()[0]).all()


def test_nation_has_the_bands_of_the_source(nation_sheet: Sheet) -> None:
    rows = [row for row in nation_sheet[5:] if row[4] == "2020年"]
    sizes = np.array([row[BOTH] for row in rows if row[1] != "a"], dtype=float)
    counts, _ = np.histogram(sizes, [0, 10_000, 50_000, 100_000, 300_000, np.inf])
    assert counts.tolist() == [529, 692, 239, 196, 85]
    assert sum(row[1] == "a" for row in rows) == 47
    assert len(nation_sheet) == 5 + 1788 * 7
