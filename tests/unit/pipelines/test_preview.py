"""A preview says what loading would do, and leaves everything as it is."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path

import pytest

from pipelines import held, ingest
from pipelines.errors import PipelineError
from pipelines.preview import preview
from pipelines.shadow import shadow
from tests.fixtures.spreadsheet import Cells, edited
from warehouse.home import Home

HEADER = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻,メモ書き"
GOOD = "272060,市民課,1,A001,R8.10.1 9:00,2026/10/01 09:06:00,"
LATE = "272060,市民課,1,A002,2026/10/01 09:01:00,2026/10/01 09:00:00,"
NEVER = "272060,市民課,2,A003,2026/13/01 09:05:00,,"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, so that what is left in it can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def write(folder: Path, *rows: str, name: str = "10月.csv", encoding: str = "cp932") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([*rows, ""]).encode(encoding))
    return path


def contents(home: Home) -> dict[str, str]:
    """Every file under the home with its hash; none where the home does not exist."""
    return {
        str(path.relative_to(home.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.root.rglob("*"))
        if path.is_file()
    }


def test_what_was_recognised_is_said(home: Home, tmp_path: Path) -> None:
    found = preview(write(tmp_path, "発券記録（10月）", HEADER, GOOD, LATE, NEVER), home)
    assert found.source is not None and found.source.id == "ticket_log"
    assert (found.profile, found.encoding, found.header_row) == ("standard", "cp932", 2)
    assert found.unused == ("メモ書き",)
    result = found.result
    assert (result.rows_read, result.accepted, result.quarantined) == (3, 1, 2)
    assert found.entry is not None and found.entry.period_from == "2026-10-01"


def test_rows_stand_as_written_beside_as_understood(home: Home, tmp_path: Path) -> None:
    found = preview(write(tmp_path, HEADER, GOOD, LATE, NEVER), home)
    assert found.paired
    assert [row.number for row in found.rows] == [2, 3, 4]
    items = {item.name: item for item in found.items}
    first, bad, _ = found.rows
    assert items["issued_at"].header == "発券時刻"
    assert first.cells[items["issued_at"].position or 0] == "R8.10.1 9:00"
    assert first.records[0]["issued_at"] == datetime(2026, 10, 1, 9)
    assert items["office"].header is None and first.records[0]["office"] == "本庁"
    assert not bad.records
    assert [reason.ja[:9] for reason in bad.reasons] == ["呼出が発券より前で"]
    assert "wait_seconds" not in items, "what is computed is not read from the file"


def test_a_preview_is_what_loading_gives(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD, LATE, NEVER, GOOD)
    found = preview(path, home)
    assert ingest.load([path], home)[0] == found.result
    told = ["source_row", "column", "value", "rule", "message_ja"]
    rows = held.table(home).to_pandas()
    assert rows[told].values.tolist() == found.held[told].values.tolist()


def test_nothing_is_left_behind(home: Home, tmp_path: Path, temporary: Path) -> None:
    preview(write(tmp_path, HEADER, GOOD, LATE), home)
    assert not home.root.exists()
    assert list(temporary.iterdir()) == []


def test_a_home_with_data_stays_byte_for_byte(home: Home, tmp_path: Path) -> None:
    ingest.load([write(tmp_path, HEADER, GOOD, LATE)], home)
    (home.root / "config.toml").write_text('municipality = "272060"\n', encoding="utf-8")
    before = contents(home)
    later = write(tmp_path, HEADER, GOOD, GOOD.replace("A001", "A009"), name="また.csv")
    found = preview(later, home)
    assert (found.result.accepted, found.result.duplicates) == (1, 1)
    assert contents(home) == before


def test_the_same_content_is_known(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD)
    ingest.load([path], home)
    found = preview(path, home)
    assert found.result.status == "unchanged"
    assert found.source is not None and found.source.id == "ticket_log"


def test_personal_data_leave_no_trace(home: Home, tmp_path: Path, temporary: Path) -> None:
    path = write(tmp_path, HEADER.replace("メモ書き", "氏名"), GOOD + "見晴花子")
    found = preview(path, home)
    assert found.result.status == "refused" and "氏名" in found.result.message
    assert "見晴花子" not in found.result.message
    assert not found.rows and not home.root.exists() and list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "ask"),
    [
        ((HEADER.removeprefix("団体コード,"), GOOD.removeprefix("272060,")), "municipality"),
        (("あ,い", "1,2"), "source"),
    ],
)
def test_what_cannot_be_decided_is_asked(
    home: Home, tmp_path: Path, rows: tuple[str, ...], ask: str
) -> None:
    found = preview(write(tmp_path, *rows), home)
    assert (found.result.status, found.result.ask) == ("refused", ask)


def test_an_answer_decides(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER.removeprefix("団体コード,"), GOOD.removeprefix("272060,"))
    found = preview(path, home, municipality="272060")
    assert found.result.status == "stored"
    assert found.rows[0].records[0]["municipality"] == "272060"
    with pytest.raises(PipelineError, match="999999"):
        preview(path, home, municipality="999999")


def test_two_sources_that_fit_are_named(home: Home, tmp_path: Path) -> None:
    one = "団体コード,月,手続,受付方法,処理方法,件数,発券数,呼出数,待ち時間合計"
    row = "272060,2026-10,転入届,紙,紙,5,10,9,30"
    found = preview(write(tmp_path, one, row), home)
    assert found.result.ask == "source"
    assert set(found.options) == {"applications", "counter_month"}
    for source in found.options:
        told = preview(write(tmp_path, one, row), home, source=source)
        assert told.source is not None and told.source.id == source


def test_a_wide_table_shows_records_apart(home: Home, tmp_path: Path) -> None:
    rows = ("団体コード,月,手続,処理方法,オンライン,窓口（紙）", "272060,2026-10,転入届,紙,5,60")
    found = preview(write(tmp_path, *rows), home)
    assert not found.paired
    assert [one["applications"] for one in found.records] == [5, 60]
    assert len(found.rows) == 1


def test_a_layout_without_headers_shows_all_that_is_stored(
    home: Home, tmp_path: Path, realdata: Path
) -> None:
    """The source names no headers, as its columns are sheets and rows of the file."""
    found = preview(realdata / "ipss_h29_national_pyramid.xls", home)
    shown = {item.name for item in found.items if item.stored}
    assert {"area_name", "sex", "age_from", "population"} <= shown
    assert all(name in found.records[0] for name in shown)


def test_a_header_alone_is_refused_with_one_line(home: Home, tmp_path: Path) -> None:
    found = preview(write(tmp_path, HEADER), home)
    assert found.result.status == "refused" and "\n" not in found.result.message


def test_rows_held_back_come_back_corrected(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD, LATE, NEVER)
    ready = preview(path, home)
    ingest.load([path], home)

    def correct(name: str, cells: Cells) -> Cells:
        moments = {
            "2026/10/01 09:00:00": "2026/10/01 09:03:00",
            "2026/13/01 09:05:00": "R8.10.1 9:05",
        }
        return [[moments.get(cell, cell) for cell in row] for row in cells]

    assert ready.marked is not None
    again = tmp_path / "直した行.xlsx"
    again.write_bytes(edited(ready.marked, correct))
    found = preview(again, home)
    assert found.corrects == "10月.csv"
    assert (found.result.rows_read, found.result.accepted) == (2, 2)
    assert [row.number for row in found.rows] == [3, 4], "the numbers of the original file"
    assert found.rows[1].records[0]["issued_at"] == datetime(2026, 10, 1, 9, 5)
    assert held.table(home).num_rows == 2, "looking closes nothing"


def test_a_shadow_takes_writes_for_itself(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, GOOD, LATE)
    ingest.load([path], home)
    before = contents(home)
    with shadow(home) as copy:
        assert (
            contents(copy).items()
            >= {name: sha for name, sha in before.items() if name.startswith("lake/ledger")}.items()
        )
        ingest.load([write(tmp_path, HEADER, GOOD.replace("A001", "B1"), name="別.csv")], copy)
        for one in copy.lake.rglob("*.parquet"):
            one.unlink()
    assert contents(home) == before
