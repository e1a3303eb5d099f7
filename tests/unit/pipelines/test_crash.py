"""Killed at any moment, or out of disk: the lake stays whole, and running again completes it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines import ingest, ledger, lock, pending, publish
from pipelines.read import Fingerprint
from tests.fixtures.tickets import counts, lake, sha, waiting, write
from warehouse.home import Home

ROOT = Path(__file__).parents[3]
SEED = 20261101
KILLS, KILLS_WHILE_STORING, KILLS_OF_FORGET = 24, 12, 8
TRIES = 5
"""A load that ended before its killer came is tried again."""

ROWS = 4_000


class Loader:
    """The process that forks one child per job (see loader.py)."""

    def __init__(self, folder: Path) -> None:
        self._says = folder / "says.txt"
        self._busy = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.unit.pipelines.loader"],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self, home: Home, *arguments: object, **more: object) -> int:
        """Start `python -m pipelines …`; return the number of its process."""
        assert self._process.stdin is not None
        if self._busy:  # a test that failed has left its job
            self.end()
        given = json.dumps([str(argument) for argument in arguments])
        job = {"home": home.root, "says": self._says, "arguments": given, **more}
        self._process.stdin.write(json.dumps({k: str(v) for k, v in job.items()}) + "\n")
        self._process.stdin.flush()
        self._busy = True
        return self._answer("process")

    def end(self) -> int:
        """Wait for the job; return its exit code, -9 where it was killed."""
        self._busy = False
        return self._answer("exit")

    def _answer(self, kind: str) -> int:
        """The next number that the process tells; it must be of this kind."""
        assert self._process.stdout is not None
        told, number = self._process.stdout.readline().split()
        assert told == kind
        return int(number)

    def run(self, home: Home, *arguments: object, **more: object) -> tuple[int, list[str]]:
        """Run it to its end; return the exit code and the lines that it has said."""
        self.start(home, *arguments, **more)
        return self.end(), self._says.read_text(encoding="utf-8").splitlines()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loader]:
    found = Loader(tmp_path_factory.mktemp("temporary"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file that is loaded, and one to load: new tickets, known ones, contradictions, bad rows."""
    folder = tmp_path_factory.mktemp("files")
    first = write(folder / "a.csv", [(n, "転入") for n in range(300)], bad=3)
    rows = [(n, "転出" if n < 100 else "転入") for n in range(ROWS)]
    return first, write(folder / "b.csv", rows, bad=40)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, Path]) -> Home:
    home = Home(tmp_path_factory.mktemp("base") / "home")
    ingest.load(files[:1], home)
    return home


def state(home: Home) -> object:
    """All that readers of the lake can see."""
    return lake(home), waiting(home), counts(home)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, base: Home, files: tuple[Path, Path]):  # type: ignore[no-untyped-def]
    home = copy(base, tmp_path_factory.mktemp("undisturbed"))
    ingest.load(files[1:], home)
    found = state(home)
    assert counts(home)["b.csv"] == (ROWS - 300, 140, 200)
    return found


def copy(home: Home, folder: Path) -> Home:
    shutil.copytree(home.root, folder / "home")
    return Home(folder / "home")


def bytes_of(home: Home, entry: ledger.Entry) -> tuple[bytes, ...]:
    """Everything that belongs to a loaded file."""
    paths = [ledger.parquet(home, entry), home.raw / entry.sha256]
    paths += [home.ledger / f"{entry.sha256}.json", ledger.quarantine(home, entry)]
    return tuple(path.read_bytes() for path in paths)


def assert_consistent(home: Home) -> None:
    """Each entry has its rows, its rows held back and its original bytes, all of them whole."""
    for entry in ledger.entries(home):
        assert pq.read_metadata(ledger.parquet(home, entry)).num_rows == entry.accepted
        assert Fingerprint(home.raw / entry.sha256).value == entry.sha256
        if entry.quarantined:
            rows = pq.read_table(ledger.quarantine(home, entry))["source_row"].to_pylist()
            assert len(set(rows)) == entry.quarantined


