"""The only door to DuckDB: every query of Mado goes through an Engine.

Facts of DuckDB 2.0 that this module settles for all others: a sum of integers is a HUGEINT (marts
cast their sums); a statement's rows must be fetched before the next statement on the same
connection; temporary views belong to one connection, cursors do not see them; a cursor keeps its
database open after the connection that made it is dropped, but not after that one is closed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from pyarrow.dataset import Dataset

SCRATCH_MEMORY = "700MB"
"""Memory of a scratch database. The machines of small offices have little, and run more than us."""

BATCH_ROWS = 250_000
"""Rows that `Engine.batches` gives at a time."""

Parameters = Sequence[Any] | Mapping[str, Any] | None


class EngineError(Exception):
    """A statement failed. `where` names the database or table, `reason` and `sql` say the rest."""

    def __init__(self, where: str, reason: str, sql: str) -> None:
        self.where, self.reason, self.sql = where, reason, sql
        super().__init__(f"{where}: {reason}\n{sql}")


def _literal(text: str) -> str:
    """A text as an SQL literal. For statements that take no bound parameters (CREATE VIEW)."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Engine:
    """One connection to one database.

    A reading engine may be shared by threads: each of its queries opens a cursor of its own. A
    writing engine (memory, create) belongs to one thread, because the views that it registers
    exist on its connection alone.
    """

    def __init__(self, connection: Any, where: str, *, shared: bool) -> None:
        self._connection, self.where, self._shared = connection, where, shared

    @classmethod
    def memory(cls) -> Engine:
        """An empty database in memory."""
        return cls(duckdb.connect(), "memory", shared=False)

    @classmethod
    def scratch(cls, folder: Path) -> Engine:
        """An empty database for passing work: in memory, and in files of `folder` beyond that."""
        settings: dict[str, Any] = {
            "memory_limit": SCRATCH_MEMORY,
            "temp_directory": str(folder),
        }
        return cls(duckdb.connect(config=settings), "scratch", shared=False)

    @classmethod
    def create(cls, path: Path) -> Engine:
        """A new database file, for writing. Raises EngineError where `path` exists already."""
        if path.exists():
            raise EngineError(path.name, "すでにあるファイルには書き込みません", "")
        return cls(_connect(path), path.name, shared=False)

    @classmethod
    def edit(cls, path: Path) -> Engine:
        """An existing database file, for writing by this process alone. Raises EngineError."""
        return cls(_connect(path), path.name, shared=False)

    @classmethod
    def read_only(cls, path: Path) -> Engine:
        """An existing database file, for reading by many threads.

        It can neither write nor reach any other file, and its settings are locked. Raises
        EngineError where the file is missing or no database.
        """
        settings = {
            "enable_external_access": False,
            "lock_configuration": True,
            "threads": min(4, os.cpu_count() or 1),
        }
        return cls(_connect(path, read_only=True, config=settings), path.name, shared=True)

    def _session(self) -> Any:
        return self._connection.cursor() if self._shared else self._connection

    def execute(self, sql: str, params: Parameters = None) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows. Raises EngineError."""
        try:
            return self._session().execute(sql, params).fetchall()
        except duckdb.Error as error:
            raise EngineError(self.where, str(error), sql) from error

    def frame(self, sql: str, params: Parameters = None) -> pd.DataFrame:
        """Run a query and return its rows as a pandas frame. Raises EngineError."""
        try:
            return self._session().execute(sql, params).df()
        except duckdb.Error as error:
            raise EngineError(self.where, str(error), sql) from error

    def arrow(self, sql: str, params: Parameters = None) -> pa.Table:
        """Run a query and return its rows as an Arrow table. Raises EngineError."""
        try:
            return self._session().sql(sql, params=params).to_arrow_table()
        except duckdb.Error as error:
            raise EngineError(self.where, str(error), sql) from error

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows a batch at a time. Raises EngineError."""
        try:
            yield from self._session().sql(sql).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            raise EngineError(self.where, str(error), sql) from error

    def version(self) -> str:
        """The version of the engine's library."""
        return duckdb.__version__

    def register(self, name: str, table: pa.Table | pd.DataFrame | Dataset) -> None:
        """Make a table in memory, or a data set of Arrow files, readable as `name` here."""
        self._connection.register(name, table)

    def register_parquet(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """Make Parquet files readable as `name`, with the columns and types of `schema`.

        A column that a file lacks is null; one that the schema lacks is left out. Without files
        the relation is empty. Raises EngineError where a value does not fit its type.
        """
        empty = schema.empty_table()
        if not files:
            self.register(name, empty)
            return
        types = dict(zip(schema.names, self._connection.from_arrow(empty).types, strict=True))
        listed = ", ".join(_literal(str(file)) for file in files)
        source = f"read_parquet([{listed}], union_by_name = true)"
        present = {row[0] for row in self.execute(f"DESCRIBE SELECT * FROM {source}")}
        columns = ", ".join(
            f"CAST({identifier(column) if column in present else 'NULL'} AS {kind})"
            f" AS {identifier(column)}"
            for column, kind in types.items()
        )
        self.execute(
            f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS SELECT {columns} FROM {source}"
        )

    def write_parquet(self, sql: str, path: Path) -> None:
        """Write the rows of a query to a Parquet file. Raises EngineError."""
        self.execute(f"COPY ({sql}) TO {_literal(str(path))} (FORMAT parquet)")

    def tables_read(self, sql: str) -> set[str]:
        """Names of the tables that a SELECT reads, without its own WITH names.

        Raises EngineError where `sql` is not exactly one SELECT that parses. A WITH name must not
        repeat a table's name: the table would not be listed.
        """
        tree = json.loads(self.execute("SELECT json_serialize_sql(?)", [sql])[0][0])
        if tree["error"]:
            raise EngineError(self.where, tree["error_message"], sql)
        if len(tree["statements"]) != 1:
            raise EngineError(self.where, "only one SELECT statement is allowed", sql)
        read: set[str] = set()
        local: set[str] = set()
        _collect(tree["statements"], read, local)
        return read - local

    def cursor(self) -> Engine:
        """An engine on the same database that lives as long as it is held."""
        return Engine(self._connection.cursor(), self.where, shared=self._shared)

    def close(self) -> None:
        """Close the connection, and with it every cursor made from it."""
        self._connection.close()


def _connect(path: Path, **settings: Any) -> Any:
    try:
        return duckdb.connect(str(path), **settings)
    except duckdb.Error as error:
        raise EngineError(path.name, str(error), "") from error


def _collect(node: Any, read: set[str], local: set[str]) -> None:
    """Walk a serialised statement; gather base tables into `read`, WITH names into `local`."""
    if isinstance(node, list):
        for item in node:
            _collect(item, read, local)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            read.add(node["table_name"])
        for entry in (node.get("cte_map") or {}).get("map", []):
            local.add(entry["key"])
        for value in node.values():
            _collect(value, read, local)
