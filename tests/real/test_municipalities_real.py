"""Every change since 1970, and the published tables of My Number cards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.ingest import load
from pipelines.places import Places, known_municipalities, shipped
from pipelines.results import LoadResult
from warehouse import codes
from warehouse.home import Home
from warehouse.succession import SPLIT

TODAY = date(2026, 7, 6)
"""The day up to which the file of changes goes."""

SPLITS = {"193411": "上九一色村", "221350": "浜松市北区"}
"""Codes of 2005 and later that went to several municipalities or wards."""


@pytest.fixture(scope="module")
def changes(realdata: Path) -> Path:
    return realdata / "municipal_changes_1970_2026.json"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("changes"))


@pytest.fixture(scope="module")
def loaded(changes: Path, home: Home) -> LoadResult:
    (result,) = load([changes], home)
    return result


@pytest.fixture(scope="module")
def places(loaded: LoadResult, home: Home) -> Places:
    return known_municipalities(home)


def six(five: str) -> str:
    return five + codes.check_digit(five)


def municipal(changes: Path) -> Iterator[dict[str, Any]]:
    """The changes of municipalities and wards; those of districts (郡) have other codes."""
    for change in json.loads(changes.read_text(encoding="utf-8"))["changes"]:
        if change["reason"] != "abolishmentOfDistrict":
            yield change


def test_the_file_of_changes_loads_whole(changes: Path, loaded: LoadResult) -> None:
    listed = json.loads(changes.read_text(encoding="utf-8"))["changes"]
    assert loaded.source == "municipality_change"
    assert (loaded.status, loaded.rows_read) == ("stored", len(listed))
    assert (loaded.accepted, loaded.quarantined, loaded.ignored) == (len(listed), 0, 0)


@pytest.mark.parametrize("since", [date(1970, 1, 1), date(2005, 1, 1)])
def test_every_former_code_leads_to_one_of_today(
    changes: Path, places: Places, since: date
) -> None:
    """Each old code resolves by its chain to a code of the shipped list, or was split."""
    lost: dict[str, str | None] = {}
    resolved = 0
    for change in municipal(changes):
        if date.fromisoformat(change["date"]) >= since:
            old = six(change["old"]["code"])
            code, problem = places.succession.at(old, TODAY)
            if code is None or code not in shipped():
                lost[old] = problem
            else:
                resolved += 1
    splits = {**SPLITS, "401021": "小倉区", "401048": "八幡区"} if since.year < 1974 else SPLITS
    assert lost == dict.fromkeys(splits, SPLIT)
    assert resolved > (2000 if since.year < 2005 else 1400)


def test_every_former_code_stands_for_itself_the_day_before(changes: Path, places: Places) -> None:
    for change in municipal(changes):
        before = date.fromisoformat(change["date"]) - timedelta(1)
        old = six(change["old"]["code"])
        assert places.succession.at(old, before) == (old, None)


def test_today_s_codes_stand_for_themselves(places: Places) -> None:
    today = {code for code in shipped() if shipped().succession.is_valid(code, TODAY)}
    assert len(today) > 1_900
    assert {code for code in today if not places.succession.is_valid(code, TODAY)} == set()


def test_former_names_are_found_in_their_prefecture(places: Places) -> None:
    assert places.names.find_text("埼玉県鳩ヶ谷市") == ("112267", None)
    assert places.names.find_text("埼玉県浦和市", date(2000, 4, 1)) == ("112046", None)
    assert places.names.find_text("山梨県上九一色村") == ("193411", None)


CARDS = [("20200701", 22_254_189, 127_443_563), ("20221231", 71_905_789, 125_927_902)]


@pytest.mark.parametrize(("day", "cards", "population"), CARDS)
def test_cards_are_those_of_an_independent_reading(
    realdata: Path, tmp_path: Path, day: str, cards: int, population: int
) -> None:
    path = realdata / f"mynumber_card_{day}.csv"
    home = Home(tmp_path)
    (result,) = load([path], home)
    assert (result.source, result.rows_read, result.accepted) == ("mynumber_card", 1741, 1741)
    stored = pd.read_parquet(home.lake / "mynumber_card" / f"{result.sha256}.parquet")
    wide = stored.pivot(index="source_row", columns="indicator", values="value")
    raw = pd.read_csv(path, encoding="utf-8-sig", dtype={"団体コード": str})
    raw.index = pd.RangeIndex(2, len(raw) + 2)
    assert (wide["mynumber_cards"] == raw["交付枚数"]).all()
    assert (wide["mynumber_population"] == raw["総数（人口）"]).all()
    assert (wide["mynumber_cards"].sum(), wide["mynumber_population"].sum()) == (cards, population)
    assert set(stored["as_of"].astype(str)) == {f"{day[:4]}-{day[4:6]}-{day[6:]}"}
    code = stored.drop_duplicates("source_row").set_index("source_row")["municipality"]
    written = raw["団体コード"].where(raw["団体コード"].str.isdigit().fillna(False)).dropna()
    assert (code[written.index] == written.str.zfill(6)).all()
    # Two codes are lost in the later file; their names say which they are.
    named = raw.drop(index=written.index)
    assert named["市区町村名"].tolist() == (["三宅村", "八丈町"] if day == "20221231" else [])
    assert code[named.index].tolist() == (["133817", "134015"] if len(named) else [])
    assert code.is_unique
