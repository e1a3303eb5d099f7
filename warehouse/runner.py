"""Run SQL files in the order of what they read; run checks that return failing rows."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from warehouse.engine import Engine, EngineError, identifier
from warehouse.output import records
from warehouse.parts import Parts
from warehouse.queries import BuildError as BuildError
from warehouse.queries import Query

ROWS_SHOWN = 5


class ChecksFailed(BuildError):  # noqa: N818 - the name that design and callers use
    """A check found rows that must not be published."""


def ordered(found: Iterable[Query], known: Iterable[str]) -> list[Query]:
    """Sort queries so that each comes after those that it reads; `known` tables exist already.

    Raises BuildError naming the file for a table that nobody makes, and for a cycle.
    """
    by_name = {query.name: query for query in found}
    known = set(known)
    for query in by_name.values():
        for table in sorted(query.reads - by_name.keys() - known):
            raise BuildError(
                f"{query.file}: 「{table}」という表はありません（{query.file} が参照）"
            )
    graph = {name: sorted(query.reads & by_name.keys()) for name, query in by_name.items()}
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        circle = " → ".join(by_name[name].file for name in reversed(error.args[1]))
        raise BuildError(f"互いに参照し合っている SQL があります: {circle}") from error


def create_tables(
    engine: Engine, found: Iterable[Query], known: Iterable[str], parts: Parts
) -> list[Query]:
    """Make one table per query. Returns them in the order made; raises BuildError."""
    made = ordered(found, known)
    for query in made:
        try:
            if query.parts:
                parts.make(query)
            else:
                engine.execute(f"CREATE TABLE {identifier(query.name)} AS\n{query.text}")
        except EngineError as error:
            raise BuildError(f"{query.file}: {error.reason}\n{query.text}") from error
    return made


def run_checks(engine: Engine, found: Iterable[Query], parts: Parts) -> None:
    """Run every check; raise ChecksFailed with each failing check's comment and first rows."""
    failed = []
    for check in found:
        try:
            text = parts.to_check(check)
            rows = engine.frame(f"SELECT * FROM (\n{text}\n) LIMIT {ROWS_SHOWN + 1}")
        except EngineError as error:
            raise BuildError(f"{check.file}: {error.reason}\n{check.text}") from error
        if len(rows):
            shown = [
                "  " + ", ".join(f"{key}={value}" for key, value in row.items())
                for row in records(rows.head(ROWS_SHOWN))
            ]
            more = ["  …"] if len(rows) > ROWS_SHOWN else []
            failed.append("\n".join([f"{check.name}: {check.comment}", *shown, *more]))
    if failed:
        raise ChecksFailed(
            "検査に通らない行があるため、公開しません（前のリリースのままです）。\n"
            + "\n".join(failed)
        )
