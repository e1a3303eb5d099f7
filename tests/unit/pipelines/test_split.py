"""Blocks split by their bytes give the cells that Python's own decoder and reader give."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import read_text
from pipelines.split import Block, cells, irregular_lines, is_plain

ENCODINGS = ("cp932", "utf-8")
ODD = '",¢£¬‖−〜'
"""Marks of the file itself, and letters that CP932 writes in the place of others."""
CELL = st.text(
    st.characters(codec="cp932", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters=ODD),
    max_size=8,
)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8)
NEWLINES = st.sampled_from(["\n", "\r\n"])


def block(content: bytes) -> Block:
    return Block(bytearray(content), len(content))


def split_rows(content: bytes, encoding: str, count: int = 3) -> list[list[str]] | None:
    table = cells(block(content), ",", count, encoding)
    if table is None:
        return None
    return [list(row.values()) for row in table.to_pylist()]


@given(ROWS, NEWLINES, st.sampled_from(ENCODINGS))
@settings(max_examples=60)
def test_cells_are_those_that_were_written(
    rows: list[list[str]], newline: str, encoding: str
) -> None:
    content = "".join(",".join(row) + newline for row in rows).encode(encoding)
    decoded = [[c.encode(encoding).decode(encoding) for c in row] for row in rows]
    assert is_plain(block(content), ",")
    assert split_rows(content, encoding) == decoded


@given(st.binary(min_size=1, max_size=60).filter(lambda b: not set(b) & set(b'\r\n",\x00')))
@settings(max_examples=150)
def test_bytes_that_are_no_letters_are_decoded_as_python_decodes_them(cell: bytes) -> None:
    """Also where a lead byte stands right before a separator or a line's end."""
    for encoding in ENCODINGS:
        content = b"a," + cell + b",c\n" + cell + b",b," + cell + b"\n"
        whole = content.decode(encoding, "replace")
        expected = [line.split(",") for line in whole.removesuffix("\n").split("\n")]
        assert split_rows(content, encoding) == expected


@given(ROWS, NEWLINES)
@settings(max_examples=40)
def test_quoted_cells_are_plain_where_their_marks_leave_no_doubt(
    rows: list[list[str]], newline: str
) -> None:
    quoted = [[f'"{cell}"' if at != 1 else cell for at, cell in enumerate(row)] for row in rows]
    content = "".join(",".join(row) + newline for row in quoted).encode("cp932")
    assert is_plain(block(content), ",")
    decoded = [[c.encode("cp932").decode("cp932") for c in row] for row in rows]
    assert split_rows(content, "cp932") == decoded


@pytest.mark.parametrize(
    "content",
    [
        b'a,"b\n',  # left open
        b'a,"b""c",d\n',  # doubled
        b'a,"b\nc",d\n',  # over two lines
        b'a,"b\rc",d\n',
        b'a,b"c"d,e\n',  # in the middle of a cell
        b'a,"b" ,c\n',
    ],
)
def test_marks_that_leave_a_doubt_are_not_plain(content: bytes) -> None:
    assert not is_plain(block(content), ",")


def test_a_separator_within_quotes_belongs_to_the_cell() -> None:
    assert split_rows(b'a,"b,\x81\x40c",d\n', "cp932") == [["a", "b,　c", "d"]]


def test_lines_of_another_width_are_parted_with_their_numbers() -> None:
    content = b"a,b,c\r\n\r\nd,e\r\nf,g,h\r\ni,j,k,l\r\n\x1a"
    assert cells(block(content), ",", 3, "cp932") is None
    parted = irregular_lines(block(content), ",", 3)
    assert parted is not None
    regular, odd, lines = parted
    assert regular == b"a,b,c\r\nf,g,h\r\n"
    assert odd.tolist() == [1, 2, 4, 5]
    assert lines == [b"", b"d,e", b"i,j,k,l", b"\x1a"]


POOL = ("", "あ", "窓口", "表①髙", "～ー―", "ｱｲｳ", "ソ能", "x", " ", "　", "噂|浬")
"""Cells with letters whose second byte looks like \\ or |, of one, two and three bytes."""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("size", [64, 100, 1 << 10])
def test_a_file_in_blocks_of_any_size_keeps_every_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str, newline: str
) -> None:
    """Letters and lines lie across the ends of blocks; every row keeps its number and its cells."""
    chance = random.Random(size)
    rows = [
        ["x", *(chance.choice(POOL) for _ in range(chance.choice((2, 2, 2, 2, 0, 1, 3))))]
        for _ in range(400)
    ]
    path = tmp_path / "t.csv"
    lines = [",".join(row) for row in [["甲", "乙", "丙"], *rows]]
    path.write_bytes("".join(line + newline for line in lines).encode(encoding))
    monkeypatch.setattr(read_text, "BLOCK_BYTES", size)
    table = read_text.open_text(path, encoding).table(1, 3)
    found = {row["source_row"]: row for row in table.to_pylist()}
    assert sorted(found) == list(range(2, len(rows) + 2))
    for number, row in enumerate(rows, start=2):
        assert [found[number][f"c{at}"] for at in range(3)] == [*row, "", ""][:3]
        extra = any(cell.strip() for cell in row[3:])
        assert found[number]["fields"] == (len(row) if extra or len(row) < 3 else 3)


def test_a_line_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_text, "LONGEST_LINE", 1000)
    monkeypatch.setattr(read_text, "BLOCK_BYTES", 256)
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" * 100 + b"x" * 5000)
    with pytest.raises(read_text.Refused) as refused:
        read_text.open_text(path).table(1, 2)
    assert "長すぎます" in refused.value.ja
