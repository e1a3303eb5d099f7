"""Text files in the encodings and with the slips that real ones have."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import read_text
from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, Document, Sheet, open_document

TABLE = [["課", "町名", "件数"], ["市民課①", "髙島町", "12"], ["税務課", "～三丁目", "1,234"]]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def opened(path: Path) -> tuple[Document, Sheet]:
    document = open_document(path)
    return document, document.sheets[0]


def chunk(sheet: Sheet, skip: int, width: int) -> pa.Table:
    return sheet.table(skip, width)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_encoding_gives_the_same_cells(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    quoted = [[f'"{c}"' if delimiter in c else c for c in row] for row in TABLE]
    text = line_end.join(delimiter.join(row) for row in quoted)
    document, sheet = opened(write(tmp_path / "t.csv", text, encoding))
    assert sheet.rows() == TABLE
    assert document.delimiter == delimiter


def test_japanese_after_a_megabyte_of_ascii_is_still_read_as_cp932(tmp_path: Path) -> None:
    text = "a,b\n" + "1,2\n" * 400_000 + "市民課,2\n"
    document, sheet = opened(write(tmp_path / "t.csv", text, "cp932"))
    assert document.encoding == "cp932"
    assert sheet.rows()[-1] == ["市民課", "2"]


def test_utf8_that_is_cut_within_a_letter_stays_utf8(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("課,件数\n市民課,2\n市民".encode()[:-1])
    document, sheet = opened(path)
    assert document.encoding == "utf-8"
    assert sheet.rows()[1] == ["市民課", "2"]
    assert "\ufffd" in sheet.rows()[2][0]


def test_a_chunk_numbers_rows_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = "表題\n\na,b\n1,2\n\n3,4\n"
    _, sheet = opened(write(tmp_path / "t.csv", text))
    rows = chunk(sheet, 3, 2)
    assert rows["source_row"].to_pylist() == [4, 5, 6]
    assert rows["c0"].to_pylist() == ["1", "", "3"]
    assert rows["fields"].to_pylist() == [2, 0, 2]


def test_rows_of_another_width_are_told_apart(tmp_path: Path) -> None:
    text = "a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n"
    _, sheet = opened(write(tmp_path / "t.csv", text))
    assert chunk(sheet, 1, 3)["fields"].to_pylist() == [2, 3, 4]


def test_a_cell_may_run_over_lines(tmp_path: Path) -> None:
    text = 'a,b\n1,"二行の\n説明"\n2,x\n'
    _, sheet = opened(write(tmp_path / "t.csv", text))
    rows = chunk(sheet, 1, 2)
    assert rows["c1"].to_pylist() == ["二行の\n説明", "x"]
    assert rows["source_row"].to_pylist() == [2, 3]


@pytest.mark.parametrize("lines_after", [1, 5, 40])
def test_a_quotation_mark_left_open_swallows_no_lines(tmp_path: Path, lines_after: int) -> None:
    after = [f"{n},x" for n in range(lines_after)]
    text = "\n".join(["a,b", '1,"住民票', *after, '9,"戸籍"', "10,z"])
    _, sheet = opened(write(tmp_path / "t.csv", text))
    rows = chunk(sheet, 1, 2)
    assert rows["fields"].to_pylist() == [-1] + [2] * (lines_after + 2)
    assert rows["c0"][0].as_py() == '1,"住民票'
    assert rows["c1"].to_pylist()[-2:] == ["戸籍", "z"]


def test_a_cell_over_lines_at_the_end_of_a_block_is_kept_whole(tmp_path: Path) -> None:
    lines = ["a,b", *[f"{n},x" for n in range(CHUNK_ROWS - 2)], '1,"二\n行"', "2,y"]
    _, sheet = opened(write(tmp_path / "t.csv", "\n".join(lines)))
    rows = chunk(sheet, 1, 2)
    assert rows["c1"].to_pylist()[-2:] == ["二\n行", "y"]
    assert rows.num_rows == len(lines) - 1


NOT_TWO_WAYS = "¢£¬‖−〜"
"""Characters that CP932 writes in the place of others."""
CELLS = st.text(
    st.characters(
        codec="cp932",
        exclude_categories=["Cc"],
        exclude_characters='",' + NOT_TWO_WAYS,
    ),
    max_size=6,
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_cells_come_back_as_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("text") / "t.csv"
    text = "列一,列二,列三\r\n" + "".join(",".join(row) + "\r\n" for row in rows)
    sheet = read_text.open_text(write(path, text, "cp932"), "cp932")
    found = chunk(sheet, 1, 3)
    assert [list(row.values())[:3] for row in found.to_pylist()] == rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空"),
        (b" \r\n\r\n", "空"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "Web ページ"),
        ("\ufeff  <HTML><table></table>".encode(), "Web ページ"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 40, "読めない"),
        (b"PK\x03\x04 not really", "壊れている"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "壊れている"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "data.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        open_document(path)
    assert says in refused.value.ja and refused.value.en


def mixed_lines(seed: int) -> tuple[str, list[list[str]]]:
    """Rows with cells over one to three lines, some with a mark left open, and what they say."""
    chance = random.Random(seed)
    lines, expected = ["a,b\n"], []
    for number in range(150):
        kind = chance.choice(("plain", "one", "two", "three", "open"))
        if kind == "open":
            lines.append(f'{number},"x\n')
            expected.append([f'{number},"x', ""])
            continue
        cell = {"plain": "x", "one": 'x""y', "two": "x\ny", "three": 'x\n""\nz'}[kind]
        lines.append(f"{number},x\n" if kind == "plain" else f'{number},"{cell}"\n')
        expected.append([str(number), cell.replace('""', '"')])
    return "".join(lines), expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
@pytest.mark.parametrize("size", [32, 100, 333])
def test_where_a_block_ends_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str, line_end: str
) -> None:
    """Cells over several lines and open marks lie across the ends of blocks."""
    monkeypatch.setattr(read_text, "BLOCK_BYTES", size)
    monkeypatch.setattr(read_text, "HEAD_ROWS", 3)
    for seed in range(4):
        text, expected = mixed_lines(seed)
        path = write(tmp_path / f"{seed}.csv", text.replace("\n", line_end), encoding)
        rows = chunk(read_text.open_text(path, encoding), 1, 2)
        assert rows["source_row"].to_pylist() == list(range(2, len(expected) + 2))
        assert [[row["c0"], row["c1"]] for row in rows.to_pylist()] == expected


def test_a_title_over_two_lines_and_blank_cells_at_the_end_move_no_row(tmp_path: Path) -> None:
    text = '"表題\n（市民課）"\na,b\n1,"二\n行",\n2,y,\n'
    _, sheet = opened(write(tmp_path / "t.csv", text))
    assert sheet.head[1] == ["a", "b"]
    rows = chunk(sheet, 2, 2)
    assert rows["source_row"].to_pylist() == [3, 4]
    assert rows["c1"].to_pylist() == ["二\n行", "y"]
    assert rows["fields"].to_pylist() == [2, 2]
