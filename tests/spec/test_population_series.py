"""Regional and national projections and the resident register: apart, and none counted twice."""

from __future__ import annotations

import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.engine import Engine
from warehouse.feeds import create_feeds
from warehouse.inputs import Input
from warehouse.query import QueryError
from warehouse.runner import BuildError, ChecksFailed

HEAD = (
    "series | projection | base_year | year | is_actual | area | area_name | prefecture | area_kind"
    " | counts_in_nation | sex | age_from | age_to | population"
)
CITY = "272060 | 泉大津市 | 大阪府 | city | yes"
TOWN = "273210 | 豊能町 | 大阪府 | town_village | yes"
NATION = "000000 | 全国 | 全国 | nation | yes"


def table(*lines: str) -> str:
    return "\n".join([HEAD, *lines])


def regional(place: str, year: int, *cells: str) -> list[str]:
    """Rows of the newest regional projection; a cell is `sex first last persons`."""
    actual = "yes" if year == 2020 else "no"
    start = f"regional | ipss_r5 | 2020 | {year} | {actual} | {place}"
    return [f"{start} | {' | '.join(cell.split())}" for cell in cells]


def national(projection: str, year: int, *cells: str, base: int = 2020) -> list[str]:
    actual = "yes" if year <= base else "no"
    start = f"national | {projection} | {base} | {year} | {actual} | {NATION}"
    return [f"{start} | {' | '.join(cell.split())}" for cell in cells]


def register(place: str, year: int, *cells: str) -> list[str]:
    start = f"register | juki | - | {year} | yes | {place}"
    return [f"{start} | {' | '.join(cell.split())}" for cell in cells]


TOTALS = table(
    *regional(CITY, 2020, "both - - 100"),
    *regional(CITY, 2040, "both - - 80"),
    *regional(TOWN, 2020, "both - - 50"),
    *regional(TOWN, 2040, "both - - 30"),
)
MEDIUM = table(
    *national("ipss_r5_national", 2020, "male 0 0 7000", "female 0 0 6000"),
    *national("ipss_r5_national", 2040, "male 0 0 5000", "female 0 0 4000"),
)
HIGH = table(
    *national("ipss_r5_national_high_mid", 2020, "male 0 0 7000", "female 0 0 6000"),
    *national("ipss_r5_national_high_mid", 2040, "male 0 0 6000", "female 0 0 5000"),
)
PYRAMID = table(
    *national("ipss_h29_national", 1965, "male 0 0 900", "female 0 0 800", base=2015),
    *national("ipss_h29_national", 2015, "male 0 0 700", "female 0 0 600", base=2015),
)
REGISTER = [
    *register(CITY, 2024, "male 0 4 45", "female 0 4 44"),
    *register(CITY, 2025, "male 0 4 43", "female 0 4 42"),
    *register(TOWN, 2025, "male 0 4 20", "female 0 4 21"),
]


@pytest.fixture
def full(lake: Lake) -> Lake:
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    lake.add("ipss_national", MEDIUM)
    lake.add("ipss_national", HIGH)
    lake.add("ipss_national_pyramid", PYRAMID)
    lake.add("juki_age", table(*REGISTER))
    return lake


def test_without_a_projection_the_newest_regional_one_answers(full: Lake) -> None:
    release = full.release()
    same(
        query.metric("population", by=["year"], release=release).frame,
        """
        year | value | n
        2020 | 150   | 2
        2040 | 110   | 2
        """,
    )
    same(
        query.metric("population", by=["municipality"], release=release).frame,
        """
        municipality | value | n
        272060       | 100   | 1
        273210       | 50    | 1
        """,
    )
    assert query.metric("population", release=release).value == 150


