"""A zip of tables: its workbooks and text files as sheets, named by member.

A zip comes from anywhere, so nothing in it is believed: members are unpacked under names of our
own into a folder that goes with the sheets, the bytes are counted while they come out, and what
is no list of tables (a zip in a zip, a path that climbs out, a password, a bomb) is refused whole.
"""

from __future__ import annotations

import errno
import io
import lzma
import shutil
import stat
import struct
import tempfile
import unicodedata
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pipelines.errors import Refused
from pipelines.read import ZIP, Document, NotRead, Sheet, open_document
from pipelines.scan import MOST_CELLS, too_large

MOST_MEMBERS = 1000
"""Files in one zip; a bomb has more, a delivery of tables does not."""

LARGEST_LIST = 4 << 20
"""Bytes of a zip's own list of members: some 50,000 members."""

LARGEST_UNPACKED = 4 << 30
"""Bytes that all members together may unpack to."""

LARGEST_RATIO = 200
"""Unpacked bytes per packed byte of a member; a table gives 5 to 50, a bomb over 1,000."""

RATIO_COUNTS_FROM = 8 << 20
"""Below this many unpacked bytes the ratio says nothing."""

NOT_TABLES = {
    *(".pdf", ".doc", ".docx", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".gif", ".svg"),
    *(".htm", ".html", ".md", ".url", ".lnk"),
}
"""Endings of what is delivered beside tables; such members are named as not read."""

_WORKBOOK = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_CLUTTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, struct.error),
)
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


class _Folder:
    """A temporary folder that is removed when nothing refers to this object any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="mado-zip-"))
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class _Guarded(io.BufferedReader):
    """A file that zipfile reads in bounded pieces: it takes the list of members in one."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LARGEST_LIST:
            raise _too_many()
        return super().read(size)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip that a file is, a workbook's too. Members are to be read in pieces.

    Raises Refused where it is damaged, also while it is read, or lists too many members.
    """
    try:
        with _Guarded(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except _DAMAGED as error:
        raise damaged() from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning
            raise
        raise damaged() from error


def damaged() -> Refused:
    """A workbook or zip that is not whole."""
    return Refused(
        "ブックか zip が壊れているか、途中で切れています。"
        "Excel で開いて保存し直すか、もう一度ダウンロードしてください",
        "the workbook or zip is damaged or cut off; save it again or download it again",
    )


def holds_workbook(path: Path) -> bool:
    """True for the zip that a workbook (.xlsx, .xlsm, .xlsb, .ods) is. Raises Refused."""
    with open_archive(path) as archive:
        return not _WORKBOOK.isdisjoint(archive.namelist())


def content_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """A whole member. Raises KeyError where there is none of that name."""
    with archive.open(name) as member:
        return b"".join(iter(lambda: member.read(1 << 20), b""))


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name as it was written: Windows in Japan writes CP932 without saying so.

    Without the mark for UTF-8 a zip's names are read as cp437, which keeps every byte.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def open_zip(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Open a zip that is no workbook.

    A text file is a sheet named as the member; a sheet of a workbook is named "member／sheet".
    Members that are no tables by their ending are hidden sheets without rows, so that they are
    named as not read. encoding: see open_document.
    Raises Refused where the zip is damaged, protected, a bomb, holds another zip, a path outside
    itself or no table, or where a member cannot be read as a table; the message names the member.
    """
    folder = _Folder()
    try:
        sheets = list(_open_members(_unpacked(path, folder.path), encoding))
    except BaseException:
        folder.remove()
        raise
    if not any(sheet.head for sheet in sheets):
        raise Refused(
            "zip の中に表（CSV・Excel）がありません。中身を確かめてください",
            "there is no table (CSV or Excel) in the zip; check what it holds",
        )
    for sheet in sheets:
        sheet.keeps = folder
    return sheets


