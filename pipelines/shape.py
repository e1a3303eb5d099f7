"""Whether a file without a header has the shape that a profile's `positions` describe.

Only the first rows are looked at, and only as far as needed to tell one file from another: what a
value means is decided later, row by row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipelines.formats import reader
from pipelines.lookup import dictionary
from pipelines.plain import plain_word
from pipelines.profile import Profile
from pipelines.sources import Column, Source

ROWS = 20
"""So many rows with text are looked at."""

SHARE = 0.8
"""So many of a column's values must be of its type; the rest may be slips."""

_ERA = r"(明治|大正|昭和|平成|令和|[mtshr])\.? *"
_DATE = (
    rf"(({_ERA})?(\d{{1,4}}|元) *[年/.-] *\d{{1,2}}( *[月/.-] *\d{{1,2}} *日?)?|\d{{6}}|\d{{8}})"
)
_TIME = r"(午前|午後|am|pm)? *\d{1,2}[:時] *(\d{1,2}([:分]( *\d{1,2}(\.\d+)?秒?)?)?)?"
_WEEKDAY = r"( *\([日月火水木金土]\))?"
_SERIAL = r"[2-7]\d{4}(\.\d+)?"
_NUMBER = r"[+\-−△▲]? *[\d, ]*\d(\.\d+)?(e[+-]?\d+)? *(人|名|件|分|歳|回|時間|秒|枚)?"

_TYPES = {
    "int": _NUMBER,
    "long": _NUMBER,
    "float": _NUMBER,
    "bool": r"[01]|true|false|はい|いいえ|有|無|○|〇|×|済|未",
    "date": rf"{_DATE}{_WEEKDAY}|{_SERIAL}",
    "month": rf"{_DATE}月?|{_SERIAL}",
    "timestamp": rf"{_DATE}{_WEEKDAY}[ t]*{_TIME}|\d{{8}} ?\d{{2}}:?\d{{2}}(:?\d{{2}})?|{_SERIAL}",
    "time": rf"{_TIME}|0?\.\d+",
    "municipality": r"\d{4,6}",
    "area": r"\d{4,6}",
}
"""What a value of each type looks like, width and case of letters apart."""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def looks_like(text: str, kind: str) -> bool:
    """True where a text may be a value of this type. Every text is a text."""
    pattern = _TYPES.get(kind)
    return pattern is None or re.fullmatch(pattern, _folded(text)) is not None


def _fits(text: str, column: Column, profile: Profile, words: dict[str, str]) -> bool:
    """True where a text may be a value of the column."""
    if words:
        return plain_word(text) in words
    if form := profile.formats.get(column.name):
        return reader(form, column.type)(text) is not None
    return looks_like(text, column.type)


def _joined(day: str, time: str) -> str:
    """A moment out of a date and a time, unless the time has a date of its own."""
    return time if not time or looks_like(time, "timestamp") else f"{day} {time}"


def misfit(rows: Sequence[Sequence[str]], source: Source, profile: Profile) -> Column | None:
    """The first column that rows do not have where a profile says so; None where they fit.

    Each column must hold values of its type in nearly all rows, and in the very first row (else
    that one would be a header), and the rows must be wide enough.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row)][:ROWS]

    def cell(row: Sequence[str], at: int) -> str:
        return row[at - 1].strip() if at <= len(row) else ""

    for name, at in profile.positions.items():
        column = source.column(name)
        words = dictionary(column, profile) if column.values else {}
        cells = [cell(row, at) for row in filled]
        if name in profile.date_columns:
            days = [cell(row, int(profile.date_columns[name][0])) for row in filled]
            cells = [_joined(day, time) for day, time in zip(days, cells, strict=True)]
        good = [not text or _fits(text, column, profile, words) for text in cells]
        lacking = column.required and sum(map(bool, cells)) < SHARE * len(cells)
        if not good or not good[0] or sum(good) < SHARE * len(good) or lacking:
            return column
    return None


def tells_apart(source: Source, profile: Profile) -> bool:
    """True where the shape says something: a column is of a type that not every text has."""
    columns = [source.column(name) for name in profile.positions]
    return any(column.values or column.type in _TYPES for column in columns)


def is_data(row: Sequence[str]) -> bool:
    """True for a row that looks like data, not like a header: half of its cells are values."""
    cells = [cell for cell in row if cell.strip()]
    values = [cell for cell in cells if any(looks_like(cell, k) for k in ("timestamp", "float"))]
    return len(cells) > 1 and 2 * len(values) >= len(cells)
