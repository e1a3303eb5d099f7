"""From a source's YAML to a Source. Every slip is a SchemaError with its line and key."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from pipelines.marked import Marked
from pipelines.sources.model import Aggregate, Column, Label, Period, Rule, Source, Unpivot
from pipelines.sources.types import ColumnType

ADAPTERS = Path(__file__).parents[1] / "adapters"

SCHEDULES = ("monthly", "yearly", "once")

_OPTIONAL = {"forms", "adapter", "rules", "facts", "aggregate", "unpivot", "settings", "feeds"}
_NUMBERS = ("int", "long", "float")
_DAYS = ("date", "month", "timestamp")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def label(given: Marked) -> Label:
    """A name in both languages."""
    parts = given.mapping(("ja", "en"), ("ja", "en"))
    return Label(parts["ja"].text(), parts["en"].text())


def adapter(given: Marked) -> str:
    """The name of a module of pipelines/adapters."""
    known = sorted(path.stem for path in ADAPTERS.glob("*.py") if path.stem != "__init__")
    return given.one_of(known, "アダプター", "adapter")


def _name(given: Marked) -> str:
    text = given.text()
    if not _NAME.fullmatch(text):
        raise given.error(
            f"英小文字・数字・_ の名前にしてください（「{text}」とあります）",
            f"must be a name of a–z, 0–9 and _, not {text}",
        )
    return text


def _core_table(given: Marked) -> str:
    text = _name(given)
    if not text.startswith("core_"):
        raise given.error(
            f"core_ で始まる表の名前にしてください（「{text}」とあります）",
            f"must be the name of a core table (core_…), not {text}",
        )
    return text


def words(given: Marked) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Stored value → the words that files write; a word belongs to one stored value only."""
    found: list[tuple[str, tuple[str, ...]]] = []
    seen: dict[str, str] = {}
    for stored, listed in given.mapping().items():
        for word in (texts := listed.texts()):
            if word in seen:
                raise listed.error(
                    f"「{word}」は {seen[word]} にも書かれています",
                    f"{word} stands under {seen[word]} too",
                )
            seen[word] = stored
        found.append((stored, texts))
    return tuple(found)


def _bound(given: Marked, kind: str) -> str | float:
    """The least or greatest value of a column."""
    if kind in _NUMBERS:
        value = given.number()
        return int(value) if value.is_integer() else value
    if kind not in _DAYS:
        raise given.error(
            f"型 {kind} の列には書けません", f"has no meaning for a column of type {kind}"
        )
    text = given.text()
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise given.error(
            f"日付は 2000-01-01 の形で書いてください（「{text}」とあります）",
            f"needs a date such as 2000-01-01, not {text}",
        ) from error
    return text


def _column(given: Marked) -> Column:
    parts = given.mapping(Column.__dataclass_fields__, ("name", "type", "label"))
    kind: Any = parts["type"].one_of(get_args(ColumnType), "型", "type")
    values: dict[str, Any] = {
        "name": _name(parts["name"]),
        "type": kind,
        "label": label(parts["label"]),
    }
    for key in ("headers", "date_headers"):
        if key in parts:
            values[key] = parts[key].texts()
    for key in ("required", "in_header", "half_width", "stored", "compared"):
        if key in parts:
            values[key] = parts[key].flag()
    for key in ("fill", "derive", "example"):
        if key in parts:
            values[key] = parts[key].text()
    if "note" in parts:
        values["note"] = label(parts["note"])
    for key in ("min", "max"):
        if key in parts:
            values[key] = _bound(parts[key], kind)
    if "values" in parts:
        values["values"] = words(parts["values"])
    if "date_headers" in parts and kind != "timestamp":
        raise parts["date_headers"].error(
            "日時（timestamp）の列だけに書けます", "is for columns of type timestamp only"
        )
    if "derive" in parts:
        for key in ("headers", "date_headers", "fill", "required", "in_header"):
            if key in parts:
                raise parts[key].error(
                    "derive の列はファイルから読まないので書けません",
                    "a derived column is not read from files",
                )
    return Column(**values)


