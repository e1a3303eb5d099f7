"""Numbers, dates and periods as the readers write them, in Japanese and English.

Negatives carry △ in Japanese and a minus sign in English; − means that there is none, … that it
is not known, * that it is suppressed. People are counted in 万 and 億, never in k or M; years carry
their era and the Western year beside it; the fiscal year starts in April.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Any, Literal

Lang = Literal["ja", "en"]


class Mark(Enum):
    """Why there is no number: none exists, it is not known, it is suppressed."""

    NONE = "−"
    UNKNOWN = "…"
    SUPPRESSED = "*"


Number = float | int | Mark | None
"""A missing value (None or NaN) is an unknown one."""

STYLES = ("number", "share", "people")
"""`share` takes a fraction and shows %; `people` counts in 万 and 億."""


@dataclass(frozen=True)
class Parts:
    """A number and its unit apart, for figures that set the unit small."""

    number: str
    unit: str

    def __str__(self) -> str:
        """Join both as running text: English puts a space before a unit that is a word."""
        spaced = self.unit[:1].isascii() and self.unit[:1].isalpha()
        return f"{self.number}{' ' if spaced else ''}{self.unit}"


def mark(value: Number) -> Mark | None:
    """Return the mark that stands for a missing `value`, None where it is a number."""
    if isinstance(value, Mark):
        return value
    try:
        return Mark.UNKNOWN if value is None or not math.isfinite(value) else None
    except TypeError:  # pandas.NA and NaT
        return Mark.UNKNOWN


def known(values: Iterable[Any]) -> list[float | None]:
    """Return values of a frame as plain numbers, None for each missing one, as charts take them."""
    return [None if mark(value) else float(value) for value in values]


def _rounded(value: float | Decimal, decimals: int) -> Decimal:
    """Round half up, from the value as written and not from its binary neighbour."""
    whole = int(value)
    exact = Decimal(whole) if whole == value else Decimal(str(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _signed(amount: Decimal, text: str, lang: Lang, plus: bool) -> str:
    if amount < 0:
        return f"{'△' if lang == 'ja' else '−'}{text}"
    return f"+{text}" if plus and amount > 0 else text


def number(value: Number, decimals: int = 0, lang: Lang = "ja", *, plus: bool = False) -> str:
    """Write a plain number: separators, `decimals` places rounded half up, △ for negatives."""
    missing = mark(value)
    if missing:
        return missing.value
    amount = _rounded(value, decimals)  # type: ignore[arg-type]
    return _signed(amount, f"{abs(amount):,}", lang, plus)


def amount(value: Number, unit: str, lang: Lang = "ja", *, plus: bool = False) -> Parts:
    """Write a large count of `unit` in 万 and 億 (10,000 and up), in millions in English.

    From 億 on the number is cut after 万, as one reads the whole number aloud up to there:
    126,146,099 is 1億2,614万 and some, although it is nearer to 1億2,615万.
    """
    missing = mark(value)
    if missing:
        return Parts(missing.value, "")
    whole = _rounded(value, 0)  # type: ignore[arg-type]
    size = abs(whole)

    def written(text: str, unit: str) -> Parts:
        return Parts(_signed(whole, text, lang, plus), unit)

    if lang == "en":
        if size < 1_000_000:
            return written(f"{size:,}", unit)
        return written(f"{_rounded(size / 1_000_000, 1):,}", f"million {unit}".strip())
    if size < 10_000:
        return written(f"{size:,}", unit)
    if size < 9_999_500:
        return written(f"{_rounded(size / 10_000, 1):,}", f"万{unit}")
    counted = size // 10_000 if size >= 100_000_000 else _rounded(size / 10_000, 0)
    hundred_millions, ten_thousands = divmod(int(counted), 10_000)
    text = f"{hundred_millions}億" if hundred_millions else ""
    if not ten_thousands:
        return written(text, unit)
    return written(f"{text}{ten_thousands:,}", f"万{unit}")


def parts(
    value: Number,
    style: str = "number",
    decimals: int = 0,
    unit: str = "",
    lang: Lang = "ja",
    *,
    plus: bool = False,
) -> Parts:
    """Write a value in one of STYLES, number and unit apart.

    `share`: fraction → % with `decimals`. `people`: 62.2万人; `unit` and `decimals` do not apply.
    `number`: `decimals` places and `unit`. A missing value has its mark and no unit. `plus` puts
    a + before what is above zero, for changes. Raises ValueError for an unknown style.
    """
    if style not in STYLES:
        raise ValueError(f"unknown number style {style!r}; known: {', '.join(STYLES)}")
    missing = mark(value)
    if missing:
        return Parts(missing.value, "")
    if style == "people":
        return amount(value, "人" if lang == "ja" else "people", lang, plus=plus)
    if style == "share":
        percent = _rounded(value, decimals + 2) * 100  # type: ignore[arg-type]
        return Parts(number(float(percent), decimals, lang, plus=plus), "%")
    return Parts(number(value, decimals, lang, plus=plus), unit)


def share(value: Number, lang: Lang = "ja", *, decimals: int = 1, plus: bool = False) -> str:
    """Write a fraction as a percentage: 0.523 → 52.3%."""
    return str(parts(value, "share", decimals, lang=lang, plus=plus))


def people(value: Number, lang: Lang = "ja", *, plus: bool = False) -> str:
    """Write a number of people: 62.2万人, 1億2,614万人; 622,000 people, 126.1 million people."""
    return str(parts(value, "people", lang=lang, plus=plus))


def minutes(value: Number, lang: Lang = "ja", *, plus: bool = False) -> str:
    """Write minutes with one decimal: 6.2分, 6.2 min."""
    return str(parts(value, "number", 1, "分" if lang == "ja" else "min", lang, plus=plus))


# 年号 and the first Western year of each; a year of change bears its new era, as 令和元年度 does.
_ERAS = ((2019, "令和"), (1989, "平成"), (1926, "昭和"), (1912, "大正"), (1868, "明治"))


def era(year: int) -> str:
    """Return the Japanese era and year within it, 元 for the first: 2026 → 令和8.

    Raises ValueError before 1868.
    """
    for first, name in _ERAS:
        if year >= first:
            return f"{name}{'元' if year == first else year - first + 1}"
    raise ValueError(f"no era for the year {year}")


def year(value: int, lang: Lang = "ja") -> str:
    """Write a calendar year: 令和8（2026）年, 2026."""
    return f"{era(value)}（{value}）年" if lang == "ja" else str(value)


def fiscal_year(value: int, lang: Lang = "ja") -> str:
    """Write a fiscal year by the year it starts in: 令和8（2026）年度, FY2026."""
    return f"{era(value)}（{value}）年度" if lang == "ja" else f"FY{value}"


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year that `day` belongs to; it starts on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def month(value: date, lang: Lang = "ja", *, short: bool = False) -> str:
    """Write a month: 2026年10月, October 2026; short for axes: 10月, Oct."""
    name = _MONTHS[value.month - 1]
    if short:
        return f"{value.month}月" if lang == "ja" else name[:3]
    return f"{value.year}年{value.month}月" if lang == "ja" else f"{name} {value.year}"


def day(value: date, lang: Lang = "ja") -> str:
    """Write a date: 2026年10月31日, 31 October 2026."""
    if lang == "ja":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {month(value, lang)}"


def moment(value: datetime, lang: Lang = "ja") -> str:
    """Write a date and time to the minute: 2026年11月2日 9:14, 2 November 2026, 9:14."""
    return f"{day(value, lang)}{' ' if lang == 'ja' else ', '}{value.hour}:{value.minute:02}"


def period(start: date | int, end: date | int, lang: Lang = "ja") -> str:
    """Write a period of months (dates) or of years (numbers); one month or year stands alone."""

    def one(value: date | int) -> str:
        return year(value, lang) if isinstance(value, int) else month(value, lang)

    first, last = one(start), one(end)
    if first == last:
        return first
    return f"{first}〜{last}" if lang == "ja" else f"{first} to {last}"


_WEEKDAYS = {
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def weekday(value: int, lang: Lang = "ja") -> str:
    """Name a weekday, 1 = Monday … 7 = Sunday."""
    return _WEEKDAYS[lang][value - 1]


def hour(value: int, lang: Lang = "ja") -> str:
    """Name an hour of the day for an axis: 9時, 9:00."""
    return f"{value}時" if lang == "ja" else f"{value}:00"
