"""From a profile's YAML to a Profile. Every slip is a SchemaError with its line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from pipelines import profile_values
from pipelines.marked import Marked
from pipelines.plain import plain_header
from pipelines.profile_events import parse_events
from pipelines.profile_model import STANDARD, Events, Ignore, Profile
from pipelines.read import HEAD_ROWS
from pipelines.sources import Column, Source, load_sources
from pipelines.sources.schema import adapter

MOST_COLUMNS = 16_384
"""Columns of the widest sheet that a spreadsheet program writes."""

KEYS = (
    *("id", "source", "label", "file", "encoding", "header_row", "columns", "positions"),
    *("date_columns", "constants", "values", "formats", "dates", "units", "ignore", "settings"),
    *("replace", "adapter", "events"),
)
"""Keys of a profile, in the order in which the guide explains them."""

EVENT_ADAPTER = "ticket_events"
"""The adapter that reads `events`."""

T = TypeVar("T")


def _by_column(
    given: Marked | None, columns: Mapping[str, Column], read: Callable[[Marked, Column], T]
) -> dict[str, T]:
    """A mapping whose keys are columns of the source."""
    if given is None:
        return {}
    return {name: read(value, columns[name]) for name, value in given.mapping(columns).items()}


def _settings(given: Marked | None, source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in given.mapping().items() if given else ():
        if name not in source.settings:
            known = source.settings
            raise value.error(
                f"{source.id} に設定「{name}」はありません"
                + (f"。使える設定: {'、'.join(known)}" if known else ""),
                f"{source.id} has no setting {name}"
                + (f"; known are {', '.join(known)}" if known else ""),
            )
        text, usual = value.text(), source.settings[name]
        clock = r"([01]?\d|2[0-3]):[0-5]\d"
        for pattern in (clock, r"\d+"):
            if re.fullmatch(pattern, usual) and not re.fullmatch(pattern, text):
                raise value.error(
                    f"{usual} のように書いてください（「{text}」とあります）",
                    f"needs a value such as {usual}, not {text}",
                )
        found[name] = text
    return found


def _ignore(given: Marked | None, columns: Mapping[str, Column], headless: bool) -> list[Ignore]:
    found: list[Ignore] = []
    for item in given.items() if given else ():
        parts = item.mapping(("column", "header", "values"), ("values",))
        if ("column" in parts) == ("header" in parts):
            raise item.error(
                "column（取込元の列）か header（ファイルの見出し）のどちらか1つを書いてください",
                "needs either column (of the source) or header (of the file)",
            )
        column = header = None
        if "column" in parts:
            column = parts["column"].one_of(columns, "列", "column")
        else:
            header = parts["header"].text()
            if headless:
                raise parts["header"].error(
                    "positions のファイルには見出しがありません。column で書いてください",
                    "a file with positions has no header; name the column",
                )
        found.append(Ignore(column, header, parts["values"].texts()))
    return found


def _apart(given: dict[str, Marked], *names: str, ja: str, en: str) -> None:
    """Raise SchemaError where keys that exclude each other both stand."""
    first, *others = names
    for other in others:
        if first in given and other in given:
            raise given[other].error(ja, en)


def _check_headers(given: Marked | None) -> None:
    """One header must not be given to two columns."""
    owner: dict[str, str] = {}
    for name, listed in given.mapping().items() if given else ():
        for item in listed.items():
            word = plain_header(item.text())
            if owner.setdefault(word, name) != name:
                raise item.error(
                    f"「{item.text()}」は {owner[word]} にも書かれています",
                    f"{item.text()} stands under {owner[word]} too",
                )


def _positions(given: Marked | None, columns: Mapping[str, Column]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in given.mapping(columns).items() if given else ():
        at = value.whole(1, MOST_COLUMNS)
        if at in found.values():
            other = next(key for key, known in found.items() if known == at)
            raise value.error(
                f"{at}列目は {other} にも書かれています", f"cell {at} stands under {other} too"
            )
        found[name] = at
    return found


def _date_positions(given: Marked | None, positions: dict[str, int]) -> None:
    """In a file without a header a date apart is named by the number of its cell."""
    for name, listed in given.mapping().items() if given else ():
        if name not in positions:
            raise listed.error(
                f"positions に {name} がありません", f"positions names no cell for {name}"
            )
        items = listed.items()
        if len(items) > 1:
            raise items[1].error("列の番号を1つだけ書いてください", "needs one number of a cell")
        items[0].whole(1, MOST_COLUMNS)


def _id(given: Marked | None, stem: str) -> str:
    text = given.text() if given else stem
    if given and (text == STANDARD or re.search(r"[\s,、/\\]", text)):
        raise given.error(
            f"id は空白・コンマ・/ を含まない、{STANDARD} 以外の名前にしてください",
            f"the id must hold no blank, comma or slash and not be {STANDARD}",
        )
    return text


def _events(given: dict[str, Marked], module: str | None, top: Marked) -> Events | None:
    """The event section, which goes together with its adapter."""
    if "events" in given and module != EVENT_ADAPTER:
        raise given["events"].error(
            f"events を使うには adapter: {EVENT_ADAPTER} も書いてください",
            f"events needs adapter: {EVENT_ADAPTER} beside it",
        )
    if "events" not in given and module == EVENT_ADAPTER:
        raise given.get("adapter", top).error(
            "events（イベント番号と窓口の表）も書いてください",
            "needs events (codes and queues) beside it",
        )
    return parse_events(given["events"]) if "events" in given else None


def _check_adapter(given: dict[str, Marked], module: str | None) -> None:
    """An adapter finds the cells of its layout itself."""
    for key in ("positions", "header_row", "date_columns"):
        if module is not None and key in given:
            raise given[key].error(
                f"表の形をアダプター {module} が読む取込元では使えません",
                f"has no effect where the adapter {module} reads the layout",
            )


def parse(top: Marked, stem: str) -> Profile:
    """Build a Profile from its YAML. stem: of the file's name, the id where none is given.

    Raises SchemaError.
    """
    given = top.mapping(KEYS, ("source",))
    source = load_sources()[given["source"].one_of(load_sources(), "取込元", "source")]
    columns = {column.name: column for column in source.read_columns}
    name = _id(given.get("id"), stem)
    label = given["label"].mapping(("ja", "en")) if "label" in given else {}
    _apart(
        given,
        *("positions", "header_row", "columns"),
        ja="positions（見出しのないファイル）と一緒には書けません",
        en="cannot stand beside positions, which is for files without a header",
    )
    _check_headers(given.get("columns"))
    positions = _positions(given.get("positions"), columns)
    if positions:
        _date_positions(given.get("date_columns"), positions)
    values = _by_column(given.get("values"), columns, profile_values.values_of)
    module = adapter(given["adapter"]) if "adapter" in given else source.adapter
    _check_adapter(given, module)
    return Profile(
        id=name,
        source=source.id,
        label_ja=label["ja"].text() if "ja" in label else name,
        label_en=label["en"].text() if "en" in label else name,
        file=profile_values.pattern(given["file"]) if "file" in given else None,
        encoding=profile_values.encoding(given["encoding"]) if "encoding" in given else None,
        header_row=given["header_row"].whole(1, HEAD_ROWS) if "header_row" in given else None,
        columns=_by_column(given.get("columns"), columns, lambda node, _: node.texts()),
        constants=_by_column(
            given.get("constants"),
            columns,
            lambda node, column: profile_values.constant(node, column, values.get(column.name, {})),
        ),
        values=values,
        settings=_settings(given.get("settings"), source),
        adapter=module,
        positions=positions,
        formats=_by_column(given.get("formats"), columns, profile_values.format_of),
        date_columns=_by_column(given.get("date_columns"), columns, profile_values.dates_of),
        ignore=tuple(_ignore(given.get("ignore"), columns, "positions" in given)),
        units=_by_column(given.get("units"), columns, profile_values.factor),
        dates=given["dates"].one_of(("1904",), "日付の方式", "date system")
        if "dates" in given
        else None,
        replace=given["replace"].one_of(("period",), "置き換え方", "way to replace")
        if "replace" in given
        else None,
        events=_events(given, module, top),
    )
