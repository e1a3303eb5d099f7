"""Workbooks: cells as text, whatever the file is called."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from pipelines.errors import Refused
from pipelines.read import Merged, open_document
from pipelines.read_excel import ENCRYPTED, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1234567890123.0, "1234567890123"),
        (0.1 + 0.2, "0.3"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (dt.date(2026, 10, 1), "2026-10-01"),
        (dt.datetime(2026, 10, 1), "2026-10-01"),
        (dt.datetime(2026, 10, 1, 8, 59, 59, 999_600), "2026-10-01T09:00:00"),
        (dt.time(9, 5), "09:05:00"),
        (dt.timedelta(hours=25, minutes=30), "25:30:00"),
        ("０１", "０１"),
        ("", ""),
    ],
)
def test_a_cell_is_plain_text(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "staff.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write(0, 0, "職員数")
        sheet.write_row(1, 0, ["課", "年齢", "人数"])
        sheet.merge_range(2, 0, 3, 0, "市民課")
        sheet.merge_range(2, 2, 3, 2, 5)
        sheet.write(2, 1, 30)
        sheet.write(3, 1, 31)
        sheet.write(4, 0, "税務課")
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
        hidden = book.add_worksheet("控え")
        hidden.write(0, 0, "x")
        hidden.hide()
    return path


def test_names_merged_downwards_stand_in_each_row_and_numbers_once(workbook: Path) -> None:
    sheet = open_document(workbook).sheets[0]
    assert sheet.merged == (Merged(2, 0, 3, 0), Merged(2, 2, 3, 2))
    rows = pa.concat_tables(sheet.chunks(2, 3))
    assert rows["c0"].to_pylist() == ["市民課", "市民課", "税務課"]
    assert rows["c2"].to_pylist() == ["5", "", "#DIV/0!"], "an error is not a blank"
    assert rows["source_row"].to_pylist() == [3, 4, 5]
    assert sheet.rows()[3][0] == "", "adapters see the sheet as it is"


def test_hidden_sheets_are_marked(workbook: Path) -> None:
    assert [sheet.hidden for sheet in open_document(workbook).sheets] == [False, True]


def test_the_content_decides_not_the_name(workbook: Path, tmp_path: Path) -> None:
    path = shutil.copy(workbook, tmp_path / "staff.csv")
    assert open_document(Path(path)).kind == "excel"


def test_an_old_workbook_is_read(realdata: Path) -> None:
    document = open_document(realdata / "ipss_h29_national_pyramid.xls")
    assert [sheet.name for sheet in document.sheets] == ["M", "F", "Note"]
    assert document.sheets[0].head[3][:2] == ["総数", "48244.445"]


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + ENCRYPTED)
    with pytest.raises(Refused, match="パスワード"):
        open_document(path)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.read_excel.LARGEST_UNPACKED", 100)
    with pytest.raises(Refused, match="大きすぎる"):
        open_document(workbook)


def test_a_workbook_without_a_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with pytest.raises(Refused, match="空"):
        open_document(path)
