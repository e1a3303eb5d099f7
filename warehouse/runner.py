"""Run plain SQL files in the order of what they read; run checks that return failing rows.

One file is one table: `<table>.sql`, a comment that says grain and meaning, then one SELECT.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from warehouse.engine import Engine, EngineError, identifier
from warehouse.output import records

SQL = Path(__file__).parent / "sql"
ROWS_SHOWN = 5


class BuildError(Exception):
    """A release cannot be built. The message names the file and the reason."""


class ChecksFailed(BuildError):  # noqa: N818 - the name that design and callers use
    """A check found rows that must not be published."""


@dataclass(frozen=True)
class Query:
    """One SQL file: its name is the table's name, its first comments say what it is."""

    name: str
    file: str
    comment: str
    text: str
    reads: frozenset[str]


def queries(folder: Path, engine: Engine) -> list[Query]:
    """Read every .sql file of a folder. Raises BuildError naming the file that does not parse."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf-8").strip().removesuffix(";")
        lines = [line.strip() for line in text.splitlines()]
        head = lines[: next((i for i, line in enumerate(lines) if not line.startswith("--")), 0)]
        comment = "\n".join(line.removeprefix("--").strip() for line in head)
        file = f"{folder.name}/{path.name}"
        try:
            reads = frozenset(engine.tables_read(text))
        except EngineError as error:
            raise BuildError(f"{file}: {error.reason}") from error
        found.append(Query(path.stem, file, comment, text, reads))
    return found


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


def create_tables(engine: Engine, found: Iterable[Query], known: Iterable[str]) -> list[Query]:
    """Make one table per query. Returns them in the order made; raises BuildError."""
    made = ordered(found, known)
    for query in made:
        try:
            engine.execute(f"CREATE TABLE {identifier(query.name)} AS\n{query.text}")
        except EngineError as error:
            raise BuildError(f"{query.file}: {error.reason}\n{query.text}") from error
    return made


def run_checks(engine: Engine, found: Iterable[Query]) -> None:
    """Run every check; raise ChecksFailed with each failing check's comment and first rows."""
    failed = []
    for check in found:
        try:
            rows = engine.frame(f"SELECT * FROM (\n{check.text}\n) LIMIT {ROWS_SHOWN + 1}")
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
