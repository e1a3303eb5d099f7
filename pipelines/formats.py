"""Dates and times in the form that a profile names (`formats`), where the usual reading is wrong.

Tokens: %Y four digits, %y two (2000–2099), %EY an era and its year, %m %d %H %M %S.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

_PARTS = {
    "%Y": r"(?P<Y>\d{4})",
    "%y": r"(?P<y>\d{2})",
    "%EY": r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\.? *(?P<EY>\d{1,2}|元)",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})",
}
_BEFORE_FIRST = {"令": 2018, "R": 2018, "平": 1988, "H": 1988, "昭": 1925, "S": 1925}
_BEFORE_FIRST |= {"大": 1911, "T": 1911, "明": 1867, "M": 1867}
"""The year before the first of each era."""

Value = dt.datetime | dt.date | str | None


def reader(form: str, kind: str) -> Callable[[str], Value]:
    """A function that reads a text of this form as a value of a column type.

    kind: timestamp (datetime), date, month (date; the month's first day) or time (HH:MM). The
    function gives None where the text has another form or names what never was.
    """
    tokens = re.split(r"(%E?[YymdHMS])", form)
    # Digits that stand together are of fixed width: %Y%m%d means eight digits.
    joined = any(mark == "" for mark in tokens[2:-2:2])
    pattern = "".join(_PARTS.get(token, re.escape(token)) for token in tokens)
    if joined:
        pattern = pattern.replace(r"\d{1,2})", r"\d{2})")
    compiled = re.compile(pattern)

    def read(text: str) -> Value:
        found = compiled.fullmatch(unicodedata.normalize("NFKC", text).strip())
        return None if found is None else _value(found.groupdict(), kind)

    return read


def _value(parts: dict[str, str | None], kind: str) -> Value:
    hour, minute, second = (int(parts.get(name) or 0) for name in "HMS")
    try:
        time = dt.time(hour, minute, second)
        if kind == "time":
            return time.strftime("%H:%M")
        day = dt.date(_year(parts), int(parts.get("m") or 1), int(parts.get("d") or 1))
    except ValueError:
        return None
    if kind == "month":
        return day.replace(day=1)
    return dt.datetime.combine(day, time) if kind == "timestamp" else day


def _year(parts: dict[str, str | None]) -> int:
    if era := parts.get("era"):
        written = parts["EY"] or ""
        return _BEFORE_FIRST[era[0]] + (1 if written == "元" else int(written))
    if short := parts.get("y"):
        return 2000 + int(short)
    return int(parts.get("Y") or 0)
