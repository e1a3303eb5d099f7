"""The demo's files, made once per run of the tests."""

from __future__ import annotations

import csv
import fcntl
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipelines.demo import city, nation, visits

SEED = 2040


@pytest.fixture(scope="session")
def tickets() -> pd.DataFrame:
    """All tickets, with the wait in minutes, and hour, weekday and month of issue."""
    frame = visits.simulate(SEED)
    return frame.assign(
        wait=(frame["called"] - frame["issued"]) / 60,
        hour=frame["issued"] // 3600,
        weekday=frame["day"].dt.day_of_week,
        month=frame["day"].dt.to_period("M").astype(str),
    )


def written_once(shared: Path, write: Callable[[Path, int], list[Path]], scale: str) -> Path:
    """Write a scale's files once for all workers of a run: the first writes, the others wait."""
    folder = shared / f"demo-files-{scale}"
    with (shared / f"demo-files-{scale}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            partial.mkdir()
            write(partial, SEED)
            partial.rename(folder)
    return folder


@pytest.fixture(scope="session")
def city_folder(shared_folder: Path) -> Path:
    return written_once(shared_folder, city.write, "city")


@pytest.fixture(scope="session")
def nation_folder(shared_folder: Path) -> Path:
    return written_once(shared_folder, nation.write, "nation")


@pytest.fixture(scope="session")
def read_rows() -> Callable[[Path], list[list[str]]]:
    """Read a CSV of the demo in whichever of its two encodings it is."""

    def read(path: Path) -> list[list[str]]:
        content = path.read_bytes()
        utf8 = content.startswith(b"\xef\xbb\xbf")
        text = content.decode("utf-8-sig" if utf8 else "cp932")
        return list(csv.reader(io.StringIO(text)))

    return read
