"""Workload: hours, shares within a scope, unit times, and the newest survey."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.query import QueryError

ROWS = """
municipality | survey | department | task | category     | staff_kind | hours | volume
512010       | 2025   | 市民課     | 転入 | reception    | regular    | 300   | 1000
512010       | 2025   | 市民課     | 転入 | data_entry   | regular    | 100   | -
512010       | 2025   | 市民課     | 転入 | consultation | outsourced | 100   | -
512010       | 2025   | 税務課     | 課税 | reception    | fixed_term | 100   | 500
512010       | 2025   | 税務課     | 課税 | planning     | regular    | 400   | -
512010       | 2023   | 市民課     | 転入 | reception    | regular    | 999   | -
512028       | 2024   | 住民課     | 転入 | reception    | regular    | 50    | -
"""


def test_the_newest_survey_of_each_municipality_counts(lake: Lake) -> None:
    lake.add("workload_survey", ROWS)
    release = lake.release()
    assert query.metric("workload_hours", release=release).value == 1050
    same(
        query.metric("workload_hours", by=["municipality", "survey"], release=release).frame,
        """
        municipality | survey | value | n
        512010       | 2023   | 999   | 1
        512010       | 2025   | 1000  | 5
        512028       | 2024   | 50    | 1
        """,
    )


def test_two_surveys_are_never_added_up(lake: Lake) -> None:
    lake.add("workload_survey", ROWS)
    release = lake.release()
    with pytest.raises(QueryError, match="survey"):
        query.metric("workload_hours", where={"survey": ["2023", "2025"]}, release=release)


CITY = {"municipality": "512010"}


def test_shares_are_within_the_other_cuts(lake: Lake) -> None:
    """n is that of the whole, the denominator, as for every other share."""
    lake.add("workload_survey", ROWS)
    same(
        query.metric(
            "workload_share", by=["department", "category"], where=CITY, release=lake.release()
        ).frame,
        """
        department | category     | value | n
        市民課     | reception    | 0.6   | 3
        市民課     | consultation | 0.2   | 3
        市民課     | data_entry   | 0.2   | 3
        税務課     | reception    | 0.2   | 2
        税務課     | planning     | 0.8   | 2
        """,
    )


def test_a_filter_on_the_category_narrows_the_part_and_not_the_whole(lake: Lake) -> None:
    lake.add("workload_survey", ROWS)
    release = lake.release()
    where = {**CITY, "category": ["reception", "planning"]}
    same(
        query.metric("workload_share", by=["department"], where=where, release=release).frame,
        """
        department | value | n
        市民課     | 0.6   | 3
        税務課     | 1     | 2
        """,
    )
    one = {**CITY, "category": "申請受付"}
    share = query.metric("workload_share", where=one, release=release)
    assert (share.value, share.n) == (0.4, 5)
    regular = {**one, "staff_kind": "regular"}
    assert query.metric("workload_share", where=regular, release=release).value == 300 / 800


def test_without_a_category_shares_are_of_the_whole(lake: Lake) -> None:
    lake.add("workload_survey", ROWS)
    same(
        query.metric("workload_share", by=["department"], where=CITY, release=lake.release()).frame,
        """
        department | value | n
        市民課     | 0.5   | 5
        税務課     | 0.5   | 5
        """,
    )


def test_clerical_share_and_minutes_per_case(lake: Lake) -> None:
    lake.add("workload_survey", ROWS)
    release = lake.release()
    same(
        query.metric("clerical_share", by=["department"], where=CITY, release=release).frame,
        """
        department | value | n
        市民課     | 0.8   | 3
        税務課     | 0.2   | 2
        """,
    )
    minutes = query.metric("unit_minutes", where=CITY, release=release)
    assert (minutes.value, minutes.n) == (pytest.approx(400 * 60 / 1500), 2)
    other = {"municipality": "512028"}
    assert query.metric("unit_minutes", where=other, release=release).value is None
