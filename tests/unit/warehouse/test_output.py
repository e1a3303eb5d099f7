"""Frames as tables, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from warehouse import output

FRAME = pd.DataFrame(
    {
        "課": ["市民課", "税務課（本庁）"],
        "month": pd.to_datetime(["2026-10-01", None]),
        "value": [1234.5, None],
        "n": pd.array([10, None], "Int64"),
        "is_demo": [True, False],
    }
)


def test_a_table_counts_wide_characters_twice_and_aligns_numbers_right() -> None:
    assert output.as_table(FRAME).splitlines() == [
        "課              month        value   n  is_demo",
        "市民課          2026-10-01  1234.5  10      yes",
        "税務課（本庁）  −                −   −       no",
    ]


def test_missing_is_empty_in_csv_and_null_in_json() -> None:
    assert output.as_csv(FRAME).splitlines()[2] == "税務課（本庁）,,,,False"
    assert json.loads(output.write(FRAME, "json"))[1] == {
        "課": "税務課（本庁）",
        "month": None,
        "value": None,
        "n": None,
        "is_demo": False,
    }


def test_a_text_that_is_a_formula_is_escaped_and_a_negative_number_is_not() -> None:
    frame = pd.DataFrame({"課": ["=HYPERLINK(1)", "＝1", "市民課"], "value": [-1.5, 2, 3]})
    assert output.as_csv(frame).splitlines()[1:] == [
        "'=HYPERLINK(1),-1.5",
        "'＝1,2.0",
        "市民課,3.0",
    ]


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_a_csv_reads_back_and_the_columns_of_a_table_begin_at_one_place(
    rows: list[tuple[str, str]],
) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"]).astype(object)
    read = list(csv.reader(io.StringIO(output.as_csv(frame))))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    first = max(output.width(text) for text in ("a", *(row[0] for row in rows)))
    lines = output.as_table(frame).split("\n")[1:-1]
    for line, (left, right) in zip(lines, rows, strict=True):
        assert line == (left + " " * (first - output.width(left)) + "  " + right).rstrip()
