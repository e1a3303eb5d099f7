"""Words of official tables: age bands, years, fiscal years, subtotal labels.

Publishers write the same thing with three kinds of wave dash, full-width digits and inner blanks;
every function here reads the plain form of `plain`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_DASHES = str.maketrans(dict.fromkeys("〜∼˜–—−‐‑ー-", "~"))
_BAND = re.compile(r"(\d{1,3})歳?~(\d{1,3})歳?")
_OPEN_BAND = re.compile(r"(\d{1,3})歳?(?:以上|~|\+)歳?")
_YEAR = re.compile(r"(\d{4})年?")
_FISCAL_YEARS = (
    re.compile(r"(?P<era>令和|平成|R|H)(?P<of>\d{1,2}|元)年度"),
    re.compile(r"(?P<western>\d{4})年度"),
    re.compile(r"FY(?P<western>\d{4})"),
    re.compile(r"(?P<era>令和|平成|R|H)(?P<of>\d{1,2}|元)年"),
    re.compile(r"(?<!\d)(?P<western>(?:19|20)\d{2})(?!\d)"),
)
_ERA_BEGIN = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "大正": 1911}
_ERA_YEAR = re.compile(r"(?P<era>令和|平成|昭和|大正)(?P<of>\d{1,2}|元)年?")
_WITH_WESTERN = re.compile(r"(?:(?:令和|平成|昭和|大正)?(?:\d{1,2}|元)年?)?\((?P<year>\d{4})\)年?")
_NUMBERING = re.compile(r"^\(\d{1,2}\)")
_BARE_YEAR = re.compile(r"(\d{1,2}|元)年?")
_ONE_AGE = re.compile(r"(\d{1,3})歳?")
_AGAIN = re.compile(r"^(\(?再掲\)?|うち)")
_DERIVED = re.compile(r"割合|指数|比率|性比|構成比|平均|中位数|[%％]")


class Band(NamedTuple):
    """Ages from `first` to `last`, both included; `last` is None for the open band."""

    first: int
    last: int | None


def plain(text: str) -> str:
    """The text in half-width letters and digits, without any blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def age_band(text: str) -> Band | None:
    """Read `0～4歳`, `95歳～`, `90歳以上` in any of their spellings; None for other text."""
    word = plain(text).translate(_DASHES)
    if match := _BAND.fullmatch(word):
        return Band(int(match[1]), int(match[2]))
    if match := _OPEN_BAND.fullmatch(word):
        return Band(int(match[1]), None)
    return None


def western_year(text: str) -> int | None:
    """Read `2020年` or `2020`; None for other text."""
    match = _YEAR.fullmatch(plain(text))
    return int(match[1]) if match else None


def one_age(text: str) -> Band | None:
    """Read `37`, `37歳`, and the open `105+` or `100歳以上`; None for other text."""
    word = plain(text)
    if match := _ONE_AGE.fullmatch(word):
        return Band(int(match[1]), int(match[1]))
    band = age_band(word)
    return band if band and band.last is None else None


def without_again(text: str) -> str:
    """A plain label without the words that say that it repeats others: `（再掲）65歳以上`."""
    return _AGAIN.sub("", plain(text))


def is_derived(text: str) -> bool:
    """True for the label of figures that are no persons: shares, indices, mean ages."""
    return bool(_DERIVED.search(plain(text)))


def era_year(text: str) -> int | None:
    """Find the calendar year that a text names by era: `令和7年1月1日現在` is 2025."""
    match = _ERA_YEAR.search(plain(text))
    return _of_era(match["era"], match["of"]) if match else None


def year_heading(text: str, era: str | None = None) -> tuple[int, str | None] | None:
    """Read a heading that is a year and nothing else; return the year and the era it stands in.

    `平成 27`, `令和2(2020)年`, `（1）令和元年`, `2020年`; a bare `28` is one of `era`, that of the
    heading before. None for other text, and for a bare number without an era.
    """
    word = _NUMBERING.sub("", plain(text), count=1)
    named = _ERA_YEAR.match(word)
    if match := _WITH_WESTERN.fullmatch(word):
        return int(match["year"]), named["era"] if named else era
    if named and named.end() == len(word):
        return _of_era(named["era"], named["of"]), named["era"]
    if (year := western_year(word)) is not None:
        return year, era
    if era and (match := _BARE_YEAR.fullmatch(word)):
        return _of_era(era, match[1]), era
    return None


def _of_era(era: str, number: str) -> int:
    return _ERA_BEGIN[era] + (1 if number == "元" else int(number))


def fiscal_year(text: str) -> int | None:
    """Find the fiscal year that a text names: `令和7年度`, `R7年度`, `2025年度`, `FY2025`, `2025`.

    What says 年度 wins over a bare year in the same text.
    """
    word = plain(text).upper()
    for pattern in _FISCAL_YEARS:
        if match := pattern.search(word):
            found = match.groupdict()
            if found.get("western"):
                return int(found["western"])
            return _of_era(found["era"], found["of"])
    return None