def _columns(given: Marked) -> tuple[Column, ...]:
    found: dict[str, Column] = {}
    for item in given.items():
        column = _column(item)
        if column.name in found:
            raise item.error(
                f"列「{column.name}」が2回書かれています", f"the column {column.name} stands twice"
            )
        found[column.name] = column
    return tuple(found.values())


def _of(given: Marked, names: Collection[str]) -> str:
    return given.one_of(names, "列", "column")


def _rules(given: Marked, names: Collection[str]) -> tuple[Rule, ...]:
    needed = tuple(Rule.__dataclass_fields__)
    found: dict[str, Rule] = {}
    for item in given.items():
        parts = item.mapping(needed, needed)
        rule = Rule(
            _name(parts["id"]),
            _of(parts["column"], names),
            parts["bad"].text(),
            label(parts["message"]),
        )
        if rule.id in found:
            raise parts["id"].error(
                f"規則「{rule.id}」が2回書かれています", f"the rule {rule.id} stands twice"
            )
        found[rule.id] = rule
    return tuple(found.values())


def _check_spelling(
    parts: dict[str, Marked], columns: tuple[Column, ...], settings: Collection[str]
) -> None:
    """The names that stand in SQL for columns, settings and facts must exist."""
    read = {column.name for column in columns if column.derive is None}
    facts = set(parts["facts"].mapping()) if "facts" in parts else set()
    known = {"given": read, "raw": read, "setting": set(settings), "fact": facts}
    pieces = [item.mapping() for item in parts["columns"].items()]
    pieces += [item.mapping() for item in parts["rules"].items()] if "rules" in parts else []
    for piece in pieces:
        for key in ("fill", "derive", "bad"):
            if key not in piece:
                continue
            for prefix, name in re.findall(r"\b(given|raw|setting|fact)_(\w+)", piece[key].text()):
                if name not in known[prefix]:
                    raise piece[key].error(
                        f"{prefix}_{name} の「{name}」はありません",
                        f"{prefix}_{name} stands for nothing",
                    )


def parse(top: Marked) -> Source:
    """Build a Source from its YAML. Raises SchemaError."""
    known = tuple(Source.__dataclass_fields__)
    parts = top.mapping(known, [name for name in known if name not in _OPTIONAL])
    columns = _columns(parts["columns"])
    names = [column.name for column in columns]
    settings = parts["settings"].mapping() if "settings" in parts else {}
    period = parts["period"].mapping(("from", "to"), ("from", "to"))
    _check_spelling(parts, columns, settings)
    aggregate = unpivot = None
    if "aggregate" in parts:
        given = parts["aggregate"].mapping(("missing", "sum"), ("missing", "sum"))
        summed = tuple(_of(item, names) for item in given["sum"].items())
        aggregate = Aggregate(_of(given["missing"], names), summed)
    if "unpivot" in parts:
        given = parts["unpivot"].mapping(("name", "value"), ("name", "value"))
        unpivot = Unpivot(_of(given["name"], names), _of(given["value"], names))
    return Source(
        id=_name(parts["id"]),
        label=label(parts["label"]),
        owner=parts["owner"].text(),
        licence=parts["licence"].text(),
        landing_page=parts["landing_page"].text(blank=True),
        schedule=parts["schedule"].one_of(SCHEDULES, "周期", "schedule"),
        columns=columns,
        key=tuple(_of(item, names) for item in parts["key"].items()),
        period=Period(period["from"].text(), period["to"].text()),
        forms=label(parts["forms"]) if "forms" in parts else None,
        adapter=adapter(parts["adapter"]) if "adapter" in parts else None,
        rules=_rules(parts["rules"], names) if "rules" in parts else (),
        facts=MappingProxyType(
            {k: v.text() for k, v in parts["facts"].mapping().items()} if "facts" in parts else {}
        ),
        aggregate=aggregate,
        unpivot=unpivot,
        settings=MappingProxyType({name: value.text() for name, value in settings.items()}),
        feeds=_core_table(parts["feeds"]) if "feeds" in parts else None,
    )