def test_a_national_projection_answers_by_its_name(full: Lake) -> None:
    release = full.release()
    where = {"projection": "ipss_h29_national"}
    same(
        query.metric("population", by=["year"], where=where, release=release).frame,
        """
        year | value | n
        1965 | 1700  | 1
        2015 | 1300  | 1
        """,
    )
    assert query.metric("population", where=where, release=release).value == 1300
    high = {"projection": "ipss_r5_national_high_mid", "year": 2040}
    assert query.metric("population", where=high, release=release).value == 11000


def test_of_a_series_the_medium_variant_of_the_newest_round_answers(full: Lake) -> None:
    release = full.release()
    same(
        query.metric("population", by=["series"], where={"year": 2040}, release=release).frame,
        """
        series   | value | n
        regional | 110   | 2
        national | 9000  | 1
        """,
    )
    national_only = {"series": "national", "year": 2040}
    assert query.metric("population", where=national_only, release=release).value == 9000
    same(
        query.metric("population", by=["projection"], where={"year": 2040}, release=release).frame,
        """
        projection                | value | n
        ipss_r5                   | 110   | 2
        ipss_r5_national          | 9000  | 1
        ipss_r5_national_high_mid | 11000 | 1
        """,
    )


def test_projections_are_never_added_up(full: Lake) -> None:
    where = {"projection": ["ipss_r5", "ipss_r5_national"], "year": 2040}
    with pytest.raises(QueryError, match="projection"):
        query.metric("population", where=where, release=full.release())


def test_the_register_answers_with_its_newest_year(full: Lake) -> None:
    release = full.release()
    assert query.metric("population", where={"projection": "juki"}, release=release).value == 126
    assert query.metric("population", where={"series": "register"}, release=release).value == 126
    same(
        query.metric(
            "population",
            by=["year"],
            where={"projection": "juki", "municipality": "272060"},
            release=release,
        ).frame,
        """
        year | value | n
        2024 | 89    | 1
        2025 | 85    | 1
        """,
    )
    index = query.metric(
        "population_index",
        by=["year"],
        where={"projection": "juki", "municipality": "272060"},
        release=release,
    ).frame
    assert index["value"].tolist() == pytest.approx([100.0, 100 * 85 / 89])


def test_the_size_of_a_municipality_is_that_of_the_regional_projection(full: Lake) -> None:
    rows = full.release().engine.execute(
        "SELECT code, population, population_year FROM core_municipality"
        " WHERE population IS NOT NULL ORDER BY code NULLS LAST"
    )
    assert rows == [("272060", 100, 2020), ("273210", 50, 2020)]


def test_each_series_leads_back_to_its_own_files(full: Lake) -> None:
    release = full.release()
    rows = release.engine.execute(
        "SELECT DISTINCT series, source_sha256 FROM core_population WHERE series <> 'national'"
    )
    assert len(rows) == 2


# --- one area and year from several files of one projection -------------------------------------

GROUPS = (
    "both 0 14 20",
    "both 15 64 50",
    "both 65 - 28",
    "both 75 - 12",
)


def groups(year: int, *cells: str) -> list[str]:
    return regional(CITY, year, *cells)


def by_group(lake: Lake, year: int = 2020) -> str:
    answer = query.metric(
        "population",
        by=["age_group"],
        where={"municipality": "272060", "year": year},
        release=lake.release(),
    )
    rows = zip(answer.frame["age_group"].fillna("?"), answer.frame["value"], strict=True)
    return "; ".join(f"{group} {value:.0f}" for group, value in rows)


def test_four_age_groups_take_the_place_of_a_total_and_keep_it(lake: Lake) -> None:
    """65 and over contains 75 and over; two persons' age is unknown."""
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    lake.add("ipss_r5_kekkahyo2", table(*groups(2020, *GROUPS)))
    assert by_group(lake) == "0-14 20; 15-64 50; 65-74 16; 75+ 12; ? 2"
    release = lake.release()
    assert query.metric("population", release=release).value == 150
    same(
        query.metric("population", by=["year"], release=release).frame,
        """
        year | value | n
        2020 | 150   | 2
        2040 | 110   | 2
        """,
    )
    where = {"municipality": "272060"}
    share = query.metric("share_65plus", where=where, release=release).value
    assert share == pytest.approx(28 / 98)


