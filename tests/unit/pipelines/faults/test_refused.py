"""Files that are refused as a whole: what is said, and that nothing else happens.

Each line is a fault of real deliveries: a name, how to make it, what the message must say in
Japanese and in English.
"""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.read_excel import ENCRYPTED
from tests.fixtures.bare_workbooks import sheet_xml, write_xlsx
from tests.fixtures.faults import COLUMNS, HEADER, House, cells, log, ticket, tickets, workbook

Make = Callable[[Path], Path]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def file(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def zipped(members: dict[str, bytes], name: str = "delivery.zip") -> Make:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return folder / name

    return make


def zip_in_zip(folder: Path) -> Path:
    inner = zipped({"log.csv": GOOD}, "inner.zip")(folder).read_bytes()
    return zipped({"10月.zip": inner})(folder)


def encrypted_zip(folder: Path) -> Path:
    path = zipped({"log.csv": GOOD})(folder)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def far_apart(folder: Path) -> Path:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    return write_xlsx(folder / "far.xlsx", sheet_xml(rows))


def shared_text(folder: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_001))
    return write_xlsx(
        folder / "text.xlsx", sheet_xml(rows), strings=f"<si><t>{'長' * 10_000}</t></si>"
    )


def cut_workbook(folder: Path) -> Path:
    path = workbook(folder / "log.xlsx", [cells(n) for n in range(50)])
    path.write_bytes(path.read_bytes()[:-900])
    return path


def empty_workbook(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "empty.xlsx") as book:
        book.add_worksheet()
    return folder / "empty.xlsx"


def second_in_sheet(folder: Path) -> Path:
    other = [["課", "業務", "事務分類", "年間時間"], ["市民課", "転入", "入力", "12"]]
    return workbook(folder / "two.xlsx", [*[cells(n) for n in range(70)], [], *other])


GOOD = log(tickets(3)).encode("cp932")
PAGE = b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
TWO_TABLES = [*tickets(70), "", "課,業務,事務分類,年間時間", "市民課,転入,入力,12"]
OTHER_ORDER = [*tickets(70), ",".join(reversed(COLUMNS)), *tickets(2)]

