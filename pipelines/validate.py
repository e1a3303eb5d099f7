"""From text to typed rows: every row of `staging` becomes good or gets findings. All in SQL.

Tables it leaves in the engine: `findings` (row_id, source_row, sheet, column, value, rule,
message_ja, message_en) and `good` (rid, row_id, source_row, sheet and the source's columns,
derived ones included).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines import messages
from pipelines.lookup import register_words
from pipelines.profile import Profile
from pipelines.sources import Column, Label, Source
from pipelines.stage import Staged, text
from warehouse.engine import Engine, identifier

DUCKDB = {
    "text": "VARCHAR",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
    "time": "VARCHAR",
    "municipality": "VARCHAR",
    "area": "VARCHAR",
}
"""Engine type of each column type."""


@cache
def _macros() -> tuple[str, ...]:
    sql = (Path(__file__).parent / "parse.sql").read_text(encoding="utf-8")
    return tuple(
        statement
        for part in re.split(r";\s*\n", re.sub(r"(?m)^--.*$", "", sql))
        if (statement := part.strip().removesuffix(";"))
    )


def define_macros(engine: Engine) -> None:
    """Make the macros of parse.sql known to this engine."""
    for statement in _macros():
        engine.execute(statement)


def _typed(column: Column, coded: bool) -> str:
    """SQL that gives the typed value of a column of `staging` (alias s)."""
    raw = f"s.{identifier(column.name)}"
    if coded:
        return f"{identifier('words_' + column.name)}.stored"
    if column.type == "text":
        return f"mado_half({raw})" if column.half_width else f"mado_clean({raw})"
    return f"CAST(mado_{column.type}({raw}) AS {DUCKDB[column.type]})"


def _create_filled(
    engine: Engine,
    source: Source,
    coded: list[Column],
    municipality: str | None,
    say: Mapping[str, str],
) -> None:
    """Typed values beside the written ones, then what the file leaves out."""
    names = {column.name for column in coded}
    selected = "".join(
        f", s.{identifier(c.name)} AS {identifier('raw_' + c.name)},"
        f" {_typed(c, c.name in names)} AS {identifier(c.name)}"
        for c in source.read_columns
    )
    problems = "".join(
        f", {identifier('words_' + c.name)}.problem AS {identifier('problem_' + c.name)}"
        for c in coded
    )
    joins = "".join(
        f" LEFT JOIN {identifier('words_' + c.name)}"
        f" ON mado_clean(s.{identifier(c.name)}) = {identifier('words_' + c.name)}.written"
        for c in coded
    )
    sql = (
        f"SELECT s.rid, s.row_id, s.source_row, s.sheet{selected}{problems} FROM staging s{joins}"
        " WHERE s.row_kind IS NULL AND s.fault IS NULL"
    )
    for column in source.read_columns:
        name = identifier(column.name)
        fill = column.fill
        if column.type == "municipality" and municipality is not None:
            fill = text(municipality)
        if fill is not None:
            blank = f"mado_clean({identifier('raw_' + column.name)}) IS NULL"
            value = f"CASE WHEN {blank} THEN {spell(fill, say)} ELSE {name} END"
            kind = DUCKDB[column.type]
            sql = f"SELECT * REPLACE (CAST({value} AS {kind}) AS {name}) FROM ({sql})"
    engine.execute(f"CREATE TABLE filled AS {sql}")


def spell(sql: str, say: Mapping[str, str]) -> str:
    """Replace `given_<column>` and `setting_<name>` by what they stand for."""
    return re.sub(r"\b(given|setting)_\w+\b", lambda match: say[match[0]], sql)


def spelling(source: Source, profile: Profile, given: frozenset[str]) -> dict[str, str]:
    """What `given_<column>` and `setting_<name>` stand for in this file."""
    settings = {**source.settings, **profile.settings}
    return {
        **{f"given_{c.name}": str(c.name in given).upper() for c in source.read_columns},
        **{f"setting_{name}": text(value) for name, value in settings.items()},
    }


def _find(engine: Engine, column: Column, rule: str, bad: str, message: Label) -> None:
    written = identifier(("raw_" if column.derive is None else "") + column.name)
    value = f"coalesce(CAST({written} AS VARCHAR), '')" if column.derive is None else "''"
    engine.execute(
        f"INSERT INTO findings SELECT row_id, source_row, sheet, {text(column.label.ja)}, {value},"
        f" {text(rule)}, {text(message.ja)}, {text(message.en)} FROM filled WHERE {bad}"
    )


def _find_faults(engine: Engine) -> None:
    for fault, message in messages.FAULTS.items():
        engine.execute(
            "INSERT INTO findings SELECT row_id, source_row, sheet, '', left(line, 200),"
            f" {text(fault)}, {text(message.ja)}, {text(message.en)}"
            f" FROM staging WHERE fault = {text(fault)}"
        )


def _check_column(engine: Engine, column: Column, coded: bool, profile: Profile) -> None:
    """The checks that follow from a column's declaration."""
    name, raw = identifier(column.name), identifier("raw_" + column.name)
    written = f"mado_clean({raw}) IS NOT NULL"
    if column.required:
        bad = f"NOT ({written}) AND {name} IS NULL"
        _find(engine, column, "required", bad, messages.required(column))
    if column.values:
        message = messages.unknown_value(column, profile)
        _find(engine, column, "value", f"{written} AND {name} IS NULL", message)
    elif coded:
        for problem, message in messages.CODE_PROBLEMS.items():
            bad = f"{identifier('problem_' + column.name)} = {text(problem)}"
            _find(engine, column, problem, bad, message)
    elif column.type != "text":
        message = messages.unreadable(column)
        _find(engine, column, column.type, f"{written} AND {name} IS NULL", message)
    bounds = []
    for sign, bound in (("<", column.min), (">", column.max)):
        if bound is not None:
            value = f"DATE {text(bound)}" if isinstance(bound, str) else str(bound)
            typed = f"CAST({name} AS DATE)" if isinstance(bound, str) else name
            bounds.append(f"{typed} {sign} {value}")
    if bounds:
        _find(engine, column, "range", " OR ".join(bounds), messages.out_of_range(column))


