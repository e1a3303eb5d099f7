"""Small releases that the pages are drawn over: a city, one row, nothing loaded, nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.spec.lake import Lake
from ui.period import month_shift

APP = Path(__file__).parents[2] / "app.py"
CITY, NEIGHBOUR = "512010", "512028"
"""Fictional: no prefecture has the number 51."""
MONTHS = [month_shift(date(2026, 10, 1), -back) for back in range(14, -1, -1)]


def tickets() -> str:
    """Ten tickets on the last open day of each month and one before; waits fall in November."""
    lines = ["municipality|office|department|counter|procedure|issued_at|called_at|finished_at"]
    for month in MONTHS:
        day = datetime.combine(month_shift(month, 1) - timedelta(days=1), datetime.min.time())
        while day.weekday() > 4:
            day -= timedelta(days=1)
        for number in range(10):
            issued = day - timedelta(days=7 * (number % 2)) + timedelta(hours=9, minutes=7 * number)
            wait = 2 + number * (3 if month < date(2025, 11, 1) else 1)
            called = issued + timedelta(minutes=wait)
            department, counter = (
                ("市民課", f"{number % 3 + 1}番") if number < 8 else ("税務課", "1番")
            )
            procedure = "住民票の写し" if number % 2 else "転入届"
            times = "|".join(f"{at:%Y-%m-%d %H:%M:%S}" for at in (issued, called))
            finished = f"{called + timedelta(minutes=5):%Y-%m-%d %H:%M:%S}"
            place = f"{CITY}|本庁|{department}|{counter}|{procedure}"
            lines.append(f"{place}|{times}|{finished}")
    return "\n".join(lines)


def applications() -> str:
    """Two procedures: one goes from paper to digital throughout, the other stays on paper."""
    lines = ["municipality|month|procedure|intake|place|processing|applications"]
    for step, month in enumerate(MONTHS):
        online = 5 + step * 6
        for procedure, shares in {
            "住民票の写し": (("online", "home", "digital", online), ("mail", "home", "paper", 4)),
            "転入届": (("counter_paper", "hall", "paper", 60), ("online", "home", "paper", 10)),
        }.items():
            for intake, place, processing, count in shares:
                row = (CITY, f"{month:%Y-%m}", procedure, intake, place, processing, str(count))
                lines.append("|".join(row))
    return "\n".join(lines)


def list_municipalities(lake: Lake) -> None:
    lake.add(
        "municipality",
        f"""
        code      | prefecture | name   | kana     | kind
        {CITY}    | 霞野県     | 見晴市 | みはれし | city
        {NEIGHBOUR} | 霞野県   | 灯台町 | とうだいちょう | town_village
        """,
        synthetic=True,
    )


@pytest.fixture(scope="session")
def city_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen months of a small city, synthetic, with a target and a reform."""
    lake = Lake(tmp_path_factory.mktemp("city"))
    list_municipalities(lake)
    made = {"synthetic": True, "municipality": CITY}
    period = {"period_from": "2025-08-01", "period_to": "2026-10-31"}
    lake.add("ticket_log", tickets(), **made, **period)
    lake.add("applications", applications(), **made, **period)
    lake.add(
        "workload_survey",
        f"""
        municipality | survey | department | task   | category     | staff_kind | hours | volume
        {CITY}       | 2025   | 市民課     | 住民票 | reception    | regular    | 1200  | 9000
        {CITY}       | 2025   | 市民課     | 住民票 | consultation | regular    | 800   | -
        {CITY}       | 2025   | 税務課     | 申告   | data_entry   | fixed_term | 600   | 4000
        """,
        **made,
    )
    lake.add(
        "staff_age",
        f"""
        municipality | as_of | department | age | job | kind | headcount | fte
        {CITY} | 2026-04-01 | 市民課 | 25 | 一般行政 | regular | 3 | 3
        {CITY} | 2026-04-01 | 市民課 | 52 | 一般行政 | regular | 6 | 6
        {CITY} | 2026-04-01 | 税務課 | 61 | 一般行政 | rehired | 1 | 0.8
        """,
        **made,
    )
    lake.add("ipss_r5_suikei", population(), synthetic=True)
    lake.add(
        "event",
        f"""
        municipality | event_date | name
        {CITY} | 2025-11-04 | 書かない窓口を開始
        """,
        **made,
    )
    lake.add(
        "target",
        f"""
        municipality | metric | value | due | basis
        {CITY} | wait_p90 | 15 | 2027-03-31 | 計画
        {CITY} | online_rate | 0.5 | 2026-03-31 | 計画
        """,
        **made,
    )
    lake.build(_models())
    return lake.home.root


def population() -> str:
    """Two sexes, three bands, three years of the small city."""
    lines = [
        "projection|area|area_name|prefecture|area_kind|year|sex|age_from|age_to|population"
        "|is_actual|counts_in_nation|base_year"
    ]
    for year, factor in ((2020, 10), (2040, 8), (2045, 7)):
        for sex in ("male", "female"):
            for start, end in ((0, 4), (20, 24), (65, 69), (95, None)):
                row = ("ipss_r5", CITY, "見晴市", "霞野県", "city", year, sex, start, end or "-")
                rest = (factor * 100, "yes" if year == 2020 else "no", "yes", 2020)
                lines.append("|".join(str(cell) for cell in (*row, *rest)))
    return "\n".join(lines)


def _models() -> Callable[..., object]:
    from pipelines.models import compute

    return compute


@pytest.fixture(scope="session")
def one_row_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One called ticket, and nothing else, of a real place (not synthetic)."""
    lake = Lake(tmp_path_factory.mktemp("one-row"))
    lake.add(
        "ticket_log",
        """
        municipality | department | counter | issued_at           | called_at
        272060       | 市民課     | 1番     | 2026-10-30 09:00:00 | 2026-10-30 09:05:00
        """,
    )
    lake.build()
    return lake.home.root


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release in which no source has any file."""
    lake = Lake(tmp_path_factory.mktemp("empty"))
    list_municipalities(lake)
    lake.build()
    return lake.home.root


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page over a home, as a reader with a link does."""

    def open_page(home: Path, script: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("MADO_HOME", str(home))
        app = AppTest.from_file(str(APP), default_timeout=60)
        for key, code in query.items():
            app.query_params[key] = code
        app.run()
        return app.switch_page(script).run() if script else app

    return open_page