REFUSED: dict[str, tuple[Make, str, str]] = {
    # nothing in it
    "empty file": (file("log.csv", b""), "ファイルが空です", "the file is empty"),
    "blank lines only": (file("log.csv", b"\r\n \r\n"), "ファイルが空です", "the file is empty"),
    "header only": (
        file("log.csv", log([]).encode("cp932")),
        "見出しだけで、データの行がありません",
        "no row of data",
    ),
    "header and blank rows": (
        file("log.csv", log([",,,,,,,,", ""]).encode("cp932")),
        "データの行がありません",
        "no row of data",
    ),
    "workbook without a cell": (empty_workbook, "どのシートも空です", "all sheets are empty"),
    # another kind of file than its name says
    "web page saved as .xlsx": (file("log.xlsx", PAGE), "Web ページ", "web page"),
    "web page saved as .csv": (file("log.csv", PAGE), "Web ページ", "web page"),
    "PDF": (file("log.csv", b"%PDF-1.7\n%\xe2"), "PDF は読み込めません", "a PDF cannot be read"),
    "picture": (file("log.csv", b"\x89PNG\r\n" + bytes(range(256))), "読めない", "not readable"),
    "zeros of a broken disk": (file("log.csv", b"\0" * 9000), "読めない", "not readable"),
    "zero bytes in the text": (
        file("log.csv", GOOD.replace(b"09:01:00", b"09:01\0:00")),
        "読めない",
        "not readable",
    ),
    # cannot be opened
    "password-protected workbook": (
        file("log.xlsx", OLE + b"\0" * 600 + ENCRYPTED),
        "パスワードで保護されています",
        "protected by a password",
    ),
    "workbook that is cut off": (cut_workbook, "途中で切れています", "damaged or cut off"),
    "old workbook that is damaged": (file("log.xls", OLE + b"\0" * 600), "壊れている", "damaged"),
    # zips
    "zip in a zip": (zip_in_zip, "zip の中に zip があります", "zip in the zip"),
    "zip with a password": (encrypted_zip, "パスワードが掛かっています", "protected by a password"),
    "zip whose names lead out": (
        zipped({"../log.csv": GOOD}),
        "zip の外を指しています",
        "leads out of it",
    ),
    "zip with an absolute name": (
        zipped({"/etc/log.csv": GOOD}),
        "zip の外を指しています",
        "leads out of it",
    ),
    "zip bomb": (
        zipped({"log.csv": b"0" * (32 << 20)}),
        "異常に大きくなります",
        "unpacks to far more",
    ),
    "zip with a web page in it": (
        zipped({"log.csv": PAGE}),
        "「log.csv」: 表ではなく",
        "log.csv in the zip",
    ),
    "zip without a table": (zipped({"a.pdf": b"%PDF"}), "表（CSV・Excel）がありません", "no table"),
    # too large
    "cells too far apart": (far_apart, "大きすぎるブック", "too large"),
    "a long text in many cells": (shared_text, "大きすぎるブック", "too large"),
    "a line without end": (
        file("log.csv", (HEADER + "\r\n").encode("cp932") + b"9" * (65 << 20)),
        "1行が長すぎます",
        "a line is too long",
    ),
    "JSON with another name in every record": (
        file("log.json", json.dumps([{f"項目{n}": n} for n in range(3500)]).encode()),
        "項目名が多すぎます",
        "too many names",
    ),
    # two tables in one
    "second table below the first": (
        file("log.csv", log(TWO_TABLES).encode("cp932")),
        "73行目に別の表の見出しがあります",
        "row 73 is the header of another table",
    ),
    "the same columns in another order below": (
        file("log.csv", log(OTHER_ORDER).encode("cp932")),
        "72行目に別の表の見出しがあります",
        "row 72 is the header of another table",
    ),
    "second table in a sheet": (
        second_in_sheet,
        "シート「ログ」の73行目に別の表の見出し",
        "row 73 of the sheet ログ",
    ),
    # not to be understood
    "a column that stands twice": (
        file("log.csv", log([f"{ticket(1)},8"], f"{HEADER},受付番号").encode("cp932")),
        "「受付番号」という列が2つあります",
        "stands twice",
    ),
    "two tables so near that either may be meant": (
        file("log.csv", log([*tickets(2), "", *TWO_TABLES[-2:]]).encode("cp932")),
        "どの種類のファイルか決められません",
        "more than one source fits",
    ),
    "no header that anyone knows": (
        file("log.csv", "あ,い,う\r\n1,2,3\r\n".encode("cp932")),
        "種類",
        "--source",
    ),
    # personal data
    "a column of names": (
        file("log.csv", log([f"{ticket(1)},見晴 花子"], f"{HEADER},氏名").encode("cp932")),
        "個人情報の列「氏名」",
        "the column 氏名 holds personal data",
    ),
    "telephone numbers in a memo": (
        file(
            "log.csv",
            log(
                [f"{ticket(n)},090-1234-{n:04d}" for n in range(9)], f"{HEADER},メモ"
            ).encode("cp932"),
        ),
        "列「メモ」に電話番号と見られる値が9件",
        "the column メモ has 9 values that look like telephone numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_a_faulty_file_is_refused_and_nothing_changes(
    fault: str, settled: House, tmp_path: Path
) -> None:
    make, ja, en = REFUSED[fault]
    result = settled.refuses(make(tmp_path))
    assert ja in result.message and en in result.message_en
    assert result.rows_read == 0


FAMILIES = (
    *("header only", "web page saved as .xlsx", "password-protected workbook", "zip bomb"),
    *("cells too far apart", "second table below the first", "a column of names"),
)


def test_the_command_line_says_so_in_a_line_each_and_exits_with_two(
    settled: House, tmp_path: Path, cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    before = settled.state()
    paths = []
    for number, fault in enumerate(FAMILIES):
        (tmp_path / str(number)).mkdir()
        paths.append(str(REFUSED[fault][0](tmp_path / str(number))))
    done = cli("pipelines", "load", *paths, home=settled.home.root, check=False)
    assert done.returncode == 2 and done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == len(FAMILIES), "no traceback"
    for line, fault in zip(lines, FAMILIES, strict=True):
        assert REFUSED[fault][1] in line
    assert settled.state() == before
