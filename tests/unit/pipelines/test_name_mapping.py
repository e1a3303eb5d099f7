"""A file of names: the same rows again are duplicates, and a wide list is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import ingest
from pipelines.sources import load_sources
from warehouse.home import Home

HEADER = "表記,都道府県名,団体コード,備考\n"


def load(home: Path, name: str, text: str) -> ingest.LoadResult:
    path = home.parent / name
    path.write_text(text, encoding="utf-8")
    (result,) = ingest.load([path], Home(home))
    return result


def test_rows_that_are_all_known_are_duplicates(tmp_path: Path) -> None:
    """The file has no period, and nothing of it is stored."""
    first = load(tmp_path / "home", "a.csv", HEADER + "府中市,,132063,x\n")
    again = load(tmp_path / "home", "b.csv", HEADER + '"府中市",,132063,x\n')
    assert (first.status, first.accepted, first.duplicates) == ("stored", 1, 0)
    assert (again.status, again.accepted, again.duplicates) == ("stored", 0, 1)


def test_no_other_source_is_without_a_period() -> None:
    none = [s.id for s in load_sources().values() if "(" not in s.period.from_ + s.period.to]
    assert none == ["name_mapping"]


@pytest.mark.parametrize(
    "text",
    [
        "団体コード,名称\n132063,府中市\n",
        "団体コード,都道府県名,名称,人口,世帯数,備考\n132063,東京都,府中市,260000,120000,a\n",
    ],
)
def test_a_list_of_municipalities_is_no_mapping(tmp_path: Path, text: str) -> None:
    """名称 heads names of anything; a mapping would change how other files are read."""
    result = load(tmp_path / "home", "list.csv", text)
    assert (result.status, result.source) == ("refused", None)
    assert "「団体コード」" in result.message