def _unpacked(path: Path, folder: Path) -> list[tuple[str, Path | None]]:
    """Unpack into `folder`: the members' names and where they are, None for what is no table."""
    unpacked: list[tuple[str, Path | None]] = []
    with open_archive(path) as archive:
        for name, info in _members(archive):
            if PurePosixPath(name).suffix.lower() in NOT_TABLES:
                unpacked.append((name, None))
                continue
            to = folder / str(len(unpacked))
            # zipfile stops at the size that the list says, which was checked.
            with archive.open(info) as member, to.open("wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
            unpacked.append((name, to))
    return unpacked


def _members(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files to read, by name. Raises Refused where the list alone is reason enough."""
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        if not info.filename:
            raise damaged()
        name = member_name(info)
        _check_name(name, info)
        if info.is_dir() or not _CLUTTER.isdisjoint(PurePosixPath(name).parts):
            continue
        if PurePosixPath(name).name.startswith("~$"):
            continue  # the mark that Excel leaves beside an open workbook
        if info.flag_bits & _ENCRYPTED:
            raise Refused(
                f"zip の中の「{name}」にパスワードが掛かっています。"
                "パスワードなしの zip にしてください",
                f"{name} in the zip is protected by a password; make a zip without one",
            )
        if name in members:
            raise Refused(
                f"zip の中に「{name}」が2つあります。どちらか1つにしてください",
                f"{name} stands twice in the zip; keep one",
            )
        members[name] = info
        total += info.file_size
        _check_size(len(members), total, info.file_size, info.compress_size, name)
    return sorted(members.items())


def _too_many() -> Refused:
    return Refused(
        f"zip の中のファイルが多すぎます（{MOST_MEMBERS:,}個まで）。分けてください",
        f"too many files in the zip (up to {MOST_MEMBERS}); split it",
    )


def _check_name(name: str, info: zipfile.ZipInfo) -> None:
    """Raise Refused where a name leads out of the zip, or is a link or no name at all."""
    parts = PurePosixPath(name).parts
    climbs = ".." in parts or name.startswith("/") or ":" in name[:2]
    if climbs or stat.S_ISLNK(info.external_attr >> 16) or not name.isprintable():
        shown = "".join(letter if letter.isprintable() else "?" for letter in name)[:80]
        raise Refused(
            f"zip の中の名前「{shown}」が zip の外を指しています。作り直してください",
            f"the name {shown} in the zip leads out of it; make the zip anew",
        )


def _check_size(members: int, total: int, unpacked: int, packed: int, name: str) -> None:
    """Raise Refused where there is more than a delivery of tables has."""
    if members > MOST_MEMBERS:
        raise _too_many()
    if total > LARGEST_UNPACKED:
        raise Refused(
            f"zip を展開すると大きすぎます（{LARGEST_UNPACKED >> 30} GB まで）。分けてください",
            f"the zip unpacks to more than {LARGEST_UNPACKED >> 30} GB; split it",
        )
    if unpacked > RATIO_COUNTS_FROM and unpacked > LARGEST_RATIO * packed:
        raise Refused(
            f"zip の中の「{name}」は展開すると異常に大きくなります。中身を確かめてください",
            f"{name} in the zip unpacks to far more than a table would; check what it is",
        )


def _open_members(members: list[tuple[str, Path | None]], encoding: str | None) -> Iterator[Sheet]:
    """The sheets of all members, named. Raises Refused naming the member that is no table."""
    cells = 0
    for name, path in members:
        if path is None:
            yield NotRead(name)
            continue
        try:
            document = _open_member(path, encoding)
        except Refused as error:
            ja, en = f"zip の中の「{name}」: {error.ja}", f"{name} in the zip: {error.en}"
            raise Refused(ja, en) from error
        cells += sum(sheet.cells for sheet in document.sheets)
        if cells > MOST_CELLS:
            raise too_large()
        for sheet in document.sheets:
            sheet.name = f"{name}／{sheet.name}" if sheet.name else name
            yield sheet


def _open_member(path: Path, encoding: str | None) -> Document:
    with path.open("rb") as file:
        zipped = file.read(4).startswith(ZIP)
    if zipped and not holds_workbook(path):
        raise Refused(
            "zip の中に zip があります。中の zip を展開して入れ直してください",
            "this is a zip in the zip; unpack it and put its files in",
        )
    return open_document(path, encoding)
