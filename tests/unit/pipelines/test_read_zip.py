"""A zip of tables opens as the sheets of its members; what is no such zip is refused."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from pipelines import read_zip
from pipelines.errors import Refused
from pipelines.read import open_document

LOG = "課,窓口番号\r\n市民課,1\r\n税務課,2\r\n".encode("cp932")


def workbook(path: Path, *names: str) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        for name in names:
            book.add_worksheet(name).write_row(0, 0, ["課", "人数"])
    return path.read_bytes()


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def pack_cp932(path: Path, name: str, content: bytes) -> Path:
    """A zip with one member whose name is CP932 and says nothing of its encoding."""
    raw = name.encode("cp932")
    stand_in = "x" * len(raw)
    pack(path, {stand_in: content})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), raw))
    return path


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        open_document(path)
    assert refused.value.ja and refused.value.en
    return refused.value


def test_members_become_sheets_named_by_member_and_sheet(tmp_path: Path) -> None:
    book = workbook(tmp_path / "b.xlsx", "市町村", "都道府県")
    document = open_document(pack(tmp_path / "all.zip", {"表/b.xlsx": book, "log.csv": LOG}))
    assert document.kind == "zip" and document.name == "all.zip"
    names = [sheet.name for sheet in document.sheets]
    assert names == ["log.csv", "表/b.xlsx／市町村", "表/b.xlsx／都道府県"]
    assert document.sheets[0].rows() == [["課", "窓口番号"], ["市民課", "1"], ["税務課", "2"]]
    assert document.sheets[1].head == [["課", "人数"]]


@pytest.mark.parametrize("name", ["窓口別表.csv", "ソ能表①.csv", "髙島町～.csv"])
def test_names_in_cp932_without_a_mark_are_read(tmp_path: Path, name: str) -> None:
    document = open_document(pack_cp932(tmp_path / "a.zip", name, LOG))
    assert [sheet.name for sheet in document.sheets] == [name]


def test_names_in_utf8_without_a_mark_are_read(tmp_path: Path) -> None:
    raw = "発券ログ.csv".encode()
    pack(tmp_path / "a.zip", {"x" * len(raw): LOG})
    data = (tmp_path / "a.zip").read_bytes().replace(b"x" * len(raw), raw)
    (tmp_path / "a.zip").write_bytes(data)
    assert [sheet.name for sheet in open_document(tmp_path / "a.zip").sheets] == ["発券ログ.csv"]


def test_unpacked_files_go_with_the_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    sheets = list(open_document(pack(tmp_path / "a.zip", {"log.csv": LOG})).sheets)
    rows = pa.concat_tables(sheets[0].chunks(1, 2))
    assert rows["c0"].to_pylist() == ["市民課", "税務課"], "readable after the document is gone"
    sheets.clear()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_nothing_is_left_where_a_zip_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    refusal(pack(tmp_path / "a.zip", {"a.csv": LOG, "b.csv": b"<html></html>"}))
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_comes_beside_tables_is_named_as_not_read(tmp_path: Path) -> None:
    members = {
        "説明.pdf": b"%PDF-1.7",
        "log.csv": LOG,
        "__MACOSX/._log.csv": b"\x00\x05\x16\x07",
        "~$b.xlsx": b"lock",
        "Thumbs.db": b"x",
    }
    document = open_document(pack(tmp_path / "a.zip", members))
    assert [(s.name, s.hidden) for s in document.sheets] == [("log.csv", False), ("説明.pdf", True)]


@pytest.mark.parametrize(
    "name", ["../log.csv", "a/../../log.csv", "/etc/log.csv", "C:/log.csv", "..\\log.csv"]
)
def test_a_name_that_leads_out_refuses_the_zip(tmp_path: Path, name: str) -> None:
    error = refusal(pack(tmp_path / "a.zip", {name: LOG}))
    assert "外を指しています" in error.ja
    assert not (tmp_path.parent / "log.csv").exists()


def test_a_link_refuses_the_zip(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("log.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "外を指しています" in refusal(tmp_path / "a.zip").ja


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"log.csv": LOG}).read_bytes()
    error = refusal(pack(tmp_path / "a.zip", {"inner.csv": inner}))
    assert "inner.csv" in error.ja and "zip の中に zip" in error.ja


def test_a_member_that_is_no_table_refuses_the_zip_and_is_named(tmp_path: Path) -> None:
    error = refusal(pack(tmp_path / "a.zip", {"log.csv": LOG, "x.csv": b"<html>404</html>"}))
    assert "「x.csv」" in error.ja and "Web ページ" in error.ja and "x.csv" in error.en


def test_a_password_in_a_zip_is_named(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"log.csv": LOG})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    error = refusal(path)
    assert "パスワード" in error.ja and "log.csv" in error.en


def test_a_zip_without_a_table_is_refused(tmp_path: Path) -> None:
    assert "表（CSV・Excel）がありません" in refusal(pack(tmp_path / "a.zip", {})).ja
    assert (
        "表（CSV・Excel）がありません" in refusal(pack(tmp_path / "b.zip", {"a.pdf": b"%PDF"})).ja
    )


def test_a_member_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "a.zip", "w") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("log.csv", LOG)
        archive.writestr("log.csv", LOG)
    assert "2つあります" in refusal(tmp_path / "a.zip").ja


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"log.csv": b"0" * (64 << 20)})
    assert path.stat().st_size < 1 << 20
    assert "異常に大きく" in refusal(path).ja


def test_a_size_that_lies_is_found_while_unpacking(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"log.csv": b"0" * (64 << 20)})
    data = path.read_bytes()
    path.write_bytes(data.replace((64 << 20).to_bytes(4, "little"), (900).to_bytes(4, "little")))
    assert "壊れている" in refusal(path).ja


def test_too_much_in_all_and_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "a.zip", {f"{n}.csv": LOG for n in range(4)})
    monkeypatch.setattr(read_zip, "MOST_MEMBERS", 3)
    assert "多すぎます" in refusal(path).ja
    monkeypatch.setattr(read_zip, "MOST_MEMBERS", 4)
    monkeypatch.setattr(read_zip, "LARGEST_UNPACKED", 3 * len(LOG))
    assert "大きすぎます" in refusal(path).ja


def test_a_list_of_a_million_members_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number:050d}.csv", b"")
    assert "多すぎます" in refusal(path).ja


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.zip", {"x": LOG})
    path.write_bytes(path.read_bytes().replace(b"x", b"\0"))
    assert "壊れている" in refusal(path).ja


@pytest.mark.parametrize("cut", [0.2, 0.6, 0.95])
def test_a_zip_that_is_cut_off_is_refused(tmp_path: Path, cut: float) -> None:
    path = pack(tmp_path / "a.zip", {"log.csv": LOG * 50, "b.csv": LOG})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    assert "壊れている" in refusal(path).ja
