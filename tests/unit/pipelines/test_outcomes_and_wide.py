"""What became of a ticket; wide tables; names merged downwards; codes that can be read two ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines import held, ingest
from pipelines.lookup import municipality_code
from pipelines.results import LoadResult
from warehouse.home import Home

CITY = "272060"
TICKETS = "課,窓口番号,受付番号,発券時刻,呼出時刻,完了時刻,状態,引継元窓口"


def load(folder: Path, *lines: str, **options: Any) -> tuple[LoadResult, list[dict[str, Any]]]:
    """Load one text file into a fresh home; its result and the rows of the lake."""
    path = folder / "file.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_path(path, folder, **options)


def load_path(path: Path, folder: Path, **options: Any) -> tuple[LoadResult, list[dict[str, Any]]]:
    home = Home(folder / "home")
    (result,) = ingest.load([path], home, municipality=CITY, **options)
    parts = [(result.accepted, result.quarantined, result.duplicates, result.ignored)]
    assert sum(parts[0]) == result.rows_read
    files = sorted((home.lake / str(result.source)).glob("*.parquet"))
    return result, [row for file in files for row in pq.read_table(file).to_pylist()]


def ticket(number: int, issued: str, called: str = "", finished: str = "", rest: str = ",") -> str:
    times = ",".join(f"2026/10/01 {time}" if time else "" for time in (issued, called, finished))
    return f"市民課,1,{number},{times},{rest}"


@pytest.mark.parametrize(
    ("row", "outcome", "wait", "service"),
    [
        (ticket(1, "9:00", "9:10", "9:15"), "served", 600, 300),
        (ticket(1, "9:00", "9:10"), "called", 600, None),
        (ticket(1, "9:00", "9:10", "", "不在,"), "no_show", 600, None),
        (ticket(1, "9:00", "", "", "取消,"), "cancelled", None, None),
        (ticket(1, "9:00", "9:10", "9:15", "完了,2番"), "served", 600, 300),
        (ticket(1, "9:00", "", "9:15", "完了,"), "served", None, None),
        (ticket(1, "9:00", "", "", "待ち,"), "abandoned", None, None),
        (ticket(1, "9:00"), "abandoned", None, None),
    ],
)
def test_the_state_wins_then_what_is_recorded(
    tmp_path: Path, row: str, outcome: str, wait: int | None, service: int | None
) -> None:
    _, rows = load(tmp_path, TICKETS, row, ticket(2, "16:50", "17:05"))
    assert (rows[0]["outcome"], rows[0]["wait_seconds"], rows[0]["service_seconds"]) == (
        outcome,
        wait,
        service,
    )
    assert rows[0]["records_no_show"] and rows[0]["records_forward"]


@pytest.mark.parametrize(
    ("last", "outcome"), [("16:59", "open"), ("17:00", "abandoned"), ("17:05", "abandoned")]
)
def test_who_waits_when_the_file_ends_before_closing_is_open(
    tmp_path: Path, last: str, outcome: str
) -> None:
    yesterday = ticket(9, "16:00").replace("10/01", "09/30")
    _, rows = load(tmp_path, TICKETS, yesterday, ticket(1, "9:00"), ticket(2, "9:05", last))
    assert [row["outcome"] for row in rows] == ["abandoned", outcome, "called"]


def test_the_closing_time_is_a_setting_of_the_profile(tmp_path: Path) -> None:
    (tmp_path / "home/profiles").mkdir(parents=True)
    text = "source: ticket_log\nsettings: {closing_time: '19:00'}\n"
    (tmp_path / "home/profiles/late.yml").write_text(text, encoding="utf-8")
    lines = (TICKETS, ticket(1, "9:00"), ticket(2, "9:05", "18:00"))
    _, rows = load(tmp_path, *lines, profile="late")
    assert [row["outcome"] for row in rows] == ["open", "called"]


def test_a_machine_without_state_or_finish_records_neither(tmp_path: Path) -> None:
    header = "課,窓口番号,受付番号,発券時刻,呼出時刻"
    _, rows = load(tmp_path, header, "市民課,1,1,2026/10/01 9:00,2026/10/01 9:05")
    (row,) = rows
    flags = ("records_finish", "records_no_show", "records_forward")
    assert [row[flag] for flag in flags] == [False, False, False]
    assert (row["office"], row["channel"], row["procedure"]) == ("本庁", "unknown", None)


def test_times_of_another_day_and_a_no_show_without_a_call_are_held_back(tmp_path: Path) -> None:
    late = ticket(1, "16:50", "9:00").replace("2026/10/01 9:00", "2026/10/02 9:00")
    result, _ = load(tmp_path, TICKETS, late, ticket(2, "9:00", "", "", "不在,"), ticket(3, "9:05"))
    assert (result.accepted, result.quarantined) == (1, 2)
    rules = held.table(Home(tmp_path / "home"))["rule"].to_pylist()
    assert rules == ["other_day", "no_show_without_call"]


def test_files_joined_end_to_end_and_notes_below_lose_nothing(tmp_path: Path) -> None:
    lines = (TICKETS, ticket(1, "9:00"), "合計　1件,,,,,,,", TICKETS, ticket(2, "9:05"), "※速報値")
    result, _ = load(tmp_path, *lines)
    assert (result.rows_read, result.accepted, result.ignored) == (5, 2, 3)
    assert all(word in result.message for word in ("合計行 1", "見出し 1", "表題・注記 1"))


def test_a_department_whose_name_has_the_sign_for_total_is_no_total(tmp_path: Path) -> None:
    rows = [
        ticket(n, "9:00").replace("市民課", name) for n, name in enumerate(["会計課", "統計係"])
    ]
    result, _ = load(tmp_path, TICKETS, *rows)
    assert result.accepted == 2


def test_a_broken_row_has_one_finding_that_names_the_row_as_a_whole(tmp_path: Path) -> None:
    result, _ = load(tmp_path, TICKETS, ticket(1, "9:00"), '市民課,1,"2,2026/10/01', "市民課,1,3")
    assert (result.accepted, result.quarantined) == (1, 2)
    rows = held.table(Home(tmp_path / "home")).to_pylist()
    assert [(r["source_row"], r["rule"]) for r in rows] == [(3, "quote"), (4, "short_row")]
    assert rows[0]["value"] == '市民課,1,"2,2026/10/01'


WIDE = "年月,手続,処理方法,オンライン,書かない窓口,窓口（紙）,郵送（件）,1件当たり分"


def test_a_wide_table_of_applications_is_spread_into_records(tmp_path: Path) -> None:
    lines = (WIDE, "R8.10,転入届,デジタル,120,40,,,4.5", "R8.10,転入届,紙,0,,80,3,12")
    result, rows = load(tmp_path, "申請件数一覧", *lines, "合計,,,120,40,80,3,")
    assert (result.source, result.rows_read, result.accepted) == ("applications", 3, 2)
    found = {(r["intake"], r["place"], r["processing"], r["applications"]) for r in rows}
    assert found == {
        ("online", "home", "digital", 120),
        ("counter_digital", "hall", "digital", 40),
        ("online", "home", "paper", 0),
        ("counter_paper", "hall", "paper", 80),
        ("mail", "home", "paper", 3),
    }
    assert [r["source_row"] for r in rows] == [3, 3, 4, 4, 4]


def test_one_bad_cell_of_a_wide_row_holds_the_whole_row_back(tmp_path: Path) -> None:
    lines = ("R8.10,転入届,紙,x,,80,,12", "R8.10,転出届,紙,,,,,12", "R8.10,転居届,紙,,,7,,12")
    result, rows = load(tmp_path, WIDE, *lines)
    assert (result.accepted, result.quarantined) == (1, 2)
    assert [(r["procedure"], r["applications"]) for r in rows] == [("転居届", 7)]
    findings = held.table(Home(tmp_path / "home")).to_pylist()
    assert (findings[0]["column"], findings[0]["value"]) == ("件数", "x")
    assert {f["rule"] for f in findings if f["source_row"] == 3} == {"required"}


def test_two_columns_for_one_way_of_applying_are_refused(tmp_path: Path) -> None:
    header = "年月,手続,処理方法,オンライン,電子申請"
    result, _ = load(tmp_path, header, "R8.10,転入届,紙,1,2")
    assert result.status == "refused" and "オンライン" in result.message


def test_a_workbook_with_merged_names_and_an_error_cell(tmp_path: Path) -> None:
    path = tmp_path / "staff.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("R8.4.1")
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, 4, "年齢別職員数")
        sheet.write_row(1, 0, ["所属", "基準日", "年齢", "任用区分", "職員数（人）"])
        sheet.merge_range(2, 0, 4, 0, "市民課")
        for row, age in enumerate((30, 31, 32), 2):
            sheet.write_number(row, 1, 46113, day)  # 2026-04-01
            sheet.write_row(row, 2, [age, "常勤", age - 29])
        sheet.write_formula(4, 4, "=1/0", None, "#DIV/0!")
        sheet.write_row(5, 0, ["合計", "", "", "", 6])
    result, rows = load_path(path, tmp_path)
    assert (result.rows_read, result.accepted, result.quarantined, result.ignored) == (4, 2, 1, 1)
    found = [(r["department"], str(r["as_of"]), r["age"], r["headcount"]) for r in rows]
    assert found == [("市民課", "2026-04-01", 30, 1), ("市民課", "2026-04-01", 31, 2)]
    (finding,) = held.table(Home(tmp_path / "home")).to_pylist()
    assert (finding["sheet"], finding["source_row"], finding["value"]) == ("R8.4.1", 5, "#DIV/0!")


KNOWN = {"012025": "city", "120251": "city", "272060": "city", "270008": "prefecture"}


@pytest.mark.parametrize(
    ("written", "code", "problem"),
    [
        ("272060", "272060", None),
        ("２７２０６０", "272060", None),
        ("272060.0", "272060", None),
        ("27206", "272060", None),
        ("272061", None, "check_digit"),
        ("999997", None, "unknown_municipality"),
        ("270008", None, "unknown_municipality"),
        ("泉大津市", None, "not_a_code"),
        ("12", None, "not_a_code"),
        ("12025", None, "doubtful_code"),
    ],
)
def test_municipality_codes(written: str, code: str | None, problem: str | None) -> None:
    assert municipality_code(written, KNOWN) == (code, problem)


def test_a_list_of_municipalities_is_taken_before_the_files_that_need_it(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "団体コード,課,窓口番号,受付番号,発券時刻\n512010,市民課,1,1,2026/10/01 9:00\n",
        encoding="utf-8",
    )
    listed = "団体コード,都道府県名,市区町村名,種別\n512010,霞野県,見晴市,市\n"
    (folder / "z.csv").write_text(listed, encoding="utf-8")
    tickets, municipalities = ingest.load([folder], Home(tmp_path / "home"))
    assert (tickets.source, tickets.accepted) == ("ticket_log", 1)
    assert (municipalities.source, municipalities.accepted) == ("municipality", 1)
