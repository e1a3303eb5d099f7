"""データ品質: the answer says how far the month can be trusted and what to look at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY, NEIGHBOUR, list_municipalities
from tests.pages.test_pages import said
from tests.spec.lake import Lake

Opened = Callable[..., AppTest]
PAGE = "pages/data/quality.py"
HEAD = "municipality|office|department|counter|issued_at|called_at|finished_at"
OUT_OF_ORDER = date(2026, 10, 19)


HOLIDAYS = {
    *(date(2025, 8, 11), date(2025, 9, 15), date(2025, 9, 23), date(2025, 10, 13)),
    *(date(2026, 8, 11), date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)),
    date(2026, 10, 12),
}


def open_days(first: date, last: date) -> Iterator[date]:
    """Weekdays that are no holiday."""
    for step in range((last - first).days + 1):
        day = first + timedelta(step)
        if day.isoweekday() <= 5 and day not in HOLIDAYS:
            yield day


def tickets(days: list[date], office: str, counter: str, *, finish: bool = True) -> list[str]:
    """Four tickets a day at a counter: waits of five minutes, services of ten."""
    lines = []
    for day in days:
        for number in range(4):
            issued = datetime(day.year, day.month, day.day, 9 + number, 0, 20)
            called, finished = issued + timedelta(minutes=5), issued + timedelta(minutes=15)
            times = [issued, called, finished if finish else None]
            written = "|".join("-" if at is None else f"{at:%Y-%m-%d %H:%M:%S}" for at in times)
            lines.append(f"{CITY}|{office}|市民課|{counter}|{written}")
    return lines


def of_city(first: str, last: str, **counts: int) -> dict[str, Any]:
    """What the ledger says of a file of the city."""
    return {
        **{"municipality": CITY, "period_from": first, "period_to": last, "synthetic": True},
        **{"source_label_ja": "発券機ログ", "source_label_en": "Ticket log", **counts},
    }


def autumn(year: int) -> list[date]:
    return list(open_days(date(year, 8, 3), date(year, 10, 30)))


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two autumns. In the second the finish is gone from September, and in October a counter

    stops, the branch has no ticket on the 8th, and 2 % of the rows are held back.
    """
    lake = Lake(tmp_path_factory.mktemp("troubled"))
    list_municipalities(lake)
    before, now = autumn(2025), autumn(2026)
    lines = [*tickets(before, "本庁", "1番"), *tickets(before, "本庁", "2番")]
    lines += tickets(before, "支所", "1番")
    lake.add("ticket_log", "\n".join([HEAD, *lines]), **of_city("2025-08-01", "2025-10-31"))
    lines = []
    for day in now:
        finish = day.month < 9
        lines += tickets([day], "本庁", "1番", finish=finish)
        if day < OUT_OF_ORDER:
            lines += tickets([day], "本庁", "2番", finish=finish)
        if day != date(2026, 10, 8):
            lines += tickets([day], "支所", "1番")
    counts = {"rows_read": 600, "accepted": 588, "quarantined": 12}
    october = lake.add(
        "ticket_log", "\n".join([HEAD, *lines]), **of_city("2026-08-03", "2026-10-30", **counts)
    )
    lake.hold(
        october,
        """
        source_row | column   | rule              | message_ja
        12         | 呼出時刻 | call_before_issue | 呼出が発券より前です。時計を確かめてください
        30         | 呼出時刻 | call_before_issue | 呼出が発券より前です。時計を確かめてください
        31         | 発券時刻 | type              | 発券時刻を日時として読めません
        """,
    )
    lake.add(
        "event",
        f"municipality|event_date|name\n{CITY}|2026-09-01|新しい発券機",
        **of_city("2026-09-01", "2026-09-01"),
    )
    lake.build()
    return lake.home.root


def table(app: AppTest, column: str) -> Any:
    (found,) = [one.value for one in app.dataframe if column in one.value.columns]
    return found


def test_the_answer_says_how_far_to_trust_and_what_to_see_first(
    opened: Opened, troubled: Path
) -> None:
    """41 of 42 office days have tickets, but 2 % of the rows are held back."""
    shown = said(opened(troubled, PAGE, period="2026-10"))
    assert "使う前に確認が要ります（発券の記録があるのは開庁日の97.6%です）" in shown
    assert "先に確かめるのは、読んだ行の2.00%を保留している理由です" in shown
    assert "庁舎ごとに数えて1日あります（10月8日（木）の支所）" in shown


def test_before_the_trouble_the_month_can_be_used(opened: Opened, troubled: Path) -> None:
    shown = said(opened(troubled, PAGE, period="2026-08"))
    assert "2026年8月の数字は、そのまま使えます（開庁日の100.0%に" in shown
    assert "気になる点は見つかりませんでした" in shown
    assert "前年同月と大きく違う記録はありません" in shown
    assert "開庁日20日のすべてで、開いていた庁舎のすべてに発券の記録があります" in shown


