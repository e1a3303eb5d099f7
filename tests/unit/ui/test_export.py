"""Downloads: what Excel reads is what the page shows, and nothing runs as a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from ui.export import Column, Provenance, Table, file_name, to_csv, to_xlsx
from warehouse.formula import harmless

TABLE = Table(
    "窓口ごと",
    (
        Column("code", "団体コード", "code"),
        Column("name", "窓口"),
        Column("wait", "中央値", "number", "分", 1),
        Column("rate", "オンライン申請率", "share", "", 1),
        Column("month", "月", "month"),
        Column("day", "日", "date"),
        Column("at", "取込", "time"),
    ),
    pd.DataFrame(
        {
            "code": ["013501", "272060"],
            "name": ["市民課 1番", "=HYPERLINK(1)"],
            "wait": [6.25, None],
            "rate": [0.4567, None],
            "month": [date(2026, 10, 1), None],
            "day": [date(2026, 10, 31), None],
            "at": [datetime(2026, 11, 2, 9, 14), None],
            "unseen": [1, 2],
        }
    ),
)
PLAIN = Provenance([("期間", "2026年10月"), ("SQL", "SELECT 1")])
DEMO = Provenance(PLAIN.lines, "模擬データ")


def rows_of(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_csv_is_utf8_with_bom_and_units_in_headers() -> None:
    raw = to_csv(TABLE, PLAIN)
    assert raw.startswith(b"\xef\xbb\xbf")
    head, first, second = rows_of(raw)
    assert head == [
        *("団体コード", "窓口", "中央値（分）", "オンライン申請率（%）", "月", "日", "取込"),
    ]
    assert first == [
        "013501",
        "市民課 1番",
        "6.3",
        "45.7",
        "2026-10",
        "2026-10-31",
        "2026-11-02 09:14",
    ]
    assert second == ["272060", "'=HYPERLINK(1)", "", "", "", "", ""]


def test_csv_of_synthetic_data_says_so_first() -> None:
    assert rows_of(to_csv(TABLE, DEMO))[0] == ["模擬データ"]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "-1+2", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_formulas_are_escaped(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-3", "+1,200", "-0.5%", "2026-10", "市民課"])
def test_a_number_keeps_its_sign(text: str) -> None:
    assert harmless(text) == text


@given(st.text())
def test_no_cell_of_text_starts_a_formula(text: str) -> None:
    table = Table("t", (Column("a", "a"),), pd.DataFrame({"a": [text]}))
    cell = to_csv(table, PLAIN).decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"')
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_xlsx_holds_real_numbers_and_text_codes() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(TABLE, PLAIN, ("表", "出所"))))
    assert book.sheet_names == ["表", "出所"]
    head, first, second = book.get_sheet_by_name("表").to_python()
    assert head[2:4] == ["中央値（分）", "オンライン申請率（%）"]
    assert first[:4] == ["013501", "市民課 1番", 6.25, 0.4567]
    assert first[4:] == [date(2026, 10, 1), date(2026, 10, 31), datetime(2026, 11, 2, 9, 14)]
    assert second[:4] == ["272060", "=HYPERLINK(1)", "", ""]


def test_xlsx_says_where_it_comes_from_and_that_it_is_synthetic() -> None:
    raw = to_xlsx(TABLE, DEMO, ("表/1", "出所"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == ["表 1", "出所"]
    assert book.get_sheet_by_index(0).to_python()[0][0] == "模擬データ"
    about = [row[:2] for row in book.get_sheet_by_name("出所").to_python()]
    assert ["期間", "2026年10月"] in about
    assert ["SQL", "SELECT 1"] in about
    assert ["", "模擬データ"] in about


def test_an_empty_table_still_has_its_header() -> None:
    empty = Table(TABLE.title, TABLE.columns, TABLE.frame.iloc[:0])
    assert len(rows_of(to_csv(empty, PLAIN))) == 1
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(empty, PLAIN, ("表", "出所"))))
    assert len(book.get_sheet_by_name("表").to_python()) == 1


def test_file_names_are_plain() -> None:
    name = file_name("waits", "heat", "2025-11..2026-10", ".csv", date(2026, 11, 2))
    assert name == "mado-waits-heat-2025-11_2026-10-20261102.csv"
