"""The registry of sources: one YAML file per source says what its rows are.

A source YAML has

    id, label {ja, en}, owner, licence, landing_page, schedule (monthly | yearly | once)
    forms     {ja, en}: what shapes of file are read, where it is not one row per record
    adapter   name of a module in pipelines/adapters (left out for a plain table)
    columns   in the order of the lake; each: name, type, label {ja, en} and of
        headers       names that files give the column
        date_headers  timestamp only: a column with the date, where `headers` hold the time alone
        required      true: the file must have the column and each row a value
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
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import pyarrow as pa
import yaml

from pipelines.sources.types import ColumnType

ARROW: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "month": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "time": pa.string(),
    "municipality": pa.string(),
    "area": pa.string(),
}
"""Lake types. A month is the date of its first day, a time is text HH:MM, codes are six digits."""

PROVENANCE = (
    pa.field("source_file", pa.string()),
    pa.field("source_sha256", pa.string()),
    pa.field("source_row", pa.int64()),
)
"""Where a lake row comes from; every lake table ends with these."""


class SourceError(Exception):
    """A source YAML of the product is wrong. For developers: it names the file and the key."""


@dataclass(frozen=True)
class Label:
    """A name in Japanese and English."""

    ja: str
    en: str


@dataclass(frozen=True)
class Column:
    """One column of a source; the module's docstring explains each field."""

    name: str
    type: ColumnType
    label: Label
    headers: tuple[str, ...] = ()
    date_headers: tuple[str, ...] = ()
    required: bool = False
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    half_width: bool = False
    min: str | float | None = None
    max: str | float | None = None
    fill: str | None = None
    derive: str | None = None
    stored: bool = True
    compared: bool = True
    note: Label | None = None
    example: str | None = None


@dataclass(frozen=True)
class Rule:
    """A check of each row: `bad` is an SQL predicate over the typed columns, true for a bad row."""

    id: str
    column: str
    bad: str
    message: Label


@dataclass(frozen=True)
class Aggregate:
    """Files without the column `missing` have one row per unit: add up `sum` per key."""

    missing: str
    sum: tuple[str, ...]


@dataclass(frozen=True)
class Unpivot:
    """Wide files have one column per word of the column `name`, and `value` in its cells."""

    name: str
    value: str

    @property
    def columns(self) -> tuple[str, str]:
        """Both columns."""
        return self.name, self.value


@dataclass(frozen=True)
class Period:
    """SQL aggregates over a file's accepted rows that give its first and last date."""

    from_: str
    to: str


@dataclass(frozen=True)
class Source:
    """A kind of file, and the lake table that its rows go to."""

    id: str
    label: Label
    owner: str
    licence: str
    landing_page: str
    schedule: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    period: Period
    forms: Label | None = None
    adapter: str | None = None
    rules: tuple[Rule, ...] = ()
    facts: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    aggregate: Aggregate | None = None
    unpivot: Unpivot | None = None
    settings: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    feeds: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the lake table, provenance last."""
        stored = [pa.field(c.name, ARROW[c.type]) for c in self.columns if c.stored]
        return pa.schema([*stored, *PROVENANCE])

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id}.{name}")

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """Columns that come from the file; the others are derived."""
        return tuple(column for column in self.columns if column.derive is None)


def _label(value: Any, where: str) -> Label:
    if not isinstance(value, dict) or set(value) != {"ja", "en"}:
        raise SourceError(f"{where}: needs ja and en")
    return Label(str(value["ja"]), str(value["en"]))


def _check_keys(given: dict[str, Any], known: set[str], needed: set[str], where: str) -> None:
    if unknown := set(given) - known:
        raise SourceError(f"{where}: unknown key {sorted(unknown)}")
    if missing := needed - set(given):
        raise SourceError(f"{where}: missing key {sorted(missing)}")


def _column(given: dict[str, Any], where: str) -> Column:
    where = f"{where}: column {given.get('name')}"
    _check_keys(given, set(Column.__dataclass_fields__), {"name", "type", "label"}, where)
    if given["type"] not in get_args(ColumnType):
        raise SourceError(f"{where}: unknown type {given['type']}")
    values = dict(given)
    values["label"] = _label(given["label"], where)
    values["note"] = _label(given["note"], where) if "note" in given else None
    values["example"] = str(given["example"]) if "example" in given else None
    values["headers"] = tuple(given.get("headers", ()))
    values["date_headers"] = tuple(given.get("date_headers", ()))
    values["values"] = tuple(
        (str(stored), tuple(str(word) for word in words))
        for stored, words in given.get("values", {}).items()
    )
    return Column(**values)


def parse_source(given: dict[str, Any], where: str) -> Source:
    """Build a Source from its YAML. Raises SourceError naming `where` and the wrong key."""
    known = set(Source.__dataclass_fields__)
    _check_keys(
        given,
        known,
        known - {"forms", "adapter", "rules", "facts", "aggregate", "unpivot", "settings", "feeds"},
        where,
    )
    columns = tuple(_column(column, where) for column in given["columns"])
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise SourceError(f"{where}: a column is named twice")
    rules = []
    for rule in given.get("rules", []):
        _check_keys(rule, set(Rule.__dataclass_fields__), set(Rule.__dataclass_fields__), where)
        message = _label(rule["message"], f"{where}: rule {rule['id']}")
        rules.append(Rule(rule["id"], rule["column"], rule["bad"], message))
    for name in [*given["key"], *(rule.column for rule in rules)]:
        if name not in names:
            raise SourceError(f"{where}: no column {name}")
    _check_keys(given["period"], {"from", "to"}, {"from", "to"}, where)
    aggregate, unpivot = given.get("aggregate"), given.get("unpivot")
    return Source(
        id=given["id"],
        label=_label(given["label"], where),
        owner=given["owner"],
        licence=given["licence"],
        landing_page=given["landing_page"],
        schedule=given["schedule"],
        columns=columns,
        key=tuple(given["key"]),
        period=Period(given["period"]["from"], given["period"]["to"]),
        forms=_label(given["forms"], where) if "forms" in given else None,
        adapter=given.get("adapter"),
        rules=tuple(rules),
        facts=MappingProxyType(dict(given.get("facts", {}))),
        aggregate=Aggregate(aggregate["missing"], tuple(aggregate["sum"])) if aggregate else None,
        unpivot=Unpivot(unpivot["name"], unpivot["value"]) if unpivot else None,
        settings=MappingProxyType({k: str(v) for k, v in given.get("settings", {}).items()}),
        feeds=given.get("feeds"),
    )


@cache
def load_sources() -> dict[str, Source]:
    """All sources by id, in alphabetical order. Raises SourceError."""
    found: dict[str, Source] = {}
    for path in sorted(Path(__file__).parent.glob("*.yml")):
        source = parse_source(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
        if source.id != path.stem:
            raise SourceError(f"{path.name}: id is {source.id}")
        found[source.id] = source
    return found
