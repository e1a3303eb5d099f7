"""Quality: what is missing, held back, or recorded otherwise than a year before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

CITY = "272060"


def weekdays(first: str, last: str) -> list[date]:
    """Monday to Friday, both ends included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    days = (start + timedelta(n) for n in range((end - start).days + 1))
    return [day for day in days if day.isoweekday() <= 5]


def log(days: Iterable[date], counter: str = "1", office: str = "本庁") -> list[str]:
    """One ticket a day at a counter, called after five minutes."""
    return [
        f"{CITY} | {office} | 市民課 | {counter} | {day} 09:00:30 | {day} 09:05:30" for day in days
    ]


def add_log(lake: Lake, *lines: str) -> None:
    head = "municipality | office | department | counter | issued_at | called_at"
    lake.add("ticket_log", "\n".join([head, *lines]))


def ask(lake: Lake, name: str, by: tuple[str, ...] = (), **where: object) -> query.Answer:
    return query.metric(name, by=by, where=where, release=query.open_release(lake.home))


# --- open days ------------------------------------------------------------------------------


def test_open_days_are_weekdays_without_holidays_where_no_calendar_is_loaded(lake: Lake) -> None:
    """6 October is missing; the 10th is a Saturday, the 12th a holiday (スポーツの日)."""
    days = [date(2026, 10, day) for day in (5, 7, 8, 9, 10, 13)]
    add_log(lake, *log(days))
    lake.build()
    answer = ask(lake, "days_recorded_share", ("date",), month="2026-10")
    same(
        answer.frame,
        """
        date       | value | n
        2026-10-05 | 1     | 1
        2026-10-06 | 0     | 1
        2026-10-07 | 1     | 1
        2026-10-08 | 1     | 1
        2026-10-09 | 1     | 1
        2026-10-10 | -     | 0
        2026-10-13 | 1     | 1
        """,
    )
    assert ask(lake, "days_recorded_share").value == pytest.approx(5 / 6)
    assert ask(lake, "days_without_tickets").value == 1
    assert ask(lake, "tickets_on_closed_days").value == 1


def test_offices_are_closed_around_new_year(lake: Lake) -> None:
    add_log(lake, *log([date(2025, 12, 26), date(2026, 1, 6)]))
    lake.build()
    # The 26th is a Friday; of the week after, Monday the 29th to Friday the 2nd, none is open.
    same(
        ask(lake, "days_without_tickets", ("date",)).frame,
        """
        date       | value | n
        2025-12-26 | 0     | 1
        2026-01-05 | 1     | 1
        2026-01-06 | 0     | 1
        """,
    )


def test_the_opening_calendar_decides_where_one_is_loaded(lake: Lake) -> None:
    """Open on Saturday the 10th, closed on the 7th; a day after the last ticket is not yet due."""
    add_log(lake, *log([date(2026, 10, 6), date(2026, 10, 9)]))
    lake.add(
        "opening",
        f"""
        municipality | office | counter_group | date       | counters_open
        {CITY}       | 本庁   | 市民課        | 2026-10-06 | 2
        {CITY}       | 本庁   | 市民課        | 2026-10-07 | 0
        {CITY}       | 本庁   | 市民課        | 2026-10-08 | 2
        {CITY}       | 本庁   | 税務課        | 2026-10-08 | -
        {CITY}       | 本庁   | 市民課        | 2026-10-09 | 2
        {CITY}       | 本庁   | 市民課        | 2026-10-10 | 2
        """,
    )
    lake.build()
    same(
        ask(lake, "days_without_tickets", ("office", "date")).frame,
        """
        office | date       | value | n
        本庁   | 2026-10-06 | 0     | 1
        本庁   | 2026-10-08 | 1     | 1
        本庁   | 2026-10-09 | 0     | 1
        """,
    )


def test_days_count_per_office_and_an_office_silent_for_92_days_is_closed(lake: Lake) -> None:
    add_log(
        lake,
        *log(weekdays("2026-06-01", "2026-10-30")),
        *log([date(2026, 6, 1), date(2026, 6, 2)], office="支所"),
    )
    lake.build()
    frame = ask(lake, "days_without_tickets", ("office", "month")).frame
    # The branch's last ticket is of 2 June; 92 days later is 2 September, a Wednesday.
    same(
        frame[frame["office"] == "支所"],
        """
        office | month      | value | n
        支所   | 2026-06-01 | 20    | 22
        支所   | 2026-07-01 | 22    | 22
        支所   | 2026-08-01 | 20    | 20
        支所   | 2026-09-01 | 2     | 2
        """,
    )


