"""Waits, counters and open days in detail: limits, what is not recorded, calendars, periods."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.query import Span

CITY = {"municipality": "512010"}

TICKETS = """
municipality | office | department | counter | issued_at        | called_at        | finished_at
512010       | 本庁   | 市民課     | 1       | 2026-10-01 09:00 | 2026-10-01 09:06 | 2026-10-01 09:20
512010       | 本庁   | 市民課     | 1       | 2026-10-01 09:01 | 2026-10-01 09:17 | 2026-10-01 09:27
512010       | 本庁   | 市民課     | 2       | 2026-10-01 10:00 | 2026-10-01 10:02 | 2026-10-01 10:05
512010       | 本庁   | 市民課     | 2       | 2026-10-02 10:00 | -                | -
512010       | 北支所 | 市民係     | 1       | 2026-11-02 09:00 | 2026-11-02 09:15 | -
"""


def test_a_wait_of_exactly_the_target_is_within_it(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    release = lake.release()
    over = query.metric("wait_over_share", by="office", where=CITY, release=release).frame
    same(
        over,
        """
        office | value  | n
        北支所 | 0      | 1
        本庁   | 0.3333 | 3
        """,
    )
    within = query.metric("matanai_rate", by="office", where=CITY, release=release).frame
    assert list(within["value"] + over["value"]) == [1, 1]


def test_cuts_by_weekday_and_hour_are_in_reading_order(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    same(
        query.metric("tickets", by=["weekday", "hour"], where=CITY, release=lake.release()).frame,
        """
        weekday | hour | value | n
        1       | 9    | 1     | 1
        4       | 9    | 2     | 2
        4       | 10   | 1     | 1
        5       | 10   | 1     | 1
        """,
    )


def test_rows_can_be_asked_for_in_order_of_their_value(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    release = lake.release()
    same(
        query.metric("wait_mean", by="date", order="-value", release=release).frame,
        """
        date       | value | n
        2026-11-02 | 15    | 1
        2026-10-01 | 8     | 3
        2026-10-02 | -     | 0
        """,
    )
    ascending = query.metric("wait_mean", by="date", order="value", release=release).frame
    assert list(ascending["n"]) == [3, 1, 0]


def test_a_counter_is_named_by_office_department_and_number(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    release = lake.release()
    same(
        query.values("counter", {**CITY, "month": "2026-10"}, release),
        """
        code          | label
        本庁/市民課/1 | 本庁 市民課 1番
        本庁/市民課/2 | 本庁 市民課 2番
        """,
    )
    by_label = {**CITY, "counter": "本庁 市民課 2番"}
    assert query.metric("tickets", where=by_label, release=release).value == 2


RECORDED = """
municipality | counter | outcome | records_no_show | records_forward | forwarded_from | issued_at        | called_at
512010 | 1       | called  | no              | no              | -              | 2026-10-01 09:00 | 2026-10-01 09:06
512010 | 2       | no_show | yes             | yes             | -              | 2026-10-01 09:00 | 2026-10-01 09:06
512010 | 2       | called  | yes             | yes             | 1              | 2026-10-01 09:05 | 2026-10-01 09:06
"""


def test_machines_that_do_not_record_something_stay_out_of_its_rate(lake: Lake) -> None:
    lake.add("ticket_log", RECORDED)
    release = lake.release()
    same(
        query.metric("no_show_rate", by="counter", release=release).frame,
        """
        counter | value | n
        //1     | -     | 0
        //2     | 0.5   | 2
        """,
    )
    assert query.metric("no_show_rate", release=release).value == 0.5
    assert query.metric("mayowanai_rate", release=release).value == 0.5
    assert query.metric("service_mean", release=release).value is None


def test_a_cancelled_ticket_is_no_abandonment(lake: Lake) -> None:
    lake.add(
        "ticket_log",
        """
        municipality | counter | outcome   | issued_at        | called_at
        512010       | 1       | cancelled | 2026-10-01 09:00 | -
        512010       | 1       | abandoned | 2026-10-01 09:01 | -
        512010       | 1       | open      | 2026-10-01 09:02 | -
        512010       | 1       | served    | 2026-10-01 09:03 | 2026-10-01 09:04
        """,
    )
    assert query.metric("abandonment_rate", release=lake.release()).value == 0.25


def test_open_days_are_days_with_tickets_where_no_calendar_is_loaded(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    release = lake.release()
    same(
        query.metric("open_days", by="month", release=release).frame,
        """
        month      | value | n
        2026-10-01 | 2     | 2
        2026-11-01 | 1     | 1
        """,
    )
    same(
        query.metric("tickets_per_open_day", by="month", release=release).frame,
        """
        month      | value | n
        2026-10-01 | 2     | 4
        2026-11-01 | 1     | 1
        """,
    )


def test_a_calendar_gives_open_days_without_tickets_but_none_before_or_after_them(
    lake: Lake,
) -> None:
    lake.add(
        "ticket_log",
        """
        municipality | office | counter | issued_at
        512010       | 本庁   | 1       | 2026-10-01 09:00
        512010       | 本庁   | 1       | 2026-10-05 09:00
        512010       | 北支所 | 1       | 2026-10-04 09:00
        """,
    )
    lake.add(
        "opening",
        """
        municipality | office | counter_group | date       | open_at | close_at | counters_open
        512010       | 本庁   | 市民課        | 2026-10-01 | 08:30   | 17:15    | 3
        512010       | 本庁   | 市民課        | 2026-10-02 | 08:30   | 17:15    | 3
        512010       | 本庁   | 市民課        | 2026-10-03 | 08:30   | 17:15    | 0
        512010       | 本庁   | 市民課        | 2026-10-05 | 08:30   | 17:15    | 3
        512010       | 本庁   | 市民課        | 2026-10-06 | 08:30   | 17:15    | 3
        512010       | 本庁   | 市民課        | 2027-04-01 | 08:30   | 17:15    | 3
        """,
    )
    same(
        query.metric("open_days", by="date", release=lake.release()).frame,
        """
        date       | value | n
        2026-10-01 | 1     | 1
        2026-10-02 | 1     | 1
        2026-10-04 | 1     | 1
        2026-10-05 | 1     | 1
        """,
    )


def test_tickets_per_open_day_divides_by_days_of_the_scope_not_of_the_cut(lake: Lake) -> None:
    """A counter that was used on one of two open days still has two days to divide by."""
    lake.add("ticket_log", TICKETS)
    where = {"month": "2026-10"}
    same(
        query.metric(
            "tickets_per_open_day", by="counter", where=where, release=lake.release()
        ).frame,
        """
        counter       | value | n
        本庁/市民課/1 | 1     | 2
        本庁/市民課/2 | 1     | 2
        """,
    )


MONTHLY = """
municipality | month   | issued | called | no_show | abandoned | served | wait_minutes
512010       | 2026-10 | 1000   | 990    | 10      | 10        | 980    | 9900
512010       | 2026-12 | 100    | 100    | -       | -         | 100    | 400
512028       | 2026-10 | 300    | 300    | 3       | 0         | 297    | 600
"""


def test_what_a_monthly_report_leaves_out_is_in_neither_part_of_a_rate(lake: Lake) -> None:
    lake.add("counter_month", MONTHLY)
    release = lake.release()
    both = {"month": Span("2026-10", "2026-12"), **CITY}
    december = {"month": "2026-12"}
    assert query.metric("abandonment_rate", where=both, release=release).value == 10 / 1000
    assert query.metric("abandonment_rate", where=december, release=release).value is None
    assert query.metric("wait_mean", where=december, release=release).value == 4
    assert query.metric("wait_over_share", release=release).value is None
    assert query.metric("service_mean", release=release).value is None


def test_monthly_reports_add_up_as_ratios_of_sums(lake: Lake) -> None:
    lake.add("counter_month", MONTHLY)
    release = lake.release()
    where = {"month": "2026-10"}
    for metric, value in {
        "wait_mean": (9900 + 600) / (990 + 300),
        "abandonment_rate": 10 / 1300,
        "no_show_rate": 13 / 1290,
        "wait_p90": None,
    }.items():
        found = query.metric(metric, where=where, release=release).value
        assert found == (value if value is None else pytest.approx(value)), metric


def test_an_answer_covers_days_of_tickets_and_whole_months_of_reports(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    lake.add("counter_month", MONTHLY)
    answer = query.metric("tickets", release=lake.release())
    assert answer.period is not None
    assert [f"{day}" for day in answer.period] == ["2026-10-01", "2026-12-31"]
    assert f"{answer.as_of}" == "2026-12-31"
