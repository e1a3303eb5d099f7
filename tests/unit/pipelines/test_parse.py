"""Written dates, times and numbers against Python's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.macros import define_macros, define_needed
from pipelines.profile_model import Profile
from pipelines.sources import load_sources
from warehouse.engine import Engine

ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with closing(Engine.memory()) as made:
        define_macros(made)
        yield made


def read(engine: Engine, macro: str, texts: list[str | None]) -> list[Any]:
    """What the macro makes of each text, read as a column, as in a load."""
    rows = engine.execute(
        f"SELECT mado_{macro}(x) FROM (SELECT unnest(?) AS x, unnest(range(?)) AS n) ORDER BY n",
        [texts, len(texts)],
    )
    return [row[0] for row in rows]


def era(day: date, *, short: bool, first: str) -> tuple[str, str]:
    """Era and year of the era as written; `first` is how the first year is written."""
    begin, name, letter = next(known for known in ERAS if day >= known[0])
    year = day.year - begin.year + 1
    return (letter if short else name), (first if year == 1 else str(year))


def ways(at: datetime) -> list[str]:
    """Ways of writing one minute."""
    y, m, d, h, mi = at.year, at.month, at.day, at.hour, at.minute
    long, short = era(at.date(), short=False, first="元"), era(at.date(), short=True, first="1")
    half = f"{'午後' if h >= 12 else '午前'}{h % 12}時{mi:02d}分"
    written = [
        f"{y}/{m:02d}/{d:02d} {h:02d}:{mi:02d}:00",
        f"{y}/{m}/{d} {h}:{mi:02d}",
        f"{y}-{m:02d}-{d:02d}T{h:02d}:{mi:02d}",
        f"{y}-{m:02d}-{d:02d}T{h:02d}:{mi:02d}:00+09:00",
        f"{y}.{m}.{d} {h}:{mi:02d}",
        f"{y}年{m}月{d}日 {h}時{mi}分",
        f"{y}年{m}月{d}日({'月火水木金土日'[at.weekday()]}) {half}",
        f"{y}{m:02d}{d:02d} {h:02d}{mi:02d}",
        f"{long[0]}{long[1]}年{m}月{d}日　{h}時{mi:02d}分",
        f"{short[0]}{short[1]}.{m}.{d} {h}:{mi:02d}",
        f"{short[0].lower()}{int(short[1]):02d}/{m:02d}/{d:02d} {h:02d}:{mi:02d}",
    ]
    wide = str.maketrans("0123456789/:", "０１２３４５６７８９／：")
    return [*written, *(text.translate(wide) for text in written)]


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31, 23, 59)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(moments=st.lists(MOMENTS, min_size=20, max_size=20))
@settings(max_examples=8, deadline=None)
def test_every_way_of_writing_a_minute_is_that_minute(
    engine: Engine, moments: list[datetime]
) -> None:
    expected = {text: at for at in moments for text in ways(at)}
    texts: list[str | None] = list(expected)
    assert dict(zip(texts, read(engine, "timestamp", texts), strict=True)) == expected


@given(days=st.lists(MOMENTS.map(datetime.date), min_size=20, max_size=20))
@settings(max_examples=8, deadline=None)
def test_every_way_of_writing_a_day_and_its_month(engine: Engine, days: list[date]) -> None:
    written: dict[str | None, date] = {}
    months: dict[str | None, datetime] = {}
    for day in days:
        name, year = era(day, short=False, first="元")
        letter, number = era(day, short=True, first="1")
        ways_of_day = (
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            f"{day.year}/{day.month}/{day.day} 0:00:00",
            f"{name}{year}年{day.month}月{day.day}日",
            f"{letter}{number}.{day.month}.{day.day}",
        )
        written |= dict.fromkeys(ways_of_day, day)
        ways_of_month = (f"{day:%Y-%m}", f"{day.year}年{day.month}月", f"{day:%Y%m}")
        months |= dict.fromkeys(ways_of_month, datetime(day.year, day.month, 1))
    assert dict(zip(written, read(engine, "date", list(written)), strict=True)) == written
    assert dict(zip(months, read(engine, "month", list(months)), strict=True)) == months


@pytest.mark.parametrize(("begin", "name", "letter"), ERAS[:4])
def test_an_era_has_a_first_and_a_last_day(
    engine: Engine, begin: date, name: str, letter: str
) -> None:
    before = begin - timedelta(days=1)
    following = next(e for e in ERAS if e[0] < begin)
    old_year = before.year - following[0].year + 1
    texts: list[str | None] = [
        f"{name}元年{begin.month}月{begin.day}日",
        f"{name}元年{before.month}月{before.day}日",
        f"{following[1]}{old_year}年{before.month}月{before.day}日",
        f"{following[2]}{old_year}.{begin.month}.{begin.day}",
    ]
    assert read(engine, "date", texts) == [begin, None, before, None]


@pytest.mark.parametrize(
    "text",
    [
        *("2026/02/29 9:00", "2026/13/01 9:00", "2026/00/10 9:00", "2026/4/31 9:00"),
        *("2026/10/01 24:00", "2026/10/01 25:30", "2026/10/01 9:60", "2026/10/01 9:00:61"),
        *("26/10/01 9:00", "10/1/2026 9:00", "8年10月1日 9:00", "2026/10/01", "9:00"),
        *("2026-10-01T09:00Z", "2026-10-01T09:00+00:00", "2026-10-01T09:00-05:00"),
        *("令和0年10月1日 9:00", "午後13時", "きのう", "#VALUE!", "2026/10/19:00"),
    ],
)
def test_what_is_no_moment_is_not_made_into_one(engine: Engine, text: str) -> None:
    assert read(engine, "timestamp", [text]) == [None]


def test_days_as_spreadsheets_count_them(engine: Engine) -> None:
    assert read(engine, "date", ["46296", "43585", "12345", "99999"]) == [
        date(2026, 10, 1),
        date(2019, 4, 30),
        None,
        None,
    ]
    assert read(engine, "timestamp", ["46296.375"]) == [datetime(2026, 10, 1, 9)]


@pytest.mark.parametrize(
    ("macro", "texts", "values"),
    [
        ("int", ["1,234", "１２", "12.0", "390人", "△3", " 7 "], [1234, 12, 12, 390, -3, 7]),
        ("int", ["12.5", "1e3", "1_000", "", None, "9999999999"], [None] * 6),
        ("long", ["126,146,099", "9999999999"], [126146099, 9999999999]),
        ("float", ["1.5", "２．５", "12分", ".5", "1e-3"], [1.5, 2.5, 12.0, 0.5, 0.001]),
        ("float", ["nan", "inf", "1.2.3", "0x10", ""], [None] * 5),
        ("bool", ["true", "1", "はい", "FALSE", "×", "?"], [True, True, True, False, False, None]),
        (
            "time",
            ["8:30", "08:30:00", "8時30分", "17時", "午後5時15分"],
            ["08:30"] * 3 + ["17:00", "17:15"],
        ),
        ("time", ["24:00", "24:01", "25:30", "9:60"], ["24:00", None, None, None]),
        ("half", ["ＡＢ−１２　号", "髙島①", "ｶﾅ～"], ["AB-12 号", "髙島①", "ｶﾅ～"]),
        ("clean", ["　 x\u00a0", "　", None], ["x", None, None]),
    ],
)
def test_numbers_times_and_text(
    engine: Engine, macro: str, texts: list[str | None], values: list[Any]
) -> None:
    assert read(engine, macro, texts) == values


@given(number=st.integers(-(10**9), 10**9), places=st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_numbers_with_separators(engine: Engine, number: int, places: int) -> None:
    assert read(engine, "int", [str(number), f"{number:,}"]) == [number, number]
    value = number / 10**places
    assert read(engine, "float", [f"{value:,.{places}f}", f"{value:.{places}f}件"]) == [value] * 2


def test_a_source_without_dates_gets_no_macro_for_dates_and_any_other_gets_all() -> None:
    sources = load_sources()
    dated = Engine.memory()
    define_macros(dated)
    count = "SELECT count(*) FROM duckdb_functions() WHERE function_name LIKE 'mado_%'"
    for name, whole in (("ipss_r5_suikei", False), ("ticket_log", True), ("indicator", True)):
        engine = Engine.memory()
        define_needed(engine, sources[name], Profile("plain", name, "", ""))
        assert (engine.execute(count) == dated.execute(count)) == whole, name
        assert engine.execute("SELECT mado_int('１２'), mado_bool('有')") == [(12, True)]
