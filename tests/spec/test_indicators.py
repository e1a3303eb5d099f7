"""Indicators: statuses apart, ratios of sums, who reported; and codes through their history."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

INDICATORS = """
municipality | indicator | as_of | value | status | unit | category
012025 | 申請率 | 2024-04-01 | 10 | reported | % | 窓口
012025 | 申請率 | 2025-04-01 | 20 | reported | % | 窓口
272060 | 申請率 | 2025-04-01 | 40 | reported | % | 窓口
271403 | 申請率 | 2025-04-01 | - | no_answer | - | 窓口
271004 | 申請率 | 2025-04-01 | - | not_done | 有無 | 窓口
012025 | 書かない窓口 | 2025-04-01 | 1 | reported | 有無 | 窓口
272060 | 書かない窓口 | 2025-04-01 | - | not_done | 有無 | 窓口
271403 | 書かない窓口 | 2025-04-01 | - | planned | 有無 | 窓口
271004 | 書かない窓口 | 2025-04-01 | - | unpublished | - | 窓口
132063 | 書かない窓口 | 2025-04-01 | - | not_applicable | - | 窓口
342084 | 書かない窓口 | 2025-04-01 | 1 | reported | 有無 | 窓口
"""

CARDS = """
municipality | indicator | as_of | value | status | unit | category
012025 | mynumber_cards | 2022-12-31 | 90 | reported | 枚 | -
012025 | mynumber_population | 2022-12-31 | 100 | reported | 人 | -
272060 | mynumber_cards | 2022-12-31 | 30 | reported | 枚 | -
272060 | mynumber_population | 2022-12-31 | 300 | reported | 人 | -
272060 | mynumber_cards | 2020-07-01 | 3 | reported | 枚 | -
272060 | mynumber_population | 2020-07-01 | 300 | reported | 人 | -
"""

CHANGES = """
effective_date | reason | old_code | old_name | new_code | new_name
2011-10-11 | absorbed | 112267 | 鳩ケ谷市 | 112038 | 川口市
2010-04-01 | became_city | 519995 | 見晴町 | 512010 | 見晴市
"""


@pytest.fixture
def release(lake: Lake) -> query.Release:
    lake.add("indicator", INDICATORS)
    lake.add("mynumber_card", CARDS)
    lake.add("municipality_change", CHANGES)
    return lake.release()


def test_each_reason_for_no_value_is_counted_apart(release: query.Release) -> None:
    answer = query.metric(
        "indicator_statuses",
        by=("indicator_status",),
        where={"indicator": "書かない窓口"},
        release=release,
    )
    same(
        answer.frame[["indicator_status", "value"]],
        """
        indicator_status | value
        reported | 2
        not_done | 1
        planned | 1
        unpublished | 1
        not_applicable | 1
        """,
    )


def test_a_share_done_divides_by_those_that_answered(release: query.Release) -> None:
    where = {"indicator": "書かない窓口"}
    answer = query.metric("indicator_done_rate", where=where, release=release)
    assert (answer.value, answer.n) == (0.5, 4)
    # A rate is no yes or no, though one municipality says that it has not begun.
    rate = query.metric("indicator_done_rate", where={"indicator": "申請率"}, release=release)
    assert rate.value is None


def test_the_newest_day_answers_and_a_day_can_be_named(release: query.Release) -> None:
    where = {"indicator": "申請率", "municipality": "012025"}
    assert query.metric("indicator_value", where=where, release=release).value == 20
    earlier = {**where, "as_of": "2024-04-01"}
    assert query.metric("indicator_value", where=earlier, release=release).value == 10


def test_values_of_several_have_a_median_and_no_sum(release: query.Release) -> None:
    where = {"indicator": "申請率"}
    assert query.metric("indicator_value", where=where, release=release).value is None
    median = query.metric("indicator_median", where=where, release=release)
    assert (median.value, median.n) == (30, 2)
    assert query.metric("indicator_median", release=release).value is None
    reporters = query.metric("indicator_reporters", where=where, release=release)
    assert (reporters.value, reporters.n) == (2, 4)


def test_the_card_rate_is_a_ratio_of_sums(release: query.Release) -> None:
    answer = query.metric("mynumber_card_rate", release=release)
    assert (answer.value, answer.n) == (pytest.approx(120 / 400), 400)
    first = query.metric("mynumber_card_rate", where={"as_of": "2020-07-01"}, release=release)
    assert first.value == pytest.approx(0.01)


def test_former_codes_are_listed_with_the_code_of_today(release: query.Release) -> None:
    sql = """SELECT code, label, kind, current_code, CAST(valid_to AS VARCHAR) AS valid_to
        FROM core_municipality
        WHERE code IN ('112267', '112038', '403059', '402311', '221350', '221376', '519995')
        ORDER BY code"""
    same(
        query.sql(sql, release),
        """
        code | label | kind | current_code | valid_to
        112038 | 川口市 | city | 112038 | -
        112267 | 鳩ケ谷市（埼玉県・旧） | city | 112038 | 2011-10-10
        221350 | 浜松市北区（静岡県・旧） | ward | - | 2023-12-31
        221376 | 浜松市天竜区（静岡県・旧） | ward | 221406 | 2023-12-31
        402311 | 那珂川市 | city | 402311 | -
        403059 | 那珂川町（福岡県・旧） | town | 402311 | 2018-09-30
        """,
    )


def test_former_municipalities_are_not_among_those_that_could_report(
    release: query.Release,
) -> None:
    answer = query.metric("mynumber_card_rate", release=release)
    assert answer.reporters == (2, 1741)
