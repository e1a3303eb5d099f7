"""Large files are read in bounded memory; what has no bound is refused before it fills it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fixtures.bare_workbooks import XML, write_xlsx
from tests.fixtures.faults import COLUMNS, HEADER, House, cells, log, tickets

READ = """
import json, resource, sys
from pathlib import Path
from pipelines.errors import Refused
from pipelines.personal import Watcher
from pipelines.read import open_document

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

before, rows, said = peak(), 0, None
try:
    sheet = open_document(Path(sys.argv[1])).sheets[0]
    width = len(sheet.head[0])
    watcher = Watcher({at: sheet.head[0][at] for at in range(width)})
    for chunk in sheet.chunks(1, width):
        watcher.see(chunk)
        rows += chunk.num_rows
except Refused as error:
    said = error.ja
print(json.dumps({"rows": rows, "said": said, "grown": peak() - before}))
"""


def read(path: Path) -> dict[str, object]:
    """Read a file in a process of its own: rows, refusal, and MiB by which its peak has grown."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def days(megabytes: int) -> Iterator[bytes]:
    """A log of so many MB, a day at a time."""
    block = "\r\n".join(tickets(800)).encode("cp932") + b"\r\n"
    for day in range((megabytes << 20) // len(block)):
        yield block.replace(b"2026/10/01", b"%04d/%02d/01" % (2000 + day // 12, 1 + day % 12))


@pytest.mark.slow
def test_a_log_of_300_mb_is_read_in_a_part_of_its_size(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with path.open("wb") as file:
        file.write((HEADER + "\r\n").encode("cp932"))
        file.writelines(days(300))
    found = read(path)
    assert found["said"] is None and int(str(found["rows"])) > 3_000_000
    assert int(str(found["grown"])) < 250


@pytest.mark.parametrize("head", ["", HEADER + "\r\n"])
def test_300_mb_without_a_line_end_are_not_read(tmp_path: Path, head: str) -> None:
    path = tmp_path / "log.csv"
    with path.open("wb") as file:
        file.write(head.encode("cp932"))
        file.writelines(b"9" * (1 << 20) for _ in range(300))
    found = read(path)
    assert "1行が長すぎます" in str(found["said"])
    assert int(str(found["grown"])) < 400


@pytest.mark.slow
def test_a_full_sheet_of_a_million_rows_is_read(tmp_path: Path) -> None:
    """1,048,576 rows, as many as a sheet has, of the columns of a small log."""

    def rows() -> Iterator[str]:
        yield f'{XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        yield "<sheetData>"
        for row in range(1, (1 << 20) + 1):
            yield (
                f'<row r="{row}"><c r="A{row}" t="s"><v>{row % 3}</v></c>'
                f'<c r="B{row}"><v>{row}</v></c><c r="C{row}"><v>46296.375</v></c></row>'
            )
        yield "</sheetData></worksheet>"

    strings = "".join(f"<si><t>{word}</t></si>" for word in ("課", "市民課", "税務課"))
    found = read(write_xlsx(tmp_path / "log.xlsx", rows(), strings=strings))
    assert (found["rows"], found["said"]) == ((1 << 20) - 1, None)
    assert int(str(found["grown"])) < 900


def test_sixteen_thousand_columns_are_read(house: House, tmp_path: Path) -> None:
    more = 16_384 - len(COLUMNS)
    header = f"{HEADER},{'長' * 300},{','.join(f'予備{n}' for n in range(more - 1))}"
    path = tmp_path / "log.csv"
    path.write_bytes(log([f"{','.join(cells(n))}{',0' * more}" for n in range(3)], header).encode())
    assert house.load(path).accepted == 3
