"""Queue snapshots and staff flows: rows in, the figures that a page shows out."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

CITY = "272060"


def snapshots(text: str) -> str:
    """Complete a table of snapshots: day, weekday and half-hour follow from the moment."""
    head, *lines = [line.strip() for line in text.strip().splitlines()]
    complete = [f"municipality | office | {head} | observed_date | weekday | slot"]
    for line in lines:
        at = datetime.fromisoformat(line.split(" | ")[1])
        slot = at.hour * 2 + at.minute // 30
        complete.append(f"{CITY} | 本庁 | {line} | {at.date()} | {at.isoweekday()} | {slot}")
    return "\n".join(complete)


# 2026-10-01 is a Thursday, 2026-10-02 a Friday.
SNAPSHOTS = snapshots(
    """
    queue | observed_at | waiting | open_counters | current_number | shown_wait_minutes
    市民課 | 2026-10-01 09:00:00 | 0 | 2 | - | 0
    市民課 | 2026-10-01 09:10:00 | 4 | 2 | 3 | 15
    市民課 | 2026-10-01 09:20:00 | 8 | 3 | 7 | 30
    市民課 | 2026-10-01 09:40:00 | 20 | 3 | 12 | -
    税務課 | 2026-10-02 09:05:00 | 3 | - | - | -
    """
)


@pytest.fixture
def queues(lake: Lake) -> query.Release:
    lake.add("queue_snapshot", SNAPSHOTS)
    return lake.release()


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [
        ("waiting_mean", 35 / 5, 5),
        # Sorted 0, 3, 4, 8, 20: the 90th percentile lies 0.6 of the way from 8 to 20.
        ("waiting_p90", 8 + 0.6 * 12, 5),
        ("waiting_max", 20, 5),
        ("open_counters_mean", 10 / 4, 4),
        ("shown_wait_mean", 45 / 3, 3),
    ],
)
def test_figures_of_all_snapshots(queues: query.Release, metric: str, value: float, n: int) -> None:
    answer = query.metric(metric, release=queues)
    assert answer.value == pytest.approx(value)
    assert answer.n == n


def test_by_queue_weekday_and_half_hour(queues: query.Release) -> None:
    answer = query.metric("waiting_mean", by=("queue", "weekday", "slot"), release=queues)
    same(
        answer.frame[["queue", "weekday", "slot", "value", "n"]],
        """
        queue | weekday | slot | value | n
        市民課 | 4 | 18 | 4 | 3
        市民課 | 4 | 19 | 20 | 1
        税務課 | 5 | 18 | 3 | 1
        """,
    )


def test_a_half_hour_is_named_by_its_beginning(queues: query.Release) -> None:
    answer = query.metric("waiting_max", by=("slot",), where={"slot": 19}, release=queues)
    assert answer.frame["value"].tolist() == [20]
    assert query.labels("slot", queues)[19] == "9:30～"
    assert query.labels("slot", queues, "en")[0] == "0:00"


def test_what_a_page_does_not_show_is_unknown_not_zero(queues: query.Release) -> None:
    where = {"queue": "税務課"}
    assert query.metric("open_counters_mean", where=where, release=queues).value is None
    assert query.metric("shown_wait_mean", where=where, release=queues).value is None


def test_no_snapshots_no_figures(lake: Lake) -> None:
    assert query.metric("waiting_mean", release=lake.release()).value is None


FLOWS = """
municipality | fiscal_year | department | age | kind | hires | separations | reason
272060 | 2024 | - | 22 | regular | 12 | 2 | -
272060 | 2025 | - | 22 | regular | 10 | 1 | -
272060 | 2025 | - | 61 | regular | - | 4 | mandatory
272060 | 2025 | - | 30 | fixed_term | 15 | 11 | -
"""


def test_hires_and_separations_by_year_age_and_reason(lake: Lake) -> None:
    lake.add("staff_flow", FLOWS)
    release = lake.release()
    hires = query.metric("hires_recorded", by=("fiscal_year",), release=release)
    same(hires.frame[["fiscal_year", "value"]], "fiscal_year | value\n2024 | 12\n2025 | 25")
    where = {"fiscal_year": 2025, "kind": "regular"}
    left = query.metric("separations_recorded", by=("age", "reason"), where=where, release=release)
    same(
        left.frame[["age", "reason", "value"]],
        "age | reason | value\n22 | unknown | 1\n61 | mandatory | 4",
    )


def test_the_period_of_a_fiscal_year_is_april_to_march(lake: Lake) -> None:
    lake.add("staff_flow", FLOWS)
    answer = query.metric("hires_recorded", where={"fiscal_year": 2025}, release=lake.release())
    assert answer.period is not None
    assert [str(day) for day in answer.period] == ["2025-04-01", "2026-03-31"]
