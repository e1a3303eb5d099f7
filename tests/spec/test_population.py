"""Population: what adds up to a nation, which projection answers, and what supersedes what."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.query import QueryError, Span
from warehouse.runner import ChecksFailed

HEAD = (
    "projection | base_year | year | is_actual | area | prefecture | area_kind | counts_in_nation"
)

TOTALS = f"""
{HEAD}    | sex  | age_from | age_to | population
ipss_r5  | 2020      | 2020 | yes | 270008 | 大阪府 | prefecture      | no  | both | - | - | 900
ipss_r5  | 2020      | 2020 | yes | 271004 | 大阪府 | designated_city | no  | both | - | - | 500
ipss_r5  | 2020      | 2020 | yes | 271021 | 大阪府 | ward            | yes | both | - | - | 300
ipss_r5  | 2020      | 2020 | yes | 271039 | 大阪府 | ward            | yes | both | - | - | 200
ipss_r5  | 2020      | 2020 | yes | 272060 | 大阪府 | city            | yes | both | - | - | 400
ipss_r5  | 2020      | 2040 | no  | 270008 | 大阪府 | prefecture      | no  | both | - | - | 700
ipss_r5  | 2020      | 2040 | no  | 271004 | 大阪府 | designated_city | no  | both | - | - | 400
ipss_r5  | 2020      | 2040 | no  | 271021 | 大阪府 | ward            | yes | both | - | - | 250
ipss_r5  | 2020      | 2040 | no  | 271039 | 大阪府 | ward            | yes | both | - | - | 150
ipss_r5  | 2020      | 2040 | no  | 272060 | 大阪府 | city            | yes | both | - | - | 300
"""

FINE = f"""
{HEAD}    | sex    | age_from | age_to | population
ipss_r5  | 2020      | 2020 | yes | 272060 | 大阪府 | city | yes | male   | 0  | 4  | 90
ipss_r5  | 2020      | 2020 | yes | 272060 | 大阪府 | city | yes | male   | 65 | 69 | 100
ipss_r5  | 2020      | 2020 | yes | 272060 | 大阪府 | city | yes | female | 0  | 4  | 80
ipss_r5  | 2020      | 2020 | yes | 272060 | 大阪府 | city | yes | female | 95 | -  | 130
ipss_r5  | 2020      | 2040 | no  | 272060 | 大阪府 | city | yes | male   | 0  | 4  | 45
ipss_r5  | 2020      | 2040 | no  | 272060 | 大阪府 | city | yes | male   | 65 | 69 | 95
ipss_r5  | 2020      | 2040 | no  | 272060 | 大阪府 | city | yes | female | 0  | 4  | 40
ipss_r5  | 2020      | 2040 | no  | 272060 | 大阪府 | city | yes | female | 95 | -  | 120
"""

OLDER = f"""
{HEAD}    | sex    | age_from | age_to | population
ipss_h30 | 2015      | 2015 | yes | 272060 | 大阪府 | city | yes | male   | 0 | 4 | 95
ipss_h30 | 2015      | 2020 | no  | 272060 | 大阪府 | city | yes | male   | 0 | 4 | 85
ipss_h30 | 2015      | 2040 | no  | 272060 | 大阪府 | city | yes | male   | 0 | 4 | 50
"""


def test_a_nation_counts_no_area_twice_and_a_named_area_is_the_published_one(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    release = lake.release()
    same(
        query.metric("population", by=["year"], release=release).frame,
        """
        year | value | n
        2020 | 900   | 3
        2040 | 700   | 3
        """,
    )
    for code, value in {"270008": 900, "271004": 500, "271021": 300, 27206: 400}.items():
        where = {"municipality": code}
        assert query.metric("population", where=where, release=release).value == value
    same(
        query.metric("population", by=["municipality"], release=release).frame,
        """
        municipality | value | n
        271021       | 300   | 1
        271039       | 200   | 1
        272060       | 400   | 1
        """,
    )
    by_name = {"prefecture": "大阪府"}
    assert query.metric("population", where=by_name, release=release).value == 900
    by_kind = {"area_kind": "designated_city", "year": 2040}
    assert query.metric("population", where=by_kind, release=release).value == 400


def test_wards_of_a_city_are_one_reporting_municipality(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    answer = query.metric("population", where={"prefecture": "27"}, release=lake.release())
    assert answer.reporters == (2, 43)
    assert answer.n == 3


def test_a_file_by_age_supersedes_the_totals_of_its_areas_only(lake: Lake) -> None:
    totals = lake.add("ipss_r5_kekkahyo1", TOTALS)
    fine = lake.add("ipss_r5_suikei", FINE)
    release = lake.release()
    assert query.metric("population", where={"year": 2020}, release=release).value == 900
    same(
        query.metric(
            "population",
            by=["sex", "age_group"],
            where={"municipality": "272060"},
            release=release,
        ).frame,
        """
        sex    | age_group | value | n
        male   | 0-14      | 90    | 1
        male   | 65-74     | 100   | 1
        female | 0-14      | 80    | 1
        female | 75+       | 130   | 1
        """,
    )
    both = {"municipality": "272060", "sex": "both", "age": 0}
    assert query.metric("population", where=both, release=release).value == 170
    files = query.metric("population", release=release).files
    assert set(files["sha256"]) == {totals, fine}


def test_a_file_that_is_superseded_whole_is_not_named_as_a_source(lake: Lake) -> None:
    city = "\n".join(line for line in TOTALS.splitlines() if "area" in line or "272060" in line)
    lake.add("ipss_r5_kekkahyo1", city)
    fine = lake.add("ipss_r5_suikei", FINE)
    files = query.metric("population", release=lake.release()).files
    assert list(files["sha256"]) == [fine]


def test_the_newest_projection_answers_unless_one_is_named(lake: Lake) -> None:
    lake.add("ipss_r5_suikei", FINE)
    lake.add("ipss_h30_suikei", OLDER)
    release = lake.release()
    assert query.metric("population", where={"year": 2020}, release=release).value == 400
    older = {"projection": "ipss_h30", "year": 2020}
    assert query.metric("population", where=older, release=release).value == 85
    same(
        query.metric("population", by=["projection"], where={"year": 2040}, release=release).frame,
        """
        projection | value | n
        ipss_r5    | 300   | 1
        ipss_h30   | 50    | 1
        """,
    )
    assert query.metric("population", where={"projection": "ipss_h30"}, release=release).value == 95


def test_years_and_projections_are_never_added_up(lake: Lake) -> None:
    lake.add("ipss_r5_suikei", FINE)
    release = lake.release()
    for where in ({"year": Span(2020, 2040)}, {"year": [2020, 2040]}):
        with pytest.raises(QueryError, match="year"):
            query.metric("population", where=where, release=release)
        assert len(query.metric("population", by=["year"], where=where, release=release).frame) == 2


def test_the_index_compares_the_same_cells_with_the_base_year(lake: Lake) -> None:
    lake.add("ipss_r5_suikei", FINE)
    lake.add("ipss_h30_suikei", OLDER)
    same(
        query.metric("population_index", by=["year", "age_group"], release=lake.release()).frame,
        """
        year | age_group | value   | n
        2020 | 0-14      | 100     | 1
        2020 | 65-74     | 100     | 1
        2020 | 75+       | 100     | 1
        2040 | 0-14      | 50      | 1
        2040 | 65-74     | 95      | 1
        2040 | 75+       | 92.3077 | 1
        """,
    )


def test_bands_come_from_the_base_year_of_the_newest_projection(lake: Lake) -> None:
    limits = {"272060": 9_999, "272078": 10_000, "272086": 99_999, "272094": 300_000}
    rows = "\n".join(
        f"ipss_r5 | 2020 | 2020 | yes | {code} | 大阪府 | city | yes | both | - | - | {count}"
        for code, count in limits.items()
    )
    old = "ipss_h30 | 2015 | 2015 | yes | 272060 | 大阪府 | city | yes | both | - | - | 50000"
    head = f"{HEAD} | sex | age_from | age_to | population"
    lake.add("ipss_r5_kekkahyo1", f"{head}\n{rows}")
    lake.add("ipss_h30_suikei", f"{head}\n{old}")
    same(
        query.metric("population", by=["band"], release=lake.release()).frame,
        """
        band      | value  | n
        under_10k | 9999   | 1
        10k_50k   | 10000  | 1
        50k_100k  | 99999  | 1
        over_300k | 300000 | 1
        """,
    )


def test_wards_that_exceed_their_prefecture_stop_the_release(lake: Lake) -> None:
    """The file marks a designated city as counted besides its wards."""
    text = TOTALS.replace("designated_city | no ", "designated_city | yes")
    lake.add("ipss_r5_kekkahyo1", text)
    with pytest.raises(ChecksFailed, match="population_within_prefecture"):
        lake.build()


def test_the_aged_share_needs_ages(lake: Lake) -> None:
    lake.add("ipss_r5_suikei", FINE)
    release = lake.release()
    shares = query.metric("share_65plus", by=["year"], release=release).frame["value"]
    assert shares.tolist() == pytest.approx([230 / 400, 215 / 300])


def test_totals_alone_have_no_aged_share(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    assert query.metric("share_65plus", release=lake.release()).value is None
