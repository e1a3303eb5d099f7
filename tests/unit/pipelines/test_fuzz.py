"""Readers fed with damaged files: they give rows or a refusal, never anything else.

Bytes of sound files are flipped, cut, doubled and replaced, each time in other ways; a failure is
printed with the slips that made it.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.errors import Refused
from pipelines.read import open_document
from tests.fixtures.bare_workbooks import sheet_xml, write_ods, write_xlsx
from tests.fixtures.faults import COLUMNS, House, cells, log, tickets
from tests.fixtures.old_workbooks import xls
from warehouse.home import Home

EXAMPLES = 150
READS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LOADS = settings(READS, max_examples=25)


def _xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("ログ")
        for number, row in enumerate([list(COLUMNS), *(cells(n) for n in range(12))]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(5, 10, "=1/0", None, "#DIV/0!")
        sheet.merge_range(3, 12, 5, 12, "市民課")
        sheet.set_row(4, None, None, {"hidden": True})
    return buffer.getvalue()


def _stored(content: bytes) -> bytes:
    """The same zip without compression, so that a flipped bit meets XML instead of its packing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(buffer, "w") as plain:
        for info in packed.infolist():
            plain.writestr(info.filename, packed.read(info))
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("10月/ログ.csv", LOG)
        archive.writestr("表.xlsx", _xlsx())
    return buffer.getvalue()


def _bare(folder: Path) -> bytes:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    return write_xlsx(folder / "b.xlsx", sheet_xml(rows), strings="<si><t>課</t></si>").read_bytes()


def _ods(folder: Path) -> bytes:
    cell = 'office:value-type="string" table:number-columns-repeated="2"'
    row = (
        f'<table:table-row table:number-rows-repeated="3"><table:table-cell {cell}>'
        "<text:p>課</text:p></table:table-cell></table:table-row>"
    )
    table = f'<table:table table:name="表">{row}</table:table>'
    return write_ods(folder / "b.ods", table).read_bytes()


LOG = log([*tickets(30), '272060,本庁,市民課,"1",31,2026/10/01 10:00,,,"転入,届"']).encode("cp932")


@cache
def sound(kind: str) -> bytes:
    """A sound file of a kind."""
    old: list[list[str | float | None]] = [["課", "人数"]]
    old += [[f"課{n}", float(n)] for n in range(40)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "cp932": lambda: LOG,
            "utf-16": lambda: log([r.replace(",", "\t") for r in tickets(10)]).encode("utf-16"),
            "xlsx": _xlsx,
            "xlsx, not packed": lambda: _stored(_xlsx()),
            "bare xlsx": lambda: _stored(_bare(folder)),
            "ods": lambda: _stored(_ods(folder)),
            "xls": lambda: xls(old),
            "zip": _zip,
            "zip, not packed": lambda: _stored(_zip()),
            "json": lambda: b'{"rows": [{"a": 1, "b": {"c": "x"}}, {"a": null, "b": {}}]}',
        }[kind]()


SLIPS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "double", "zero", "end"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 255),
        st.binary(max_size=6),
    ),
    min_size=1,
    max_size=5,
)


def spoil(content: bytes, slips: list[tuple[str, float, int, bytes]]) -> bytes:
    """Damage a file: each slip is its kind, its place as a share, a number and some bytes."""
    data = bytearray(content)
    for kind, share, number, more in slips:
        at = int(share * len(data))
        if kind == "flip" and data:
            data[at] ^= number or 1
        elif kind == "cut":
            del data[at : at + 1 + number]
        elif kind == "insert":
            data[at:at] = more
        elif kind == "double":
            data[at:at] = data[at : at + 40]
        elif kind == "zero":
            data[at : at + 8] = b"\0" * len(data[at : at + 8])
        elif kind == "end":
            del data[max(at, 1) :]
    return bytes(data)


def read_all(path: Path, content: bytes) -> None:
    """Open a file and read every cell, both ways. A refusal says why in both languages."""
    path.write_bytes(content)
    try:
        document = open_document(path)
        for sheet in document.sheets:
            width = max(map(len, sheet.head), default=0)
            rows = len(sheet.rows())
            numbers: list[int] = []
            for chunk in sheet.chunks(0, width) if width else ():
                assert chunk.num_columns == width + 2
                numbers += chunk["source_row"].to_pylist()
            assert len(set(numbers)) == len(numbers)
            assert rows >= len(sheet.head)
    except Refused as error:
        assert error.ja and error.en and "\n" not in error.ja


KINDS = [
    *("cp932", "utf-16", "xlsx", "xlsx, not packed", "bare xlsx", "ods", "xls"),
    *("zip", "zip, not packed", "json"),
]


@pytest.mark.parametrize("kind", KINDS)
@READS
@given(slips=SLIPS)
def test_a_damaged_file_gives_rows_or_a_refusal(
    kind: str, tmp_path: Path, slips: list[tuple[str, float, int, bytes]]
) -> None:
    read_all(tmp_path / "file", spoil(sound(kind), slips))


@pytest.mark.parametrize("kind", KINDS)
def test_the_sound_files_are_read(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(sound(kind))
    assert any(sheet.head for sheet in open_document(tmp_path / "file").sheets)


@READS
@given(content=st.binary(max_size=600))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b'"' * 50)
@example(b"\n\r!")
@example(b'[{"a\\udc00": "\\ud800"}]')
@example(b"a,b\r1,2\n3,4\r\n5,6\r7,8")
def test_any_bytes_give_rows_or_a_refusal(tmp_path: Path, content: bytes) -> None:
    read_all(tmp_path / "file", content)


@pytest.mark.parametrize(
    "begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b"{"]
)
@READS
@given(content=st.binary(max_size=1500))
def test_any_bytes_behind_a_known_beginning(begins: bytes, tmp_path: Path, content: bytes) -> None:
    read_all(tmp_path / "file", begins + content)


@LOADS
@given(slips=SLIPS)
def test_every_row_of_a_damaged_log_is_accounted_for(
    tmp_path: Path, slips: list[tuple[str, float, int, bytes]]
) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(spoil(LOG, slips))
    result = House(Home(tmp_path / "home")).load(path, source="ticket_log", store=False)
    assert result.status in {"checked", "refused"}
