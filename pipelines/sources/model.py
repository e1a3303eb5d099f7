"""What a source consists of; pipelines/sources/__init__.py says how its YAML gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import pyarrow as pa

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
    in_header: bool = False
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

    @property
    def needed(self) -> bool:
        """True where a file without the column cannot be read."""
        return self.required or self.in_header


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

    @cached_property
    def read_columns(self) -> tuple[Column, ...]:
        """Columns that come from the file; the others are derived."""
        return tuple(column for column in self.columns if column.derive is None)
