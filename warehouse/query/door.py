"""The door: what a caller writes after `where` becomes checked conditions on columns.

27206 and 272060 name the same municipality, `2026-10` a month, 月 a weekday, 市民課 a department.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from warehouse import codes
from warehouse.query.errors import QueryError, UnknownValue, near
from warehouse.query.labels import labels
from warehouse.query.registry import Dimension, Metric, dimension_of
from warehouse.query.release import Release


class Span(NamedTuple):
    """From one value to another, both included; None leaves an end open."""

    from_: Any
    to: Any


@dataclass(frozen=True)
class Condition:
    """A dimension's column is one of `values` (None is null), or lies in `span`."""

    dimension: Dimension
    values: tuple[Any, ...] = ()
    span: Span | None = None

    @property
    def is_single(self) -> bool:
        """True where exactly one value is named."""
        return self.span is None and len(self.values) == 1


def conditions(where: Mapping[str, Any], metric: Metric, release: Release) -> list[Condition]:
    """Check and normalise filters. Raises UnknownDimension and UnknownValue."""
    found = []
    for name, given in where.items():
        dimension = dimension_of(name, metric)
        if isinstance(given, Span):
            ends = (_read(one, dimension, release) for one in given)
            found.append(Condition(dimension, span=Span(*ends)))
            continue
        many = given if isinstance(given, Iterable) and not isinstance(given, str) else [given]
        values = tuple(_read(one, dimension, release) for one in many)
        if dimension.all_word is None or dimension.all_word not in values:
            found.append(Condition(dimension, tuple(dict.fromkeys(values))))
    return found


def check_single(metric: Metric, by: Iterable[str], found: Iterable[Condition]) -> None:
    """Raise QueryError where values that do not add up (years, surveys) would be added."""
    for condition in found:
        name = condition.dimension.id
        if name in metric.single and name not in by and not condition.is_single:
            raise QueryError(
                f"指標「{metric.id}」は「{name}」をまたいで足し合わせられません。"
                f"{name} を1つに絞るか、--by に {name} を加えてください"
            )


def _read(given: Any, dimension: Dimension, release: Release) -> Any:
    if given is None:
        return None
    if hasattr(given, "item") and not isinstance(given, str):
        given = given.item()
    value = _READERS[dimension.kind](given)
    if dimension.values:
        if value in dimension.values:
            return value
        value = None
    elif dimension.kind == "text" and dimension.table:
        value = _by_label(given, dimension, release) or value
    if value is None:
        value = _by_label(given, dimension, release)
    if value is None:
        hint = _hint(given, dimension, release)
        raise UnknownValue(f"「{dimension.id}」に「{given}」という値はありません。{hint}")
    return value


def _hint(given: Any, dimension: Dimension, release: Release) -> str:
    """How the value should have been written."""
    if dimension.kind in _EXPECTED:
        return _EXPECTED[dimension.kind]
    names = list(labels(dimension.id, release).values())
    codes = list(dimension.values)
    if dimension.kind == "int" and codes:
        return f"{codes[0]}～{codes[-1]}（{names[0]}～{names[-1]}）で書いてください"
    everything = [*codes, *names]
    return near(given, everything) or f"あるもの: {'、'.join(map(str, everything))}"


def _by_label(given: Any, dimension: Dimension, release: Release) -> Any:
    """The code whose label was written, where exactly one has it."""
    found = [code for code, label in labels(dimension.id, release).items() if label == given]
    return found[0] if len(found) == 1 else None


def _text(given: Any) -> str:
    return str(given)


def _int(given: Any) -> int | None:
    try:
        return int(given)
    except (TypeError, ValueError):
        return None


def _date(given: Any) -> date | None:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def _month(given: Any) -> date | None:
    day = _date(f"{given}-01" if isinstance(given, str) and given.count("-") == 1 else given)
    return day.replace(day=1) if day else None


def _municipality(given: Any) -> str | None:
    return codes.normalise(given)


def _prefecture(given: Any) -> str | None:
    text = str(given).strip()
    if text.isascii() and text.isdigit() and len(text) <= 2:
        text = f"{text:0>2}000"
    return codes.normalise(text)


_READERS = {
    "text": _text,
    "int": _int,
    "date": _date,
    "month": _month,
    "municipality": _municipality,
    "prefecture": _prefecture,
}

_EXPECTED = {
    "date": "2026-10-01 のように書いてください",
    "month": "2026-10 のように書いてください",
    "municipality": "6桁の団体コード（検査数字つき）で書いてください",
    "prefecture": "01～47 か、6桁の団体コードで書いてください",
}
