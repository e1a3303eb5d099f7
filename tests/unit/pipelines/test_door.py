"""The door of the page: what it takes, what it refuses, and that every refusal is one line."""

from __future__ import annotations

import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines import door, ingest, lock
from pipelines import publish as publishing
from pipelines.door import Wanted
from tests.unit.pipelines.test_preview import GOOD, HEADER, LATE, write
from warehouse import query
from warehouse.home import Home
from warehouse.runner import BuildError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def silent(path: Path) -> Callable[[int], None]:
    return lambda rows: None


def test_the_first_file_of_an_empty_home_makes_the_first_release(
    home: Home, tmp_path: Path
) -> None:
    (result,) = door.load([Wanted(write(tmp_path, HEADER, GOOD, LATE))], home, silent)
    assert result.status == "stored"
    release = query.open_release(home, door.publish(home))
    assert set(query.files(release)["sha256"]) == door.loaded(home) == {result.sha256}
    assert len(door.waiting(home)) == 1
    assert {"wait_p90", "tickets"} <= query.metrics_from([str(result.sha256)], release)
    assert query.metrics_from(["0" * 64], release) == frozenset()


def test_results_stand_in_the_order_of_the_files(home: Home, tmp_path: Path) -> None:
    """A list of municipalities is taken first, whatever place it has: others need its codes."""
    log = write(tmp_path, HEADER, GOOD.replace("272060", "512010"), name="発券.csv")
    listed = write(
        tmp_path,
        "団体コード,都道府県名,市区町村名,種別",
        "512010,霞野県,見晴市,市",
        name="一覧.csv",
    )
    results = door.load([Wanted(log), Wanted(listed, source="municipality")], home, silent)
    assert [(one.source, one.accepted) for one in results] == [
        ("ticket_log", 1),
        ("municipality", 1),
    ]
    assert door.municipalities(home)["512010"].ja == "霞野県 見晴市（512010）"


def test_real_files_never_stand_beside_demo_data(home: Home, tmp_path: Path) -> None:
    ingest.load([write(tmp_path, HEADER, GOOD)], home, synthetic=True)
    assert door.holds_demo(home)
    other = write(tmp_path, HEADER, LATE, name="本物.csv")
    with pytest.raises(door.PipelineError, match="模擬データ"):
        door.load([Wanted(other)], home, silent)
    assert len(door.loaded(home)) == 1


def test_another_writer_is_named(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one in this very process: two readers have one server."""
    monkeypatch.setattr(door, "WAIT_SECONDS", 0)
    path = write(tmp_path, HEADER, GOOD)
    with ThreadPoolExecutor(1) as other, lock.writing(home):
        work = other.submit(door.load, [Wanted(path)], home, silent)
        with pytest.raises(door.PipelineError, match="が書き込み中です") as caught:
            work.result()
    assert "is writing" in caught.value.en
    assert door.loaded(home) == frozenset()


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (BuildError("検査「x」に落ちました"), "前の公開版はそのまま"),
        (OSError(errno.ENOSPC, "No space left on device"), "空き"),
    ],
)
def test_what_fails_is_one_line_in_each_language(
    home: Home, monkeypatch: pytest.MonkeyPatch, failure: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise failure

    monkeypatch.setattr(publishing, "publish", fail)
    with pytest.raises(door.PipelineError) as caught:
        door.publish(home)
    assert told in caught.value.ja
    assert "\n" not in caught.value.ja + caught.value.en


def test_names_to_choose_from(home: Home) -> None:
    assert door.sources()["ticket_log"].ja == "発券機ログ"
    assert next(iter(door.profiles(home, "ticket_log"))) == "standard"
    known = door.municipalities(home)
    assert known["272060"].ja == "大阪府 泉大津市（272060）"
    assert "270008" not in known, "a prefecture has no files of its own here"


def test_a_file_that_another_replaces_is_loaded_no_more(home: Home, tmp_path: Path) -> None:
    home.profiles.mkdir(parents=True)
    (home.profiles / "machine.yml").write_text(
        "source: ticket_log\nreplace: period\ncolumns: {counter: [受付口]}\n", encoding="utf-8"
    )
    header = HEADER.replace("窓口番号", "受付口")
    first = write(tmp_path, header, GOOD, name="速報.csv")
    later = write(tmp_path, header, GOOD, GOOD.replace("A001", "A002"), name="確定.csv")
    door.load([Wanted(first)], home, silent)
    assert door.preview(later, home).replaces == ("速報.csv",)
    (result,) = door.load([Wanted(later)], home, silent)
    assert door.loaded(home) == {result.sha256}
    release = query.open_release(home, door.publish(home))
    assert set(query.files(release)["sha256"]) == door.loaded(home), "nothing is left to publish"
