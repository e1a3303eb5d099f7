"""Applications move from paper to digital, each procedure in its own way."""

from __future__ import annotations

from collections import defaultdict

import pytest

from pipelines.demo import channels
from pipelines.demo.world import CITY_CODE

DIGITAL = {channels.ONLINE, channels.DIGITAL, channels.REMOTE, channels.KIOSK}


@pytest.fixture(scope="module")
def table() -> list[list[object]]:
    return list(channels.rows(2040))


def share(
    table: list[list[object]], months: set[str], intake: set[str], procedure: str = ""
) -> float:
    chosen = [row for row in table if row[1] in months and procedure in ("", row[2])]
    own = sum(int(str(row[6])) for row in chosen if row[3] in intake)
    return own / sum(int(str(row[6])) for row in chosen)


FIRST = {"2024年11月", "2024年12月", "2025年1月"}
LAST = {"2026年8月", "2026年9月", "2026年10月"}


def test_24_months_of_12_procedures_without_repeats(table: list[list[object]]) -> None:
    assert len({row[1] for row in table}) == 24
    assert len({row[2] for row in table}) == 12
    assert {row[0] for row in table} == {CITY_CODE}
    keys = [tuple(row[:6]) for row in table]
    assert len(set(keys)) == len(keys)
    assert all(int(str(row[6])) > 0 for row in table)


def test_online_rises(table: list[list[object]]) -> None:
    first, last = (share(table, months, {channels.ONLINE}) for months in (FIRST, LAST))
    assert first < last < 0.4
    assert share(table, LAST, DIGITAL) > share(table, FIRST, DIGITAL) + 0.2


def test_counter_without_forms_begins_with_the_reform(table: list[list[object]]) -> None:
    months = [str(row[1]) for row in table if row[3] == channels.DIGITAL]
    assert months[0] == "2025年11月"
    assert share(table, {"2025年10月"}, {channels.DIGITAL}) == 0
    assert share(table, {"2025年11月"}, {channels.DIGITAL}) > 0.05


def classes(table: list[list[object]], months: set[str]) -> dict[str, str]:
    """Class of the double track by procedure, tested in the order of the definition."""
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in table:
        if row[1] not in months:
            continue
        count = float(str(row[6]))
        own = totals[str(row[2])]
        own["all"] += count
        if row[3] in DIGITAL:
            own["digital"] += count
            own["printed" if row[5] == "紙" else "single"] += count
    found = {}
    for procedure, own in totals.items():
        if own["digital"] < 0.05 * own["all"]:
            found[procedure] = "paper"
        elif own["printed"] >= 0.5 * own["digital"]:
            found[procedure] = "pattern_a"
        elif own["single"] >= 0.95 * own["all"]:
            found[procedure] = "target"
        else:
            found[procedure] = "pattern_b"
    return found


def test_every_class_of_the_double_track_occurs_and_procedures_move(
    table: list[list[object]],
) -> None:
    first, last = classes(table, FIRST), classes(table, LAST)
    assert set(first.values()) | set(last.values()) == {"paper", "pattern_a", "pattern_b", "target"}
    assert first["児童手当の認定請求"] == "pattern_a"
    assert last["児童手当の認定請求"] == "pattern_b"
    assert last["公共施設の予約"] == "target"
    assert last["犬の登録・注射済票"] == "paper"
    moved = [procedure for procedure in first if first[procedure] != last[procedure]]
    assert len(moved) >= 4


def test_place_follows_from_the_way_of_intake(table: list[list[object]]) -> None:
    places = defaultdict(set)
    for row in table:
        places[row[3]].add(row[4])
    assert places[channels.ONLINE] == places[channels.MAIL] == {"自宅"}
    assert places[channels.PAPER] == places[channels.DIGITAL] == {"庁舎"}
    assert places[channels.KIOSK] == {"近隣", "庁舎"}
