"""Plainly written sheets are read by column, and say what the library says of them."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import scan_xlsx
from pipelines.errors import Refused
from pipelines.read import open_document
from pipelines.read_excel import ExcelSheet
from pipelines.xlsx_grid import Grid
from tests.fixtures.bare_workbooks import sheet_xml, write_xlsx


def seen(path: Path) -> tuple[list[object], list[bool]]:
    """All that a workbook's sheets say, or why it is refused, and which are read by column."""
    try:
        sheets = open_document(path).sheets
    except Refused as refusal:
        return [refusal.ja], []
    said: list[object] = []
    plain = []
    for sheet in sheets:
        assert isinstance(sheet, ExcelSheet)
        plain.append(isinstance(sheet._sheet, Grid))
        said += [sheet.name, sheet.hidden, sheet.hidden_rows, sheet.merged, sheet.from_1904]
        said += [sheet.height, sheet.width, sheet.head, sheet.rows()]
        for skip, width in ((0, sheet.width), (2, sheet.width + 1), (1, max(sheet.width - 1, 0))):
            for tables in (sheet.chunks(skip, width), sheet.sample(width)):
                said.append([table.cast(_texts(table)).to_pydict() for table in tables])
    return said, plain


def _texts(table: pa.Table) -> pa.Schema:
    kinds = [pa.string() if name.startswith("c") else None for name in table.column_names]
    fields = zip(table.schema, kinds, strict=True)
    return pa.schema([field if kind is None else field.with_type(kind) for field, kind in fields])


def both(path: Path) -> list[bool]:
    """Which sheets are read by column; asserts that they say the same as the library."""
    said, plain = seen(path)
    with pytest.MonkeyPatch.context() as without:
        without.setattr(scan_xlsx.xlsx_cells, "read", lambda blocks, found: None)
        others, none = seen(path)
    assert said == others and not any(none)
    return plain


numbers = st.one_of(
    st.integers(-(10**17), 10**17),
    st.integers(0, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(0, 10**6, places=3).map(float),
)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
plain_cells = st.one_of(numbers, words, st.none(), st.just("０１"), st.just("_x000D_ & <"))
moments = st.one_of(
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)), st.times(), st.booleans()
)
MADE = settings(deadline=None, max_examples=60)


def make(path: Path, sheets: Sequence[Sequence[Sequence[object]]], top: int, left: int) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy/mm/dd hh:mm"})
        bold = book.add_format({"bold": True, "num_format": "#,##0.0"})
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"表{number}")
            for row, cells in enumerate(rows, top):
                sheet.set_row(row, None, None, {"hidden": row % 4 == 3})
                for column, cell in enumerate(cells, left):
                    if isinstance(cell, bool):
                        sheet.write_boolean(row, column, cell)
                    elif isinstance(cell, dt.datetime | dt.time):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is None:
                        sheet.write_blank(row, column, None, bold)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    else:
                        sheet.write_number(row, column, cell, bold if row % 2 else None)


