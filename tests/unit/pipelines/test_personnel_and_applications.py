"""Staff by age and applications, in each form that offices write them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines import ingest
from pipelines.results import LoadResult
from warehouse.home import Home

CITY = "272060"


def write_csv(path: Path, lines: list[str]) -> Path:
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp932"))
    return path


def write_xlsx(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("年齢別")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def load(path: Path, home: Path) -> LoadResult:
    (result,) = ingest.load([path], Home(home), municipality=CITY)
    assert result.rows_read == (
        result.accepted + result.quarantined + result.duplicates + result.ignored
    )
    return result


def lake(home: Path, source: str) -> list[dict[str, object]]:
    return [
        row
        for path in sorted((home / "lake" / source).glob("*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


STAFF = [
    ["基準日", "年齢", "職員区分", "人数"],
    ["2026/4/1", 22, "常勤", 4],
    ["2026/4/1", 62, "再任用", 3],
    ["2026/4/1", 45, "会計年度任用", 7],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_staff_by_age_from_text_and_from_a_workbook(tmp_path: Path, kind: str) -> None:
    if kind == "csv":
        lines = [",".join(map(str, row)) for row in STAFF]
        path = write_csv(tmp_path / "staff.csv", lines)
    else:
        path = write_xlsx(tmp_path / "staff.xlsx", STAFF)
    assert load(path, tmp_path / "home").accepted == 3
    rows = lake(tmp_path / "home", "staff_age")
    assert {(r["age"], r["kind"], r["headcount"], r["fte"]) for r in rows} == {
        (22, "regular", 4, 4.0),
        (62, "rehired", 3, 3.0),
        (45, "fixed_term", 7, 7.0),
    }
    assert all(r["municipality"] == CITY and str(r["as_of"]) == "2026-04-01" for r in rows)


def test_staff_with_one_row_per_person_is_counted(tmp_path: Path) -> None:
    lines = ["基準日,年齢,職員区分", *["2026/4/1,30,常勤"] * 3, "2026/4/1,31,常勤"]
    result = load(write_csv(tmp_path / "people.csv", lines), tmp_path / "home")
    assert (result.rows_read, result.accepted) == (4, 4)
    rows = lake(tmp_path / "home", "staff_age")
    assert {(r["age"], r["headcount"]) for r in rows} == {(30, 3), (31, 1)}


def test_an_impossible_age_is_held_back(tmp_path: Path) -> None:
    lines = ["基準日,年齢,職員区分,人数", "2026/4/1,30,常勤,3", "2026/4/1,230,常勤,1"]
    result = load(write_csv(tmp_path / "staff.csv", lines), tmp_path / "home")
    assert (result.accepted, result.quarantined) == (1, 1)


def test_applications_in_a_long_list(tmp_path: Path) -> None:
    lines = [
        "年月,手続,受付方法,処理方法,件数,1件当たり分",
        "2026年10月,転入届,オンライン,デジタル,120,4.5",
        "R8.10,転入届,窓口（紙）,紙,80,12",
        "2026-10,転入届,郵送,紙,5,",
        "2026-10,転入届,のろし,紙,5,",
    ]
    result = load(write_csv(tmp_path / "a.csv", lines), tmp_path / "home")
    assert (result.accepted, result.quarantined) == (3, 1)
    rows = lake(tmp_path / "home", "applications")
    assert {(r["intake"], r["place"], r["processing"], r["applications"]) for r in rows} == {
        ("online", "home", "digital", 120),
        ("counter_paper", "hall", "paper", 80),
        ("mail", "home", "paper", 5),
    }
    assert {str(r["month"]) for r in rows} == {"2026-10-01"}
