"""Counters: tickets in, the figures that a page shows out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

CITY = "272060"

TICKETS = """
municipality | office | department | counter | procedure | issued_at | called_at | finished_at | outcome
272060 | 本庁 | 市民課 | 1 | 転入届 | 2026-10-01 09:00:00 | 2026-10-01 09:10:00 | 2026-10-01 09:20:00 | served
272060 | 本庁 | 市民課 | 1 | 転入届 | 2026-10-01 09:05:00 | 2026-10-01 09:25:00 | 2026-10-01 09:55:00 | served
272060 | 本庁 | 市民課 | 2 | 住民票 | 2026-10-02 10:00:00 | 2026-10-02 10:30:00 | - | no_show
272060 | 本庁 | 市民課 | 2 | 住民票 | 2026-10-02 10:10:00 | - | - | abandoned
272060 | 本庁 | 税務課 | 1 | 証明 | 2026-11-04 13:00:00 | 2026-11-04 13:04:00 | 2026-11-04 13:06:00 | served
"""


@pytest.fixture
def counters(lake: Lake) -> query.Release:
    lake.add("ticket_log", TICKETS)
    lake.build()
    return query.open_release(lake.home)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        # Waits 10, 20, 30, 4 minutes of called tickets; services 10, 30, 2 of finished ones.
        ("tickets", 5),
        ("wait_mean", 16.0),
        ("wait_p50", 15.0),
        ("wait_p90", 27.0),
        ("wait_over_share", 0.5),
        ("service_mean", 14.0),
        ("abandonment_rate", 0.2),
        ("no_show_rate", 0.25),
        ("open_days", 3),
        ("tickets_per_open_day", 5 / 3),
    ],
)
def test_figures_of_all_tickets(counters: query.Release, metric: str, expected: float) -> None:
    assert query.metric(metric, release=counters).value == pytest.approx(expected)


def test_by_month_and_department(counters: query.Release) -> None:
    answer = query.metric("tickets", by=("month", "department"), release=counters)
    same(
        answer.frame[["month", "department", "value", "n"]],
        """
        month | department | value | n
        2026-10-01 | 市民課 | 4 | 4
        2026-11-01 | 税務課 | 1 | 1
        """,
    )


def test_where_narrows_and_a_span_includes_both_ends(counters: query.Release) -> None:
    where = {"month": query.Span("2026-10", "2026-11"), "department": "市民課"}
    assert query.metric("tickets", where=where, release=counters).value == 4
    assert query.metric("tickets", where={"municipality": "27206"}, release=counters).value == 5


def test_nothing_is_not_zero(counters: query.Release) -> None:
    nothing = query.metric("wait_p50", where={"month": "2020-01"}, release=counters)
    assert nothing.value is None


def test_a_rate_is_silent_where_the_machine_does_not_record_it(lake: Lake) -> None:
    lake.add(
        "ticket_log",
        """
        municipality | department | counter | issued_at | called_at | records_no_show | records_finish
        272060 | 市民課 | 1 | 2026-10-01 09:00:00 | 2026-10-01 09:10:00 | no | no
        """,
    )
    lake.build()
    release = query.open_release(lake.home)
    assert query.metric("no_show_rate", release=release).value is None
    assert query.metric("service_mean", release=release).value is None
    assert query.metric("wait_mean", release=release).value == 10


def test_monthly_totals_count_only_where_there_are_no_tickets(lake: Lake) -> None:
    lake.add("ticket_log", TICKETS)
    lake.add(
        "counter_month",
        """
        municipality | month | issued | called | no_show | abandoned | served | wait_minutes | waits_over_target | service_minutes
        272060 | 2026-10 | 900 | 900 | 0 | 0 | 900 | 900 | 0 | 900
        011002 | 2026-10 | 100 | 80 | 8 | 20 | 72 | 800 | 20 | 720
        """,
    )
    lake.build()
    release = query.open_release(lake.home)
    where = {"month": "2026-10"}
    answer = query.metric("tickets", by=("municipality",), where=where, release=release)
    same(
        answer.frame[["municipality", "value"]],
        """
        municipality | value
        011002 | 100
        272060 | 4
        """,
    )
    # A ratio of sums: (800 + 60) minutes over (80 + 3) called tickets.
    mean = query.metric("wait_mean", where=where, release=release)
    assert mean.value == pytest.approx(860 / 83)


def test_an_answer_says_where_it_comes_from(counters: query.Release) -> None:
    answer = query.metric("wait_p90", release=counters)
    assert answer.release == counters.name
    assert "percentile_cont" in answer.sql.lower()
    assert answer.files["file"].tolist() == ["ticket_log.csv"]
    assert [str(day) for day in answer.period] == ["2026-10-01", "2026-11-04"]
    assert answer.n == 4


@pytest.mark.parametrize(
    ("metric", "by", "where", "error"),
    [
        ("wait_p99", (), {}, query.UnknownMetric),
        ("tickets", ("moon",), {}, query.UnknownDimension),
        ("tickets", (), {"month": "yesterday"}, query.UnknownValue),
    ],
)
def test_a_wrong_question_is_answered_in_one_line(
    counters: query.Release, metric: str, by: tuple[str, ...], where: dict, error: type
) -> None:
    with pytest.raises(error) as caught:
        query.metric(metric, by=by, where=where, release=counters)
    assert "\n" not in str(caught.value)


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    from warehouse.home import Home

    with pytest.raises(query.NoRelease, match="publish"):
        query.open_release(Home(tmp_path))
