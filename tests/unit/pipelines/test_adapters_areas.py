"""Codes, kinds, and which rows add up to the nation."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.areas import area_code, area_kinds, by_distinct, by_kind, finest
from warehouse.codes import check_digit, is_valid


@pytest.mark.parametrize(
    ("written", "five"),
    [
        ("1000", "01000"),
        ("01100", "01100"),
        ("27206", "27206"),
        ("272060", "27206"),
        ("１３１０１", "13101"),
        ("7999", "07999"),
        ("40305", "40305"),
        ("51201", "51201"),
    ],
)
def test_codes_get_back_their_zero_and_check_digit(written: str, five: str) -> None:
    assert area_code(written) == five + check_digit(five)


@pytest.mark.parametrize("written", ["27999", "48201", "99201", "0", "", "コード", "27206x"])
def test_codes_of_no_area(written: str) -> None:
    assert area_code(written) is None


@given(st.integers(51, 97), st.integers(0, 999))
def test_fictional_areas_need_only_be_well_formed(prefecture: int, number: int) -> None:
    code = area_code(f"{prefecture}{number:03}")
    assert code is not None
    assert is_valid(code)


def test_kinds() -> None:
    words = pa.array(["a", "0", "0", "1", "2", "3", "9", "ａ", "7", ""])
    codes = pa.array(["130001", "131016", "011011", "011002", *["010006"] * 6])
    assert area_kinds(words, codes).to_pylist() == [
        "prefecture",
        "special_ward",
        "ward",
        "designated_city",
        "city",
        "town_village",
        "hamadori",
        "prefecture",
        None,
        None,
    ]


def test_a_kind_without_a_known_code_is_still_a_kind() -> None:
    assert area_kinds(pa.array(["0"]), pa.array([None], pa.string())).to_pylist() == ["ward"]


TABLE = """
    010006 prefecture       no   its municipalities follow
    011002 designated_city  no   its ward follows
    011011 ward             yes
    012025 city             yes
    070009 prefecture       yes  nothing of it follows
    130001 prefecture       no
    131016 special_ward     yes
    140007 prefecture       no
    141003 designated_city  yes  the ward below belongs to the next city
    141305 designated_city  no
    141313 ward             yes
    141500 designated_city  yes
    143014 town_village     yes
"""


def test_what_is_published_only_whole_counts() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    flags = finest([row[0] for row in rows], [row[1] for row in rows])
    assert ["yes" if flag else "no" for flag in flags] == [row[2] for row in rows]


def test_unknown_rows_never_count() -> None:
    assert finest([None, "010006"], ["city", None]).tolist() == [True, False]
    assert by_kind([None, "hamadori", "designated_city"]).tolist() == [False, True, False]


@given(st.lists(st.text(max_size=3), max_size=30))
def test_by_distinct_is_a_map(words: list[str]) -> None:
    assert by_distinct(pa.array(words, pa.string()), str.upper).to_pylist() == [
        word.upper() for word in words
    ]
