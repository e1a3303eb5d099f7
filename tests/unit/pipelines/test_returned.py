"""Rows held back go out as a workbook, come back corrected, and are then held back no more."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from pipelines import __main__ as commands
from pipelines import forget, held, ingest, ledger, publish, returnable, status
from pipelines.errors import PipelineError
from pipelines.read import open_document
from pipelines.results import LoadResult
from pipelines.returned import MARK_SHEET, mark_of, rows_in
from tests.fixtures.survey import hours, write_cross
from tests.fixtures.tickets import counts, lake, load, sha, tickets, waiting, write
from warehouse.home import Home

HEADER = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻,完了時刻,手続"
GOOD = "272060,市民課,1,1,2026/10/01 9:00,2026/10/01 9:05,2026/10/01 9:09,転入"
BAD = [
    "272060,市民課,1,2,2026/13/01 9:00,2026/10/01 9:05,,転入",
    '272060,市民課,1,3,2026/10/01 9:00,2026/10/01 8:05,,"=1+1"',
    "272060,市民課,1,,2026/10/01 9:00,,,転入",
]
"""Rows 4, 5 and 6 below a title, the header and a good row: no such month; called before the
issue; no number."""

SECTION_SUM = 7
"""Row of the first sum in the cross table of tests.fixtures.survey."""

Corrections = Mapping[int, Mapping[int, str]]
"""Row of the original → position of a cell → what the clerk writes."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    path = tmp_path / "10月.csv"
    path.write_bytes("\r\n".join(["発券ログ①", HEADER, GOOD, *BAD, ""]).encode("cp932"))
    result = load(home, path)
    assert (result.rows_read, result.accepted, result.quarantined) == (4, 1, 3)
    return home


def exported(home: Home, file: str = "10月.csv") -> bytes:
    return returnable.workbook(home, sha(home, file)[:12])


def corrected(
    content: bytes, corrections: Corrections, to: Path, drop: tuple[int, ...] = ()
) -> Path:
    """The workbook as a spreadsheet saves it after a clerk has typed into it."""
    source = CalamineWorkbook.from_filelike(io.BytesIO(content))
    with xlsxwriter.Workbook(str(to)) as book:
        for meta in source.sheets_metadata:
            page = book.add_worksheet(meta.name)
            rows = source.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            rows = [row for row in rows if row[0] not in drop]
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    typed = corrections.get(int(row[0])) if isinstance(row[0], float) else None
                    page.write(at, column, (typed or {}).get(column - 2, cell))
            if meta.visible is not SheetVisibleEnum.Visible:
                page.very_hidden()
    return to


def bring(home: Home, content: bytes, corrections: Corrections, to: Path) -> LoadResult:
    return load(home, corrected(content, corrections, to))


