"""What the pages say in sentences follows from the numbers of the door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY
from tests.pages.test_pages import said
from tests.spec.lake import Lake
from ui import format as fmt
from ui.text import t
from warehouse import query
from warehouse.home import Home

Opened = Callable[..., AppTest]
MONTHLY, WAITS, CHANNELS = (
    "pages/monthly/summary.py",
    "pages/frontyard/waits.py",
    "pages/frontyard/channels.py",
)


def value(home: Path, metric: str, month: str) -> float:
    release = query.open_release(Home(home))
    found = query.metric(metric, where={"municipality": CITY, "month": month}, release=release)
    assert found.value is not None
    return found.value


def test_the_month_is_said_with_its_numbers(opened: Opened, city_home: Path) -> None:
    shown = said(opened(city_home, MONTHLY, period="2026-10"))
    now, before = (value(city_home, "wait_p90", month) for month in ("2026-10", "2025-10"))
    assert f"90%点{fmt.minutes(now)}で、目標の15.0分以下に収まりました" in shown
    assert f"この時間は前年同月より{fmt.minutes(before - now)}短くなりました" in shown
    online = [value(city_home, "online_rate", month) for month in ("2026-10", "2025-10")]
    shares = [float(fmt.share(one).rstrip("%")) for one in online]
    more = fmt.number(shares[0] - shares[1], 1)
    assert f"オンラインは{fmt.share(online[0])}で、前年同月より{more}ポイント増えました" in shown


def test_a_month_above_its_target_says_by_how_much(opened: Opened, city_home: Path) -> None:
    shown = said(opened(city_home, MONTHLY, period="2025-10"))
    over = value(city_home, "wait_p90", "2025-10") - 15
    assert f"目標の15.0分を{fmt.minutes(over)}上回りました" in shown
    assert "▲ 目標 15.0分以下：未達成" in shown


def test_a_month_without_a_year_before_says_so(opened: Opened, city_home: Path) -> None:
    shown = said(opened(city_home, MONTHLY, period="2025-08"))
    assert shown.count("前年同月の記録はありません") == 3
    assert "前年同月比 記録なし" in shown


def test_english_says_the_same(opened: Opened, city_home: Path) -> None:
    shown = said(opened(city_home, MONTHLY, period="2026-10", lang="en"))
    now = fmt.minutes(value(city_home, "wait_p90", "2026-10"), "en")
    assert f"the 90th percentile {now}, within the target of 15.0 min" in shown


def test_a_month_that_is_not_over_is_not_the_default(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.add(
        "ticket_log",
        """
        municipality | department | counter | issued_at           | called_at
        272060       | 市民課     | 1番     | 2026-09-30 09:00:00 | 2026-09-30 09:05:00
        272060       | 市民課     | 1番     | 2026-10-14 09:00:00 | 2026-10-14 09:05:00
        """,
    )
    lake.build()
    assert "2026年9月の待ち時間" in said(opened(tmp_path, MONTHLY))
    shown = said(opened(tmp_path, MONTHLY, period="2026-10"))
    assert "2026年10月は月の途中です（2026年10月14日までの数字です）" in shown


@pytest.fixture(scope="module")
def totals_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality that loads monthly totals and no single tickets."""
    lake = Lake(tmp_path_factory.mktemp("totals"))
    lake.add(
        "counter_month",
        """
        municipality | month   | issued | called | served | wait_minutes | waits_over_target
        272060       | 2025-10 | 1000   | 900    | 800    | 9000         | 90
        272060       | 2026-10 | 1200   | 1000   | 900    | 5000         | 50
        """,
    )
    lake.build()
    return lake.home.root


def test_monthly_totals_give_a_mean_and_say_what_is_missing(
    opened: Opened, totals_home: Path
) -> None:
    shown = said(opened(totals_home, MONTHLY))
    assert "発券は1,200件、待ち時間は平均5.0分でした" in shown
    assert "発券は1,200件で、前年同月より200件多くなりました" in shown
    assert "待ち時間は平均5.0分で、前年同月より5.0分短くなりました" in shown
    assert "90%点" not in shown.split("推移")[0]
    assert t("frontyard.waits.totals_only", "ja") in shown
    shown = said(opened(totals_home, WAITS))
    assert t("frontyard.waits.totals_only", "ja") in shown
    assert "待ち時間は平均5.0分です" in shown


def test_classes_of_the_double_track_move(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, CHANNELS, period="2026-10")
    frame = next(one.value for one in app.dataframe if "trail" in one.value.columns)
    row = frame.set_index("name").loc["転入届"]
    assert row["now"].startswith("▲")
    assert len(row["trail"]) == 12
    assert "12手続" not in said(app)
    assert "2手続のうち" in said(app)
