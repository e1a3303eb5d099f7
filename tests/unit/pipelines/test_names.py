"""Municipalities by name: with their prefecture, by a mapping, on a day; never by a guess."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.lookup import municipality_code
from pipelines.names import AMBIGUOUS, UNKNOWN, Mapped, Names, Place, is_name
from pipelines.places import FORMER, Places, shipped
from warehouse import codes
from warehouse.inputs import reference
from warehouse.succession import Change, Succession

NAMES = shipped().names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("東京都府中市", "132063"),
        ("広島県　府中市", "342084"),
        ("府中市（広島県）", "342084"),
        ("泉大津市", "272060"),
        ("京都市", "261009"),
        ("京都府京都市", "261009"),
        ("札幌市 中央区", "011011"),
        ("東京都中央区", "131024"),
        ("鎌ヶ谷市", "122246"),
        ("北海道茅部郡森町", "013455"),
        ("東京都三宅島三宅村", "133817"),
        ("鹿児島県鹿児島郡三島村", "463035"),
        ("兵庫県上郡町", "284815"),
        ("大和郡山市", "292036"),
    ],
)
def test_a_name_that_only_one_has(text: str, code: str) -> None:
    assert NAMES.find_text(text) == (code, None)


@pytest.mark.parametrize("text", ["府中市", "森町", "中央区", "神奈川県緑区", "那珂川町"])
def test_a_name_that_several_have_is_not_guessed(text: str) -> None:
    assert NAMES.find_text(text) == (None, AMBIGUOUS)


@pytest.mark.parametrize("text", ["見晴市", "大阪府府中市", "郡", "町", "東京都"])
def test_a_name_that_nobody_has(text: str) -> None:
    assert NAMES.find_text(text) == (None, UNKNOWN)


def test_the_day_tells_bearers_of_a_name_apart() -> None:
    """福岡県那珂川町 became a city in 2018; 栃木県那珂川町 is one still."""
    assert NAMES.find_text("那珂川町", date(2020, 1, 1)) == ("094111", None)
    assert NAMES.find_text("那珂川町", date(2017, 1, 1)) == (None, AMBIGUOUS)
    assert NAMES.find_text("静岡県浜松市天竜区", date(2020, 1, 1)) == ("221376", None)
    assert NAMES.find_text("静岡県浜松市天竜区", date(2025, 1, 1)) == ("221406", None)
    assert NAMES.find_text("静岡県浜松市天竜区") == ("221406", None)


def mapping(*rows: tuple[str, str | None, str]) -> Names:
    places = [
        Place("510009", "霞野県", "霞野県", is_prefecture=True),
        Place("520004", "遠見県", "遠見県", is_prefecture=True),
        Place("512010", "霞野県", "見晴市"),
        Place("522015", "遠見県", "見晴市"),
    ]
    return Names(places, (Mapped(*row) for row in rows), Succession([]))


def test_a_mapping_settles_a_name_and_counts_only_where_it_is_written() -> None:
    names = mapping(("見晴市", None, "522015"), ("みはらし", "霞野県", "512010"))
    assert names.find_text("見晴市") == ("522015", None)
    assert names.find_text("霞野県見晴市") == ("512010", None)
    assert names.find("みはらし", "霞野県") == ("512010", None)
    assert names.find_text("霞野県みはらし") == ("512010", None)
    assert names.find_text("みはらし") == (None, UNKNOWN)
    assert names.candidates("見晴市") == ["512010", "522015"]


def test_a_mapping_without_prefecture_does_not_reach_into_another_one() -> None:
    names = mapping(("旧見晴", None, "522015"))
    assert names.find("旧見晴", "遠見県") == ("522015", None)
    assert names.find("旧見晴", "霞野県") == (None, UNKNOWN)


def test_municipality_code_takes_names_where_names_are_known() -> None:
    assert municipality_code("東京都府中市", shipped()) == ("132063", None)
    assert municipality_code("府中市", shipped()) == (None, AMBIGUOUS)
    assert municipality_code("東京都府中市", {"132063": "city"}) == (None, "not_a_code")


def test_a_code_of_today_is_meant_before_a_former_one() -> None:
    """12025 is 函館市 without its zero, or a code of Chiba without its check digit."""
    other = str(codes.normalise("12025", check_digit_given=False))
    change = {
        **{"effective_date": date(1980, 1, 1), "reason": "absorbed"},
        **{"old_code": other, "old_name": "某町", "new_code": "121002", "new_name": "千葉市"},
    }
    known = Places([], [change], [])
    assert known[other] == FORMER
    assert municipality_code("12025", known) == ("012025", None)
    assert municipality_code(other, known) == (other, None)
    assert municipality_code("12025", {**known, other: "town"}) == (None, "doubtful_code")


def test_former_names_are_known_once_a_change_is_loaded() -> None:
    assert shipped().names.find_text("埼玉県鳩ケ谷市") == (None, UNKNOWN)
    change = {
        **{"effective_date": date(2011, 10, 11), "reason": "absorbed"},
        **{"old_code": "112267", "old_name": "鳩ケ谷市"},
        **{"new_code": "112038", "new_name": "川口市"},
    }
    places = Places([], [change], [])
    assert places["112267"] == FORMER
    assert places.names.find_text("埼玉県鳩ヶ谷市") == ("112267", None)
    assert places.succession.at("112267", date(2020, 1, 1)) == ("112038", None)
    assert set(places) >= set(shipped()) and len(places) == len(shipped()) + 1


@given(st.text(max_size=12))
def test_any_text_gives_a_code_or_a_problem(text: str) -> None:
    code, problem = NAMES.find_text(text)
    assert (code is None) == (problem is not None)
    assert is_name(text) or municipality_code(text, shipped())[1] not in (AMBIGUOUS, UNKNOWN)


@given(st.sampled_from(sorted(shipped())), st.sampled_from(["", "　", " "]))
def test_every_municipality_answers_to_its_prefecture_and_name(code: str, between: str) -> None:
    row = next(row for row in reference("municipality").to_pylist() if row["code"] == code)
    if row["kind"] == "prefecture":
        return
    found, _ = NAMES.find_text(f"{row['prefecture']}{between}{row['name']}")
    assert found == code or shipped().succession.at(code, date.today()) == (found, None)


def test_changes_of_one_body_do_not_make_its_name_ambiguous() -> None:
    changes = [Change(date(2015, 4, 1), "512010", "512028", "renumbered")]
    places = [
        Place("510009", "霞野県", "霞野県", is_prefecture=True),
        Place("512010", "霞野県", "見晴市"),
        Place("512028", "霞野県", "見晴市"),
    ]
    names = Names(places, [], Succession(changes))
    assert names.find_text("見晴市", date(2014, 1, 1)) == ("512010", None)
    assert names.find_text("見晴市") == ("512028", None)
