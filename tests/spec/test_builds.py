"""Building a release: nothing loaded, demo data, failed checks, lineage, what is stored."""

from __future__ import annotations

import pytest

from pipelines.sources import load_sources
from tests.spec.lake import PROVENANCE, SCHEMAS, Lake, same
from warehouse import query, releases
from warehouse.runner import ChecksFailed

TICKET = "municipality | counter | issued_at\n272060 | 1 | 2026-10-01 09:00"


def test_without_any_file_every_metric_answers_that_there_is_no_data(lake: Lake) -> None:
    release = lake.release()
    for metric in query.catalogue():
        answer = query.metric(metric.id, release=release)
        assert (answer.value, answer.n, answer.period) == (None, 0, None), metric.id
        assert answer.files.empty
        for dimension in metric.dimensions:
            assert query.metric(metric.id, by=dimension, release=release).frame.empty


def test_a_failed_check_names_the_rows_and_keeps_the_release_before(lake: Lake) -> None:
    lake.add("ticket_log", TICKET)
    before = lake.build()
    lake.add("ticket_log", TICKET + "\n272060 | 2 | 2026-10-01 09:01", file="again.csv")
    with pytest.raises(ChecksFailed) as caught:
        lake.build()
    message = str(caught.value)
    assert "ticket_once" in message and "272060" in message and "期間の重なるファイル" in message
    assert releases.current(lake.home) == before
    assert releases.names(lake.home) == [before]
    assert not list(lake.home.releases.glob("*.building*"))
    assert query.metric("tickets", release=query.open_release(lake.home)).value == 1


@pytest.mark.parametrize(
    ("check", "source", "text", "entry"),
    [
        ("ledger_adds_up", "ticket_log", TICKET, {"rows_read": 2}),
        (
            "ticket_times_in_order",
            "ticket_log",
            "counter | issued_at | called_at\n1 | 2026-10-01 09:00 | 2026-10-01 08:59",
            {},
        ),
        ("ticket_counted_once", "ticket_log", "counter | issued_at\n1 | 1988-10-01 09:00", {}),
        (
            "counter_month_once",
            "counter_month",
            "municipality | month | issued\n272060 | 2026-10-02 | 1",
            {},
        ),
        (
            "counts_within_bounds",
            "counter_month",
            "municipality | month | issued | called\n272060 | 2026-10 | 1 | 2",
            {},
        ),
        (
            "application_once",
            "applications",
            "municipality | month | procedure | intake | processing | applications\n"
            "272060 | 2026-10 | 転入 | online | digital | -1",
            {},
        ),
        (
            "application_counted_once",
            "applications",
            "municipality | month | procedure | intake | processing | applications\n"
            "272060 | 1988-10 | 転入 | online | digital | 1",
            {},
        ),
        (
            "workload_category_known",
            "workload_survey",
            "municipality | survey | department | category | hours\n272060 | 2025 | 課 | x | 1",
            {},
        ),
        (
            "staff_once",
            "staff_age",
            "municipality | as_of | age | kind | headcount\n272060 | 2026-04-01 | 40 | regular | -1",
            {},
        ),
        (
            "population_once",
            "ipss_r5_suikei",
            "projection | area | year | base_year | sex | age_from | age_to | population\n"
            "ipss_r5 | 272060 | 2020 | 2020 | male | 0 | 4 | 1\n"
            "ipss_r5 | 272060 | 2020 | 2020 | both | 0 | 4 | 2",
            {},
        ),
        (
            "population_base_once",
            "ipss_r5_suikei",
            "projection | area | year | base_year | sex | age_from | age_to | population\n"
            "ipss_r5 | 272060 | 2020 | 2020 | male | 0 | 4 | 1\n"
            "ipss_r5 | 272060 | 2020 | 2020 | male | 0 | 4 | 1",
            {},
        ),
        (
            "municipality_once",
            "municipality",
            "code | prefecture | name | kind\n512010 | 霞野県 | 見晴市 | city\n"
            "512010 | 霞野県 | 見張市 | city",
            {},
        ),
    ],
)
def test_each_check_stops_what_it_is_there_for(
    lake: Lake, check: str, source: str, text: str, entry: dict[str, object]
) -> None:
    lake.add(source, text, **entry)
    with pytest.raises(ChecksFailed, match=check):
        lake.build()


