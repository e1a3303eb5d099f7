"""The registry of sources: one YAML file per source says what its rows are.

A source YAML has

    id, label {ja, en}, owner, licence, landing_page, schedule (monthly | yearly | once)
    forms     {ja, en}: what shapes of file are read, where it is not one row per record
    adapter   name of a module in pipelines/adapters (left out for a plain table)
    columns   in the order of the lake; each: name, type, label {ja, en} and of
        headers       names that files give the column
        date_headers  timestamp only: a column with the date, where `headers` hold the time alone
        required      true: the file must have the column and each row a value
        in_header     true: the file must have the column; rules say when a row may leave it blank
        values        stored value: [words that files write]
        half_width    true: full-width letters and digits are stored half-width
        min, max      numbers and dates
        fill          SQL over the typed columns, used where the file gives nothing
        derive        SQL over the filled columns and facts; such a column is not read from files
        stored        false: needed on the way, not kept in the lake
        compared      false: left out when two rows of one key are compared
        note          {ja, en}: what the column means, where its label does not say it
        example       a value as a clerk would write it, for templates
    facts     name: SQL aggregate over the file's good rows, to be used by `derive` as fact_<name>
    key       columns that name a row; rows that agree on them are duplicates or conflicts
    aggregate {missing, sum}: where the file lacks the column `missing`, each row stands for one
              and rows of one key are added up in the columns `sum`
    unpivot   {name, value}: a file may spread `name` over the header, one column per word of it,
              with `value` in the cells
    rules     id, column, bad (SQL predicate, true for a bad row), message {ja, en}
    period    {from, to}: SQL aggregates over the accepted rows that give dates
    feeds     core table that this source and others of the same columns give rows to; the build
              makes one relation of them (feed_<table>), so that a new one touches no SQL

`given_<column>` stands in fill, derive and rules for "the file has this column";
`setting_<name>` for a setting of the profile, `raw_<column>` for the text as it was written.

A slip in a YAML is a SchemaError that names the file, the line and the key (pipelines/marked.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipelines import marked
from pipelines.sources.model import (
    ARROW,
    PROVENANCE,
    Aggregate,
    Column,
    Label,
    Period,
    Rule,
    Source,
    Unpivot,
)
from pipelines.sources.schema import parse

__all__ = [
    "ARROW",
    "PROVENANCE",
    "Aggregate",
    "Column",
    "Label",
    "Period",
    "Rule",
    "Source",
    "Unpivot",
    "load_sources",
]


@cache
def load_sources() -> dict[str, Source]:
    """All sources by id, in alphabetical order. Raises SchemaError."""
    found: dict[str, Source] = {}
    for path in sorted(Path(__file__).parent.glob("*.yml")):
        top = marked.read_file(path, "source")
        source = parse(top)
        if source.id != path.stem:
            raise top.mapping()["id"].error(
                f"ファイル名と同じ {path.stem} と書いてください",
                f"must be {path.stem}, as the file",
            )
        found[source.id] = source
    return found
