"""Months and places that a file covers, found by its dictionaries or by SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import ingest, replacement
from pipelines.replacement import Scope
from pipelines.sources import Source
from pipelines.validate import Judge
from warehouse.engine import Engine
from warehouse.home import Home

HEAD = "団体コード,庁舎,課,窓口番号,受付番号,発券時刻"
ROWS = [
    "272060,本庁,市民課,1,1,2026/09/30 09:00",
    "272060,北支所,市民課,1,1,2026/10/01 09:00",
    "272060,,税務課,2,1,2026/10/01 09:01",
    "272043,本庁,市民課,1,1,2026/10/02 09:00",
    "272061,本庁,総務課,1,1,2026/11/02 09:00",  # held back: its check digit is wrong
]
PLACES = (
    "272043／本庁／市民課",
    "272060／北支所／市民課",
    "272060／本庁／市民課",
    "272060／本庁／税務課",
)


@pytest.mark.parametrize("columns", [range(6), (0, 2, 3, 4, 5)], ids=["all", "without office"])
def test_dictionaries_and_sql_find_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: range | tuple[int, ...]
) -> None:
    found: list[tuple[Scope, Scope]] = []
    original = replacement.scope

    def both(engine: Engine, source: Source, judge: Judge | None = None) -> Scope:
        found.append((original(engine, source, judge), original(engine, source)))
        return found[-1][0]

    monkeypatch.setattr(ingest, "scope", both)
    rows = [",".join(row.split(",")[at] for at in columns) for row in [HEAD, *ROWS]]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(rows) + "\n", encoding="cp932")
    (result,) = ingest.load([path], Home(tmp_path / "home"))
    assert (result.accepted, result.quarantined) == (4, 1)
    ((by_words, by_sql),) = found
    assert by_words == by_sql
    assert by_words.months == ("2026-09", "2026-10")
    if len(columns) == 6:
        assert by_words.places == PLACES