def test_a_changed_recording_is_told_in_plain_words_with_its_month(
    opened: Opened, troubled: Path
) -> None:
    app = opened(troubled, PAGE, period="2026-10")
    shown = said(app)
    assert "本庁：2026年9月から完了時刻の記録がなくなりました。" in shown
    assert "2026年9月の「新しい発券機」がありました。違いの理由かもしれません" in shown
    assert "mado-bad" not in shown.split("前年同月と違う点")[-1].split("</ul>")[0]
    compared = table(app, "mark")
    finish = compared[compared["label"] == "完了の記録がない割合"].set_index("office")
    assert finish.loc["本庁", ["mark", "before", "now", "since"]].tolist() == [
        *("▲ 違う", "0.0%", "100.0%", "2026年9月"),
    ]
    assert finish.loc["支所", ["mark", "before", "now", "since"]].tolist() == [
        *("− 同じくらい", "0.0%", "0.0%", "−"),
    ]


def test_a_month_without_a_year_before_is_not_compared(opened: Opened, troubled: Path) -> None:
    shown = said(opened(troubled, PAGE, period="2025-10"))
    assert "前年同月の記録がないため、比べていません" in shown
    assert "前年同月の記録なし" in shown, "the card gives no number of differences"
    assert "項目を比較" not in shown


def test_silent_counters_stand_with_the_day_since_when(opened: Opened, troubled: Path) -> None:
    app = opened(troubled, PAGE, period="2026-10")
    found = table(app, "days")
    assert found["counter"].tolist() == ["本庁 市民課 2番"]
    assert [str(day)[:10] for day in found["since"]] == ["2026-10-19"]
    assert found["days"].tolist() == [10]
    assert found["state"].tolist() == ["▲ 続いている"]
    shown = said(opened(troubled, PAGE, period="2026-09"))
    assert "使われている3窓口に、発券が5開庁日以上止まったものはありません" in shown


def test_rows_held_back_stand_by_reason(opened: Opened, troubled: Path) -> None:
    app = opened(troubled, PAGE, period="2026-10")
    assert "読んだ600行のうち12行（2.00%）を保留しています" in said(app)
    assert "いちばん多い理由は「呼出が発券より前です」です" in said(app)
    assert table(app, "reason")["value"].tolist() == [2, 1]
    # August's rows stand in the file that ends in October.
    shown = said(opened(troubled, PAGE, period="2026-08"))
    assert "この月に期間が終わるファイルはありません" in shown


def test_the_calendar_s_table_puts_what_is_missing_first(opened: Opened, troubled: Path) -> None:
    days = table(opened(troubled, PAGE, period="2026-10"), "tickets")
    assert days["office"].iloc[0] == "支所"
    assert days["state"].tolist()[:2] == ["✕ 記録なし", "● 記録あり"]
    assert days["tickets"].iloc[0] == 0
    assert len(days) == 42


def test_the_page_speaks_english(opened: Opened, troubled: Path) -> None:
    shown = said(opened(troubled, PAGE, period="2026-10", lang="en"))
    assert "The numbers of October 2026 need a check before use" in shown
    assert "(支所 on Thu 8 Oct)" in shown
    assert "本庁: finishes are no longer recorded since September 2026." in shown


