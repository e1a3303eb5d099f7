"""The published projections, loaded as they are, against an independent reading of their cells."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipelines.ingest import load
from warehouse.codes import check_digit
from warehouse.home import Home


def stored(home: Home, source: str) -> pd.DataFrame:
    """What the lake holds of the one loaded file."""
    (entry,) = home.ledger.glob("*.json")
    sha256 = json.loads(entry.read_text(encoding="utf-8"))["sha256"]
    return pd.read_parquet(home.lake / source / f"{sha256}.parquet")


@pytest.fixture(scope="module")
def totals(tmp_path_factory: pytest.TempPathFactory, kekkahyo1: Path) -> pd.DataFrame:
    home = Home(tmp_path_factory.mktemp("r5"))
    (result,) = load([kekkahyo1], home)
    assert (result.source, result.status) == ("ipss_r5_kekkahyo1", "stored")
    assert (result.rows_read, result.accepted) == (1951, 1951)
    return stored(home, "ipss_r5_kekkahyo1")


@pytest.fixture(scope="module")
def ages(tmp_path_factory: pytest.TempPathFactory, h30: Path) -> pd.DataFrame:
    home = Home(tmp_path_factory.mktemp("h30"))
    (result,) = load([h30], home)
    assert (result.source, result.status) == ("ipss_h30_suikei", "stored")
    assert (result.rows_read, result.accepted) == (12999, 12999)
    return stored(home, "ipss_h30_suikei")


def test_the_nation_of_r5(totals: pd.DataFrame) -> None:
    nation = totals[totals["counts_in_nation"]].groupby("year")["population"].sum()
    assert nation[2020] == 126_146_099
    assert nation[2040] == 112_837_404


def test_one_city_of_r5(totals: pd.DataFrame) -> None:
    city = totals[totals["area"] == "272060"].set_index("year")["population"]
    assert (city[2020], city[2040]) == (74_412, 61_969)


def test_prefectures_of_r5_equal_their_municipalities(totals: pd.DataFrame) -> None:
    whole = totals[totals["area_kind"] == "prefecture"]
    parts = totals[totals["counts_in_nation"]]
    keys = ["prefecture", "year"]
    pd.testing.assert_series_equal(
        whole.groupby(keys)["population"].sum(), parts.groupby(keys)["population"].sum()
    )
    assert whole["area"].nunique() == 47


def test_every_cell_of_r5_is_as_printed(totals: pd.DataFrame, kekkahyo1: Path) -> None:
    rows = CalamineWorkbook.from_path(str(kekkahyo1)).get_sheet_by_index(0).to_python()
    printed = {}
    for row in rows[5:]:
        five = f"{int(row[0]):05}"
        for column, year in enumerate(range(2020, 2055, 5), 4):
            printed[five + check_digit(five), year] = int(row[column])
    assert totals.set_index(["area", "year"])["population"].to_dict() == printed


def test_kinds_of_r5(totals: pd.DataFrame) -> None:
    assert totals.drop_duplicates("area")["area_kind"].value_counts().to_dict() == {
        "town_village": 916,
        "city": 769,
        "ward": 175,
        "prefecture": 47,
        "special_ward": 23,
        "designated_city": 20,
        "hamadori": 1,
    }
    assert set(totals[totals["area_kind"] == "hamadori"]["area"]) == {"079995"}
    assert set(totals[totals["is_actual"]]["year"]) == {2020}
    assert set(totals["base_year"]) == {2020}


def test_the_nation_of_h30(ages: pd.DataFrame) -> None:
    nation = ages[ages["counts_in_nation"]].groupby("year")["population"].sum()
    assert nation[2020] == 125_324_842
    prefectures = ages[ages["area_kind"] == "prefecture"].groupby("year")["population"].sum()
    assert nation.to_dict() == prefectures.to_dict()


def test_what_h30_gives_only_whole(ages: pd.DataFrame) -> None:
    counted = ages[ages["counts_in_nation"]].drop_duplicates("area")
    cities = counted[counted["area_kind"] == "designated_city"]["area_name"]
    assert set(cities) == {
        "さいたま市",
        "相模原市",
        "新潟市",
        "静岡市",
        "浜松市",
        "堺市",
        "岡山市",
        "熊本市",
    }
    assert set(counted[counted["area_kind"] == "prefecture"]["area"]) == {"070009"}
    assert "403059" in set(counted["area"])
    assert set(ages[ages["is_actual"]]["year"]) == {2015}


def test_every_cell_of_h30_is_as_printed(ages: pd.DataFrame, h30: Path) -> None:
    printed = {}
    with h30.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            five = row["コード"].zfill(5)
            area, year = five + check_digit(five), int(row["年"].removesuffix("年"))
            for band, first in enumerate(range(0, 95, 5)):
                name = "90歳以上" if band == 18 else f"{first}～{first + 4}歳"
                for sex, suffix in (("male", "m"), ("female", "f")):
                    printed[area, year, sex, first] = int(row[f"{name}/{suffix}"])
    keys = ["area", "year", "sex", "age_from"]
    assert ages.set_index(keys)["population"].to_dict() == printed
    closed = ages[ages["age_from"] < 90]
    assert (closed["age_to"] == closed["age_from"] + 4).all()
    assert ages[ages["age_from"] == 90]["age_to"].isna().all()


def test_rows_lead_back_to_the_file(ages: pd.DataFrame, h30: Path) -> None:
    """Any record's source row is the line of the file that it comes from."""
    lines = h30.read_text(encoding="utf-8-sig").splitlines()
    for record in ages.sample(200, random_state=1).itertuples():
        cells = lines[record.source_row - 1].split(",")
        assert cells[0].zfill(5) == record.area[:5]
        assert cells[4] == f"{record.year}年"
        start = 25 if record.sex == "male" else 44
        assert int(cells[start + record.age_from // 5]) == record.population