def kill(loader: Loader, process: int) -> bool:
    """Kill a job now. False where it had ended before."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    return loader.end() == -signal.SIGKILL


def wait_for_storing(home: Home, process: int) -> float:
    """Wait until a process begins to store; return when. A file's name tells who writes it."""
    until = time.monotonic() + 30
    mine = f"*.{process}.partial"
    while not [*home.raw.glob(mine), *home.lake.glob(f"*/{mine}")] and time.monotonic() < until:
        time.sleep(0.0005)
    return time.monotonic()


def duration(loader: Loader, home: Home, path: Path) -> tuple[float, float]:
    """Seconds that a load takes, and of them those from the first byte stored."""
    started = time.monotonic()
    stored = wait_for_storing(home, loader.start(home, "load", path))
    assert loader.end() == 0
    ended = time.monotonic()
    return ended - started, ended - stored


class Killer:
    """Kills loads of one file into one home at random moments, again and again.

    Half of the home's life is spent half loaded: what one killed load leaves, the next one finds.
    """

    def __init__(self, loader: Loader, base: Home, path: Path, folder: Path) -> None:
        self._loader, self._base, self._path, self._folder = loader, base, path, folder
        self._chance = random.Random(SEED)
        self.whole, self.storing = duration(loader, copy(base, folder / "timed"), path)
        self.homes = 0
        self.fresh()

    def fresh(self) -> None:
        """Begin with a new copy of the home before the load."""
        self.homes += 1
        self.home = copy(self._base, self._folder / str(self.homes))

    def kill_at(self, part: int, parts: int, *, storing: bool) -> bool:
        """Kill a load within a part of its time. False where it had ended by then."""
        process = self._loader.start(self.home, "load", self._path)
        if storing:
            wait_for_storing(self.home, process)
        span = self.storing if storing else self.whole
        time.sleep(span * (part + self._chance.random()) / parts)
        killed = kill(self._loader, process)
        if not killed and storing:
            self.storing *= 0.8  # the machine has become faster than it was when measured
        elif not killed:
            self.whole *= 0.8
        return killed

    def complete(self) -> None:
        """Load to the end."""
        assert self._loader.run(self.home, "load", self._path)[0] == 0


@pytest.mark.slow
def test_killed_at_random_moments(
    loader: Loader, base: Home, files: tuple[Path, Path], undisturbed: object, tmp_path: Path
) -> None:
    killer = Killer(loader, base, files[1], tmp_path)
    (earlier,) = ledger.entries(base)
    kept = bytes_of(base, earlier)
    moments = [(part, KILLS, False) for part in range(KILLS)]
    moments += [(part, KILLS_WHILE_STORING, True) for part in range(KILLS_WHILE_STORING)]
    random.Random(SEED).shuffle(moments)
    killed = half_done = 0
    for number, (part, parts, storing) in enumerate(moments):
        for _ in range(TRIES):
            done = killer.kill_at(part, parts, storing=storing)
            home = killer.home
            assert_consistent(home)
            assert bytes_of(home, earlier) == kept
            if len(ledger.entries(home)) == 2:
                assert state(home) == undisturbed, "what counts as loaded is whole"
                killer.fresh()
            elif done:
                half_done += 1
            if done:
                killed += 1
                break
        if number % 6 == 5:
            killer.complete()
            home = killer.home
            assert not list(home.root.rglob("*.partial")) and pending.read(home) is None
            assert not list(home.work.iterdir()), "nor what did not fit into memory"
            assert_consistent(home)
            assert state(home) == undisturbed
            killer.fresh()
    assert killed >= 30 and half_done >= 20, (killed, half_done)
    publish.publish(home)


