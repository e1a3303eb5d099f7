"""Life tables and assumptions of projections: how they are written, and what they give."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from demography.assumption_table import assumption_tables
from demography.life_table import survival_ratios
from pipelines.ingest import load
from pipelines.publish import publish
from pipelines.results import LoadResult
from pipelines.templates import templates
from warehouse import query
from warehouse.home import Home

CITY, PREFECTURE = "272060", "270008"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def taken(home: Home, name: str, lines: list[str]) -> LoadResult:
    path = home.root.parent / name
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp932"))
    return loaded(home, path)


def loaded(home: Home, path: Path) -> LoadResult:
    (result,) = load([path], home)
    counts = result.accepted, result.quarantined, result.duplicates, result.ignored
    assert result.rows_read == sum(counts)
    return result


def stored(home: Home, result: LoadResult) -> pd.DataFrame:
    return pd.read_parquet(home.lake / str(result.source) / f"{result.sha256}.parquet")


def single_ages(sex: str, factor: float = 1.0) -> list[str]:
    rates = [min(1.0, factor * 0.0002 * 1.09 ** max(0, age - 25)) for age in range(101)]
    words = [f"{age}歳" for age in range(100)] + ["100歳以上"]
    return [f"{sex},{word},{rate:.5f}" for word, rate in zip(words, rates, strict=True)]


def test_a_table_of_the_nation_by_single_ages(home: Home) -> None:
    lines = ["性別,年齢,死亡率", *single_ages("男"), *single_ages("女", 0.6)]
    result = taken(home, "生命表.csv", lines)
    assert (result.source, result.accepted, result.quarantined) == ("life_table", 202, 0)
    rows = stored(home, result)
    assert set(rows["area"]) == {"000000"} and set(rows["sex"]) == {"male", "female"}
    assert sorted(rows["age_from"].unique()) == list(range(101))
    found = survival_ratios(rows.rename(columns={"age_from": "age"}), [CITY], 20)
    assert (found[0, 0] < found[0, 1]).all() and (found > 0.3).all()


def test_a_workbook_of_prefectures_by_bands_with_survivors(home: Home) -> None:
    path = home.root.parent / "tables.xlsx"
    ages = ["0", "1～4", *(f"{age}～{age + 4}" for age in range(5, 95, 5)), "95歳以上"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("生命表")
        sheet.write_row(
            0, 0, ["都道府県コード", "年次", "男女別", "年齢階級", "生存数", "定常人口"]
        )
        for number, age in enumerate(ages, 1):
            alive = 100_000 - 40 * number**2
            sheet.write_row(number, 0, ["27000", "令和2年", "男", age, alive, 5 * alive])
    result = loaded(home, path)
    assert (result.source, result.accepted) == ("life_table", len(ages))
    rows = stored(home, result)
    assert rows["age_from"].tolist() == [0, 1, *range(5, 100, 5)]
    assert set(rows["table_year"]) == {2020} and set(rows["area"]) == {PREFECTURE}
    assert rows["survivors"].tolist()[:2] == [99_960, 99_840]


def test_the_headers_and_ages_of_published_tables(home: Home) -> None:
    """年齢 x, 死亡率 nqx, … below each other in one cell; the first years written as 0年."""
    path = home.root.parent / "published.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("男")
        sheet.write_row(0, 0, ["性別", "年齢\nx", "死亡率\nnqx", "生存数\nlx", "定常人口\nnLx"])
        sheet.write_row(1, 0, ["男", "0年", 0.0018, 100_000, 99_850])
        sheet.write_row(2, 0, ["男", 1, 0.0002, 99_820, 99_810])
    rows = stored(home, loaded(home, path))
    assert rows[["age_from", "mortality", "survivors", "person_years"]].to_numpy().tolist() == [
        [0, 0.0018, 100_000, 99_850],
        [1, 0.0002, 99_820, 99_810],
    ]


def test_rows_that_tell_nothing_are_held_back(home: Home) -> None:
    lines = [
        "性別,年齢,死亡率,生存数,年",
        "男,0歳,0.002,100000,2020",
        "男,2週,0.0001,99990,2020",
        "男,1歳,,,2020",
        "男,2歳,1.2,99000,2020",
        "男,3歳,0.001,99000,おととし",
        "男,4歳,0.001,,令和元年",
    ]
    result = taken(home, "lt.csv", lines)
    assert (result.source, result.rows_read) == ("life_table", 6)
    rules = rules_of(home, result)
    assert rules == {"unreadable_age", "no_measure", "unreadable_year", "range"}
    rows = stored(home, result)
    assert rows["age_from"].tolist() == [0, 4] and rows["table_year"].tolist() == [2020, 2019]


def rules_of(home: Home, result: LoadResult) -> set[str]:
    held = pd.read_parquet(home.lake / "quarantine" / f"{result.sha256}.parquet")
    return set(held["rule"])


ASSUMED = [
    "団体コード,期間,性別,年齢,生残率,純移動率,子ども女性比,0～4歳性比",
    "272060,2020→2025年,男,20～24歳→25～29歳,0.997,0.051,,",
    "272060,2020→2025年,女,20～24歳→25～29歳,0.998,△0.012,,",
    "272060,2020→2025年,,85歳以上→90歳以上,0.45,0.001,,",
    "272060,2020→2025年,,,,,0.21,105.2",
    "272060,2025,,,,,0.22,1.05",
]


def test_assumptions_go_from_the_file_to_arrays(home: Home) -> None:
    result = taken(home, "仮定値.csv", ASSUMED)
    assert (result.source, result.accepted) == ("population_assumption", 5)
    rows = stored(home, result).rename(columns={"age_from": "age"})
    found = assumption_tables(rows, [CITY], [2020, 2025, 2030], 19)
    assert found.survival[0, :, 0, 4].tolist() == [0.997, 0.998]
    assert found.net_migration[0, :, 1, 4].tolist() == [0.051, -0.012]
    assert found.survival[0, :, 0, 17].tolist() == [0.45, 0.45]
    assert found.child_woman.tolist() == [[0.21, 0.22]]
    assert found.sex_ratio[0] == pytest.approx([1.052, 1.05])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("272060,2020,男,出生→0～4歳,0.99,,,", "unreadable_age"),
        ("272060,2020,男,22～26歳,0.99,,,", "unreadable_age"),
        ("272060,次の5年,男,20～24歳,0.99,,,", "unreadable_period"),
        ("272060,2020,男,,0.99,,,", "rate_without_age"),
        ("272060,2020,男,20～24歳,,,,", "no_value"),
        ("272060,2020,男,20～24歳,0.5,-0.6,,", "more_leave_than_live"),
    ],
)
def test_assumptions_that_cannot_be_are_held_back(home: Home, row: str, rule: str) -> None:
    result = taken(home, "仮定値.csv", [*ASSUMED, row])
    assert (result.accepted, result.quarantined) == (5, 1)
    assert rules_of(home, result) == {rule}


def test_a_release_answers_with_both(home: Home) -> None:
    taken(home, "生命表.csv", ["性別,年齢,死亡率", *single_ages("男")])
    taken(home, "仮定値.csv", ASSUMED)
    publish(home)
    release = query.open_release(home)
    table, assumed = query.life_table(release), query.population_assumptions(release)
    assert len(table) == 101 and len(assumed) == 5
    assert survival_ratios(table, [CITY], 19)[0, 0].shape == (1, 18)
    points = [2020, 2025]
    assert assumption_tables(assumed, [CITY], points, 19).child_woman.tolist() == [[0.21]]


def test_a_municipality_finds_a_template_for_its_assumptions() -> None:
    assert "population_assumption" in {one.id for one in templates()}
