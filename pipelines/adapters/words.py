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
_ERA_BEGIN = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}


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
            return _ERA_BEGIN[found["era"]] + (1 if found["of"] == "元" else int(found["of"]))
    return None
