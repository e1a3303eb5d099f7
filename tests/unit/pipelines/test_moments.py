"""Moments read by their digits' places are what the macros of parse.sql read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.macros import define_macros
from pipelines.moments import read_moments
from warehouse.engine import Engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    found = Engine.memory()
    define_macros(found)
    yield found
    found.close()


def by_macro(engine: Engine, texts: list[str | None]) -> list[int | None]:
    engine.register("texts", pa.table({"place": range(len(texts)), "x": pa.array(texts)}))
    sql = "SELECT epoch_us(CAST(mado_timestamp(x) AS TIMESTAMP)) AS v FROM texts ORDER BY place"
    return engine.arrow(sql)["v"].to_pylist()


MOMENT = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31, 23, 59, 59))
FORMS = (
    *("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%dT%H:%M:%S"),
    *("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"),
)


@given(st.lists(st.tuples(MOMENT, st.sampled_from(FORMS)), max_size=40))
def test_every_moment_in_these_forms_is_read(given_: list[tuple[dt.datetime, str]]) -> None:
    texts = [moment.strftime(form) for moment, form in given_]
    expected = [
        moment.replace(microsecond=0, second=moment.second if "%S" in form else 0)
        for moment, form in given_
    ]
    assert read_moments(pa.array(texts, pa.string())).to_pylist() == expected


NEAR = st.from_regex(
    r"[0-9]{4}[/.-][0-3][0-9][/.-][0-3][0-9][ T_][0-2][0-9][:.][0-6][0-9](:[0-6][0-9])?",
    fullmatch=True,
)
OTHER = st.one_of(st.none(), st.just(""), st.text(max_size=19), NEAR)


@given(st.lists(OTHER, min_size=1, max_size=60))
@settings(max_examples=60)
def test_what_is_read_is_what_the_macros_read(engine: Engine, texts: list[str | None]) -> None:
    """Null may also mean "not in these forms": then the macros have the word."""
    read = read_moments(pa.array(texts, pa.string())).cast(pa.int64()).to_pylist()
    for own, macro, text in zip(read, by_macro(engine, texts), texts, strict=True):
        assert own is None or own == macro, text


@pytest.mark.parametrize(
    "text",
    [
        *("2026/02/29 09:00:00", "2026/04/31 09:00:00", "2026/00/10 09:00:00", "1900-02-29 00:00"),
        *(
            "2026/13/01 09:00:00",
            "2026/10/01 24:00:00",
            "2026/10/01 23:60:00",
            "2026/10/01 9:00:00",
        ),
        *(
            "2026/10-01 09:00:00",
            "2026.10.01 09:00:00",
            "2026/10/01_09:00:00",
            "2026/10/01 09.00.00",
        ),
        *("2026-10-01T09:00+01", "2026/10/0１ 09:00", "/026/10/01 09:00:00", "2026/10/01 09:00:0:"),
    ],
)
def test_what_never_was_or_stands_otherwise_is_not_read(text: str) -> None:
    assert read_moments(pa.array(["2026/10/01 08:59:59", text, None])).to_pylist() == [
        dt.datetime(2026, 10, 1, 8, 59, 59),
        None,
        None,
    ]


def test_leap_days_and_the_last_second() -> None:
    texts = ["2024/02/29 23:59:59", "2000-02-29T00:00:00", "2026/12/31 23:59"]
    assert read_moments(pa.array(texts)).to_pylist() == [
        dt.datetime(2024, 2, 29, 23, 59, 59),
        dt.datetime(2000, 2, 29),
        dt.datetime(2026, 12, 31, 23, 59),
    ]


def test_a_slice_is_read_like_the_whole() -> None:
    whole = pa.array([f"2026/10/{day:02d} 09:00:00" for day in range(1, 31)])
    assert read_moments(whole.slice(7, 9)).equals(read_moments(pa.array(whole.to_pylist()[7:16])))
