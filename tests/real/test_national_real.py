"""The published pyramid of the nation, and the regional sum: each by itself, as printed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipelines.ingest import load
from pipelines.publish import publish
from warehouse import query
from warehouse.home import Home
from warehouse.query import Release, open_release


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, h29: Path, kekkahyo1: Path) -> Home:
    home = Home(tmp_path_factory.mktemp("national"))
    pyramid, totals = load([h29, kekkahyo1], home)
    assert (pyramid.source, totals.source) == ("ipss_national_pyramid", "ipss_r5_kekkahyo1")
    # 202 ages; two totals, a blank and a note under each sheet's ages, and the sheet of notes.
    assert (pyramid.rows_read, pyramid.accepted, pyramid.quarantined) == (232, 202, 0)
    publish(home)
    return home


@pytest.fixture(scope="module")
def release(home: Home) -> Release:
    return open_release(home)


@pytest.fixture(scope="module")
def printed(h29: Path) -> dict[tuple[int, str, int], float]:
    """The workbook's own cells: (year, sex, age) → thousands."""
    book = CalamineWorkbook.from_path(str(h29))
    cells: dict[tuple[int, str, int], float] = {}
    for name, sex in (("M", "male"), ("F", "female")):
        rows = book.get_sheet_by_name(name).to_python()
        for age in range(101):
            for column, year in enumerate(rows[2][1:], 1):
                cells[int(year), sex, age] = rows[4 + age][column]
    return cells


def test_every_cell_is_as_printed(home: Home, printed: dict[tuple[int, str, int], float]) -> None:
    (path,) = (home.lake / "ipss_national_pyramid").glob("*.parquet")
    found = pd.read_parquet(path)
    stored = found.set_index(["year", "sex", "age_from"])["population"].to_dict()
    assert stored.keys() == printed.keys()
    assert all(abs(stored[key] / 1000 - printed[key]) < 1e-9 for key in printed)
    assert set(found[found["is_actual"]]["year"]) == set(range(1965, 2020, 5))
    assert found[found["age_to"].isna()]["age_from"].unique().tolist() == [100]


def test_the_nation_as_projected_for_the_nation(
    release: Release, printed: dict[tuple[int, str, int], float]
) -> None:
    where = {"projection": "ipss_h29_national"}
    found = query.metric("population", by=["year"], where=where, release=release).frame
    for row in found.itertuples():
        wanted = sum(value for (year, _, _), value in printed.items() if year == row.year)
        assert row.value == pytest.approx(1000 * wanted, abs=0.5)
    years = found.set_index("year")["value"]
    assert years[2015] == 127_094_745
    assert abs(years[2065] - 88_076_000) < 1_000


def test_the_nation_as_the_sum_of_its_regions_is_another_answer(release: Release) -> None:
    found = query.metric("population", by=["year"], release=release).frame
    years = found.set_index("year")["value"]
    assert list(years.index) == list(range(2020, 2055, 5))
    assert (years[2020], years[2040]) == (126_146_099, 112_837_404)


def test_the_share_of_the_aged_follows_the_single_years(
    release: Release, printed: dict[tuple[int, str, int], float]
) -> None:
    where = {"projection": "ipss_h29_national", "year": 2040}
    share = query.metric("share_65plus", where=where, release=release).value
    whole = sum(v for (year, _, _), v in printed.items() if year == 2040)
    aged = sum(v for (year, _, age), v in printed.items() if year == 2040 and age >= 65)
    assert share == pytest.approx(aged / whole)
