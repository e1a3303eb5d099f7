"""Single values of a profile's YAML, each with its own check."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from datetime import date

from pipelines.marked import Marked
from pipelines.plain import plain_word
from pipelines.sources import Column
from pipelines.sources.schema import words
from warehouse import codes

ENCODINGS = (
    *("cp932", "shift_jis", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("euc_jp", "iso2022_jp"),
)
"""Encodings that Japanese offices write; others have no commas where one would look for them."""

TOKENS = ("%Y", "%y", "%EY", "%m", "%d", "%H", "%M", "%S")
"""What a format may hold."""

_YEAR = ("%Y", "%y", "%EY")
_DATED = ("date", "month", "timestamp")
_NUMBERS = ("int", "long", "float")
_REGEX = re.compile(r"\.\*|\.\+|^\^|\$$|\\[dws]|\(\?")


def pattern(given: Marked) -> str:
    """A pattern of file names with * and ?."""
    text = given.text()
    if _REGEX.search(text):
        raise given.error(
            "ファイル名は * と ? で書きます（正規表現ではありません。例: 北支所*.csv）",
            f"write the name with * and ?, such as north*.csv; it is no regular expression: {text}",
        )
    if "/" in text or "\\" in text:
        raise given.error(
            "フォルダーは書かず、ファイル名だけを書いてください",
            "write the name of the file alone, no folder",
        )
    if text.count("[") != text.count("]"):
        raise given.error("括弧 [ ] が閉じていません", "a bracket is left open")
    return text


def encoding(given: Marked) -> str:
    """The name of an encoding that offices write."""
    text = given.text()
    try:
        if codecs.lookup(text).name in {codecs.lookup(name).name for name in ENCODINGS}:
            return text
    except (LookupError, ValueError):  # no name of an encoding at all
        pass
    return given.one_of(ENCODINGS, "文字コード", "encoding")


def format_of(given: Marked, column: Column) -> str:
    """A format of dates and times."""
    if column.type not in (*_DATED, "time"):
        raise given.error(
            f"日付・時刻ではない列（型 {column.type}）には書けません",
            f"is for dates and times, not for type {column.type}",
        )
    text = given.text()
    tokens = re.findall(r"%E?.?", text)
    for token in tokens:
        if token not in TOKENS:
            raise given.error(
                f"「{token}」は使えません。使えるもの: {' '.join(TOKENS)}",
                f"{token} is not known; known are {' '.join(TOKENS)}",
            )
        if tokens.count(token) > 1:
            raise given.error(f"「{token}」が2回あります", f"{token} stands twice")
    years = [token for token in tokens if token in _YEAR]
    if len(years) > 1:
        raise given.error(
            f"年が2つあります（{' '.join(years)}）", f"the year stands twice ({' '.join(years)})"
        )
    needed = {
        "date": ("%m", "%d"),
        "month": ("%m",),
        "timestamp": ("%m", "%d", "%H"),
        "time": ("%H",),
    }[column.type]
    lacking = [token for token in needed if token not in tokens]
    if column.type in _DATED and not years:
        lacking.insert(0, "%Y")
    if lacking:
        raise given.error(f"{' '.join(lacking)} がありません", f"{' '.join(lacking)} is missing")
    if column.type == "time" and (years or {"%m", "%d"} & set(tokens)):
        raise given.error("時刻の列に日付は書けません", "a time of day has no date")
    return text


def factor(given: Marked, column: Column) -> float:
    """What the file's numbers are multiplied by."""
    if column.type not in _NUMBERS:
        raise given.error(
            f"数ではない列（型 {column.type}）には書けません",
            f"is for numbers, not for type {column.type}",
        )
    value = given.number()
    if value <= 0:
        raise given.error("0 より大きい数で書いてください", "must be greater than 0")
    return value


def dates_of(given: Marked, column: Column) -> tuple[str, ...]:
    """Headers of the cell with the date that belongs to a time."""
    if column.type != "timestamp":
        raise given.error(
            f"日時ではない列（型 {column.type}）には書けません",
            f"is for moments, not for type {column.type}",
        )
    return given.texts()


def values_of(given: Marked, column: Column) -> dict[str, tuple[str, ...]]:
    """Stored value → further words that the file writes."""
    stored = [value for value, _ in column.values]
    if not stored:
        raise given.error(
            f"列「{column.label.ja}」には決まった値がありません（ファイルの値がそのまま入ります）",
            "the column has no fixed values; what the file writes is kept",
        )
    given.mapping(stored)
    return dict(words(given))


_CONSTANTS: Mapping[str, tuple[str, str]] = {
    "int": (r"[+-]?\d{1,9}", "12"),
    "long": (r"[+-]?\d{1,18}", "12"),
    "float": (r"[+-]?\d+(\.\d+)?", "12.5"),
    "bool": (r"true|false", "true"),
    "date": (r"\d{4}-\d{2}-\d{2}", "2026-10-01"),
    "month": (r"\d{4}-\d{2}", "2026-10"),
    "timestamp": (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?", "2026-10-01 09:00"),
    "time": (r"([01]\d|2[0-3]):[0-5]\d", "09:00"),
}
"""How a constant is written, by the type of its column, and an example."""


def constant(given: Marked, column: Column, known: Mapping[str, tuple[str, ...]]) -> str:
    """A value for the whole file. known: the words that the profile itself adds."""
    text = given.text()
    if column.values:
        usable = {plain_word(one): one for one, listed in column.values for one in (one, *listed)}
        usable |= {plain_word(word): word for listed in known.values() for word in listed}
        if plain_word(text) not in usable:
            given.one_of([stored for stored, _ in column.values], "値", "value")
    elif column.type in ("municipality", "area"):
        if codes.normalise(text) is None:
            raise given.error(
                f"「{text}」は団体コードではありません。検査数字を含む6桁で書いてください",
                f"{text} is no municipality code; write all six digits",
            )
    elif column.type in _CONSTANTS:
        pattern, example = _CONSTANTS[column.type]
        if not re.fullmatch(pattern, text) or not _is_day(text, column):
            raise given.error(
                f"{example} の形で書いてください（「{text}」とあります）",
                f"needs a value such as {example}, not {text}",
            )
    return text


def _is_day(text: str, column: Column) -> bool:
    """False where a date stands for a day that never was."""
    if column.type not in _DATED:
        return True
    try:
        date.fromisoformat(f"{text}-01" if column.type == "month" else text[:10])
    except ValueError:
        return False
    return True
