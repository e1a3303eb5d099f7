"""Releases on disk: names, the pointer, what is kept, and readers that meet a publisher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from warehouse import query, releases
from warehouse.engine import Engine
from warehouse.home import Home
from warehouse.inputs import settings
from warehouse.query import NoRelease
from warehouse.query import release as opened

NOW = datetime(2026, 11, 2, 0, 14, 5, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "releases").mkdir()
    return Home(tmp_path)


def publish(home: Home, name: str) -> None:
    """A release that holds its own name and nothing else."""
    building = home.releases / f"{name}.duckdb.building"
    engine = Engine.create(building)
    about = {"name": [name], "built_at": [NOW], "is_demo": [False], "version": ["1"]}
    for table, rows in (("meta_release", pa.table(about)), ("ref_config", settings(home.config()))):
        engine.register("arriving", rows)
        engine.execute(f"CREATE TABLE {table} AS SELECT * FROM arriving")
    engine.close()
    releases.complete(home, building, name)
    releases.point(home, name)


def test_a_second_release_of_one_second_has_a_name_that_sorts_after_the_first(home: Home) -> None:
    names = []
    for _ in range(3):
        names.append(releases.new_name(home, NOW))
        publish(home, names[-1])
    assert names == [f"mado-20261102T001405Z{end}" for end in ("", "-02", "-03")]
    assert releases.names(home) == names


def test_the_last_three_and_the_current_one_are_kept(home: Home) -> None:
    names = [f"mado-20261102T00140{second}Z" for second in range(6)]
    for name in names:
        publish(home, name)
    releases.point(home, names[0])
    assert releases.prune(home) == names[1:3]
    assert releases.names(home) == [names[0], *names[3:]]


def test_rolling_back_is_writing_an_older_name(home: Home) -> None:
    publish(home, "mado-20261102T001401Z")
    publish(home, "mado-20261102T001402Z")
    assert query.open_release(home).name == "mado-20261102T001402Z"
    home.current.write_text("mado-20261102T001401Z.duckdb\n", encoding="utf-8")
    assert query.open_release(home).name == "mado-20261102T001401Z"


def test_a_name_without_a_release_cannot_be_pointed_at(home: Home) -> None:
    publish(home, "mado-20261102T001401Z")
    with pytest.raises(releases.ReleaseError, match="mado-20261102T001401Z"):
        releases.point(home, "mado-20200101T000000Z")
    assert releases.current(home) == "mado-20261102T001401Z"


def test_leftovers_of_a_killed_build_are_no_release(home: Home) -> None:
    (home.releases / "mado-20261102T001401Z.duckdb.building").write_text("half")
    (home.releases / "mado-20261102T001401Z.duckdb.building.wal").write_text("half")
    assert releases.names(home) == []
    releases.clear_leftovers(home)
    assert list(home.releases.iterdir()) == []


def test_without_a_release_readers_are_told_what_to_do(home: Home) -> None:
    with pytest.raises(NoRelease, match="pipelines publish"):
        query.open_release(home)
    publish(home, "mado-20261102T001401Z")
    with pytest.raises(NoRelease, match="あるもの: mado-20261102T001401Z"):
        query.open_release(home, "mado-20200101T000000Z")


def test_a_damaged_release_is_named(home: Home) -> None:
    releases.path_of(home, "mado-20261102T001401Z").write_text("<html>")
    releases.point(home, "mado-20261102T001401Z")
    with pytest.raises(NoRelease, match="mado-20261102T001401Z"):
        query.open_release(home)


def test_a_reader_of_a_pointer_that_has_just_been_replaced_gets_the_next_release(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading CURRENT and opening the file, the file is pruned."""
    publish(home, "mado-20261102T001401Z")
    read: Callable[[Home], str | None] = releases.current

    def current(home: Home) -> str | None:
        name = read(home)
        if name == "mado-20261102T001401Z":
            publish(home, "mado-20261102T001402Z")
            releases.path_of(home, name).unlink()
        return name

    monkeypatch.setattr(opened.releases, "current", current)
    assert query.open_release(home).name == "mado-20261102T001402Z"


def test_a_deleted_release_stays_readable_for_those_who_hold_it(home: Home) -> None:
    names = [f"mado-20261102T00140{second}Z" for second in range(8)]
    publish(home, names[0])
    held = query.open_release(home)
    for name in names[1:]:
        publish(home, name)
        releases.prune(home)
        assert query.open_release(home).name == name
    assert not releases.path_of(home, names[0]).exists()
    assert held.engine.execute("SELECT name FROM meta_release") == [(names[0],)]


def test_a_release_is_opened_once_per_process(home: Home) -> None:
    publish(home, "mado-20261102T001401Z")
    assert query.open_release(home) is query.open_release(home)
