"""The day of a row is known in every source, and a code is the one of that day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa
import pytest

from pipelines.by_date import UNDATED, ByDate, day_of
from pipelines.macros import define_macros
from pipelines.places import shipped
from pipelines.profile import standard
from pipelines.sources import Source, load_sources
from pipelines.typed import DUCKDB
from pipelines.validate import spell, spelling
from warehouse.engine import Engine, identifier

WITH_MUNICIPALITY = [
    source
    for source in load_sources().values()
    if any(column.type == "municipality" for column in source.read_columns)
    and source.period.from_ != UNDATED
]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with closing(Engine.memory()) as memory:
        define_macros(memory)
        yield memory


def typed(source: Source, **values: str) -> str:
    """SQL: one row of a source, null but for `values`."""
    columns = ", ".join(
        f"CAST({values.get(c.name, 'NULL')} AS {DUCKDB[c.type]}) AS {identifier(c.name)},"
        f" CAST(NULL AS VARCHAR) AS {identifier('problem_' + c.name)}"
        for c in source.read_columns
    )
    return f"SELECT 7 AS rid, {columns}"


@pytest.mark.parametrize("source", WITH_MUNICIPALITY, ids=lambda source: source.id)
def test_the_day_of_a_row_is_known_in_every_source(engine: Engine, source: Source) -> None:
    say = spelling(source, standard(source), frozenset())
    by_date = ByDate(engine, source, shipped(), lambda sql: spell(sql, say))
    sql = by_date.resolved(typed(source, municipality="'403059'"))
    # A row without a day is of today, when the town has long been a city.
    assert engine.execute(f"SELECT rid, municipality FROM ({sql})") == [(7, "402311")]


@pytest.mark.parametrize(
    ("source", "values", "code"),
    [
        ("ticket_log", {"issued_at": "TIMESTAMP '2018-09-30 23:59:00'"}, "403059"),
        ("ticket_log", {"issued_at": "TIMESTAMP '2018-10-01 00:00:00'"}, "402311"),
        ("applications", {"month": "DATE '2018-09-01'"}, "403059"),
        ("workload_survey", {"survey": "'2018'"}, "403059"),
        ("workload_survey", {"survey": "'2019'"}, "402311"),
        ("staff_age", {"as_of": "DATE '2018-04-01'"}, "403059"),
        ("target", {"due": "DATE '2030-03-31'"}, "402311"),
    ],
)
def test_a_row_has_the_code_of_its_day(
    engine: Engine, source: str, values: dict[str, str], code: str
) -> None:
    of = load_sources()[source]
    by_date = ByDate(
        engine, of, shipped(), lambda sql: spell(sql, spelling(of, standard(of), frozenset()))
    )
    for written in ("403059", "402311"):
        sql = by_date.resolved(typed(of, municipality=f"'{written}'", **values))
        again = by_date.resolved(sql, problems=False)
        assert engine.execute(f"SELECT municipality FROM ({again})") == [(code,)]


def test_what_was_split_has_a_problem_and_no_code(engine: Engine) -> None:
    source = load_sources()["staff_age"]
    by_date = ByDate(engine, source, shipped())
    sql = by_date.resolved(typed(source, municipality="'221350'", as_of="DATE '2024-04-01'"))
    found = engine.execute(f"SELECT municipality, problem_municipality FROM ({sql})")
    assert found == [(None, "split_code")]


def test_files_without_a_code_that_has_a_history_are_not_touched(engine: Engine) -> None:
    by_date = ByDate(engine, load_sources()["target"], shipped())
    assert not by_date.touches(pa.array(["272060", None, "132063"]))
    assert by_date.touches(pa.chunked_array([["272060"], ["403059"]]))
    assert by_date.touches(pa.array(["221317"]).dictionary_encode())
    parts = [pa.array([code, None]).dictionary_encode() for code in ("272060", "221317")]
    assert by_date.touches(pa.chunked_array(parts))
    assert not by_date.touches(pa.chunked_array(parts[:1]))
    assert not ByDate(engine, load_sources()["target"], {"403059": "town"}).touches(
        pa.array(["403059"])
    )


def test_a_mapping_of_names_keeps_its_codes(engine: Engine) -> None:
    source = load_sources()["name_mapping"]
    assert not ByDate(engine, source, shipped()).touches(pa.array(["403059"]))


def test_the_day_is_what_the_period_takes_the_least_of() -> None:
    assert day_of(load_sources()["target"]) == "TRY_CAST((due) AS DATE)"
    assert "issued_at" in day_of(load_sources()["ticket_log"])
