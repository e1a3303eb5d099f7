"""Tables that a release takes over from the one before, renewed in the parts that changed.

A .sql file whose first comment ends with a line `Parts: …` says that its rows fall into parts that
depend on nothing but themselves:

- `Parts: file, municipality, issued_month` (a core table): each row comes from one row of the one
  lake relation that is read, and `source_sha256` says of which file. The other two columns say to
  which part the row belongs.
- `Parts: municipality, month` (a table that reads such tables): the rows of one municipality and
  month depend on that part of the tables with parts that it reads; on the rest it may depend in
  any way.
- `Parts: municipality, month` (a check): a part is right or wrong by itself.

What does not change is not computed again. Whatever else a table reads is compared by content, its
SQL, the columns of the lake and the engine's version by value; where one differs, the table is made
anew as a whole. A release so made is equal to one made from nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from warehouse.engine import Engine, EngineError, identifier
from warehouse.inputs import Input
from warehouse.queries import Query

FILE = "file"
STATE = "meta_part"
"""Table of a release: what each table with parts was made from. sha256 null: all but the files."""

_STATE = pa.schema(
    [("table_name", pa.string()), ("sha256", pa.string()), ("fingerprint", pa.string())]
)
_CHANGED = "changed_part"

State = dict[tuple[str, str | None], str]
"""Table and file (None: all but the files) → fingerprint."""


def take_over(before: Path | None, building: Path) -> tuple[Engine, State]:
    """Begin a release: with the tables with parts of the one before, or as an empty database.

    before: the file of the release before. One of an older form, or one that cannot be read, is
    not taken over. Returns the engine of the new file, and what its tables were made from. Raises
    EngineError where the file turns out to be damaged.
    """
    state = _state_of(before) if before else {}
    if not before or not state:
        return Engine.create(building), {}
    shutil.copyfile(before, building)
    engine = Engine.edit(building)
    wanted = {table for table, _ in state}
    try:
        for (name,) in engine.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary"):
            if name not in wanted:
                engine.execute(f"DROP TABLE {identifier(name)}")
    except EngineError:
        engine.close()
        raise
    return engine, state


def _state_of(release: Path) -> State:
    try:
        engine = Engine.read_only(release)
    except EngineError:
        return {}
    try:
        rows = engine.execute(f"SELECT table_name, sha256, fingerprint FROM {STATE}")
    except EngineError:
        return {}
    finally:
        engine.close()
    return {(table, sha256): fingerprint for table, sha256, fingerprint in rows}


class Parts:
    """Makes the tables with parts of one release, and remembers what they were made from."""

    def __init__(self, engine: Engine, inputs: Mapping[str, Input], before: State) -> None:
        self._engine, self._inputs, self._before = engine, inputs, before
        self._queries: dict[str, Query] = {}
        self._renewed: set[str] = set()
        self._state: State = {}
        engine.execute(f"CREATE TEMP TABLE {_CHANGED} (of_municipality VARCHAR, of_month DATE)")

    def make(self, query: Query) -> None:
        """Bring a table with parts up to date, or make it. Raises EngineError."""
        files = self._files(query) if FILE in query.parts else {}
        fingerprint = self._fingerprint(query)
        known = self._before.get((query.name, None)) == fingerprint
        self._queries[query.name] = query
        self._state[query.name, None] = fingerprint
        self._state.update({(query.name, sha256): print_ for sha256, print_ in files.items()})
        if known and FILE in query.parts:
            self._renew_files(query, files)
        elif known:
            self._renew_parts(query)
        else:
            self._engine.execute(f"DROP TABLE IF EXISTS {identifier(query.name)}")
            self._engine.execute(f"CREATE TABLE {identifier(query.name)} AS\n{query.text}")
            return
        self._renewed.add(query.name)

    def to_check(self, check: Query) -> str:
        """The text of a check: over the changed parts alone where it may be, else as written."""
        read = check.reads & self._queries.keys()
        if check.parts and read and read <= self._renewed:
            return self._over_changed(check)
        return check.text

    def finish(self) -> pa.Table:
        """Drop tables that no query makes any more; return the table STATE of this release."""
        for table in {table for table, _ in self._before} - self._queries.keys():
            self._engine.execute(f"DROP TABLE {identifier(table)}")
        rows = [(table, sha256, value) for (table, sha256), value in self._state.items()]
        columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
        return pa.table([pa.array(c, pa.string()) for c in columns], schema=_STATE)

    def _files(self, query: Query) -> dict[str, str]:
        """The files of a core table → size and time of writing: a file judged anew has others."""
        found = {}
        for path in self._inputs[_lake_source(query)].files:
            stat = path.stat()
            found[path.stem] = f"{stat.st_size}-{stat.st_mtime_ns}"
        return found

    def _fingerprint(self, query: Query) -> str:
        """Of all that a table is made from, but the files of a core table."""
        made_from: dict[str, str] = {"sql": query.text, "engine": self._engine.version()}
        for name in sorted(query.reads):
            if name in self._queries:
                made_from[name] = self._state[name, None]
            elif FILE in query.parts:
                made_from[name] = str(self._inputs[_lake_source(query)].schema)
            else:
                rows = self._engine.execute(
                    f"SELECT count(*), sum(hash(read_row)) FROM {identifier(name)} AS read_row"
                )
                made_from[name] = str(rows[0])
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()

    def _renew_files(self, query: Query, now: Mapping[str, str]) -> None:
        """Take out the rows of files that are gone or changed, put in those of new ones."""
        before = {sha: value for (name, sha), value in self._before.items() if name == query.name}
        gone = [sha for sha, value in before.items() if sha and now.get(sha) != value]
        new = [sha for sha, value in now.items() if before.get(sha) != value]
        table = identifier(query.name)
        if gone:
            self._mark(query, gone)
            self._engine.execute(
                f"DELETE FROM {table} WHERE list_contains(?, source_sha256)", [gone]
            )
        if new:
            source = self._inputs[_lake_source(query)]
            files = [path for path in source.files if path.stem in set(new)]
            self._engine.register_parquet("arriving_rows", files, source.schema)
            self._engine.execute(
                f"INSERT INTO {table} BY NAME WITH {identifier(next(iter(query.reads)))}"
                f" AS (SELECT * FROM arriving_rows) SELECT * FROM (\n{query.text}\n)"
            )
            self._mark(query, new)

    def _mark(self, query: Query, files: list[str]) -> None:
        """Remember the parts that rows of these files belong to."""
        municipality, month = _columns(query)
        self._engine.execute(
            f"INSERT INTO {_CHANGED} SELECT DISTINCT {municipality}, {month}"
            f" FROM {identifier(query.name)} WHERE list_contains(?, source_sha256)",
            [files],
        )

    def _renew_parts(self, query: Query) -> None:
        changed = _within_changed(query)
        table = identifier(query.name)
        self._engine.execute(f"DELETE FROM {table} WHERE {changed}")
        self._engine.execute(
            f"INSERT INTO {table} BY NAME\n"
            f"SELECT * FROM (\n{self._over_changed(query)}\n) WHERE {changed}"
        )

    def _over_changed(self, query: Query) -> str:
        """The text of a query with the tables with parts cut down to the changed ones."""
        cut = ", ".join(
            f"{identifier(name)} AS (SELECT * FROM main.{identifier(name)}"
            f" WHERE {_within_changed(self._queries[name])})"
            for name in sorted(query.reads & self._queries.keys())
        )
        return f"WITH {cut} SELECT * FROM (\n{query.text}\n)"


def _lake_source(query: Query) -> str:
    (relation,) = query.reads
    return relation.removeprefix("lake_")


def _columns(query: Query) -> tuple[str, str]:
    municipality, month = (identifier(name) for name in query.parts if name != FILE)
    return municipality, month


def _within_changed(query: Query) -> str:
    municipality, month = _columns(query)
    return (
        f"EXISTS (SELECT 1 FROM {_CHANGED} WHERE {municipality} IS NOT DISTINCT FROM"
        f" of_municipality AND {month} IS NOT DISTINCT FROM of_month)"
    )
