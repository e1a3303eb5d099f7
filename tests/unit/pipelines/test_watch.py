"""A drop folder: new files go in, a note says what became of each, one release comes out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import lock, watch
from pipelines.errors import PipelineError
from tests.fixtures.tickets import counts, tickets, write
from warehouse import releases
from warehouse.home import Home

ROOT = Path(__file__).parents[3]


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "出力"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def once(home: Home, drop: Path) -> watch.Pass:
    return watch.once(home, drop, settle=0.05)


def test_files_are_taken_moved_and_published_once(home: Home, drop: Path) -> None:
    write(drop / "10月.csv", [(1, "転入"), (2, "転入")], bad=1)
    write(drop / "11月.csv", [(3, "転入")], month=11)
    (drop / "メモ.txt").write_text("買い物メモ", encoding="utf-8")
    done = once(home, drop)
    assert [result.status for result in done.results] == ["stored", "stored", "refused"]
    assert releases.names(home) == [done.release] and set(tickets(home)) == {"1", "2", "3"}
    assert sorted(p.name for p in drop.iterdir()) == ["done", "refused"]
    assert sorted(p.name for p in (drop / "done").iterdir()) == [
        *("10月.csv", "10月.csv.txt", "11月.csv", "11月.csv.txt")
    ]
    note = (drop / "done/10月.csv.txt").read_text(encoding="utf-8")
    assert note.startswith("保存: ") and "保留 1" in note and "1 held back" in note
    assert str(done.release) in note
    why = (drop / "refused/メモ.txt.txt").read_text(encoding="utf-8")
    assert why.startswith("拒否: ") and "\nrefused: " in why
    assert str(done.release) not in why, "it is not in the release"
    assert once(home, drop) == watch.Pass() and len(releases.names(home)) == 1


def test_unfinished_and_open_files_are_left_alone(home: Home, drop: Path) -> None:
    for name in ("a.csv.tmp", "b.csv.part", ".c.csv", "~$開いている.xlsx", "開いている.xlsx"):
        (drop / name).write_text("x", encoding="utf-8")
    (drop / "folder").mkdir()
    assert watch.ready(drop, 0) == {}
    before = sorted(path.name for path in drop.iterdir())
    assert once(home, drop) == watch.Pass()
    assert sorted(path.name for path in drop.iterdir()) == before


def test_a_file_that_grows_is_left_for_the_next_pass(
    home: Home, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write(drop / "log.csv", [(1, "転入")])

    def grow(seconds: float) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write("272060,本庁,市民課,1,2,2026/10/01 9:00,転入\n")

    monkeypatch.setattr(time, "sleep", grow)
    assert watch.ready(drop, 1) == {}
    monkeypatch.undo()
    assert list(watch.ready(drop, 0)) == [log]


def test_a_name_that_is_taken_gets_a_number(home: Home, drop: Path) -> None:
    for number in (1, 2):
        write(drop / "log.csv", [(number, "転入")])
        once(home, drop)
    names = sorted(path.name for path in (drop / "done").glob("*.csv"))
    assert names == ["log (2).csv", "log.csv"]


def test_a_pass_that_was_killed_before_publishing_is_finished(home: Home, drop: Path) -> None:
    from pipelines import ingest

    log = write(drop / "log.csv", [(1, "転入")])
    ingest.load([log], home)  # and killed here: nothing published, nothing moved
    done = once(home, drop)
    assert [result.status for result in done.results] == ["unchanged"]
    assert done.release is not None and not log.exists()
    time.sleep(1.1)  # a release's name tells seconds
    log.write_bytes((drop / "done/log.csv").read_bytes())
    assert once(home, drop).release is None, "the same file again is nothing new"


def test_a_failed_publish_is_said_and_the_files_are_stored(home: Home, drop: Path) -> None:
    import json

    from warehouse.runner import BuildError

    write(drop / "log.csv", [(1, "転入")])
    once(home, drop)
    (path,) = home.ledger.glob("*.json")
    entry = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**entry, "rows_read": 9}), encoding="utf-8")
    write(drop / "more.csv", [(2, "転入")])
    with pytest.raises(BuildError):
        once(home, drop)
    assert "公開できませんでした" in (drop / "done/more.csv.txt").read_text(encoding="utf-8")
    assert "more.csv" in counts(home)


def run(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", "watch", *arguments],
        cwd=ROOT,
        env={**os.environ, "MADO_HOME": str(home.root)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_second_run_says_who_is_at_work_and_does_no_harm(home: Home, drop: Path) -> None:
    log = write(drop / "log.csv", [(1, "転入")])
    with lock.writing(home):
        done = run(home, str(drop), "--wait", "0.2")
    assert done.returncode == 0 and str(os.getpid()) in done.stderr
    assert log.exists() and not (home.root / "lake/ledger").exists()


def test_the_exit_code_tells_refusals(home: Home, drop: Path) -> None:
    (drop / "memo.txt").write_text("買い物メモ", encoding="utf-8")
    done = run(home, str(drop), "--once")
    assert done.returncode == 2 and "memo.txt" in done.stderr and "Traceback" not in done.stderr
    assert run(home, str(drop / "nowhere")).returncode == 2


def test_watching_goes_on_until_it_is_told_to_stop(home: Home, drop: Path) -> None:
    command = [sys.executable, "-m", "pipelines", "watch", str(drop), "--interval", "0.2"]
    environment = {**os.environ, "MADO_HOME": str(home.root)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        write(drop / "first.csv", [(1, "転入")])
        wait_for(drop / "done/first.csv")
        write(drop / "second.csv", [(2, "転入")])
        wait_for(drop / "done/second.csv")
        process.terminate()
        assert process.wait(30) == 0
    assert set(tickets(home)) == {"1", "2"}


def wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} did not come"
        time.sleep(0.05)


def test_a_missing_folder_is_one_line(home: Home, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="フォルダー"):
        once(home, tmp_path / "nowhere")
