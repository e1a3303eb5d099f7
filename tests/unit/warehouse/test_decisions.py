"""Scenarios and drivers that people decide: kept with who, when and why, and never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse import decisions
from warehouse.decisions import DecisionError
from warehouse.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_every_save_is_a_version_and_the_older_ones_stay(home: Home) -> None:
    decisions.save_scenario(home, "案A", {"dx": {"year": 2035}}, "企画課 青木", "はじめの案")
    second = decisions.save_scenario(home, "案A", {"dx": {"year": 2032}}, "企画課", "前倒し")
    assert second.version == 2
    (current,) = decisions.scenarios(home)
    assert (current.version, current.by, current.reason) == (2, "企画課", "前倒し")
    assert current.content == {"dx": {"year": 2032}, "name": "案A"}
    first = decisions.scenario(home, "案A", 1)
    assert (first.content["dx"], first.by) == ({"year": 2035}, "企画課 青木")
    assert first.at <= current.at
    with pytest.raises(DecisionError, match="第3版"):
        decisions.scenario(home, "案A", 3)


def test_a_file_put_there_by_hand_is_a_scenario(home: Home) -> None:
    (home.root / "scenarios").mkdir()
    path = home.root / "scenarios" / "手書き.yml"
    path.write_text("hiring: {number: 5}\n", encoding="utf-8")
    assert decisions.scenario(home, "手書き").content == {"hiring": {"number": 5}}
    path.write_text("- 5\n", encoding="utf-8")
    with pytest.raises(DecisionError, match=r"手書き\.yml.*項目: 値"):
        decisions.scenarios(home)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a\nb", "x" * 61, " a", 'a"b'])
def test_a_name_that_is_no_file_name_is_refused(home: Home, name: str) -> None:
    with pytest.raises(DecisionError, match="使えません"):
        decisions.save_scenario(home, name, {}, "a", "b")
    assert not (home.root / "scenarios").exists()


@pytest.mark.parametrize(("by", "reason", "said"), [(" ", "b", "記入者"), ("a", "", "理由")])
def test_nobody_and_no_reason_is_no_decision(home: Home, by: str, reason: str, said: str) -> None:
    with pytest.raises(DecisionError, match=said):
        decisions.save_scenario(home, "案", {}, by, reason)
    with pytest.raises(DecisionError, match=said):
        decisions.change_driver(home, "272060", "", "", "all", by, reason)


def test_changes_of_drivers_are_added_in_order(home: Home) -> None:
    for driver in ("75+", "65+"):
        decisions.change_driver(home, "272060", "福祉課", "visit", driver, "福祉課", "対象が広い")
    decisions.change_driver(home, "131016", "", "inquiry", "none", "企画課", "電話が減らない")
    found = decisions.driver_changes(home, "272060")
    assert [one.driver for one in found] == ["75+", "65+"]
    assert len(decisions.driver_changes(home)) == 3
    (home.root / "decisions" / "drivers.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DecisionError, match=r"drivers\.csv"):
        decisions.driver_changes(home)


def test_savers_at_the_same_time_lose_nothing(home: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        saved = list(
            pool.map(
                lambda year: decisions.save_scenario(home, "案", {"dx": {"year": year}}, "a", "b"),
                range(2030, 2046),
            )
        )
    assert sorted(one.version for one in saved) == list(range(1, 17))
    years = {decisions.scenario(home, "案", n).content["dx"]["year"] for n in range(1, 17)}
    assert years == set(range(2030, 2046))
