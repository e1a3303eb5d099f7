"""What became of codes: chains, splits, one body under two codes; and laws that always hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.inputs import reference
from warehouse.succession import (
    CONTINUING,
    ENDED,
    SPLIT,
    Change,
    Succession,
    changes_of,
    former_places,
    history_tables,
)

BEFORE, AFTER = date(2010, 1, 1), date(2020, 1, 1)
DAY = date(2015, 4, 1)


def test_a_renamed_body_has_one_code_on_each_day() -> None:
    town = Succession([Change(DAY, "A", "B", "became_city")])
    assert town.at("A", BEFORE) == town.at("B", BEFORE) == ("A", None)
    assert town.at("A", DAY - timedelta(1)) == ("A", None)
    assert town.at("A", DAY) == town.at("B", DAY) == town.at("A", AFTER) == ("B", None)


def test_merged_codes_keep_their_rows_until_the_merger() -> None:
    merged = Succession([Change(DAY, "A", "C", "merged"), Change(DAY, "B", "C", "merged")])
    assert [merged.at(code, BEFORE)[0] for code in "ABC"] == ["A", "B", "C"]
    assert [merged.at(code, AFTER)[0] for code in "ABC"] == ["C", "C", "C"]


def test_a_chain_is_followed_to_the_day() -> None:
    chain = Succession(
        [
            Change(date(2005, 1, 1), "A", "B", "absorbed"),
            Change(DAY, "B", "C", "designated_city"),
        ]
    )
    assert [chain.at("A", day)[0] for day in (date(2004, 1, 1), BEFORE, AFTER)] == ["A", "B", "C"]
    assert chain.at("C", BEFORE) == ("B", None)


def test_what_was_split_stands_for_nothing_afterwards() -> None:
    parts = [Change(DAY, "A", new, "wards_reorganised") for new in "BC"]
    split = Succession(parts)
    assert split.at("A", BEFORE) == ("A", None)
    assert split.at("A", AFTER) == (None, SPLIT)
    assert split.at("B", BEFORE) == ("B", None)


def test_a_division_of_which_one_part_is_listed_is_a_split_all_the_same() -> None:
    assert Succession([Change(DAY, "A", "B", "divided")]).at("A", AFTER) == (None, SPLIT)


def test_an_end_without_successor_is_said_apart() -> None:
    row = {"code": "A", "valid_to": DAY - timedelta(1), "successor": ""}
    ended = Succession(changes_of([row]))
    assert ended.at("A", DAY - timedelta(1)) == ("A", None)
    assert ended.at("A", DAY) == (None, ENDED)
    # A change that is loaded later says where it went.
    known = Succession([*changes_of([row]), Change(DAY, "A", "B", "absorbed")])
    assert known.at("A", DAY) == ("B", None)


@pytest.mark.parametrize("reason", ["separated", "boundary", "district_abolished"])
def test_a_body_that_loses_land_goes_on(reason: str) -> None:
    assert Succession([Change(DAY, "A", "B", reason)]).at("A", AFTER) == ("A", None)


def test_a_circle_of_changes_ends_in_a_message_not_in_a_loop() -> None:
    circle = Succession(
        [Change(DAY, "A", "B", "renamed"), Change(DAY + timedelta(1), "B", "A", "renamed")]
    )
    assert circle.at("A", AFTER) == (None, ENDED)
    assert circle.at("A", BEFORE) == (None, ENDED)


def test_the_shipped_list_knows_its_own_changes() -> None:
    shipped = Succession(changes_of(reference("municipality").to_pylist()))
    assert shipped.at("403059", AFTER) == ("402311", None)
    assert shipped.at("402311", BEFORE) == ("403059", None)
    wards = {code: shipped.at(code, date(2025, 1, 1)) for code in ("221317", "221350", "221376")}
    assert wards == {
        "221317": ("221384", None),
        "221350": (None, SPLIT),
        "221376": ("221406", None),
    }
    known = set(reference("municipality")["code"].to_pylist())
    assert set(shipped.table["resolved"].to_pylist()) - {None} <= known


def test_former_places_have_their_last_name_and_day() -> None:
    listed = [{"code": "110001", "prefecture": "埼玉県", "kind": "prefecture"}]
    changed = [
        {
            **{"effective_date": DAY, "reason": "absorbed", "old_code": "112267"},
            **{"old_name": "鳩ケ谷市", "new_code": "112038", "new_name": "川口市"},
        },
        {
            **{"effective_date": BEFORE, "reason": "became_city", "old_code": "113999"},
            **{"old_name": "鳩ヶ谷町", "new_code": "112267", "new_name": "鳩ケ谷市"},
        },
    ]
    found = {place["code"]: place for place in former_places(changed, listed)}
    assert {code: (p["name"], p["kind"], p["valid_to"]) for code, p in found.items()} == {
        "113999": ("鳩ヶ谷町", "town", BEFORE - timedelta(1)),
        "112267": ("鳩ケ谷市", "city", DAY - timedelta(1)),
        "112038": ("川口市", "city", None),
    }
    tables = history_tables(listed, changed, AFTER)
    assert tables["ref_successor"].to_pylist() == [
        {"code": "112267", "current_code": "112038"},
        {"code": "113999", "current_code": "112038"},
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Codes end once, and only to codes of a later number, as codes are given out."""
    changes = []
    for old in range(draw(st.integers(1, 12))):
        day = DAY + timedelta(draw(st.integers(-60, 60)))
        reason = draw(st.sampled_from([*sorted(CONTINUING), "merged", "absorbed", "divided"]))
        for new in draw(st.sets(st.integers(old + 1, 14), max_size=2)):
            changes.append(Change(day, f"{old:02}", f"{new:02}", reason))
    return changes


@given(histories(), st.integers(-70, 70))
def test_windows_say_what_the_changes_say(changes: list[Change], offset: int) -> None:
    succession, day = Succession(changes), DAY + timedelta(offset)
    rows = succession.table.to_pylist()
    for code in {change.old for change in changes} | {c.new for c in changes if c.new}:
        windows = [
            (row["resolved"], row["problem"])
            for row in rows
            if row["code"] == code and row["from_day"] <= day <= row["to_day"]
        ]
        assert len(windows) <= 1
        assert succession.at(code, day) == (windows[0] if windows else (code, None))


@given(histories(), st.integers(-70, 70))
def test_what_is_resolved_stays_as_it_is(changes: list[Change], offset: int) -> None:
    succession, day = Succession(changes), DAY + timedelta(offset)
    for change in changes:
        for code in (change.old, str(change.new)):
            resolved, problem = succession.at(code, day)
            assert (resolved is None) == (problem is not None)
            if resolved is not None:
                assert succession.is_valid(resolved, day)
