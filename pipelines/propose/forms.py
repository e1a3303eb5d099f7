"""In which form dates and times are written, where the usual reading does not understand them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from pipelines.formats import reader

_DAYS = (
    *("%Y%m%d", "%y%m%d", "%EY%m%d"),
    *(f"%{y}{mark}%m{mark}%d" for y in ("Y", "y", "EY") for mark in "/-. "),
    *(
        f"{a}{mark}{b}{mark}%{y}"
        for a, b in (("%d", "%m"), ("%m", "%d"))
        for y in "Yy"
        for mark in "/-. "
    ),
    *("%Y年%m月%d日", "%y年%m月%d日", "%EY年%m月%d日"),
)
_TIMES = (
    *("%H:%M:%S", "%H:%M", "%H%M%S", "%H%M", "%H.%M.%S", "%H.%M", "%H-%M-%S", "%H-%M"),
    *("%H時%M分%S秒", "%H時%M分"),
)
_JOINTS = (" ", "", "T", "_", "-", "/", ",")

FIRST_YEAR = 1990
"""No machine's log is older; an earlier year means that the form is another."""

ENOUGH = 0.98
"""A form must read this share of the values; the rest may be slips."""

FEW = 8
"""A form that cannot read any of the first so many values is not looked at further."""

COMPACT = 8
"""Of two readings the right one is known by its span of days, if the other's is so many times as
long: a file covers a day, a month or a year."""

FEWEST_DAYS = 5
"""Fewer days say nothing about a span."""


_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])\.? *")


@cache
def _outline(form: str) -> str:
    """What a form leaves between its numbers; the numbers themselves are 9."""
    return re.sub("9+", "9", re.sub("%[A-Za-z]", "9", form.replace("%EY", "E9")))


def _outline_of(word: str) -> str:
    return re.sub(r"\d+", "9", _ERA.sub("E", unicodedata.normalize("NFKC", word).strip()))


@dataclass(frozen=True)
class Forms:
    """Forms that read a column's values; more than one where the values do not tell.

    span: days from the first to the last value, of the first form.
    """

    forms: tuple[str, ...]
    span: int = 0

    @property
    def share(self) -> float:
        """1 where the values can be read in some form, else 0; to be compared with shares."""
        return 1.0 if self.forms else 0.0

    @property
    def sure(self) -> str | None:
        """The form, where there is only one."""
        return self.forms[0] if len(self.forms) == 1 else None


def _candidates(kind: str) -> list[str]:
    if kind == "time":
        return list(_TIMES)
    if kind == "timestamp":
        pairs = [(f"{day}{joint}{time}") for day, joint, time in product(_DAYS, _JOINTS, _TIMES)]
        return [*pairs, *(f"{time} {day}" for day, time in product(_DAYS, _TIMES))]
    if kind == "month":
        return ["%Y%m", "%y%m", "%EY%m", "%y/%m", "%m/%Y", "%y-%m", "%m-%Y"]
    return list(_DAYS)


def today() -> dt.date:
    """The day by which values in the future are told."""
    return dt.datetime.now().astimezone().date()


def find_forms(words: Sequence[str], kind: str, latest: dt.date) -> Forms:
    """The forms in which nearly all of these values are values of the type, the likeliest first.

    words: distinct values. kind: date, month, time or timestamp. Values after `latest` or before
    FIRST_YEAR speak against a form; of the rest those stay whose days lie close together.
    """
    if not words or sum(c.isdigit() for c in words[0]) < 2:
        return Forms(())
    found: list[tuple[int, str]] = []
    outlines = {_outline_of(word) for word in words[:FEW]}
    for form in _candidates(kind):
        if _outline(form) not in outlines:
            continue
        read = reader(form, kind)
        if not any(read(word) is not None for word in words[:FEW]):
            continue
        values = [value for word in words if (value := read(word)) is not None]
        if len(values) < ENOUGH * len(words):
            continue
        if kind == "time":
            found.append((0, form))
            continue
        days = [v.date() if isinstance(v, dt.datetime) else v for v in values]
        plain = [day for day in days if isinstance(day, dt.date)]
        if min(plain).year >= FIRST_YEAR and max(plain) <= latest + dt.timedelta(days=1):
            found.append(((max(plain) - min(plain)).days, form))
    if not found:
        return Forms(())
    least = min(span for span, _ in found)
    widest = COMPACT * max(least, 1) if least >= FEWEST_DAYS - 1 else float("inf")
    near = [(span, form) for span, form in found if span < widest]
    near.sort(key=lambda pair: pair[0])
    return Forms(tuple(form for _, form in near), least)
