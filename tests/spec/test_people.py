"""Population, staff and workload: what adds up, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.lake import Lake, same
from warehouse import query

HEAD = (
    "projection | area | area_name | prefecture | area_kind | year | sex | age_from | age_to"
    " | population | is_actual | counts_in_nation | base_year"
)


def totals(projection: str, base: int, *areas: tuple[str, str, bool, int, int]) -> str:
    """Totals of areas (code, kind, counts, base year's population, 2040's)."""
    lines = [HEAD]
    for code, kind, counts, first, last in areas:
        for year, value in ((base, first), (2040, last)):
            flag, actual = ("yes" if counts else "no"), ("yes" if year == base else "no")
            lines.append(
                f"{projection} | {code} | 名 | 北海道 | {kind} | {year} | both | - | - | {value}"
                f" | {actual} | {flag} | {base}"
            )
    return "\n".join(lines)


AREAS = (
    ("010006", "prefecture", False, 1000, 700),
    ("011002", "designated_city", False, 600, 500),
    ("011011", "ward", True, 600, 500),
    ("012025", "city", True, 400, 200),
)


@pytest.fixture
def population(lake: Lake) -> query.Release:
    lake.add("ipss_r5_kekkahyo1", totals("ipss_r5", 2020, *AREAS))
    lake.add("ipss_h30_suikei", totals("ipss_h30", 2015, ("012025", "city", True, 450, 333)))
    lake.build()
    return query.open_release(lake.home)


def test_no_area_counts_twice_and_the_newest_projection_answers(population: query.Release) -> None:
    answer = query.metric("population", by=("year",), release=population)
    same(answer.frame[["year", "value"]], "year | value\n2020 | 1000\n2040 | 700")


@pytest.mark.parametrize(("code", "value"), [("011002", 500), ("011011", 500), ("01202", 200)])
def test_each_published_area_answers_under_its_code(
    population: query.Release, code: str, value: int
) -> None:
    where = {"municipality": code, "year": 2040}
    assert query.metric("population", where=where, release=population).value == value


def test_an_older_projection_answers_where_it_is_named(population: query.Release) -> None:
    where = {"projection": "ipss_h30", "year": 2040}
    assert query.metric("population", where=where, release=population).value == 333


def test_the_index_is_a_ratio_of_sums(population: query.Release) -> None:
    where = {"year": 2040}
    assert query.metric("population_index", where=where, release=population).value == 70


def test_a_finer_file_supersedes_its_totals(lake: Lake) -> None:
    lake.add("ipss_r5_kekkahyo1", totals("ipss_r5", 2020, *AREAS))
    fine = [HEAD]
    for sex, value in (("male", 190), ("female", 210)):
        place = "ipss_r5 | 012025 | 名 | 北海道 | city | 2020"
        fine.append(f"{place} | {sex} | 20 | 24 | {value} | yes | yes | 2020")
    lake.add("ipss_r5_suikei", "\n".join(fine))
    lake.build()
    release = query.open_release(lake.home)
    where = {"year": 2020}
    assert query.metric("population", where=where, release=release).value == 1000
    by_sex = query.metric(
        "population", by=("sex",), where={"municipality": "012025"}, release=release
    )
    assert dict(zip(by_sex.frame["sex"], by_sex.frame["value"], strict=True)) == {
        "female": 210,
        "male": 190,
    }
    aged = query.metric("share_65plus", where={"municipality": "012025"}, release=release)
    assert aged.value == 0, "nobody of 65 is in this file"
    both = {"municipality": "012025", "sex": "both", "year": 2020}
    assert query.metric("population", where=both, release=release).value == 400


def test_staff_of_the_newest_day_only(lake: Lake) -> None:
    lake.add(
        "staff_age",
        """
        municipality | as_of | age | kind | headcount | fte
        272060 | 2025-04-01 | 30 | regular | 9 | 9
        272060 | 2026-04-01 | 30 | regular | 6 | 6
        272060 | 2026-04-01 | 52 | regular | 3 | 3
        272060 | 2026-04-01 | 61 | rehired | 1 | 0.5
        """,
    )
    lake.build()
    release = query.open_release(lake.home)
    assert query.metric("staff", release=release).value == 10
    assert query.metric("staff_share_50plus", release=release).value == pytest.approx(0.4)
    before = query.metric("staff", where={"as_of": "2025-04-01"}, release=release)
    assert before.value == 9


def test_workload_shares_within_each_department(lake: Lake) -> None:
    lake.add(
        "workload_survey",
        """
        municipality | survey | department | task | category | staff_kind | hours | volume
        272060 | 2025 | 市民課 | 証明 | reception | regular | 30 | 60
        272060 | 2025 | 市民課 | 証明 | consultation | regular | 10 | -
        272060 | 2025 | 税務課 | 賦課 | data_entry | regular | 60 | -
        """,
    )
    lake.build()
    release = query.open_release(lake.home)
    assert query.metric("workload_hours", release=release).value == 100
    assert query.metric("clerical_share", release=release).value == pytest.approx(0.9)
    assert query.metric("unit_minutes", release=release).value == pytest.approx(30)
    answer = query.metric("workload_share", by=("department", "category"), release=release)
    shares = answer.frame.set_index(["department", "category"])["value"]
    assert shares["市民課", "reception"] == pytest.approx(0.75)
    assert shares["税務課", "data_entry"] == pytest.approx(1.0)


def test_the_list_of_municipalities(lake: Lake, tmp_path: Path) -> None:
    lake.build()
    release = query.open_release(lake.home)
    today = "valid_to IS NULL OR valid_to >= DATE '2026-11-24'"
    frame = query.sql(
        f"SELECT kind, count(*) AS n FROM core_municipality WHERE {today} GROUP BY kind", release
    )
    counts = dict(zip(frame["kind"], frame["n"], strict=True))
    assert (counts.pop("prefecture"), counts.pop("ward")) == (47, 171)
    assert counts.pop("projection_area") == 1
    assert counts["designated_city"] == 20 and counts["special_ward"] == 23
    assert sum(counts.values()) == 1741