def test_the_workbook_shows_the_rows_as_they_were_written(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(exported(home))
    document = open_document(path)
    sheet, mark_sheet = document.sheets
    assert mark_sheet.hidden and mark_sheet.name == MARK_SHEET
    rows = sheet.rows()
    assert rows[1] == ["元の行", "理由", *HEADER.split(",")]
    assert [row[0] for row in rows[2:]] == ["4", "5", "6"]
    assert rows[2][2:] == BAD[0].split(",")
    assert rows[3][-1] == "=1+1", "a text, not a formula"
    assert rows[2][1].startswith("発券時刻: 発券時刻を日時として読めない")
    mark = mark_of(document)
    assert mark is not None and mark.sha256 == sha(home, "10月.csv")
    assert rows_in(document, mark)[""][5][:4] == ["272060", "市民課", "1", "3"]


def test_on_the_command_line(
    home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MADO_HOME", str(home.root))
    start, out = sha(home, "10月.csv")[:12], tmp_path / "直す行.xlsx"
    asked = ["quarantine", "--format", "xlsx", "--file", start]
    assert commands.main(asked) == 2
    said = capsys.readouterr().err
    assert f"--file {start}（10月.csv）" in said and "--out" in said and not out.exists()
    assert commands.main([*asked, "--out", str(out)]) == 0
    assert "直す行.xlsx" in capsys.readouterr().out
    path = corrected(out.read_bytes(), {4: {4: "2026/10/01 9:00"}}, tmp_path / "直した.xlsx")
    assert commands.main(["load", str(path)]) == 0
    assert "10月.csv の保留 3行" in capsys.readouterr().out
    assert commands.main(["status", "--files"]) == 0
    assert "取込）10月.csv の保留の直し 1行" in capsys.readouterr().out
    lines = tmp_path / "rows.csv"
    assert commands.main(["quarantine", "--format", "csv", "--out", str(lines)]) == 0
    assert lines.read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet reads it as UTF-8"
    assert len(lines.read_text(encoding="utf-8").splitlines()) == 3, "a header and two open rows"


def test_bad_cells_are_coloured_and_say_why(home: Home, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(exported(home))) as archive:
        comments = archive.read("xl/comments1.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    for cell, why in (
        ("G3", "日時として読めない"),
        ("H4", "呼出が発券より前"),
        ("F5", "がありません"),
    ):
        assert f'ref="{cell}"' in comments and why in comments
    styles = {cell: sheet.split(f'r="{cell}" s="')[1].split('"')[0] for cell in ("G3", "H4", "G4")}
    assert styles["G3"] == styles["H4"] != styles["G4"]
    assert "sheetProtection" in sheet


def test_corrected_rows_are_taken_and_closed(home: Home, tmp_path: Path) -> None:
    result = bring(
        home,
        exported(home),
        {4: {4: "2026/10/01 9:00"}, 5: {5: "2026/10/01 9:05"}, 6: {3: "4"}},
        tmp_path / "直した.xlsx",
    )
    assert (result.rows_read, result.accepted, result.quarantined) == (3, 3, 0)
    assert "10月.csv の保留 3行" in result.message and "10月.csv" in result.message_en
    assert waiting(home) == set()
    assert {row[:1] + row[2:] for row in lake(home)} == {
        *(("1", "10月.csv", 3), ("2", "直した.xlsx", 4)),
        *(("3", "直した.xlsx", 5), ("4", "直した.xlsx", 6)),
    }, "a corrected row has its number in the original"
    first, second = ledger.entries(home)
    assert (first.quarantined, second.corrects) == (3, first.sha256), "history stays"
    report = status.report(home, date(2026, 11, 1))
    assert report["quarantined"] == 0 and [file["open"] for file in report["files"]] == [0, 0]
    with pytest.raises(PipelineError, match="保留されている行はありません"):
        exported(home)


def test_the_whole_is_as_if_the_file_had_been_right(home: Home, tmp_path: Path) -> None:
    """Facts of the whole file hold for corrected rows: this machine does record the finish."""
    bring(home, exported(home), {5: {5: "2026/10/01 9:05"}}, tmp_path / "x.xlsx")
    import pyarrow.parquet as pq

    (row,) = pq.read_table(ledger.parquet(home, ledger.entries(home)[1])).to_pylist()
    assert row["finished_at"] is None and row["records_finish"] is True


def test_what_is_still_wrong_is_held_again_once(home: Home, tmp_path: Path) -> None:
    result = bring(home, exported(home), {4: {4: "2026/10/01 9:00"}}, tmp_path / "x.xlsx")
    assert (result.accepted, result.quarantined) == (1, 2)
    assert waiting(home) == {("x.xlsx", 5), ("x.xlsx", 6)}, "open in the newest file alone"
    again = exported(home)
    assert returnable.workbook(home, sha(home, "x.xlsx"))[:2] == again[:2] == b"PK"
    result = bring(home, again, {5: {5: "2026/10/01 9:05"}}, tmp_path / "y.xlsx")
    assert (result.rows_read, result.accepted, result.quarantined) == (2, 1, 1)
    assert waiting(home) == {("y.xlsx", 6)}
    report = status.report(home, date(2026, 11, 1))
    assert report["quarantined"] == 1 and [f["open"] for f in report["files"]] == [0, 0, 1]


def test_cells_of_the_last_attempt_are_shown(home: Home, tmp_path: Path) -> None:
    bring(home, exported(home), {4: {4: "十月一日"}}, tmp_path / "x.xlsx")
    path = tmp_path / "again.xlsx"
    path.write_bytes(exported(home))
    assert open_document(path).sheets[0].rows()[2][6] == "十月一日"


def test_the_same_workbook_twice_changes_nothing(home: Home, tmp_path: Path) -> None:
    content, fix = exported(home), {4: {4: "2026/10/01 9:00"}}
    bring(home, content, fix, tmp_path / "x.xlsx")
    before, open_rows = lake(home), len(waiting(home))
    (again,) = ingest.load([tmp_path / "x.xlsx"], home)
    assert again.status == "unchanged"
    saved = corrected(content, {**fix, 6: {7: "転入 "}}, tmp_path / "saved again.xlsx")
    result = load(home, saved)
    assert (result.accepted, result.quarantined, result.duplicates) == (0, 2, 1)
    assert lake(home) == before and len(waiting(home)) == open_rows


def test_a_row_that_is_emptied_is_left_out_and_one_that_is_gone_waits(
    home: Home, tmp_path: Path
) -> None:
    content = exported(home)
    empty = corrected(content, {4: dict.fromkeys(range(8), "")}, tmp_path / "x.xlsx", drop=(6,))
    result = load(home, empty)
    assert (result.rows_read, result.ignored, result.quarantined) == (2, 1, 1)
    assert ledger.entries(home)[1].ignored_reasons == {"blank": 1}
    assert waiting(home) == {("10月.csv", 6), ("x.xlsx", 5)}


def test_rows_that_cannot_be_placed_refuse_the_workbook(home: Home, tmp_path: Path) -> None:
    content = exported(home)
    source = CalamineWorkbook.from_filelike(io.BytesIO(content))
    pages = {name: source.get_sheet_by_name(name).to_python() for name in source.sheet_names}
    (title, _) = pages

    def refused(change: str, said: str) -> None:
        rows = [list(row) for row in pages[title]]
        if change == "number":
            rows[2][0] = ""
        elif change == "twice":
            rows[2][0] = rows[3][0]
        elif change == "unknown":
            rows[2][0] = 3.0
        elif change == "no rows":
            rows = rows[:2]
        path = tmp_path / f"{change}.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet("別の名" if change == "title" else title)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            mark = book.add_worksheet(MARK_SHEET)
            for at, row in enumerate(pages[MARK_SHEET]):
                mark.write_row(at, 0, row)
            mark.hide()
        (result,) = ingest.load([path], home)
        assert result.status == "refused" and said in result.message, result.message
        assert result.message_en and "\n" not in result.message

    refused("number", "番号がない")
    refused("twice", "ほかの行と同じ")
    refused("unknown", "3行目は保留されていません")
    refused("no rows", "直した行がありません")
    refused("title", "シートの名前")
    assert len(ledger.entries(home)) == 1


def test_a_forgotten_original_is_refused_clearly(home: Home, tmp_path: Path) -> None:
    path = corrected(exported(home), {4: {4: "2026/10/01 9:00"}}, tmp_path / "x.xlsx")
    forget.forget(home, sha(home, "10月.csv"))
    (result,) = ingest.load([path], home)
    assert result.status == "refused"
    assert "10月.csv" in result.message and "取り消された" in result.message
    assert "forgotten" in result.message_en


def test_forgetting_the_original_takes_its_corrections_along(home: Home, tmp_path: Path) -> None:
    bring(home, exported(home), {4: {4: "2026/10/01 9:00"}}, tmp_path / "x.xlsx")
    found = forget.forget(home, sha(home, "10月.csv"))
    assert [entry.file for entry in found.corrections] == ["x.xlsx"]
    assert ledger.entries(home) == [] and not list(home.lake.rglob("*.parquet"))


def test_forgetting_a_correction_opens_its_rows(home: Home, tmp_path: Path) -> None:
    before = waiting(home)
    bring(home, exported(home), {4: {4: "2026/10/01 9:00"}}, tmp_path / "x.xlsx")
    forget.forget(home, sha(home, "x.xlsx"))
    assert waiting(home) == before and set(tickets(home)) == {"1"}


def test_a_replaced_original_takes_its_corrections_along(home: Home, tmp_path: Path) -> None:
    home.profiles.mkdir()
    (home.profiles / "log.yml").write_text(
        "id: log\nsource: ticket_log\nreplace: period\nfile: 'log*'\n", encoding="utf-8"
    )
    load(home, write(tmp_path / "log1.csv", [(21, "転入")], bad=1))
    late = exported(home, "log1.csv")
    bring(home, late, {3: {5: "2026/10/02 9:00"}}, tmp_path / "x.xlsx")
    assert set(tickets(home)) == {"1", "21", "x0"}
    load(home, write(tmp_path / "log2.csv", [(21, "転入")]))
    assert set(tickets(home)) == {"1", "21"}, "the new delivery speaks alone"
    path = corrected(late, {3: {5: "2026/10/03 9:00"}}, tmp_path / "too late.xlsx")
    (result,) = ingest.load([path], home)
    assert result.status == "refused" and "log2.csv" in result.message
    forget.forget(home, sha(home, "log2.csv"))
    assert set(tickets(home)) == {"1", "21", "x0"}


def test_a_conflict_that_was_corrected_does_not_come_back(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "a.csv", [(7, "転入")]))
    load(home, write(tmp_path / "b.csv", [(7, "転出"), (8, "転入")]))
    assert counts(home)["b.csv"] == (1, 1, 0)
    bring(home, exported(home, "b.csv"), {2: {4: "9"}}, tmp_path / "x.xlsx")
    forget.forget(home, sha(home, "a.csv"))
    assert {"7", "9"} & set(tickets(home)) == {"9"}, "as it was corrected, not as it was written"
    forget.forget(home, sha(home, "x.xlsx"))
    assert {"7", "9"} & set(tickets(home)) == {"7"}


def test_release_and_ledger_count_open_rows_only(home: Home, tmp_path: Path) -> None:
    from warehouse import query

    bring(home, exported(home), {4: {4: "2026/10/01 9:00"}}, tmp_path / "x.xlsx")
    publish.publish(home)
    release = query.open_release(home)
    files = query.files(release).set_index("file")
    assert files["quarantined"].to_dict() == {"10月.csv": 0, "x.xlsx": 2}
    assert len(query.quarantine(release)) == held.table(home).num_rows == 2


def test_other_layouts_of_the_header(tmp_path: Path) -> None:
    """A wide table, and one whose columns a profile names by position."""
    home = Home(tmp_path / "home")
    wide = tmp_path / "申請.csv"
    wide.write_text(
        "団体コード,年月,手続,処理方法,オンライン,窓口（紙）\n272060,2026-10,転入届,紙,5,7\n"
        "272060,2026-13,転出届,紙,1,2\n272060,2026-10,転居届,紙,x,2\n",
        encoding="utf-8",
    )
    load(home, wide)
    path = tmp_path / "w.xlsx"
    path.write_bytes(exported(home, "申請.csv"))
    assert open_document(path).sheets[0].rows()[1][2:] == [
        "団体コード",
        "年月",
        "手続",
        "処理方法",
        "オンライン",
        "窓口（紙）",
    ]
    result = bring(home, path.read_bytes(), {3: {1: "2026-10"}, 4: {4: "3"}}, tmp_path / "v.xlsx")
    assert (result.rows_read, result.accepted, result.quarantined) == (2, 2, 0)

    home.profiles.mkdir()
    (home.profiles / "bare.yml").write_text(
        "id: bare\nsource: ticket_log\nfile: 'bare*'\nconstants: {municipality: '272060'}\n"
        "positions: {department: 1, counter: 2, ticket_number: 3, issued_at: 4}\n",
        encoding="utf-8",
    )
    bare = tmp_path / "bare.csv"
    bare.write_text("市民課,1,1,2026/10/01 9:00\n市民課,1,2,2026/10/32 9:00\n", encoding="utf-8")
    load(home, bare)
    result = bring(
        home, exported(home, "bare.csv"), {2: {3: "2026/10/31 9:00"}}, tmp_path / "u.xlsx"
    )
    assert (result.accepted, result.quarantined) == (1, 0)


def test_rows_broken_as_a_whole(tmp_path: Path) -> None:
    """A row that is too long keeps all its cells; one with an open quote comes as one cell."""
    home = Home(tmp_path / "home")
    path = tmp_path / "log.csv"
    header = "団体コード,課,窓口番号,受付番号,発券時刻"
    long, quote = "272060,市民課,1,2,2026/10/01 9:00,余分,x", '272060,市民課,1,3,"2026/10/01 9:00'
    path.write_text("\n".join([header, "272060,市民課,1,1,2026/10/01 9:00", long, quote, ""]))
    assert load(home, path).quarantined == 2
    book = tmp_path / "x.xlsx"
    book.write_bytes(exported(home, "log.csv"))
    rows = open_document(book).sheets[0].rows()
    assert rows[2][2:] == long.split(",") and rows[3][2] == quote
    fields = dict(enumerate(["272060", "市民課", "1", "3", "2026/10/01 9:00"]))
    result = bring(home, book.read_bytes(), {3: {5: "", 6: ""}, 4: fields}, tmp_path / "y.xlsx")
    assert (result.accepted, result.quarantined) == (2, 0)


def test_a_cross_table_is_corrected_in_its_own_layout(tmp_path: Path) -> None:
    """A row without its header of two lines means nothing; it is judged in its place."""
    home = Home(tmp_path / "home")
    cross = write_cross(tmp_path / "調査.xlsx", {(5, 6): "約10", (SECTION_SUM, 7): 1})
    (result,) = ingest.load([cross], home, municipality="272060")
    assert (result.status, result.quarantined) == ("stored", 2)
    path = tmp_path / "x.xlsx"
    path.write_bytes(exported(home, "調査.xlsx"))
    rows = open_document(path).sheets[0].rows()
    assert rows[1][2:5] == ["A", "B", "C"] and "申請受付" in rows[5], "the header is shown above"
    assert [row[0] for row in rows[2:]] == ["", "", "", "", "5", str(SECTION_SUM)]
    right = {5: {5: str(hours(0, 2))}, SECTION_SUM: {6: str(hours(0, 3) + hours(1, 3))}}
    result = bring(home, path.read_bytes(), right, tmp_path / "y.xlsx")
    assert (result.rows_read, result.accepted, result.ignored) == (2, 1, 1)
    assert ledger.entries(home)[1].ignored_reasons == {"subtotal": 1}
    assert waiting(home) == set()


def test_files_whose_rows_count_together_are_corrected_as_files(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = tmp_path / "職員.csv"
    path.write_text(
        "団体コード,基準日,課,年齢,職種,職員区分\n272060,2026-04-01,市民課,34,一般行政,常勤\n"
        "272060,2026-04-01,市民課,34,一般行政,常勤\n272060,2026-04-01,市民課,三十,一般行政,常勤\n",
        encoding="utf-8",
    )
    assert load(home, path).quarantined == 1
    with pytest.raises(PipelineError, match="forget") as error:
        exported(home, "職員.csv")
    assert "\n" not in error.value.ja and asdict(ledger.entries(home)[0])["corrects"] is None
