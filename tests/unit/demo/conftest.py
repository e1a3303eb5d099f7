"""The demo's files, made once per worker."""

from __future__ import annotations

import csv
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


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    city.write(folder, SEED)
    return folder


@pytest.fixture(scope="session")
def nation_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    nation.write(folder, SEED)
    return folder


@pytest.fixture(scope="session")
def read_rows() -> Callable[[Path], list[list[str]]]:
    """Read a CSV of the demo in whichever of its two encodings it is."""

    def read(path: Path) -> list[list[str]]:
        content = path.read_bytes()
        utf8 = content.startswith(b"\xef\xbb\xbf")
        text = content.decode("utf-8-sig" if utf8 else "cp932")
        return list(csv.reader(io.StringIO(text)))

    return read
