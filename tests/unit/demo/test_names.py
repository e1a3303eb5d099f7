"""No place of the demo is, or could be taken for, a real one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from warehouse.codes import is_valid

REFERENCE = Path(__file__).parents[3] / "warehouse/reference/municipality.csv"


def listed(folder: Path) -> list[dict[str, str]]:
    text = (folder / "市区町村一覧.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def real() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(REFERENCE.read_text("utf-8"))))


@pytest.mark.parametrize("scale", ["city_folder", "nation_folder"])
def test_names_and_codes_are_fictional(
    scale: str, request: pytest.FixtureRequest, real: list[dict[str, str]]
) -> None:
    places = listed(request.getfixturevalue(scale))
    names = [place["市区町村名"] for place in places]
    real_names = {row["name"] for row in real}
    assert len(real_names) > 1700
    assert not set(names) & real_names
    assert not {name[:-1] for name in names} & {name[:-1] for name in real_names}
    assert not {place["都道府県名"] for place in places} & {row["prefecture"] for row in real}
    assert len(set(names)) == len(names)
    codes = [place["団体コード"] for place in places]
    assert all(is_valid(code) and 51 <= int(code[:2]) <= 97 for code in codes)
    assert not set(codes) & {row["code"] for row in real}
    assert len(set(codes)) == len(codes)


def test_nation_has_47_prefectures_and_1741_municipalities(nation_folder: Path) -> None:
    places = listed(nation_folder)
    kinds = [place["種別"] for place in places]
    assert kinds.count("都道府県") == 47
    assert len(places) - 47 == 1741
    assert kinds.count("市") > kinds.count("村") > 100
    assert kinds.count("町") > 600
    assert {place["市区町村名"][-1] for place in places if place["種別"] == "市"} == {"市"}
    parents = {place["団体コード"] for place in places if place["種別"] == "都道府県"}
    assert {place["上位の団体コード"] for place in places} - {""} == parents
    assert any(place["市区町村名"] == "見晴市" for place in places)


def test_readings_are_hiragana(nation_folder: Path) -> None:
    for place in listed(nation_folder):
        assert all("ぁ" <= letter <= "ん" for letter in place["よみ"]), place
