"""The ticket logs are written as machines write them, with the faults that were planned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipelines.demo import ticket_files
from pipelines.demo.world import CITY_CODE, HARBOUR, MAIN, NORTH, WATERMARK
from warehouse.codes import is_valid

Read = Callable[[Path], list[list[str]]]


def of_office(folder: Path, office: str) -> list[Path]:
    return sorted(folder.glob(f"窓口受付_{office}_*.csv"))


def test_one_file_per_office_and_month_with_title_and_total(
    city_folder: Path, read_rows: Read, tickets: pd.DataFrame
) -> None:
    count = 0
    for office in (MAIN, NORTH, HARBOUR):
        files = of_office(city_folder, office)
        assert len(files) == 24
        for path in files:
            title, header, *rows, total = read_rows(path)
            assert WATERMARK in title[0]
            assert header[:5] == ["団体コード", "庁舎", "課", "窓口番号", "受付番号"]
            assert {len(row) for row in (header, *rows, total)} == {len(header)}
            assert total[0] == "合計"
            assert total[4] == f"{len(rows):,}件"
            count += len(rows)
    assert count == len(tickets) + ticket_files.FAULTS["duplicate"]


def test_files_are_cp932_and_not_utf8(city_folder: Path) -> None:
    for path in of_office(city_folder, MAIN)[:2]:
        content = path.read_bytes()
        assert content.decode("cp932")
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")


@pytest.mark.parametrize(
    ("office", "month", "header", "pattern"),
    [
        (MAIN, "2025年01月", "発券時刻", r"2025/01/\d\d \d\d:\d\d:\d\d"),
        (MAIN, "2025年07月", "発券時刻", r"令和7年7月\d{1,2}日 \d{1,2}時\d\d分"),
        (MAIN, "2026年10月", "発券時刻", r"2026-10-\d\dT\d\d:\d\d:\d\d"),
        (NORTH, "2026年10月", "発券日", r"2026/10/\d{1,2}"),
        (NORTH, "2026年10月", "発券時刻", r"\d{1,2}:\d\d:\d\d"),
        (NORTH, "2026年10月", "受付番号", r"[０-９]{3}"),
        (HARBOUR, "2026年10月", "発券時刻", r"R8\.10\.\d{1,2} \d{1,2}:\d\d"),
    ],
)
def test_each_machine_has_its_own_way(
    city_folder: Path, read_rows: Read, office: str, month: str, header: str, pattern: str
) -> None:
    _, names, *rows, _ = read_rows(city_folder / f"窓口受付_{office}_{month}.csv")
    cells = [row[names.index(header)] for row in rows]
    fits = sum(bool(re.fullmatch(pattern, cell)) for cell in cells)
    assert len(cells) - 5 <= fits


def test_harbour_machine_records_neither_finish_nor_state(
    city_folder: Path, read_rows: Read
) -> None:
    for path in of_office(city_folder, HARBOUR):
        assert not {"完了時刻", "状態", "引継元窓口"} & set(read_rows(path)[1])


def test_faults_are_those_planned(city_folder: Path, read_rows: Read) -> None:
    """Those that the cells alone show; the load counts the others."""
    codes: Counter[str] = Counter()
    repeated = blank = 0
    for office in (MAIN, NORTH, HARBOUR):
        for path in of_office(city_folder, office):
            _, names, *rows, _ = read_rows(path)
            codes.update(row[0] for row in rows)
            repeated += len(rows) - len({tuple(row) for row in rows})
            blank += sum(not row[names.index("発券時刻")] for row in rows)
    assert {code for code in codes if not is_valid(code)} == set(codes) - {CITY_CODE}
    assert codes.total() - codes[CITY_CODE] == ticket_files.FAULTS["wrong_code"]
    assert repeated == ticket_files.FAULTS["duplicate"]
    assert blank == ticket_files.FAULTS["no_issue"]
    assert 36 <= sum(ticket_files.FAULTS.values()) <= 72


def test_era_dates_are_used_in_the_summer_of_2025_only() -> None:
    eras = {
        date(year, month, 1)
        for year in (2025, 2026)
        for month in range(1, 13)
        if ticket_files.machine(MAIN, date(year, month, 1)).stamp(2025, 6, 2, 32400)
        == ["令和7年6月2日 9時00分"]
    }
    assert eras == {date(2025, 6, 1), date(2025, 7, 1), date(2025, 8, 1)}
