"""Faults that a file is loaded with: what is taken as it is, which rows are held back and why."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import held, returnable
from tests.fixtures.faults import (
    CITY,
    COLUMNS,
    HEADER,
    House,
    cells,
    log,
    ticket,
    tickets,
    workbook,
)
from tests.fixtures.old_workbooks import xls


def write(folder: Path, rows: list[str], header: str = HEADER, encoding: str = "cp932") -> Path:
    path = folder / "log.csv"
    path.write_bytes(log(rows, header).encode(encoding))
    return path


def changed(which: int, /, **values: str) -> str:
    """A good ticket with other values in the columns named: issued, called, finished, …"""
    row = cells(which)
    at = {"department": 2, "number": 4, "issued": 5, "called": 6, "finished": 7, "procedure": 8}
    for name, value in values.items():
        row[at[name]] = value
    return ",".join(row)


# --- letters ---------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8", "utf-16"])
def test_letters_of_every_encoding_arrive(house: House, tmp_path: Path, encoding: str) -> None:
    """CP932 with letters that JIS lacks, a mark before UTF-8, UTF-16 with tabs as of Excel."""
    rows = [changed(0, department="市民課①"), changed(1, department="髙島町～窓口")]
    header = HEADER
    if encoding == "utf-16":
        rows, header = [row.replace(",", "\t") for row in rows], HEADER.replace(",", "\t")
    result = house.load(write(tmp_path, rows, header, encoding))
    assert (result.status, result.accepted) == ("stored", 2)
    assert [row["department"] for row in house.rows(result)] == ["市民課①", "髙島町～窓口"]


def test_an_old_or_new_workbook_is_read_whatever_its_name_says(
    house: House, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "log.csv", [cells(n) for n in range(3)])
    assert house.load(path).accepted == 3


def test_a_zip_of_logs_is_one_delivery(house: House, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "10月.zip", "w") as archive:
        for day in (1, 2):
            rows = tickets(4, f"2026/10/{day:02d}")
            archive.writestr(f"発券/{day}日.csv", log(rows).encode("cp932"))
        archive.writestr("説明.pdf", b"%PDF-1.7")
    result = house.load(tmp_path / "10月.zip")
    assert (result.rows_read, result.accepted) == (8, 8)
    assert "読まなかったシート: 説明.pdf" in result.message and "説明.pdf" in result.message_en


# --- rows -----------------------------------------------------------------------------------


def test_a_file_cut_within_a_row_keeps_that_row_back(house: House, tmp_path: Path) -> None:
    path = write(tmp_path, tickets(6))
    path.write_bytes(path.read_bytes()[:-30])
    result = house.load(path)
    assert (result.accepted, result.quarantined) == (5, 1)
    (row,) = house.held(result)
    assert row["rule"] == "short_row" and row["source_row"] == 7
    assert "途中で切れていないか" in row["message_ja"] and "cut off" in row["message_en"]


@pytest.mark.parametrize("lines", [1, 30, 800])
def test_a_wrong_quotation_mark_swallows_no_lines(house: House, tmp_path: Path, lines: int) -> None:
    broken = ticket(0).replace("転入届", '"転入届')
    result = house.load(write(tmp_path, [broken, *tickets(lines, "2026/10/02")]))
    assert (result.accepted, result.quarantined) == (lines, 1)
    (row,) = house.held(result)
    assert row["rule"] == "quote" and "引用符" in row["message_ja"] and row["message_en"]


def test_a_title_a_total_and_notes_are_no_rows(house: House, tmp_path: Path) -> None:
    rows = [*tickets(3), ",,,,合計,3,,,", "※ 速報値"]
    path = write(tmp_path, rows, f"発券ログ\r\n\r\n{HEADER}")
    result = house.load(path)
    assert (result.rows_read, result.accepted, result.ignored) == (5, 3, 2)


def test_a_header_that_is_repeated_below_is_no_row(house: House, tmp_path: Path) -> None:
    result = house.load(write(tmp_path, [*tickets(70), HEADER, *tickets(2, "2026/10/02")]))
    assert (result.accepted, result.ignored) == (72, 1)
    assert "見出し 1" in result.message


def test_a_header_of_300_letters_and_one_thousand_columns_are_read(
    house: House, tmp_path: Path
) -> None:
    more = ["長" * 300, *(f"予備{n}" for n in range(1000))]
    rows = [f"{row},{','.join('0' for _ in more)}" for row in tickets(3)]
    assert house.load(write(tmp_path, rows, f"{HEADER},{','.join(more)}")).accepted == 3


# --- numbers and cells ------------------------------------------------------------------------

STAFF = ["団体コード", "基準日", "年齢", "職員区分", "人数"]


def staff(path: Path, *amounts: object) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("職員")
        sheet.write_row(0, 0, STAFF)
        for number, amount in enumerate(amounts):
            sheet.write_row(number + 1, 0, [CITY, "2026-04-01", 30 + number, "常勤"])
            if isinstance(amount, str) and amount.startswith("#"):
                sheet.write_formula(number + 1, 4, "=1/0", None, amount)
            else:
                sheet.write(number + 1, 4, amount)
    return path


def test_thousand_separators_are_read(house: House, tmp_path: Path) -> None:
    result = house.load(staff(tmp_path / "s.xlsx", "1,234", "１，２３４", 1234))
    assert [row["headcount"] for row in house.rows(result)] == [1234, 1234, 1234]


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!"])
def test_an_error_in_a_cell_is_not_nothing(house: House, tmp_path: Path, error: str) -> None:
    result = house.load(staff(tmp_path / "s.xlsx", 3, error))
    assert (result.accepted, result.quarantined) == (1, 1)
    (row,) = house.held(result)
    assert row["value"] == error and row["source_row"] == 3 and "読めません" in row["message_ja"]


def test_merged_names_stand_in_each_of_their_rows(house: House, tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for number in range(3):
            sheet.write_row(number + 1, 0, cells(number))
        sheet.merge_range(1, 2, 3, 2, "市民課")
    result = house.load(path)
    assert [row["department"] for row in house.rows(result)] == ["市民課"] * 3


def test_hidden_rows_are_read_and_said(house: House, tmp_path: Path) -> None:
    """A filter that was left on hides rows; leaving them out would lose them without a trace."""
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([list(COLUMNS), *(cells(n) for n in range(6))]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
    result = house.load(path)
    assert result.accepted == 6
    assert "非表示の行 2 も読みました" in result.message
    assert "2 hidden rows were read too" in result.message_en


def test_hidden_sheets_are_not_read_and_said(house: House, tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("10月", "控え"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, cells(1))
        sheet.hide()
    result = house.load(path)
    assert result.accepted == 1
    assert "読まなかったシート: 控え" in result.message


# --- days and times --------------------------------------------------------------------------


def moments(house: House, folder: Path, *issued: str) -> dict[str, str]:
    """Issue as written → as stored, or the rule by which its row is held back."""
    rows = [
        changed(number, number=str(number), issued=text, called="", finished="")
        for number, text in enumerate(issued)
    ]
    result = house.load(write(folder, rows))
    stored = {row["source_row"]: f"{row['issued_at']:%Y-%m-%d %H:%M}" for row in house.rows(result)}
    stored |= {row["source_row"]: row["rule"] for row in house.held(result)}
    return {text: stored[number + 2] for number, text in enumerate(issued)}


def test_eras_change_from_one_day_to_the_next(house: House, tmp_path: Path) -> None:
    assert moments(
        house,
        tmp_path,
        *("平成31年4月30日 9時00分", "令和元年5月1日 9時00分", "R1.5.1 9:05", "H31/4/30 9:05"),
        *("平成31年5月1日 9時00分", "令和元年4月30日 9時00分", "昭和64年1月8日 9:00"),
    ) == {
        "平成31年4月30日 9時00分": "2019-04-30 09:00",
        "令和元年5月1日 9時00分": "2019-05-01 09:00",
        "R1.5.1 9:05": "2019-05-01 09:05",
        "H31/4/30 9:05": "2019-04-30 09:05",
        "平成31年5月1日 9時00分": "timestamp",
        "令和元年4月30日 9時00分": "timestamp",
        "昭和64年1月8日 9:00": "timestamp",
    }


@pytest.mark.parametrize(
    "late", ["2026/10/01 24:00", "2026/10/01 25:30", "2026-10-01T09:00Z", "2026-10-01T09:00-05:00"]
)
def test_what_no_clock_in_japan_shows_is_held_back_with_advice(
    house: House, tmp_path: Path, late: str
) -> None:
    result = house.load(write(tmp_path, [changed(0, called=late), ticket(1)]))
    assert (result.accepted, result.quarantined) == (1, 1)
    row = next(row for row in house.held(result) if row["rule"] == "timestamp")
    assert row["value"] == late
    assert "24時以降は翌日の日付" in row["message_ja"] and "日本の時刻" in row["message_ja"]
    assert "next day" in row["message_en"] and "without an offset" in row["message_en"]


def test_the_offset_of_japan_is_the_time_of_japan(house: House, tmp_path: Path) -> None:
    found = moments(house, tmp_path, "2026-10-01T09:00:00+09:00", "2026-10-01T09:01+0900")
    assert set(found.values()) <= {"2026-10-01 09:00", "2026-10-01 09:01"}


def test_days_that_never_were_are_held_back(house: House, tmp_path: Path) -> None:
    found = moments(house, tmp_path, "2026/02/29 9:00", "2026/09/31 9:00", "2024/02/29 9:00")
    assert list(found.values()) == ["timestamp", "timestamp", "2024-02-29 09:00"]


@pytest.mark.parametrize("date_1904", [False, True])
def test_days_of_a_workbook_are_those_that_it_shows(
    house: House, tmp_path: Path, date_1904: bool
) -> None:
    """Workbooks of old Macs count days from 1904; the same moment is another number there."""
    path = tmp_path / "log.xlsx"
    shown = dt.datetime(2026, 10, 1, 9, 0)
    with xlsxwriter.Workbook(path, {"date_1904": date_1904}) as book:
        sheet = book.add_worksheet()
        style = book.add_format({"num_format": "yyyy/mm/dd hh:mm"})
        sheet.write_row(0, 0, COLUMNS)
        sheet.write_row(1, 0, cells(0)[:5])
        sheet.write_datetime(1, 5, shown, style)
        sheet.write(1, 8, "転入届")
    (row,) = house.rows(house.load(path))
    assert row["issued_at"] == shown


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@pytest.mark.parametrize(("date_1904", "days"), [(False, 46296.375), (True, 44834.375)])
def test_days_of_a_workbook_that_lost_their_format(
    house: House, tmp_path: Path, kind: str, date_1904: bool, days: float
) -> None:
    """A bare number is read as the workbook counts its days: 1,462 days lie between the two."""
    path = tmp_path / f"log.{kind}"
    row = [*cells(0)[:5], days, None, None, "転入届"]
    if kind == "xlsx":
        with xlsxwriter.Workbook(path, {"date_1904": date_1904}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, row)
    else:
        path.write_bytes(xls([COLUMNS, row], date_1904=date_1904))
    (stored,) = house.rows(house.load(path))
    assert stored["issued_at"] == dt.datetime(2026, 10, 1, 9, 0)


def test_days_as_numbers_in_a_text_file_are_those_of_excel(house: House, tmp_path: Path) -> None:
    # 46,296 days after 1899-12-30 are 2026-10-01; three eighths of a day are nine hours.
    assert moments(house, tmp_path, "46296.375") == {"46296.375": "2026-10-01 09:00"}


# --- deliveries ------------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing(house: House, tmp_path: Path) -> None:
    path = write(tmp_path, tickets(5))
    house.load(path)
    before = house.state()
    assert house.load(path).status == "unchanged"
    assert house.state() == before


def test_files_that_overlap_count_each_row_once(house: House, tmp_path: Path) -> None:
    house.load(write(tmp_path, tickets(10)))
    later = house.load(write(tmp_path, tickets(15)[5:]))
    assert (later.accepted, later.duplicates) == (5, 5)


def test_a_correction_of_the_same_month_is_held_back_beside_the_first(
    house: House, tmp_path: Path
) -> None:
    """Where no profile says `replace: period`, which of the two is right is not for us to say."""
    first = house.load(write(tmp_path, tickets(3)))
    result = house.load(write(tmp_path, [changed(1, procedure="転出届"), *tickets(3)[2:]]))
    assert (result.accepted, result.duplicates, result.quarantined) == (0, 1, 1)
    (row,) = house.held(result)
    assert row["rule"] == "conflict" and "内容が違います" in row["message_ja"]
    assert "differs" in row["message_en"]
    assert len(house.rows(first)) == 3


def test_a_code_that_no_municipality_has_says_so(house: House, tmp_path: Path) -> None:
    rows = [ticket(0), ticket(1).replace(CITY, "272061"), ticket(2).replace(CITY, "2720")]
    result = house.load(write(tmp_path, rows))
    assert result.accepted == 1
    for row in house.held(result):
        assert "コード" in row["message_ja"] and "check" in row["message_en"]


# --- formulas --------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "\t="])
def test_formulas_are_kept_as_written_and_escaped_on_the_way_out(
    house: House, tmp_path: Path, sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    formula = f"{sign}HYPERLINK(1)"
    rows = [changed(0, procedure=formula), changed(1, procedure=formula, issued="いつか")]
    result = house.load(write(tmp_path, rows, encoding="utf-8"))
    (stored,) = house.rows(result)
    assert stored["procedure"].strip().lstrip("＝=") == formula.strip().lstrip("＝=")
    held.write_csv(held.table(house.home, result.sha256), sys.stdout)
    for line in capsys.readouterr().out.splitlines():
        for cell in line.split(","):
            assert not cell.strip('"').startswith(("=", "+", "-", "@", "＝", "\t"))


def test_a_workbook_of_rows_to_correct_runs_no_formula(house: House, tmp_path: Path) -> None:
    rows = [changed(0), changed(1, procedure="=HYPERLINK(1)", issued="いつか")]
    result = house.load(write(tmp_path, rows))
    assert result.quarantined == 1 and result.sha256 is not None
    (tmp_path / "back.xlsx").write_bytes(returnable.workbook(house.home, result.sha256))
    with zipfile.ZipFile(tmp_path / "back.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        assert "HYPERLINK(1)" in texts
        for name in book.namelist():
            assert b"<f>" not in book.read(name)
