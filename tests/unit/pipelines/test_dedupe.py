"""Which row of a key stands, within a file and across files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import held, ingest
from warehouse.home import Home

HEAD = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻"
FIRST = "272060,市民課,1,1,2026/10/01 09:00,2026/10/01 09:10"
OTHER = "272060,市民課,1,1,2026/10/01 09:00,2026/10/01 09:20"


def load(path: Path, home: Path, rows: list[str]) -> tuple[int, int, int]:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="cp932")
    (result,) = ingest.load([path], Home(home))
    return result.accepted, result.quarantined, result.duplicates


def conflicts(home: Path) -> list[tuple[str, int]]:
    rows = held.table(Home(home)).to_pylist()
    return [(row["source_file"], row["source_row"]) for row in rows if row["rule"] == "conflict"]


@pytest.mark.parametrize("border", [1, 2, 3, 4])
def test_a_file_in_two_halves_gives_what_the_whole_gives(tmp_path: Path, border: int) -> None:
    rows = [FIRST, OTHER, FIRST, OTHER, FIRST]
    assert load(tmp_path / "all.csv", tmp_path / "whole", rows) == (1, 2, 2)
    halves = [
        load(tmp_path / f"{at}.csv", tmp_path / "halves", part)
        for at, part in enumerate((rows[:border], rows[border:]))
    ]
    assert tuple(map(sum, zip(*halves, strict=True))) == (1, 2, 2)
    # The second and the fourth row contradict the first, wherever they stand.
    places = [("1.csv", at - border) if at > border else ("0.csv", at) for at in (2, 4)]
    assert conflicts(tmp_path / "halves") == [(name, at + 1) for name, at in places]