@pytest.mark.slow
def test_a_killed_forget(
    loader: Loader, base: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    """Rows of b that a had taken come back, whenever the process that takes a out is killed."""
    chance = random.Random(SEED)
    both = copy(base, tmp_path / "both")
    ingest.load(files[1:], both)
    gone = sha(both, "a.csv")
    right = copy(both, tmp_path / "right")
    started = time.monotonic()
    assert loader.run(right, "forget", gone, "--yes")[0] == 0
    whole = time.monotonic() - started
    expected = state(right)
    assert counts(right) == {"b.csv": (ROWS, 40, 0)}
    killed = 0
    for number in range(2 * KILLS_OF_FORGET):
        home = copy(both, tmp_path / str(number))
        process = loader.start(home, "forget", gone, "--yes")
        time.sleep(whole * (number % KILLS_OF_FORGET + chance.random()) / KILLS_OF_FORGET)
        if kill(loader, process):
            killed += 1
        else:
            whole *= 0.8
        with ingest.writing(home):  # the next writer, whoever it is
            assert pending.read(home) is None
            assert_consistent(home)
            if "a.csv" in counts(home):
                assert state(home) == state(both)
            else:
                assert state(home) == expected
        if killed == KILLS_OF_FORGET:
            break
    assert killed >= KILLS_OF_FORGET // 2


def assert_no_room(done: tuple[int, list[str]]) -> None:
    code, said = done
    assert code == 1 and len(said) == 1 and "空き容量" in said[0], done


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False)
    if not mounted or mounted.returncode != 0:
        pytest.skip("小さなディスク（tmpfs）を作る権限がないため省きます。容量の上限で代えています")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("room", ["none", "for the original only"])
def test_a_full_disk(
    loader: Loader,
    base: Home,
    files: tuple[Path, Path],
    undisturbed: object,
    small_disk: Path,
    room: str,
) -> None:
    home = copy(base, small_disk)
    before = state(home)
    filler = small_disk / "filler"
    space = shutil.disk_usage(small_disk).free
    left = 8_192 if room == "none" else files[1].stat().st_size + 20_000
    filler.write_bytes(b"\0" * (space - left))
    assert_no_room(loader.run(home, "load", files[1]))
    assert state(home) == before
    assert_consistent(home)
    filler.unlink()
    assert loader.run(home, "load", files[1])[0] == 0
    assert state(home) == undisturbed and not list(home.root.rglob("*.partial"))


def test_no_room_for_a_file(
    loader: Loader, base: Home, files: tuple[Path, Path], undisturbed: object, tmp_path: Path
) -> None:
    """The same where a limit takes the place of the disk, without which no right is needed."""
    home = copy(base, tmp_path)
    before = state(home)
    assert_no_room(loader.run(home, "load", files[1], limit=files[1].stat().st_size // 2))
    assert state(home) == before
    assert loader.run(home, "load", files[1])[0] == 0
    assert state(home) == undisturbed


def test_two_loads_at_once(
    loader: Loader, base: Home, files: tuple[Path, Path], undisturbed: object, tmp_path: Path
) -> None:
    """The second waits for the first, or says who is at work and leaves everything as it is."""
    home = copy(base, tmp_path)
    other = write(tmp_path / "c.csv", [(1, "転入")], month=11)
    with lock.writing(home):
        code, said = loader.run(home, "load", other, "--wait", "0")
    assert code == 2 and len(said) == 1 and str(os.getpid()) in said[0]
    assert len(ledger.entries(home)) == 1
    process = loader.start(home, "load", files[1])
    wait_for_lock(home, process)
    ingest.load([other], home, wait=60)
    assert loader.end() == 0
    assert [entry.file for entry in ledger.entries(home)] == ["a.csv", "b.csv", "c.csv"]
    assert_consistent(home)


def wait_for_lock(home: Home, process: int) -> None:
    """Wait until a process holds the lock."""
    path, until = home.root / "lock", time.monotonic() + 30
    while not path.exists() or str(process) not in path.read_text(encoding="utf-8"):
        assert time.monotonic() < until
        time.sleep(0.001)


def test_a_stale_lock_is_recovered(
    loader: Loader, base: Home, files: tuple[Path, Path], tmp_path: Path
) -> None:
    home = copy(base, tmp_path)
    process = loader.start(home, "load", files[1])
    wait_for_lock(home, process)
    assert kill(loader, process)
    path = home.root / "lock"
    assert str(process) in path.read_text(encoding="utf-8"), "its name is left behind"
    with lock.writing(home):
        assert str(os.getpid()) in path.read_text(encoding="utf-8")
