"""Earlier rounds against later censuses: which areas are compared, and with what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

HEAD = (
    "series | projection | base_year | year | is_actual | area | area_name | prefecture | area_kind"
    " | counts_in_nation | sex | age_from | age_to | population"
)


def round_of(projection: str, base: int, *cells: str) -> str:
    """Rows of totals; a cell is `code kind year persons`, with `!` before one not in the nation."""
    rows = []
    for cell in cells:
        code, kind, year, persons = cell.removeprefix("!").split()
        rows.append(
            f"regional | {projection} | {base} | {year} | {'yes' if int(year) == base else 'no'}"
            f" | {code} | {code} | 県{code[:2]} | {kind} | {'no' if cell.startswith('!') else 'yes'}"
            f" | both | - | - | {persons}"
        )
    return "\n".join([HEAD, *rows])


def compared(lake: Lake, **where: Any) -> str:
    """`municipality projected counted` of each row that the door gives, in order of codes."""
    release = lake.release()
    persons = [
        query.metric(f"backtest_{one}", by=["municipality"], where=where, release=release).frame
        for one in ("projected", "counted")
    ]
    codes = persons[0]["municipality"]
    rows = zip(codes, persons[0]["value"], persons[1]["value"], strict=True)
    return "; ".join(f"{code} {then:.0f} {now:.0f}" for code, then, now in rows)


def test_prefectures_and_cities_beside_their_wards_are_left_out(lake: Lake) -> None:
    lake.add(
        "ipss_h30_suikei",
        round_of(
            "ipss_h30",
            2015,
            *("!270008 prefecture 2020 999", "070009 prefecture 2020 800"),
            *("!271004 designated_city 2020 500", "271021 ward 2020 300", "271039 ward 2020 210"),
            *("221309 designated_city 2020 790", "272060 city 2015 99", "272060 city 2020 95"),
        ),
    )
    lake.add(
        "ipss_r5_kekkahyo1",
        round_of(
            "ipss_r5",
            2020,
            *("!270008 prefecture 2020 999", "!070009 prefecture 2020 810"),
            *("!271004 designated_city 2020 490", "271021 ward 2020 290", "271039 ward 2020 200"),
            *("!221309 designated_city 2020 780", "272060 city 2020 100", "272060 city 2025 98"),
        ),
    )
    assert compared(lake) == "221309 790 780; 271021 300 290; 271039 210 200; 272060 95 100"


def test_changed_codes_and_mergers_are_followed_and_splits_are_not(lake: Lake) -> None:
    """那珂川町 became a city (the shipped list says so); 272060 takes in 273210; 272078 splits."""
    lake.add(
        "municipality_change",
        """
        effective_date | reason   | old_code | old_name | new_code | new_name
        2017-04-01     | absorbed | 273210   | 豊能町   | 272060   | 泉大津市
        2018-04-01     | divided  | 272078   | 高槻市   | 272086   | 貝塚市
        2018-04-01     | divided  | 272078   | 高槻市   | 272094   | 守口市
        """,
    )
    lake.add(
        "ipss_h30_suikei",
        round_of(
            "ipss_h30",
            2015,
            *("403059 town_village 2020 50", "272060 city 2020 95"),
            *("273210 town_village 2020 20", "272078 city 2020 70"),
        ),
    )
    lake.add(
        "ipss_r5_kekkahyo1",
        round_of(
            "ipss_r5",
            2020,
            *("402311 city 2020 52", "272060 city 2020 110", "272086 city 2020 40"),
            "272094 city 2020 30",
        ),
    )
    assert compared(lake) == "272060 115 110; 402311 50 52"


def test_any_earlier_round_meets_any_later_census(lake: Lake) -> None:
    """The newest round that was tested answers with its newest census, others by name."""
    lake.add(
        "ipss_h30_suikei", round_of("ipss_h30", 2015, "272060 city 2020 90", "272060 city 2025 80")
    )
    lake.add("ipss_h30_suikei", round_of("ipss_h25", 2010, "272060 city 2020 60"))
    lake.add(
        "ipss_r5_kekkahyo1",
        round_of("ipss_r5", 2020, "272060 city 2020 100", "272060 city 2025 101"),
    )
    lake.add("ipss_r5_kekkahyo1", round_of("ipss_r10", 2025, "272060 city 2025 97"))
    release = lake.release()
    same(
        query.metric(
            "backtest_error",
            by=["projection", "year"],
            release=release,
        ).frame,
        """
        projection | year | value   | n
        ipss_r5    | 2025 | 0.0412  | 1
        ipss_h30   | 2020 | -0.1    | 1
        ipss_h30   | 2025 | -0.1753 | 1
        ipss_h25   | 2020 | -0.4    | 1
        """,
    )
    assert compared(lake) == "272060 101 97"
    assert compared(lake, projection="ipss_h30") == "272060 80 97"
    rows = release.engine.execute(
        "SELECT projection, year, years_ahead, counted_by FROM core_backtest"
        " ORDER BY projection NULLS LAST, year NULLS LAST"
    )
    assert rows == [
        ("ipss_h25", 2020, 10, "ipss_r5"),
        ("ipss_h30", 2020, 5, "ipss_r5"),
        ("ipss_h30", 2025, 10, "ipss_r10"),
        ("ipss_r5", 2025, 5, "ipss_r10"),
    ]


def test_one_round_alone_tests_nothing(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", round_of("ipss_r5", 2020, "272060 city 2020 100"))
    answer = query.metric("backtest_median_error", release=lake.release())
    assert (answer.value, answer.n) == (None, 0)


def test_ages_are_added_up_before_they_are_compared(lake: Lake) -> None:
    rows = [
        f"regional|ipss_h30|2015|2020|no|272060|泉大津市|大阪府|city|yes|{sex}|{age}|{age + 4}|10"
        for sex in ("male", "female")
        for age in (0, 5, 10)
    ]
    lake.add("ipss_h30_suikei", "\n".join([HEAD, *rows]))
    lake.add("ipss_r5_kekkahyo1", round_of("ipss_r5", 2020, "272060 city 2020 50"))
    answer = query.metric("backtest_mean_error", release=lake.release())
    assert (answer.value, answer.n) == (pytest.approx(0.2), 1)
