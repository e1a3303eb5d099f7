"""Readers beside a publisher: no error, no wait, no half release."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.spec.lake import Lake

ROOT = Path(__file__).parents[2]
PUBLISHES = 8

READER = """
import sys, threading, time
from pathlib import Path
from warehouse import query
from warehouse.home import Home

home, stop = Home(Path(sys.argv[1])), Path(sys.argv[2])
problems, seen, rounds = [], set(), [0]

def read():
    while not stop.exists():
        try:
            release = query.open_release(home)
            answers = {
                query.metric("tickets", release=release).value,
                query.metric("staff", release=release).value,
                query.metric("applications", release=release).value,
            }
            if len(answers) != 1:
                problems.append(f"half a release: {answers}")
            seen.update(answers)
            rounds[0] += 1
            time.sleep(0.05)
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
            return

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
while not rounds[0] and any(thread.is_alive() for thread in threads):
    time.sleep(0.01)
print("reading", flush=True)
for thread in threads:
    thread.join()
print(len(seen), rounds[0], *problems[:3], sep="|")
sys.exit(bool(problems))
"""


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "home")


def fill(lake: Lake, size: int) -> None:
    """Add one ticket, one member of staff and one application, marked by the round."""
    day = f"2026-10-{size + 1:02d}"
    lake.add(
        "ticket_log",
        f"""
        municipality | department | counter | issued_at | called_at
        272060 | 市民課 | 1 | {day} 09:00:00 | {day} 09:05:00
        """,
    )
    lake.add(
        "staff_age",
        f"""
        municipality | as_of | age | kind | headcount | fte
        272060 | 2026-04-01 | {20 + size} | regular | 1 | 1
        """,
    )
    lake.add(
        "applications",
        f"""
        municipality | month | procedure | intake | place | processing | applications
        272060 | 2026-10 | 手続{size} | online | home | digital | 1
        """,
    )


def test_eight_readers_in_two_processes_beside_a_publisher(lake: Lake, tmp_path: Path) -> None:
    fill(lake, 0)
    lake.build()
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(lake.home.root), str(stop)]
    readers = [
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            reader.stdout.readline()
        for size in range(1, PUBLISHES):
            fill(lake, size)
            lake.build()
    finally:
        stop.touch()
    for reader in readers:
        out, err = reader.communicate(timeout=60)
        assert reader.returncode == 0, out + err
        releases, rounds = (int(part) for part in out.split("|")[:2])
        assert releases >= 3, "the reader saw the releases change"
        assert rounds > PUBLISHES
    kept = sorted(path.name for path in lake.home.releases.glob("*.duckdb"))
    assert len(kept) == 3


def test_threads_share_one_release(lake: Lake) -> None:
    from warehouse import query

    fill(lake, 0)
    lake.build()
    release = query.open_release(lake.home)
    values: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: values.extend(
                query.metric("tickets", by=("weekday",), release=release).frame["value"].tolist()
                for _ in range(20)
            )
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(values) == 160
    assert all(value == [1] for value in values)
