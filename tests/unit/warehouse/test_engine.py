"""The engine: what it reads, what it refuses, and how it names its errors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.engine import Engine, EngineError

SCHEMA = pa.schema([("code", pa.string()), ("month", pa.date32()), ("count", pa.int64())])


def test_tables_read_sees_joins_subqueries_unions_and_not_with_names() -> None:
    sql = """
    WITH a AS (SELECT * FROM core_x)
    SELECT * FROM a JOIN core_y USING (k) WHERE k IN (SELECT k FROM core_z)
    UNION ALL SELECT * FROM mart_w
    """
    assert Engine.memory().tables_read(sql) == {"core_x", "core_y", "core_z", "mart_w"}


@pytest.mark.parametrize("sql", ["DROP TABLE t", "SELECT FROM FROM t", "SELECT 1; SELECT 2"])
def test_tables_read_refuses_all_but_one_select(sql: str) -> None:
    with pytest.raises(EngineError):
        Engine.memory().tables_read(sql)


def test_parquet_without_files_is_an_empty_relation_of_the_schema() -> None:
    engine = Engine.memory()
    engine.register_parquet("lake_x", [], SCHEMA)
    assert engine.arrow("SELECT * FROM lake_x").schema == SCHEMA
    assert engine.execute("SELECT count(*) FROM lake_x") == [(0,)]


def test_parquet_files_take_the_columns_of_the_schema(tmp_path: Path) -> None:
    old = tmp_path / "it's old.parquet"
    new = tmp_path / "new.parquet"
    pq.write_table(pa.table({"code": ["a"], "count": pa.array([1], pa.int32())}), old)
    pq.write_table(
        pa.table({"code": ["b"], "month": [date(2026, 10, 1)], "count": [2], "extra": ["x"]}), new
    )
    engine = Engine.memory()
    engine.register_parquet("lake_x", [old, new], SCHEMA)
    assert engine.arrow("SELECT * FROM lake_x").schema == SCHEMA
    assert engine.execute("SELECT * FROM lake_x ORDER BY code") == [
        ("a", None, 1),
        ("b", date(2026, 10, 1), 2),
    ]


def test_a_failing_statement_names_the_database_the_reason_and_the_sql() -> None:
    with pytest.raises(EngineError) as caught:
        Engine.memory().execute("SELECT * FROM missing_table")
    assert "missing_table" in caught.value.reason
    assert caught.value.sql == "SELECT * FROM missing_table"
    assert caught.value.where == "memory"


def test_create_does_not_touch_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    path.write_text("mine")
    with pytest.raises(EngineError):
        Engine.create(path)
    assert path.read_text() == "mine"


def test_a_read_only_engine_can_neither_write_nor_reach_files_nor_change_settings(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.duckdb"
    writer = Engine.create(path)
    writer.execute("CREATE TABLE t AS SELECT 1 AS a")
    writer.close()
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    reader = Engine.read_only(path)
    assert reader.execute("SELECT a FROM t") == [(1,)]
    for sql in (
        "INSERT INTO t VALUES (2)",
        "CREATE TABLE u AS SELECT 1 AS a",
        f"SELECT * FROM read_csv('{outside}')",
        f"COPY t TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'b.duckdb'}'",
        "SET threads = 1",
    ):
        with pytest.raises(EngineError):
            reader.execute(sql)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.duckdb", "outside.csv"]


def test_opening_a_file_that_is_no_database_is_an_engine_error(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    path.write_text("<html>")
    with pytest.raises(EngineError, match=r"a\.duckdb"):
        Engine.read_only(path)
