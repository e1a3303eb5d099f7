"""Workbooks that would fill the memory are refused before they are read; what is unusual is not."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import scan_xlsx
from pipelines.errors import Refused
from pipelines.read import Sheet, open_document
from pipelines.read_zip import open_archive
from pipelines.scan import Scan, column_of
from tests.fixtures.bare_workbooks import sheet_xml, write_ods, write_xlsx
from tests.fixtures.old_workbooks import compound, record, stream, xls


def opened(path: Path) -> Sheet:
    return open_document(path).sheets[0]


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        open_document(path)
    return refused.value


def number(reference: str, value: int = 1, more: str = "") -> str:
    return f'<c r="{reference}"{more}><v>{value}</v></c>'


# --- rectangles ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1">{number("A1")}</row><row r="1048576">{number("XFD1048576")}</row>',
        f'<row r="1">{number("A1")}{number("XFD1048576")}</row>',
        "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD9'><v>1</v></c></row>"
        "<row r='9'><c r='A1048576'><v>1</v></c></row>",
        '<row r="1"><c r="a1"><v>1</v></c><c r="xfd1048576"><v>1</v></c></row>',
        '<row\nr="1"><c\nr="A1"><v>1</v></c><c\nr="XFD1048576"><v>1</v></c></row>',
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1">'
        '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        f'<!-- </sheetData> --><row r="1">{number("A1")}{number("XFD1048576")}</row>',
        f'<row r="4000000000">{number("A4000000000")}</row>',
        f'<row r="1">{number("ZZZ1")}</row>',
    ],
    ids=["rows", "cell", "quotes", "case", "lines", "prefix", "comment", "far", "wide"],
)
def test_cells_that_lie_too_far_apart_refuse_the_workbook(tmp_path: Path, rows: str) -> None:
    error = refusal(write_xlsx(tmp_path / "b.xlsx", sheet_xml(rows)))
    assert "大きすぎるブック" in error.ja and "too large" in error.en


def test_many_sheets_count_together(tmp_path: Path) -> None:
    rows = f'<row r="1">{number("A1")}</row><row r="1000000">{number("B1000000")}</row>'
    assert opened(write_xlsx(tmp_path / "one.xlsx", sheet_xml(rows))).cells == 2_000_000
    names = [f"表{n}" for n in range(7)]
    assert "大きすぎる" in refusal(write_xlsx(tmp_path / "7.xlsx", sheet_xml(rows), names=names)).ja


def test_sheets_of_several_thousand_rows_are_not_taken_for_longer_ones(tmp_path: Path) -> None:
    """A quick look says 99,999 rows for 10,001; ten such sheets of 20 columns are in bounds."""
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in range(10):
            sheet = book.add_worksheet(str(name))
            sheet.write_row(0, 0, range(20))
            sheet.write_row(10_000, 0, range(20))
    assert sum(sheet.cells for sheet in open_document(path).sheets) == 10 * 20 * 10_001


def test_cells_that_are_only_formatted_do_not_count(tmp_path: Path) -> None:
    """Spreadsheets keep the colour of whole rows and columns in blank cells."""
    blank = "".join(
        f'<row r="{row}">{number(f"A{row}")}<c r="XFD{row}" s="1"/></row>' for row in range(1, 800)
    )
    assert opened(write_xlsx(tmp_path / "b.xlsx", sheet_xml(blank))).cells == 799


def test_the_widest_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["列" * 300, *range(16_383)])
    head = opened(path).head[0]
    assert len(head) == 16_384 and head[0] == "列" * 300 and head[-1] == "16382"


def test_a_list_that_names_one_sheet_thousands_of_times_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_xlsx, "LARGEST_UNPACKED", 100_000)
    sheet = sheet_xml(f'<row r="1">{number("A1")}</row>' * 10)
    names = [str(n) for n in range(500)]
    assert "大きすぎる" in refusal(write_xlsx(tmp_path / "b.xlsx", sheet, names=names)).ja


# --- texts -----------------------------------------------------------------------------------


def shared(cells: int, text: str, mark: str = '"') -> tuple[str, str]:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t={mark}s{mark}><v>0</v></c></row>' for n in range(1, cells + 1)
    )
    return sheet_xml(rows), f"<si><t>{text}</t></si><si><t>b</t></si>"


@pytest.mark.parametrize("mark", ['"', "'"])
def test_one_long_text_in_many_cells_refuses_the_workbook(tmp_path: Path, mark: str) -> None:
    sheet, strings = shared(40_000, "長" * 10_000, mark)
    path = write_xlsx(tmp_path / "b.xlsx", sheet, strings=strings)
    assert path.stat().st_size < 1 << 20
    assert "大きすぎる" in refusal(path).ja


def test_one_long_text_among_many_short_ones_does_not(tmp_path: Path) -> None:
    sheet, _ = shared(40_000, "")
    strings = f"<si><t>b</t></si><si><t>{'長' * 10_000}</t></si>"
    assert opened(write_xlsx(tmp_path / "b.xlsx", sheet, strings=strings)).cells == 40_000


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        f"{sheet_xml('')}"
    )
    assert "壊れている" in refusal(write_xlsx(tmp_path / "b.xlsx", bomb)).ja


def test_merged_ranges_that_overlap_do_not_run_for_hours(tmp_path: Path) -> None:
    ranges = "".join(f'<mergeCell ref="A{n}:A1048576"/>' for n in range(1, 200))
    rows = f'<row r="1">{number("A1")}</row><row r="1048576">{number("A1048576")}</row>'
    sheet = sheet_xml(rows, f"<mergeCells>{ranges}</mergeCells>")
    assert "壊れている" in refusal(write_xlsx(tmp_path / "b.xlsx", sheet)).ja


# --- errors and hidden rows, in every way of writing ----------------------------------------------

PLAIN = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>課</t></is></c></row>'
    '<row r="2" hidden="1"><c r="A2" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    '<c r="B2" t="e"/></row>'
    '<row r="3" spans="1:2" hidden="true"><c r="B3" t="e"><v>#REF!</v></c></row>'
    '<row r="4"><c r="A4"><v>4</v></c></row><row r="5" hidden="1"/>'
)


@pytest.mark.parametrize(
    "rows",
    [
        PLAIN,
        PLAIN.replace('"', "'"),
        PLAIN.replace(" t=", "\n t="),
        PLAIN.replace("hidden=", "hidden = "),
        PLAIN.replace(' r="1"', "").replace('<row r="2"', "<row"),
    ],
    ids=["plain", "quotes", "lines", "spaces", "no numbers"],
)
def test_errors_are_no_blanks_and_hidden_rows_are_counted(tmp_path: Path, rows: str) -> None:
    sheet = opened(write_xlsx(tmp_path / "b.xlsx", sheet_xml(rows)))
    assert sheet.rows() == [["課", ""], ["#DIV/0!", ""], ["", "#REF!"], ["4", ""]]
    assert sheet.hidden_rows == 2, "a hidden row below the last value is nothing"


def test_more_errors_than_values_refuse_the_workbook(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="e"><v>#REF!</v></c></row>' for n in range(1, 100_003)
    )
    error = refusal(write_xlsx(tmp_path / "b.xlsx", sheet_xml(rows)))
    assert "#REF!" in error.ja and "数式を直して" in error.ja


def test_both_ways_of_looking_see_the_same(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        for row in range(120):
            sheet.write_row(row, 2, ["課", row, row / 7, True])
            sheet.write_formula(row, 30, "=1/0", None, "#DIV/0!" if row % 9 == 0 else 1)
            sheet.set_row(row, 20, None, {"hidden": row % 7 == 3})
    with open_archive(path) as archive:
        ((_, member),) = scan_xlsx._sheets(archive, *scan_xlsx._lists(archive))
        fast, exact = scan_xlsx._fast(archive, member, True), scan_xlsx._exact(archive, member)
    assert fast == exact and (exact.height, exact.width) == (120, 31)
    assert len(exact.errors) == 14 and len(exact.hidden) == 17


@pytest.mark.parametrize(("letters", "column"), [("A", 1), ("z", 26), ("AA", 27), ("XFD", 16384)])
def test_columns_of_references(letters: str, column: int) -> None:
    assert column_of(letters) == column


def test_a_scan_counts_a_rectangle_from_the_first_cell() -> None:
    found = Scan()
    found.reach(3, 2)
    found.reach(1, 5)
    assert (found.height, found.width, found.cells) == (3, 5, 15)


# --- OpenDocument ---------------------------------------------------------------------------------


def text(value: str, more: str = "") -> str:
    start = f'<table:table-cell office:value-type="string"{more}>'
    return f"{start}<text:p>{value}</text:p></table:table-cell>"


WIDE = text("課", ' table:number-columns-repeated="16384"')
BLANKS = '<table:table-cell table:number-columns-repeated="16000"/>'


def test_an_opendocument_workbook_is_read(tmp_path: Path) -> None:
    error = ' calcext:value-type="error" table:formula="of:=1/0"'
    rows = (
        f"<table:table-row>{text('課')}{text('人数')}{BLANKS}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{text("市民課")}'
        '<table:table-cell office:value-type="float" office:value="3"><text:p>3</text:p>'
        "</table:table-cell></table:table-row>"
        f"<table:table-row>{text('税務課')}{text('#DIV/0!', error)}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1000000">{BLANKS}</table:table-row>'
    )
    sheet = opened(
        write_ods(tmp_path / "b.ods", f'<table:table table:name="表">{rows}</table:table>')
    )
    assert sheet.rows() == [["課", "人数"], ["市民課", "3"], ["税務課", "#DIV/0!"]]
    assert sheet.hidden_rows == 1


@pytest.mark.parametrize(
    ("times", "cell"), [(1048576, WIDE), (1_000_000, text("長" * 500)), (9_999_999, text("a"))]
)
def test_repeated_cells_that_would_fill_the_memory_refuse_it(
    tmp_path: Path, times: int, cell: str
) -> None:
    row = f'<table:table-row table:number-rows-repeated="{times}">{cell}</table:table-row>'
    path = write_ods(tmp_path / "b.ods", f'<table:table table:name="表">{row}</table:table>')
    assert "大きすぎる" in refusal(path).ja


def test_a_binary_workbook_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsb", "w") as archive:
        archive.writestr("xl/workbook.bin", b"\0")
    assert ".xlsb" in refusal(tmp_path / "b.xlsb").ja


# --- old workbooks --------------------------------------------------------------------------------


def old(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_errors_and_hidden_rows_of_an_old_workbook(tmp_path: Path) -> None:
    rows: list[list[str | float | None]] = [["課", "人数"], ["市民課", 3.0]]
    rows += [["税務課", "#DIV/0!"], ["福祉課", "#REF!"]]
    path = old(tmp_path / "b.xls", xls(rows, hidden=[1]))
    sheet = opened(path)
    assert sheet.name == "表" and sheet.hidden_rows == 1
    assert [row[1] for row in sheet.rows()] == ["人数", "3", "#DIV/0!", "#REF!"]


def test_a_formula_that_failed_in_an_old_workbook_is_no_blank(tmp_path: Path) -> None:
    failed = struct.pack("<HHHBBBBBBHHIH", 1, 1, 15, 2, 0, 0x17, 0, 0, 0, 0xFFFF, 0, 0, 0)
    path = old(tmp_path / "b.xls", xls([["課", "数"], ["a"]], extra=record(0x0006, failed)))
    assert opened(path).rows()[1] == ["a", "#REF!"]


def test_cells_that_lie_too_far_apart_in_an_old_workbook(tmp_path: Path) -> None:
    """Excel's own bound is 256 columns, but the file has room for 65,536."""
    far = record(0x0203, struct.pack("<HHHd", 65_535, 16_000, 15, 1.0))
    assert "大きすぎる" in refusal(old(tmp_path / "b.xls", xls([["a"]], extra=far))).ja


def test_one_long_text_in_many_cells_of_an_old_workbook(tmp_path: Path) -> None:
    rows: list[list[str | float | None]] = [["a"] * 200 for _ in range(100)]
    content = xls(rows, strings=["長" * 32_000])
    assert "大きすぎる" in refusal(old(tmp_path / "b.xls", content)).ja
    assert opened(old(tmp_path / "c.xls", xls(rows[:2], strings=["長" * 32_000]))).cells == 400


@pytest.mark.parametrize("chain", [{3: 0}, {0: 0}, {7: 4000}, {8: 8}])
def test_a_chain_of_sectors_that_has_no_end_is_not_followed(
    tmp_path: Path, chain: dict[int, int]
) -> None:
    content = compound(stream([["課"], ["市民課"]]), chain)
    assert "壊れている" in refusal(old(tmp_path / "b.xls", content)).ja


def test_an_old_workbook_of_several_thousand_rows(tmp_path: Path) -> None:
    rows: list[list[str | float | None]] = [[f"課{n}", float(n), None] for n in range(3000)]
    sheet = opened(old(tmp_path / "b.xls", xls(rows)))
    assert sheet.cells == 6000
    assert sheet.rows()[-1] == ["課2999", "2999"]
