"""From which sources, and from which files of them, each table of a release comes."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from warehouse.engine import Engine
from warehouse.queries import Query

File = tuple[str, str]
"""Source and sha256."""


def lineage(engine: Engine, made: Iterable[Query]) -> pa.Table:
    """Table of (table_name, source, sha256) for tables in the order in which they were made.

    A file counts for a table when rows of it reached the core table that the table comes from: a
    file that another supersedes is not named. A source without any such file has a null sha256.
    """
    loaded: dict[str, set[File]] = {}
    for sha256, source in engine.execute("SELECT sha256, source FROM meta_file"):
        loaded.setdefault(source, set()).add((source, sha256))
    # The ledger and the rows held back tell about every file.
    about = ("meta_file", "meta_quarantine")
    sources: dict[str, set[str]] = {table: set(loaded) for table in about}
    files: dict[str, set[File]] = {table: set().union(*loaded.values()) for table in about}
    for query in made:
        for table in query.reads:
            if table.startswith("lake_"):
                source = table.removeprefix("lake_")
                sources[table] = {source}
                files[table] = loaded.get(source, set())
        sources[query.name] = set().union(*(sources.get(table, set()) for table in query.reads))
        read = set().union(*(files.get(table, set()) for table in query.reads))
        used = _shas(engine, query.name)
        files[query.name] = read if used is None else {file for file in read if file[1] in used}
    rows = sorted(
        (query.name, source, sha256)
        for query in made
        for source in sources[query.name]
        for sha256 in {sha for of, sha in files[query.name] if of == source} or {""}
    )
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    names = ("table_name", "source", "sha256")
    return pa.table(
        {
            name: pa.array([value or None for value in values], pa.string())
            for name, values in zip(names, columns, strict=True)
        }
    )


def _shas(engine: Engine, table: str) -> set[str] | None:
    """The files whose rows a table holds; None where it does not say."""
    columns = {row[0] for row in engine.execute(f"DESCRIBE {table}")}
    if "source_sha256" not in columns:
        return None
    return {row[0] for row in engine.execute(f"SELECT DISTINCT source_sha256 FROM {table}")}
