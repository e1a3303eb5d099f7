"""Official tables and work surveys through `load`: recognised, accounted for, held back."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipelines.ingest import load
from pipelines.results import LoadResult
from tests.fixtures.suikei import AREAS, FEMALE, MALE, persons, write_suikei
from tests.fixtures.survey import write_cross, write_list
from warehouse.home import Home

CITY = "272060"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def one(path: Path, home: Home) -> LoadResult:
    (result,) = load([path], home, municipality=CITY)
    assert result.status == "stored", result.message
    counted = result.accepted + result.quarantined + result.duplicates + result.ignored
    assert result.rows_read == counted
    return result


def lake(home: Home, result: LoadResult) -> pd.DataFrame:
    return pd.read_parquet(home.lake / str(result.source) / f"{result.sha256}.parquet")


def held(home: Home, result: LoadResult) -> pd.DataFrame:
    return pd.read_parquet(home.quarantine / f"{result.sha256}.parquet")


def test_suikei_kekka(tmp_path: Path, home: Home) -> None:
    result = one(write_suikei(tmp_path / "suikei_kekka.xlsx"), home)
    assert result.source == "ipss_r5_suikei"
    assert (result.rows_read, result.accepted) == (84, 84)
    stored = lake(home, result)
    assert len(stored) == 84 * 40
    youngest = stored[(stored["area_name"] == "見晴市") & (stored["age_from"] == 0)]
    assert youngest.set_index(["year", "sex"])["population"].to_dict() == {
        (2020 + 5 * year, sex): persons(11, year, (sex == "female"), 0)
        for year in range(7)
        for sex in ("male", "female")
    }
    assert set(stored["projection"]) == {"ipss_r5"}
    assert stored["is_actual"].sum() == len(AREAS) * 40
    assert set(stored[stored["age_to"].isna()]["age_from"]) == {95}


def test_a_bad_and_a_repeated_row_of_suikei_kekka(tmp_path: Path, home: Home) -> None:
    """Row 8 does not add up; row 20 says again what row 19 says; row 27 contradicts row 26."""
    rows: dict[int, dict[int, object]] = {}

    def change(number: int, cells: dict[int, object]) -> None:
        rows[number] = dict(cells)
        if number == 8:
            cells[MALE + 1] = 1
        if number in (20, 27):
            cells.update(rows[number - 1])
        if number == 27:
            for column in (MALE, MALE + 1):
                cells[column] += 1
            for column in (FEMALE, FEMALE + 1):
                cells[column] -= 1

    result = one(write_suikei(tmp_path / "x.xlsx", change=change), home)
    assert (result.quarantined, result.duplicates) == (2, 1)
    findings = held(home, result).set_index("source_row")["rule"]
    assert set(findings[[8]]) == {"bands_and_total"}
    assert set(findings[[27]]) == {"conflict"}


def test_a_cross_table_and_its_wrong_subtotal(tmp_path: Path, home: Home) -> None:
    result = one(write_cross(tmp_path / "x.xlsx", {(10, 4): 1}), home)
    assert result.source == "workload_survey"
    assert (result.rows_read, result.accepted) == (13, 5)
    assert (result.quarantined, result.ignored) == (1, 7)
    (finding,) = held(home, result).to_dict("records")
    assert (finding["sheet"], finding["source_row"], finding["column"]) == (
        "調査票",
        10,
        "申請受付",
    )
    assert finding["value"] == "1"
    stored = lake(home, result)
    assert set(stored["staff_kind"]) == {"unknown"}
    assert set(stored["municipality"]) == {CITY}
    assert set(stored["survey"]) == {"2025"}
    entry = json.loads((home.ledger / f"{result.sha256}.json").read_text(encoding="utf-8"))
    assert (entry["period_from"], entry["period_to"]) == ("2025-04-01", "2026-03-31")
    assert entry["ignored_reasons"] == {"blank": 1, "subtotal": 4, "title": 1, "total": 1}


def test_a_long_list(tmp_path: Path, home: Home) -> None:
    rows = [
        ("市民課", "住民係", "住民異動", "受付", "申請受付", "常勤", "7,000", 12, 1400),
        (None, None, None, "入力", "入力", "会計年度任用職員", 7000, 6, None),
        (None, None, None, "電話", "電話番", "常勤", None, None, 5),
        (None, None, None, "搬送", "その他", "ロボット", None, None, 5),
        (None, None, None, "整理", "書類整理", None, None, None, -3),
        (None, None, "小計", None, None, None, None, None, 2107),
    ]
    result = one(write_list(tmp_path / "x.xlsx", rows), home)
    assert (result.accepted, result.quarantined, result.ignored) == (2, 3, 1)
    stored = lake(home, result).sort_values("source_row")
    assert stored["hours"].tolist() == [1400.0, 700.0]
    assert stored["volume"].tolist() == [7000.0, 7000.0]
    assert stored["category"].tolist() == ["reception", "data_entry"]
    assert stored["staff_kind"].tolist() == ["regular", "fixed_term"]
    findings = held(home, result).set_index("source_row")["column"].to_dict()
    assert findings == {6: "事務分類", 7: "職員区分", 8: "年間時間"}


def test_a_profile_explains_a_municipality_s_own_word(tmp_path: Path, home: Home) -> None:
    """Without naming the adapter: a profile of a source is read as the source is."""
    home.profiles.mkdir(parents=True)
    (home.profiles / "ours.yml").write_text(
        "source: workload_survey\nfile: '電話*.xlsx'\nvalues: {category: {inquiry: [電話番]}}\n",
        encoding="utf-8",
    )
    rows = [("市民課", None, "案内", None, "電話番", "常勤", None, None, 5)]
    result = one(write_list(tmp_path / "電話番.xlsx", rows), home)
    assert lake(home, result)["category"].tolist() == ["inquiry"]