def _create_good(engine: Engine, source: Source, staged: Staged, say: Mapping[str, str]) -> None:
    clean = "FROM filled WHERE row_id NOT IN (SELECT row_id FROM findings)"
    facts = ", ".join(f"{sql} AS fact_{name}" for name, sql in source.facts.items())
    engine.execute(f"CREATE TABLE facts AS SELECT {facts or 'count(*) AS fact_none'} {clean}")
    columns = "".join(
        f", {identifier(c.name)}"
        if c.derive is None
        else f", CAST({spell(c.derive, say)} AS {DUCKDB[c.type]}) AS {identifier(c.name)}"
        for c in source.columns
    )
    sql = f"SELECT rid, row_id, source_row, sheet{columns} FROM (SELECT * {clean}) CROSS JOIN facts"
    if adds_up(source, staged):
        assert source.aggregate is not None
        key = ", ".join(identifier(name) for name in source.key)
        sums = ", ".join(
            f"CAST(sum({name}) OVER (PARTITION BY {key}) AS {DUCKDB[source.column(name).type]})"
            f" AS {name}"
            for name in source.aggregate.sum
        )
        sql = f"SELECT * REPLACE ({sums}) FROM ({sql})"
    engine.execute(f"CREATE TABLE good AS {sql}")


def adds_up(source: Source, staged: Staged) -> bool:
    """True where the file has one row per unit, so that rows of one key belong together."""
    return source.aggregate is not None and source.aggregate.missing not in staged.given


def validate(
    engine: Engine,
    source: Source,
    profile: Profile,
    staged: Staged,
    *,
    municipality: str | None,
    known: Mapping[str, str],
) -> None:
    """Judge every row of `staging`. See the module's docstring for what is left in the engine.

    municipality: six digits for rows that name none. known: code → kind of municipality.
    """
    say = spelling(source, profile, staged.given)
    coded = register_words(engine, source, profile, known)
    _create_filled(engine, source, coded, municipality, say)
    engine.execute(
        "CREATE TABLE findings (row_id BIGINT, source_row BIGINT, sheet VARCHAR,"
        ' "column" VARCHAR, value VARCHAR, rule VARCHAR, message_ja VARCHAR, message_en VARCHAR)'
    )
    if engine.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'rejected'"):
        engine.execute(
            'INSERT INTO findings SELECT row_id, source_row, sheet, "column", value, rule,'
            " message_ja, message_en FROM rejected"
        )
    _find_faults(engine)
    for column in source.read_columns:
        _check_column(engine, column, column in coded, profile)
    for rule in source.rules:
        _find(engine, source.column(rule.column), rule.id, spell(rule.bad, say), rule.message)
    _create_good(engine, source, staged, say)