# --- counters -------------------------------------------------------------------------------


def test_a_counter_falls_silent_after_five_open_days(lake: Lake) -> None:
    """Counter 2 stops on 16 October and stays so; 4 misses five days, 3 only four; 5 is rare."""
    days = weekdays("2026-08-03", "2026-10-30")
    week = set(weekdays("2026-09-07", "2026-09-11"))
    add_log(
        lake,
        *log(days, "1"),
        *log([day for day in days if day <= date(2026, 10, 16)], "2"),
        *log([day for day in days if day not in week - {date(2026, 9, 11)}], "3"),
        *log([day for day in days if day not in week], "4"),
        *log([day for day in days if day.isoweekday() == 2 and day.month < 10], "5"),
    )
    lake.build()
    frame = ask(lake, "silent_days", ("counter", "silent_since", "month")).frame
    same(
        frame[frame["silent_since"].notna()][["counter", "silent_since", "month", "value"]],
        """
        counter       | silent_since | month      | value
        本庁/市民課/2 | 2026-10-19   | 2026-10-01 | 10
        本庁/市民課/4 | 2026-09-07   | 2026-09-01 | 5
        """,
    )
    same(
        ask(lake, "silent_counters", ("month",)).frame,
        """
        month      | value | n
        2026-08-01 | 0     | 5
        2026-09-01 | 1     | 5
        2026-10-01 | 1     | 5
        """,
    )
    assert ask(lake, "silent_counters_now").value == 1
    assert ask(lake, "silent_counters_now", month="2026-09").value == 0


def test_days_on_which_the_whole_office_is_silent_are_not_the_counter_s(lake: Lake) -> None:
    days = [day for day in weekdays("2026-08-03", "2026-10-30") if day.month != 9]
    add_log(lake, *log(days, "1"), *log(days, "2"))
    lake.build()
    assert ask(lake, "silent_counters").value == 0
    # 22 weekdays of September without the three holidays: Monday to Wednesday, 21st to 23rd.
    assert ask(lake, "days_without_tickets", month="2026-09").value == 19


def test_a_counter_silent_for_sixty_open_days_counts_as_closed(lake: Lake) -> None:
    days = weekdays("2026-01-05", "2026-10-30")
    add_log(lake, *log(days, "1"), *log(days[:20], "2"))
    lake.build()
    assert ask(lake, "silent_days").value == 60
    assert ask(lake, "silent_counters_now").value == 0
    assert ask(lake, "silent_counters", month="2026-10").n == 1


# --- sources --------------------------------------------------------------------------------


def test_months_missing_lie_between_the_first_and_the_last_of_a_source(lake: Lake) -> None:
    lake.add(
        "applications",
        f"""
        municipality | month   | procedure | intake | applications
        {CITY}       | 2026-05 | 転入届    | online | 5
        {CITY}       | 2026-07 | 転入届    | online | 5
        {CITY}       | 2026-07 | 転入届    | mail   | 5
        011002       | 2026-08 | 転入届    | mail   | 5
        """,
    )
    lake.add(
        "counter_month",
        f"""
        municipality | month   | issued | called | wait_minutes
        {CITY}       | 2026-09 | 100    | 80     | 800
        """,
    )
    lake.build()
    same(
        ask(lake, "months_missing", ("source", "month"), municipality=CITY).frame,
        """
        source        | month      | value | n
        applications  | 2026-05-01 | 0     | 1
        applications  | 2026-06-01 | 1     | 1
        applications  | 2026-07-01 | 0     | 1
        counter_month | 2026-09-01 | 0     | 1
        """,
    )
    same(
        ask(lake, "source_records", ("source",)).frame,
        """
        source        | value | n
        applications  | 4     | 4
        counter_month | 1     | 1
        """,
    )
    reported = ask(lake, "reporting_municipalities", month="2026-07")
    assert reported.reporters is not None
    assert (reported.value, reported.reporters.reported) == (1, 1)
    assert ask(lake, "reporting_municipalities").value == 2


