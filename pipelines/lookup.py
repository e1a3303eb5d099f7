"""Words that stand for codes: the values of a source's columns, and municipality codes.

A column has few different words even in a file of ten million rows, so each word is looked up
once and the rows are joined to the result.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import warehouse
from pipelines.names import is_name
from pipelines.places import FORMER, Places
from pipelines.plain import plain_word
from pipelines.profile import Profile
from pipelines.sources import Column
from warehouse import codes


@cache
def reference_municipalities() -> Mapping[str, str]:
    """Code → kind of the shipped list of municipalities."""
    path = Path(str(warehouse.__file__)).parent / "reference" / "municipality.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["kind"] for row in csv.DictReader(file)}


def dictionary(column: Column, profile: Profile) -> dict[str, str]:
    """Plain written word → stored value. The profile's words win over the source's."""
    words: dict[str, str] = {}
    groups: Iterable[tuple[str, Sequence[str]]] = [
        *column.values,
        *profile.values.get(column.name, {}).items(),
    ]
    for stored, written in groups:
        words.setdefault(plain_word(stored), stored)
        for word in written:
            words[plain_word(word)] = stored
    return words


def municipality_code(text: str, known: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The six-digit code that is meant, or the rule that is broken.

    A code without check digit and one that lost its leading zero look alike (12025): the reading
    that is a known municipality is meant, one of today before a former one; where both are, the
    code is refused as doubtful. A name is looked up where `known` knows names.
    """
    if is_name(text) and isinstance(known, Places):
        return known.names.find_text(text)
    with_digit = codes.normalise(text, check_digit_given=True)
    without = codes.normalise(text, check_digit_given=False)
    readings = {code for code in (with_digit, without) if code is not None}
    found = {code for code in readings if known.get(code, "prefecture") != "prefecture"}
    if len(found) == 1:
        return found.pop(), None
    if len(today := {code for code in found if known[code] != FORMER}) == 1:
        return today.pop(), None
    if found:
        return None, "doubtful_code"
    if not readings:
        digits = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
        return None, "check_digit" if digits.isdigit() and len(digits) == 6 else "not_a_code"
    return None, "unknown_municipality"


def area_code(text: str) -> tuple[str | None, str | None]:
    """The six-digit code of any area, known or not, or the rule that is broken."""
    code = codes.normalise(text)
    return (code, None) if code else (None, "check_digit")
