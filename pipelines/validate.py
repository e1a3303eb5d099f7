"""Judge typed records by what their source declares: each becomes good or gets findings.

What it leaves in the engine: table `findings` (row_id, source_row, sheet, column, value, rule,
message_ja, message_en), table `facts`, and view `good` (rid, row_id, source_row, sheet and the
source's columns, filled and derived). Only what the file gives is kept on the way, in a Spool; what
follows from it is computed where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines import messages
from pipelines.ahead import ahead
from pipelines.arrays import whole
from pipelines.by_date import ByDate
from pipelines.column_sql import bounds, nulls, spooled
from pipelines.profile import Profile
from pipelines.rows import text
from pipelines.sources import ARROW, Column, Label, Source
from pipelines.spool import Spool
from pipelines.stage import Records, Staged, needed
from pipelines.typed import CODED, DUCKDB
from warehouse.engine import Engine, identifier


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


def adds_up(source: Source, staged: Staged) -> bool:
    """True where the file has one row per unit, so that rows of one key belong together."""
    return source.aggregate is not None and source.aggregate.missing not in staged.given


class Judge:
    """Judges the chunks of one file."""

    def __init__(
        self,
        engine: Engine,
        source: Source,
        profile: Profile,
        given: frozenset[str],
        municipality: str | None,
        known: Mapping[str, str],
        folder: Path,
    ) -> None:
        self._engine, self._source, self._profile = engine, source, profile
        self._given, self._municipality = given, municipality
        self._say = spelling(source, profile, given)
        self._by_date = ByDate(engine, source, known, lambda sql: spell(sql, self._say))
        self._checks = [
            check for column in source.read_columns for check in self._column_checks(column)
        ]
        self._checks += [
            (source.column(rule.column), rule.id, spell(rule.bad, self._say), rule.message)
            for rule in source.rules
        ]
        self._stored = [c for c in source.read_columns if c.name in given]
        self.spool = Spool(folder, spooled(self._stored))
        engine.execute(
            "CREATE TABLE findings (row_id BIGINT, source_row BIGINT, sheet VARCHAR,"
            ' "column" VARCHAR, value VARCHAR, rule VARCHAR, message_ja VARCHAR,'
            " message_en VARCHAR)"
        )

    def _column_checks(self, column: Column) -> list[tuple[Column, str, str, Label]]:
        """The checks that follow from a column's declaration: column, rule, predicate, message."""
        name, raw = identifier(column.name), identifier("raw_" + column.name)
        written = f"{raw} IS NOT NULL"
        checks = []
        if column.required:
            bad = f"{name} IS NULL AND {raw} IS NULL"
            checks.append((column, "required", bad, messages.required(column)))
        if column.values:
            message = messages.unknown_value(column, self._profile)
            checks.append((column, "value", f"{written} AND {name} IS NULL", message))
        elif column.type in CODED:
            for problem, message in messages.CODE_PROBLEMS.items():
                bad = f"{identifier('problem_' + column.name)} = {text(problem)}"
                checks.append((column, problem, bad, message))
        elif column.type != "text":
            message = messages.unreadable(column)
            checks.append((column, column.type, f"{written} AND {name} IS NULL", message))
        outside = bounds(column)
        if outside:
            checks.append((column, "range", " OR ".join(outside), messages.out_of_range(column)))
        return checks

    def _quick(self) -> str:
        """A predicate that is true for every row that a check finds. It reads no written text.

        `flagged` stands for cells that could not be read, or are blank and must not be.
        """
        found = ["flagged"]
        own = needed(self._source) & self._given
        for column in self._source.read_columns:
            if column.required and column.name not in own:
                found.append(f"{identifier(column.name)} IS NULL")
        for column, rule, bad, _ in self._checks:
            if rule == "range" and column.name in self._given:
                found.append(f"coalesce({bad}, FALSE)")
        found += [f"coalesce({spell(r.bad, self._say)}, FALSE)" for r in self._source.rules]
        return " OR ".join(f"({one})" for one in found)

    def _fill(self, column: Column) -> str | None:
        """SQL for the cells that the file leaves blank; None where they stay so."""
        if column.type == "municipality" and self._municipality is not None:
            return text(self._municipality)
        return None if column.fill is None else spell(column.fill, self._say)

    def _is_fixed(self, column: Column) -> bool:
        """True where the file lacks a column and it has one value for all rows."""
        if column.name in self._given or column.derive is not None:
            return False
        fill = self._fill(column)
        return fill is None or re.fullmatch(r"\s*'[^']*'\s*", fill) is not None

    def _filled(self, relation: str, *, again: bool) -> str:
        """SQL: `relation` with every column that is read from files, filled where blank.

        A column that the file lacks is null, or its fill; nothing is written there. again: what
        the file gives is filled already.
        """
        lacking = "".join(
            f", CAST(NULL AS {kind}) AS {identifier(name)}"
            for c in self._source.read_columns
            if c.name not in self._given
            for name, kind in nulls(c)
        )
        sql = f"SELECT *{lacking} FROM {relation}"
        for column in self._source.read_columns:
            name, value = identifier(column.name), self._fill(column)
            if value is None or (again and column.name in self._given):
                continue
            if column.name in self._given:
                blank = f"{identifier('raw_' + column.name)} IS NULL"
                value = f"CASE WHEN {blank} THEN {value} ELSE {name} END"
            kind = DUCKDB[column.type]
            sql = f"SELECT * REPLACE (CAST({value} AS {kind}) AS {name}) FROM ({sql})"
        return sql

    def see(self, records: Records) -> None:
        """Judge a chunk; keep its good rows."""
        engine = self._engine
        if records.faults is not None:
            self._find_faults(records.faults)
        filled = self._filled("chunk", again=False)
        changed = {c.name for c in self._stored if self._fill(c) is not None}
        if self._has_history(records.table):
            filled = self._by_date.resolved(filled)
            changed |= {c.name for c in self._stored if c.type == "municipality"}
        quick = f"SELECT 1 FROM ({filled}) WHERE {self._quick()} LIMIT 1"
        named = set(re.findall(r"\w+", quick))
        seen = [n for n in records.table.column_names if n in named or n in ("rid", "row_id")]
        engine.register("chunk", records.table.select(seen))
        kept = self._refilled(records.table, filled, sorted(changed))
        if engine.execute(quick):
            engine.register("chunk", records.table)
            engine.execute(
                f"CREATE OR REPLACE TEMP TABLE odd AS SELECT * FROM ({filled})"
                f" WHERE {self._quick()}"
            )
            engine.execute("CREATE OR REPLACE TEMP TABLE found AS FROM findings LIMIT 0")
            for column, rule, bad, message in self._checks:
                self._find(column, rule, bad, message)
            engine.execute("INSERT INTO findings FROM found")
            held = engine.arrow("SELECT DISTINCT row_id FROM found")["row_id"].to_numpy()
            kept = kept.filter(pa.array(~np.isin(kept["row_id"].to_numpy(), held)))
        self.spool.add(kept.select(self.spool.schema.names))

    def _refilled(self, table: pa.Table, filled: str, names: Sequence[str]) -> pa.Table:
        """The chunk with these columns as the SQL `filled` has them."""
        if names:
            listed = ", ".join(identifier(name) for name in names)
            found = self._engine.arrow(f"SELECT {listed} FROM ({filled}) ORDER BY rid")
            for name in names:
                column = found[name]
                if pa.types.is_string(column.type):
                    column = column.dictionary_encode()
                table = table.set_column(table.column_names.index(name), name, column)
        return table

    def _has_history(self, table: pa.Table | None = None) -> bool:
        """True where a code of the table, or the one for rows that name none, has a history."""
        fixed = pa.array([self._municipality], pa.string())
        columns = [c.name for c in self._source.read_columns if c.type == "municipality"]
        named = [] if table is None else [table[n] for n in columns if n in table.column_names]
        return any(map(self._by_date.touches, [fixed, *named]))

    def _find(self, column: Column, rule: str, bad: str, message: Label) -> None:
        written = f"coalesce(CAST({identifier('raw_' + column.name)} AS VARCHAR), '')"
        value = written if column.derive is None else "''"
        self._engine.execute(
            f"INSERT INTO found SELECT row_id, source_row, sheet, {text(column.label.ja)},"
            f" {value}, {text(rule)}, {text(message.ja)}, {text(message.en)} FROM odd WHERE {bad}"
        )

    def _find_faults(self, faults: pa.Table) -> None:
        self._engine.register("faults", faults)
        for fault, message in messages.FAULTS.items():
            self._engine.execute(
                "INSERT INTO findings SELECT row_id, source_row, sheet, '', left(line, 200),"
                f" {text(fault)}, {text(message.ja)}, {text(message.en)}"
                f" FROM faults WHERE fault = {text(fault)}"
            )

    def finish(self, staged: Staged) -> None:
        """Make the view `good` of what was kept."""
        engine = self._engine
        if staged.rejected is not None:
            engine.register("rejected", staged.rejected)
            engine.execute(
                'INSERT INTO findings SELECT row_id, source_row, sheet, "column", value, rule,'
                " message_ja, message_en FROM rejected"
            )
        engine.register("given_rows", self.spool.relation())
        kept = "given_rows"
        if not staged.single:  # records of a row may lie in different chunks
            engine.execute("CREATE TABLE held AS SELECT DISTINCT row_id FROM findings")
            kept = "(SELECT * FROM given_rows WHERE row_id NOT IN (SELECT row_id FROM held))"
        filled = self._again(kept)
        facts = ", ".join(f"{sql} AS fact_{name}" for name, sql in self._source.facts.items())
        engine.execute(
            f"CREATE TABLE facts AS SELECT {facts or 'count(*) AS fact_none'} FROM ({filled})"
        )
        sql = self.derived(filled)
        aggregate = self._source.aggregate
        if aggregate is not None and adds_up(self._source, staged):
            key = ", ".join(identifier(name) for name in self._source.key)
            kinds = {name: DUCKDB[self._source.column(name).type] for name in aggregate.sum}
            sums = ", ".join(
                f"CAST(sum({name}) OVER (PARTITION BY {key}) AS {kind}) AS {name}"
                for name, kind in kinds.items()
            )
            sql = f"SELECT * REPLACE ({sums}) FROM ({sql})"
        engine.execute(f"CREATE VIEW good AS {sql}")

    def _again(self, relation: str) -> str:
        """SQL: rows of the spool with every column that is read from files."""
        filled = self._filled(relation, again=True)
        return self._by_date.resolved(filled, problems=False) if self._has_history() else filled

    def derived(self, filled: str) -> str:
        """SQL: all columns of the source out of a filled relation."""
        columns = "".join(
            f", {identifier(c.name)}"
            if c.derive is None
            else f", CAST({spell(c.derive, self._say)} AS {DUCKDB[c.type]}) AS {identifier(c.name)}"
            for c in self._source.columns
        )
        return f"SELECT rid, row_id, source_row, sheet{columns} FROM ({filled}) CROSS JOIN facts"

    @property
    def telling_keys(self) -> list[str] | None:
        """The key columns in which rows of the spool can differ; None where others are needed.

        A key column that the file lacks is the same for all rows, unless its fill reads others.
        """
        source = self._source
        keys = [name for name in source.key if not self._is_fixed(source.column(name))]
        return keys if keys and set(keys) <= self._given else None

    def distinct(self, columns: Sequence[str]) -> set[tuple[str | None, ...]] | None:
        """The different combinations of words in these columns; None where the spool lacks some.

        Dictionaries are compared, not rows: an engine would take seconds for ten million of them.
        """
        given = [name for name in columns if name in self._given]
        others = [self._source.column(name) for name in columns if name not in self._given]
        if not given or self._has_history() or not all(map(self._is_fixed, others)):
            return None
        same = {column.name: self._same(column, 1)[0].as_py() for column in others}
        found: set[tuple[str | None, ...]] = set()
        for chunk in self.spool.chunks(given):
            combined = np.zeros(chunk.num_rows, np.int64)
            words: dict[str, list[str | None]] = {}
            for name in given:
                column = whole(chunk[name])
                words[name] = [*column.dictionary.to_pylist(), None]
                codes = column.indices.fill_null(len(words[name]) - 1).to_numpy()
                combined = combined * len(words[name]) + codes
            for code in np.unique(combined).tolist():
                row = dict(same)
                for name in reversed(given):
                    code, at = divmod(code, len(words[name]))
                    row[name] = words[name][at]
                found.add(tuple(row[name] for name in columns))
        return found

    def chunks(self) -> Iterator[pa.Table]:
        """The kept rows with all stored columns, chunk by chunk. For sources that add nothing up.

        Records of rows that another chunk holds back are still among them.
        """
        stored = [c for c in self._source.columns if c.stored]
        given = [c.name for c in stored if c.name in self._given]
        fixed = [c for c in stored if self._is_fixed(c)] if not self._has_history() else []
        computed = [c.name for c in stored if c.name not in given and c not in fixed]
        listed = ", ".join(identifier(name) for name in computed)
        sql = f"SELECT {listed} FROM ({self.derived(self._again('spooled'))})"
        if self._has_history():
            sql += " ORDER BY rid"  # rows were joined
        for chunk in self.spool.chunks():
            table = chunk.select(["rid", "row_id", "source_row", *given])
            for column in fixed:
                table = table.append_column(column.name, self._same(column, chunk.num_rows))
            if computed:
                self._engine.register("spooled", chunk)
                for name, values in zip(computed, self._engine.arrow(sql).columns, strict=True):
                    text_like = pa.types.is_string(values.type)
                    values = values.dictionary_encode() if text_like else values
                    table = table.append_column(name, values)
            yield table

    def _same(self, column: Column, rows: int) -> pa.Array:
        """The values of a column that the file lacks and that is the same for all rows."""
        fill = self._fill(column)
        kind = ARROW[column.type]
        if fill is None:
            return pa.nulls(rows, kind)
        word = fill.strip()[1:-1]
        if not pa.types.is_string(kind):
            return pa.repeat(pa.scalar(word).cast(kind), rows)
        indices = pa.repeat(pa.scalar(0, pa.int32()), rows)
        return pa.DictionaryArray.from_arrays(indices, pa.array([word]))


def validate(
    engine: Engine,
    source: Source,
    profile: Profile,
    staged: Staged,
    folder: Path,
    *,
    municipality: str | None,
    known: Mapping[str, str],
) -> Judge:
    """Judge all records. See the module's docstring for what is left in the engine.

    folder: for rows on their way. municipality: six digits for rows that name none. known: code →
    kind of municipality. The next chunk is read while one is judged.
    """
    judge = Judge(engine, source, profile, staged.given, municipality, known, folder)
    for records in ahead(staged.records):
        judge.see(records)
    judge.finish(staged)
    return judge