def test_the_opening_calendar_is_no_source_of_months_to_come(lake: Lake) -> None:
    add_log(lake, *log([date(2026, 10, 6)]))
    lake.add(
        "opening",
        f"""
        municipality | office | counter_group | date       | counters_open
        {CITY}       | 本庁   | 市民課        | 2026-10-06 | 2
        {CITY}       | 本庁   | 市民課        | 2026-12-07 | 2
        """,
    )
    lake.build()
    frame = ask(lake, "source_records", ("source", "month")).frame
    assert list(frame.loc[frame["source"] == "opening", "month"].astype(str)) == ["2026-10-01"]


# --- rows held back -------------------------------------------------------------------------


@pytest.fixture
def held(lake: Lake) -> Lake:
    """Two files of October (3 of 300 rows held), one of a period ahead, one of several places."""
    text = "municipality | counter | issued_at\n{} | 1 | 2026-10-0{} 09:00:10"
    october = {"municipality": CITY, "period_from": "2026-10-01", "period_to": "2026-10-31"}
    counts = {"rows_read": 100, "accepted": 98, "quarantined": 2}
    first = lake.add("ticket_log", text.format(CITY, 1), **october, **counts)
    counts = {"rows_read": 200, "accepted": 199, "quarantined": 1}
    second = lake.add("ticket_log", text.format(CITY, 2), **october, **counts)
    lake.add(
        "target",
        f"municipality | metric | value | due\n{CITY} | wait_p90 | 15 | 2028-03-31",
        municipality=CITY,
        period_from="2028-03-31",
        period_to="2028-03-31",
    )
    counts = {"rows_read": 10, "accepted": 9, "quarantined": 1}
    lake.add(
        "applications",
        f"municipality | month | applications\n{CITY} | 2026-09 | 1",
        period_from="2026-09-01",
        period_to="2026-09-30",
        source_label_en="Applications",
        **counts,
    )
    lake.hold(
        first,
        """
        source_row | column   | rule              | message_ja | message_en
        12         | 呼出時刻 | call_before_issue | 呼出が前   | called before
        12         | 発券時刻 | type              | 読めない 2 | unreadable 2
        30         | 呼出時刻 | call_before_issue | 呼出が前   | called before
        """,
    )
    lake.hold(
        second,
        """
        source_row | column   | rule | message_ja | message_en
        7          | 発券時刻 | type | 読めない 1 | unreadable 1
        """,
    )
    lake.build()
    return lake


def test_the_share_held_back_is_a_ratio_of_sums_in_the_month_of_the_files_period(
    held: Lake,
) -> None:
    same(
        ask(held, "held_share", ("month", "source")).frame,
        """
        month      | source       | value  | n
        2026-09-01 | applications | 0.1    | 10
        2026-10-01 | ticket_log   | 0.01   | 300
        2026-11-01 | target       | 0      | 1
        """,
    )
    assert ask(held, "rows_held", municipality=CITY).value == 3
    both = ask(held, "rows_held", municipality=[CITY, None])
    assert (both.value, both.n, both.reporters) == (4, 311, None)


def test_reasons_are_counted_by_rule_and_column_with_one_of_their_messages(held: Lake) -> None:
    answer = ask(held, "held_reasons", ("held_reason",))
    same(
        answer.frame,
        """
        held_reason                | value | n
        call_before_issue/呼出時刻 | 2     | 2
        type/発券時刻              | 2     | 2
        """,
    )
    release = query.open_release(held.home)
    assert query.labels("held_reason", release)["type/発券時刻"] == "読めない 1"
    assert query.labels("held_reason", release, "en")["type/発券時刻"] == "unreadable 1"
    assert query.labels("source", release, "en")["applications"] == "Applications"


def test_the_files_behind_a_share_are_those_of_the_ledger(held: Lake) -> None:
    answer = ask(held, "held_share", month="2026-10")
    assert sorted(answer.files["rows_read"]) == [100, 200]
    assert str(answer.as_of) == "2026-10-31"


def test_status_can_be_that_of_one_municipality_and_of_files_of_several(held: Lake) -> None:
    release = query.open_release(held.home)
    status = query.status(release, CITY)
    assert list(status["source"]) == ["applications", "target", "ticket_log"]
    assert list(query.status(release, "011002")["source"]) == ["applications"]


# --- the same month a year before -------------------------------------------------------------

