"""The same seed gives the same bytes; another seed gives other data."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.demo import channels, city, nation, staff, survey

SEED = 2040


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("fixture", "write"), [("city_folder", city.write), ("nation_folder", nation.write)]
)
def test_two_runs_give_the_same_bytes(
    fixture: str,
    write: Callable[[Path, int], list[Path]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    first = digests(request.getfixturevalue(fixture))
    paths = write(tmp_path, SEED)
    assert digests(tmp_path) == first
    assert paths[0].name == "市区町村一覧.csv"
    assert sorted(path.name for path in paths) == sorted(first)


def test_another_seed_gives_other_data() -> None:
    assert list(channels.rows(1)) != list(channels.rows(2))
    assert staff.persons(1) != staff.persons(2)
    assert any(
        (one.hours != other.hours).any()
        for one, other in zip(survey.tasks(1), survey.tasks(2), strict=False)
        if one.hours.shape == other.hours.shape
    )
