"""Files with personal data: nothing of them is kept, wherever in the file it stands.

All persons are made up.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import ingest, status
from pipelines.errors import PipelineError
from pipelines.personal_shapes import is_my_number
from tests.fixtures.faults import COLUMNS, HEADER, House, cells, log, ticket, tickets

NAMES = [
    "佐藤 花子",
    "鈴木 一郎",
    "高橋 健",
    "田中 美咲",
    "伊藤 大輔",
    "渡辺 陽子",
    "山本 翔太",
    "中村 恵",
]


def my_numbers(count: int) -> list[str]:
    found = (
        f"{n}{d}"
        for n in range(30_000_000_000, 30_000_009_000, 97)
        for d in range(10)
        if is_my_number(f"{n}{d}")
    )
    return [next(found) for _ in range(count)]


def write(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "log.csv"
    path.write_bytes(log(rows, header).encode("cp932"))
    return path


def nothing_kept(house: House, *values: str) -> None:
    """No file under the home holds one of the values, in any encoding."""
    for path in house.home.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for value in values:
                for encoding in ("cp932", "utf-8", "utf-16-le"):
                    assert value.encode(encoding) not in content, path.name


@pytest.mark.parametrize("column", ["担当者", "メモ", "備考2"])
def test_names_in_a_column_that_no_one_reads(settled: House, tmp_path: Path, column: str) -> None:
    rows = [f"{ticket(n)},{NAMES[n % 8]}" for n in range(16)]
    result = settled.refuses(write(tmp_path, rows, f"{HEADER},{column}"))
    assert f"「{column}」" in result.message and "16件" in result.message
    assert not any(name in result.message + result.message_en for name in NAMES)
    nothing_kept(settled, *NAMES)


def test_names_in_a_column_that_is_read(settled: House, tmp_path: Path) -> None:
    rows = [ticket(n).replace("転入届", NAMES[n % 8]) for n in range(16)]
    result = settled.refuses(write(tmp_path, rows))
    assert "列「手続」に氏名" in result.message
    nothing_kept(settled, *NAMES)


def test_my_numbers_that_begin_far_below(settled: House, tmp_path: Path) -> None:
    numbers = my_numbers(20)
    rows = [f"{ticket(n % 700)},{'なし'}" for n in range(60_000)]
    rows += [f"{ticket(n)},{number}" for n, number in enumerate(numbers)]
    result = settled.refuses(write(tmp_path, rows, f"{HEADER},照会番号"))
    assert "マイナンバー" in result.message and "「照会番号」" in result.message
    nothing_kept(settled, *numbers)


@pytest.mark.parametrize("hidden", [True, False])
def test_persons_on_a_sheet_that_is_not_read(settled: House, tmp_path: Path, hidden: bool) -> None:
    """The original bytes are kept with all their sheets."""
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        first = book.add_worksheet("ログ")
        first.write_row(0, 0, COLUMNS)
        first.write_row(1, 0, cells(1))
        other = book.add_worksheet("控え")
        for number, name in enumerate(NAMES):
            other.write_row(number + 3, 2, [name, number])
        if hidden:
            other.hide()
    result = settled.refuses(path)
    assert "シート「控え」の列「3列目」に氏名" in result.message, "the name above is no header"
    nothing_kept(settled, *NAMES)


def test_a_header_on_a_sheet_that_is_not_read(settled: House, tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        first = book.add_worksheet("ログ")
        first.write_row(0, 0, COLUMNS)
        first.write_row(1, 0, cells(1))
        other = book.add_worksheet("名簿")
        other.write_row(1, 0, ["番号", "氏名", "所属"])
        for number in range(4):
            other.write_row(number + 2, 0, [number, f"見晴{number}", "市民課"])
    assert "個人情報の列「氏名」" in settled.refuses(path).message


def test_a_form_with_a_line_for_a_name_is_no_list_of_persons(house: House, tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    with xlsxwriter.Workbook(path) as book:
        first = book.add_worksheet("ログ")
        first.write_row(0, 0, COLUMNS)
        first.write_row(1, 0, cells(1))
        form = book.add_worksheet("表紙")
        form.write_row(0, 0, ["記入者", "所属", "市民課", "氏名", ""])
    assert house.load(path).accepted == 1


def test_a_phone_number_in_a_column_of_numbers_is_not_held_back_either(
    settled: House, tmp_path: Path
) -> None:
    """A row that is held back keeps the value as it was: it must not come that far."""
    rows = [ticket(n).replace("2026/10/01 09:07:00", f"090-1234-{n:04d}") for n in range(1)]
    rows += [",".join([*cells(n)[:6], f"090-1234-{n:04d}", *cells(n)[7:]]) for n in range(1, 9)]
    result = settled.refuses(write(tmp_path, rows))
    assert "列「呼出時刻」に電話番号" in result.message


# --- waivers ----------------------------------------------------------------------------------

REASON = "窓口の愛称であり、人の名前ではない"


def waive(house: House, column: str, source: str = "ticket_log") -> None:
    house.home.root.mkdir(parents=True, exist_ok=True)
    text = f'[[waiver]]\nsource = "{source}"\ncolumn = "{column}"\nreason = "{REASON}"\n'
    (house.home.root / "config.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("column", ["愛称", "担当者氏名"])
def test_a_waiver_lets_one_column_pass_and_is_shown_wherever_the_file_is(
    house: House, tmp_path: Path, column: str
) -> None:
    rows = [f"{ticket(n)},{NAMES[n % 8]}" for n in range(16)]
    path = write(tmp_path, rows, f"{HEADER},{column}")
    assert house.load(path).status == "refused"
    waive(house, column)
    result = house.load(path)
    assert (result.status, result.accepted) == ("stored", 16)
    assert f"{column}（{REASON}）" in result.message and column in result.message_en
    entry = json.loads((house.home.ledger / f"{result.sha256}.json").read_text("utf-8"))
    assert entry["waived"] == {column: REASON}
    assert any(column in line and REASON in line for line in status.lines(house.home, date.today()))
    assert status.report(house.home, date.today())["files"][0]["waived"] == {column: REASON}


def test_a_waiver_holds_for_its_source_and_column_alone(house: House, tmp_path: Path) -> None:
    rows = [f"{ticket(n)},{NAMES[n % 8]}" for n in range(16)]
    waive(house, "愛称", source="opening")
    assert house.load(write(tmp_path, rows, f"{HEADER},愛称")).status == "refused"
    waive(house, "愛称")
    assert house.load(write(tmp_path, rows, f"{HEADER},メモ")).status == "refused"


def test_a_waiver_for_a_source_that_is_not_there_is_told(house: House, tmp_path: Path) -> None:
    waive(house, "愛称", source="ticketlog")
    with pytest.raises(PipelineError, match="取込元「ticketlog」はありません"):
        house.load(write(tmp_path, tickets(3)))


def test_a_waiver_that_no_file_needs_is_not_shown(house: House, tmp_path: Path) -> None:
    waive(house, "愛称")
    result = house.load(write(tmp_path, tickets(3)))
    assert "愛称" not in result.message


def test_my_numbers_are_refused_in_spite_of_a_waiver(house: House, tmp_path: Path) -> None:
    waive(house, "管理番号")
    rows = [f"{ticket(n)},{number}" for n, number in enumerate(my_numbers(12))]
    result = house.load(write(tmp_path, rows, f"{HEADER},管理番号"))
    assert result.status == "refused" and "マイナンバー" in result.message


def test_checking_a_file_keeps_nothing_of_it(house: House, tmp_path: Path) -> None:
    rows = [f"{ticket(n)},{NAMES[n % 8]}" for n in range(16)]
    (result,) = ingest.load([write(tmp_path, rows, f"{HEADER},メモ")], house.home, store=False)
    assert result.status == "refused"
    assert house.state() == {}