TWO_YEARS = f"""
municipality | office | department | counter | issued_at | called_at | finished_at | outcome
{CITY} | 本庁 | 市民課 | 1 | 2025-10-01 09:00:10 | 2025-10-01 09:10:00 | 2025-10-01 09:20:05 | served
{CITY} | 本庁 | 市民課 | 1 | 2025-10-01 09:30:20 | 2025-10-01 09:40:30 | 2025-10-01 09:50:40 | served
{CITY} | 本庁 | 市民課 | 2 | 2025-10-02 09:45:10 | - | - | abandoned
{CITY} | 本庁 | 市民課 | 2 | 2025-10-02 10:00:10 | 2025-10-02 10:01:10 | - | no_show
{CITY} | 本庁 | 市民課 | 1 | 2026-10-01 09:00:00 | 2026-10-01 09:10:00 | - | called
{CITY} | 本庁 | 市民課 | 1 | 2026-10-01 10:00:00 | 2026-10-01 10:20:00 | - | called
{CITY} | 本庁 | 市民課 | 1 | 2026-10-01 10:30:00 | 2026-10-01 10:50:00 | 2026-10-01 11:20:00 | served
{CITY} | 本庁 | 市民課 | 1 | 2026-10-01 11:00:10 | - | - | abandoned
{CITY} | 支所 | 市民課 | 9 | 2026-10-01 09:00:10 | 2026-10-01 09:01:10 | - | called
"""


@pytest.fixture
def two_years(lake: Lake) -> Lake:
    lake.add("ticket_log", TWO_YEARS)
    lake.build()
    return lake


@pytest.mark.parametrize(
    ("metric", "before", "now"),
    [
        # Not called: 1 of 4, 1 of 4.
        ("no_call_share", (0.25, 4), (0.25, 4)),
        # Came when called and no finish: 0 of 2 (the no-show does not count), 2 of 3.
        ("no_finish_share", (0.0, 2), (2 / 3, 3)),
        # At :00 seconds: 1 of 9 moments; 7 of 8.
        ("whole_minute_share", (1 / 9, 9), (7 / 8, 8)),
        ("counters_used", (2, 4), (1, 4)),
        # Services of 10:05 and 10:10 minutes; of 30.
        ("service_p50", (10 + 7.5 / 60, 2), (30.0, 1)),
        ("service_p90", (10 + 9.5 / 60, 2), (30.0, 1)),
        # Hours: 9 three and 10 one; 9 one, 10 two, 11 one: ½(|¼−¾| + |½−¼| + |¼−0|).
        ("hour_shift", None, (0.5, 4)),
        # Outcomes: served 2, abandoned 1, no_show 1; called 2, served 1, abandoned 1.
        ("outcome_shift", None, (0.5, 4)),
    ],
)
def test_a_month_beside_the_same_month_of_the_year_before(
    two_years: Lake, metric: str, before: tuple[float, int] | None, now: tuple[float, int]
) -> None:
    frame = ask(two_years, metric, ("month",), office="本庁").frame
    found = {f"{row.month:%Y-%m}": (row.value, row.n) for row in frame.itertuples()}
    expected = {"2025-10": before, "2026-10": now} if before else {"2026-10": now}
    assert found.keys() == expected.keys()
    for month, (value, n) in expected.items():
        assert found[month] == (pytest.approx(value), n), month


def test_distances_do_not_add_up_and_need_a_year_before(two_years: Lake) -> None:
    assert ask(two_years, "hour_shift", office="支所").value is None
    assert ask(two_years, "hour_shift", office="本庁").value == pytest.approx(0.5)
    of_main = [line for line in TWO_YEARS.strip().splitlines() if "支所" not in line]
    two_years.add("ticket_log", "\n".join(of_main).replace("本庁", "分庁舎"))
    two_years.build()
    assert ask(two_years, "hour_shift").value is None


def test_outcomes_are_shares_of_all_tickets_within_the_filters(two_years: Lake) -> None:
    same(
        ask(two_years, "outcome_share", ("outcome",), month="2026-10").frame,
        """
        outcome   | value | n
        served    | 0.2   | 5
        called    | 0.6   | 5
        abandoned | 0.2   | 5
        """,
    )


def test_the_inner_detail_is_for_the_own_municipality(two_years: Lake) -> None:
    public = query.Viewer(role="public")
    release = query.open_release(two_years.home)
    with pytest.raises(query.NotAllowed):
        query.metric("days_recorded_share", by="office", viewer=public, release=release)
    with pytest.raises(query.NotAllowed):
        query.metric("silent_counters", by="silent_since", viewer=public, release=release)
    share = query.metric("no_finish_share", viewer=public, release=release)
    assert share.frame["suppressed"].tolist() == [True]