def test_one_synthetic_file_marks_the_whole_release(lake: Lake) -> None:
    lake.add("ticket_log", TICKET)
    assert not lake.release().is_demo
    lake.add(
        "staff_age", "as_of | age | kind | headcount\n2026-04-01 | 40 | regular | 1", synthetic=True
    )
    release = lake.release()
    assert release.is_demo and query.metric("tickets", release=release).is_demo


def test_a_list_of_municipalities_adds_to_the_shipped_one_and_never_replaces_it(lake: Lake) -> None:
    lake.add(
        "municipality",
        """
        code   | prefecture | name     | kind
        510009 | 霞野県     | 霞野県   | prefecture
        512010 | 霞野県     | 見晴市   | city
        272060 | 大阪府     | 別の名前 | city
        """,
    )
    same(
        query.sql(
            "SELECT code, label, prefecture_code, is_fictional FROM core_municipality"
            " WHERE code IN ('512010', '272060') ORDER BY code",
            lake.release(),
        ),
        """
        code   | label    | prefecture_code | is_fictional
        272060 | 泉大津市 | 270008          | no
        512010 | 見晴市   | 510009          | yes
        """,
    )


def test_the_release_tells_about_its_files_its_sources_and_itself(lake: Lake) -> None:
    lake.add("ticket_log", TICKET)
    lake.add("event", "municipality | event_date | name\n272060 | 2025-11-04 | 書かない窓口")
    lake.add("target", "municipality | metric | value | due\n272060 | wait_p90 | 15 | 2027-03-31")
    name = lake.build()
    release = query.open_release(lake.home)
    assert list(query.files(release)["source"]) == ["event", "target", "ticket_log"]
    assert list(query.status(release)["files"]) == [1, 1, 1]
    assert query.quarantine(release).empty
    assert list(query.events(release)["name"]) == ["書かない窓口"]
    assert list(query.targets(release)["value"]) == [15]
    assert list(query.release_list(lake.home)["name"]) == [name]
    lineage = query.sql(
        "SELECT DISTINCT source FROM meta_lineage WHERE table_name = 'mart_day' ORDER BY source",
        release,
    )
    assert list(lineage["source"]) == ["opening", "ticket_log"]
    assert not query.sql("SELECT name FROM (SHOW TABLES) WHERE name LIKE 'lake%'", release).size


def test_the_calendar_knows_fiscal_years_holidays_and_the_end_of_the_year(lake: Lake) -> None:
    same(
        query.sql(
            "SELECT date, weekday, fiscal_year, is_holiday, is_yearend FROM core_date WHERE date IN"
            " ('2026-01-03', '2026-03-31', '2026-04-01', '2026-05-06', '2026-12-29') ORDER BY date",
            lake.release(),
        ),
        """
        date       | weekday | fiscal_year | is_holiday | is_yearend
        2026-01-03 | 6       | 2025        | no         | yes
        2026-03-31 | 2       | 2025        | no         | no
        2026-04-01 | 3       | 2026        | no         | no
        2026-05-06 | 3       | 2026        | yes        | no
        2026-12-29 | 2       | 2026        | no         | yes
        """,
    )


def test_the_lake_of_these_specifications_is_the_one_that_pipelines_write() -> None:
    for name, source in load_sources().items():
        columns = {field.name: field.type for field in source.schema}
        assert columns == {**SCHEMAS[name], **PROVENANCE}, name
    assert load_sources().keys() == SCHEMAS.keys()