def test_of_many_municipalities_it_says_how_many_have_reported(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    lake.add(
        "municipality",
        f"""
        code        | prefecture | name   | kind
        {CITY}      | 霞野県     | 見晴市 | city
        {NEIGHBOUR} | 霞野県     | 灯台町 | town
        """,
        synthetic=True,
    )
    head = "municipality|month|issued|called|served|wait_minutes"
    lines = [f"{CITY}|2026-{month:02}|900|880|870|5000" for month in (6, 7, 9, 10)]
    lines += [f"{NEIGHBOUR}|2026-09|90|88|87|500"]
    lake.add(
        "counter_month",
        "\n".join([head, *lines]),
        synthetic=True,
        source_label_ja="窓口の月次集計",
        period_from="2026-06-01",
        period_to="2026-10-31",
    )
    lake.build()
    app = opened(lake.home.root, PAGE)
    shown = said(app)
    assert "保留の割合の推移" not in shown  # nothing is held back
    assert "2026年10月は、見晴市を含む1団体（全2団体のうち）の窓口の件数が届いています" in shown
    assert "窓口の月次集計は、2026年10月に2団体のうち1団体（50.0%）の記録があります" in shown
    assert "この団体は月ごとの集計だけが読み込まれています" in shown
    sources = table(app, "trail")
    assert sources["trail"].iloc[0] == "・・・・・・・●●✕●●"
    assert sources["missing"].iloc[0] == "1"


def test_a_municipality_without_counters_sees_how_its_sources_arrive(
    opened: Opened, tmp_path: Path
) -> None:
    """Its last applications are of long ago: the next file has not come."""
    lake = Lake(tmp_path)
    list_municipalities(lake)
    lake.add(
        "applications",
        f"municipality|month|procedure|intake|applications\n{CITY}|2024-04|転入届|mail|5",
        source_label_ja="申請件数",
        schedule="monthly",
        synthetic=True,
        municipality=CITY,
        period_from="2024-04-01",
        period_to="2024-04-30",
    )
    lake.build()
    app = opened(lake.home.root, PAGE)
    assert "窓口の記録は入っていません" in said(app)
    assert "次の分が届いていない資料が1種類あります（申請件数）" in said(app)
    sources = table(app, "trail")
    assert sources["arrives"].tolist() == ["▲ 遅れ", "− 定期の更新なし"]
    assert sources["trail"].iloc[0] == "・・・・・・・・・・・●"


def test_few_days_with_records_need_a_check(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    days = [date(2026, 10, day) for day in (1, 2, 5, 30)]
    lake.add("ticket_log", "\n".join([HEAD, *tickets(days, "本庁", "1番")]))
    lake.build()
    shown = said(opened(lake.home.root, PAGE))
    # 1 to 30 October 2026 has 21 open days.
    assert "発券の記録があるのは開庁日の19.0%です" in shown
    which = "10月6日（火）の本庁、10月7日（水）の本庁、10月8日（木）の本庁、ほか14日"
    assert f"先に確かめるのは、発券の記録がない開庁日（{which}）です" in shown


def test_a_month_that_begins_late_is_said_to_be_a_part(opened: Opened, one_row_home: Path) -> None:
    shown = said(opened(one_row_home, PAGE))
    assert "月の一部のものです（10月30日（金）から10月30日（金）までの開庁日の100.0%に" in shown


def test_tickets_on_a_closed_day_are_told(opened: Opened, tmp_path: Path) -> None:
    """The 12th is a holiday: four tickets bear its date."""
    lake = Lake(tmp_path)
    days = [*open_days(date(2026, 10, 1), date(2026, 10, 30)), date(2026, 10, 12)]
    lake.add("ticket_log", "\n".join([HEAD, *tickets(days, "本庁", "1番")]))
    lake.build()
    shown = said(opened(lake.home.root, PAGE))
    assert "開庁日21日のすべてで" in shown
    assert "開庁日でない日にも、10月12日（月）など1日に4件の発券があります" in shown


def test_tickets_on_closed_days_alone_are_no_month_to_trust(opened: Opened, tmp_path: Path) -> None:
    """The 10th is a Saturday."""
    lake = Lake(tmp_path)
    lake.add("ticket_log", "\n".join([HEAD, *tickets([date(2026, 10, 10)], "本庁", "1番")]))
    lake.build()
    app = opened(lake.home.root, PAGE)
    assert not app.exception
    assert "2026年10月の発券は、すべて開庁日でない日の日付です" in said(app)


def test_a_row_held_back_among_very_many_is_not_written_as_none(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    lines = [HEAD, *tickets(list(open_days(date(2026, 10, 1), date(2026, 10, 30))), "本庁", "1番")]
    counts = {"rows_read": 21_741, "accepted": 21_740, "quarantined": 1}
    lake.add("ticket_log", "\n".join(lines), **of_city("2026-10-01", "2026-10-30", **counts))
    lake.build()
    shown = said(opened(lake.home.root, PAGE))
    assert "0.01%未満" in shown
    assert "0.00%" not in shown


def test_the_share_held_back_is_drawn_month_by_month(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for month, counts in (
        (9, {"rows_read": 200, "accepted": 199, "quarantined": 1}),
        (10, {"rows_read": 100, "accepted": 98, "quarantined": 2}),
    ):
        days = list(open_days(date(2026, month, 1), date(2026, month, 30)))
        lines = [HEAD, *tickets(days, "本庁", "1番")]
        first, last = f"2026-{month:02}-01", f"2026-{month:02}-30"
        lake.add("ticket_log", "\n".join(lines), **of_city(first, last, **counts))
    lake.build()
    app = opened(lake.home.root, PAGE)
    assert "いちばん高いのは2026年10月の発券機ログで、読んだ行の2.00%を" in said(app)
    months = table(app, "n").sort_values("month")
    assert months["value"].tolist() == pytest.approx([0.005, 0.02])
    assert months[["held", "n"]].to_numpy().tolist() == [[1, 200], [2, 100]]