def test_age_groups_are_no_bands_to_project_with(lake: Lake) -> None:
    """A pyramid, a cohort or a driver of work needs bands of five years."""
    lake.add("ipss_r5_kekkahyo2", table(*groups(2020, *GROUPS)))
    answer = query.metric("population", by=["age"], where={"year": 2020}, release=lake.release())
    assert answer.frame["age"].isna().all()
    assert answer.frame["value"].tolist() == [98]


@pytest.mark.parametrize(
    "cells",
    [
        GROUPS[:3],
        GROUPS[1:],
        ("both 0 14 20", "both 15 64 50", "both 65 - 28", "both 75 - 29"),
        ("both 0 14 21", "both 15 64 52", "both 65 - 28", "both 75 - 12"),
    ],
    ids=["without 75+", "without 0-14", "75+ above 65+", "above the total"],
)
def test_age_groups_that_do_not_make_up_the_area_leave_its_total(
    lake: Lake, cells: tuple[str, ...]
) -> None:
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    lake.add("ipss_r5_kekkahyo2", table(*groups(2020, *cells)))
    assert by_group(lake) == "? 100"


def test_bands_by_sex_come_before_groups_and_totals(lake: Lake) -> None:
    bands = [
        f"{sex} {first} {last} 5"
        for sex in ("male", "female")
        for first, last in ((0, "4"), (5, "9"), (10, "-"))
    ]
    lake.add("ipss_r5_kekkahyo1", TOTALS)
    lake.add("ipss_r5_kekkahyo2", table(*groups(2020, *GROUPS), *groups(2040, *GROUPS)))
    lake.add("ipss_r5_suikei", table(*regional(CITY, 2020, *bands)))
    release = lake.release()
    city = {"municipality": "272060"}
    assert query.metric("population", where=city, release=release).value == 30
    # The year that the finer file does not give is still answered by the groups, and these
    # contradict the total of 80, which stands.
    later = {**city, "year": 2040}
    assert query.metric("population", where=later, release=release).value == 80


def test_single_years_come_before_five_year_bands(lake: Lake) -> None:
    single = [f"{sex} {age} {age} 10" for sex in ("male", "female") for age in range(5)]
    lake.add("ipss_national", table(*national("ipss_r5_national", 2020, *single)))
    five = ("male 0 4 51", "female 0 4 52")
    lake.add(
        "ipss_national_5y",
        table(
            *national("ipss_r5_national", 2020, *five),
            *national("ipss_r5_national", 2025, *five),
        ),
    )
    where = {"projection": "ipss_r5_national"}
    same(
        query.metric("population", by=["year"], where=where, release=lake.release()).frame,
        """
        year | value | n
        2020 | 100   | 1
        2025 | 103   | 1
        """,
    )


def test_a_lake_from_before_the_series_is_regional(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", TOTALS.replace("regional |", "- |"))
    assert query.metric("population", release=lake.release()).value == 150


def test_sexes_beside_a_total_of_the_same_ages_stop_the_release(lake: Lake) -> None:
    lake.add("ipss_r5_suikei", table(*regional(CITY, 2020, "male 0 4 5", "both 0 4 9")))
    with pytest.raises(ChecksFailed, match="population_once"):
        lake.build()


def test_sources_of_one_feed_have_the_same_columns(lake: Lake) -> None:
    """A source whose YAML forgets a column is a fault of the product, named at the build."""
    fed = {name: one for name, one in lake.inputs().items() if one.feeds == "core_population"}
    assert len(fed) > 1
    own = fed["juki_age"]
    with pytest.raises(BuildError, match="juki_age"):
        create_feeds(
            Engine.memory(), {**fed, "juki_age": Input(own.files, own.schema.remove(0), own.feeds)}
        )