@MADE
@given(
    st.lists(st.lists(st.lists(plain_cells, max_size=5), max_size=9), min_size=1, max_size=3),
    st.integers(0, 3),
    st.sampled_from([0, 1, 24, 25, 700]),
)
def test_sheets_of_numbers_and_texts_are_read_by_column(
    sheets: list[list[list[object]]], top: int, left: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.xlsx"
        make(path, sheets, top, left)
        assert all(plain for plain, rows in zip(both(path), sheets, strict=False) if any(rows))


@MADE
@given(st.lists(st.lists(st.one_of(plain_cells, moments), max_size=5), max_size=6))
def test_sheets_of_any_cells_say_the_same(rows: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.xlsx"
        make(path, [rows, [["計", 1.5]]], 0, 0)
        kinds = {type(cell) for row in rows for cell in row}
        moment = bool(kinds & {bool, dt.datetime, dt.time})
        assert both(path)[1:] == [True] or moment


PIECES = [
    '<c r="A{0}"><v>12</v></c>',
    '<c r="B{0}" s="0"><v>007</v></c>',
    '<c r="B{0}" t="n"><v>1234567890123456</v></c>',
    '<c r="C{0}" t="s"><v>1</v></c>',
    '<c r="C{0}" s="0" t="s"><v>0</v></c>',
    '<c r="AB{0}"><v>-0.25</v></c>',
    '<c r="D{0}"><v>1E-5</v></c>',
    '<c r="D{0}"><v>123456789012.5</v></c>',
    '<c r="D{0}" s="0"/>',
    '<c r="E{0}"></c>',
    '<c r="F{0}"><v>1.7976931348623157E308</v></c>',
    # What is not plain, or not sound.
    '<c r="E{0}"><v></v></c>',
    '<c r="E{0}" t="s"><v>9</v></c>',
    '<c r="E{0}" t="s"><v>1.0</v></c>',
    '<c r="E{0}" t="str"><v>12</v></c>',
    '<c r="E{0}" t="b"><v>1</v></c>',
    '<c r="E{0}" t="e"><v>#N/A</v></c>',
    '<c r="E{0}"><v> 12 </v></c>',
    '<c r="E{0}"><v>1_2</v></c>',
    '<c r="E{0}"><v>nan</v></c>',
    '<c r="E{0}"><f>1+1</f><v>2</v></c>',
    '<c r="E{0}" t="inlineStr"><is><t>文字</t></is></c>',
    '<c t="n" r="E{0}"><v>3</v></c>',
    "<c r='E{0}'><v>3</v></c>",
    '<c r="e{0}"><v>3</v></c>',
    '<c r="E1{0}"><v>3</v></c>',
    '<c r="E0{0}"><v>3</v></c>',
    '<c r="E{0}"> <v>3</v></c>',
    '<c r="E{0}"><v>3</v> </c>',
    '<c r="E{0}"><!-- 9 --><v>3</v></c>',
    '<c r="E{0}"><v><![CDATA[3]]></v></c>',
    '<c r="E{0}"><v>3&#48;</v></c>',
    '<x:c r="E{0}"><x:v>3</x:v></x:c>',
    "<c><v>5</v></c>",
    "</row>",
    '<row r="9">',
    '<c r="ZZZ{0}"><v>1</v></c>',
    '<c r="G{0}" s="99999"><v>1</v></c>',
    '<c r="G{0}" s="1" t="n" x="y"><v>1</v></c>',
]
HEADS = ['<row r="{0}">', '<row r="{0}" spans="1:9" hidden="1">', '<row r="{0}" hidden="true">']
AFTER = [
    "",
    '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
    '<mergeCells count="2"><mergeCell ref="C1:C3"/><mergeCell ref="A2:A3"/></mergeCells>',
    "<mergeCells><mergeCell ref='A1:B2'/></mergeCells>",
    '<!-- --><mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
]
TEXTS = "<si><t>市民課</t></si><si><r><t>a</t></r><r><t>b</t></r><rPh><t>エー</t></rPh></si>"


@settings(deadline=None, max_examples=400)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, 4, 12, 100]),
            st.sampled_from(HEADS),
            st.lists(st.one_of(st.sampled_from(PIECES[:11]), st.sampled_from(PIECES)), max_size=4),
        ),
        max_size=4,
    ),
    st.booleans(),
    st.sampled_from(AFTER),
)
def test_whatever_the_xml_says_is_what_the_library_reads(
    rows: list[tuple[int, str, list[str]]], ordered: bool, after: str
) -> None:
    if ordered:
        rows = [(number, *row[1:]) for number, row in enumerate(rows, 1)]
    written = "".join(
        head.format(number) + "".join(piece.format(number) for piece in pieces) + "</row>"
        for number, head, pieces in rows
    )
    with tempfile.TemporaryDirectory() as folder:
        both(write_xlsx(Path(folder) / "b.xlsx", sheet_xml(written, after), strings=TEXTS))


@pytest.mark.parametrize("piece", PIECES[:11])
def test_plain_pieces_are_read_by_column(tmp_path: Path, piece: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="12">{piece.format(12)}</row>'
    assert both(write_xlsx(tmp_path / "b.xlsx", sheet_xml(rows), strings=TEXTS)) == [True]


@pytest.mark.parametrize("piece", PIECES[11:])
def test_other_pieces_are_left_to_the_library(tmp_path: Path, piece: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="12">{piece.format(12)}</row>'
    path = write_xlsx(tmp_path / "b.xlsx", sheet_xml(rows), strings=TEXTS)
    assert not any(both(path)) or "99999" in piece


def test_names_merged_downwards_stand_in_each_row_of_a_plain_sheet(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["課", "人数"])
        sheet.merge_range(1, 0, 3, 0, "市民課")
        sheet.write_column(1, 1, [1, 2, 3])
    assert both(path) == [True]
    (table,) = open_document(path).sheets[0].chunks(1, 2)
    assert table["c0"].to_pylist() == ["市民課"] * 3


def test_a_sheet_of_many_blocks_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    rows = [[row, row / 3, f"語{row % 97}", None if row % 5 else row] for row in range(25_000)]
    make(path, [rows], 0, 0)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > 2 << 20
    assert both(path) == [True]


def test_a_row_that_comes_again_in_a_later_block_is_left_to_the_library(tmp_path: Path) -> None:
    line = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    many = "".join(map(line.format, range(1, 40_000)))
    assert both(write_xlsx(tmp_path / "b.xlsx", sheet_xml(many))) == [True]
    again = many + line.format(7)
    assert both(write_xlsx(tmp_path / "c.xlsx", sheet_xml(again))) == [False]
