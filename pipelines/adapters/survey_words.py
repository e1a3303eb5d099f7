"""Words of work surveys: amounts, and labels that say that a line sums up others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pipelines.adapters.words import plain

NOTHING = frozenset({"", "-", "‐", "–", "—", "―", "ー", "−", "なし"})
"""What is written (plain) where there is no amount."""

_NUMBER = re.compile(r"([△▲+-]?)(\d+(?:\.\d*)?|\.\d+)(?:時間|h|分|件|人)?", re.IGNORECASE)
_SUM = re.compile(r"(?P<of>.*?)(?P<kind>小計|中計|合計|総計|総合計|計)")
_WHOLE = frozenset({"総計", "総合計", "全体計", "全体合計", "全庁計", "全庁合計", "全課計"})
_LEVELS = {"部": "department", "課": "department", "係": "section", "業務": "task"}


class SumLabel(NamedTuple):
    """A label such as `市民課 小計`.

    text: as written. of: the words before the word for a sum. level: what it sums up (`total`,
    `department`, `section`, `task`), None where the text does not say. whole: it says 合計.
    """

    text: str
    of: str
    level: str | None
    whole: bool


def amount(text: str) -> float | None:
    """An amount as written: thousands separators and a unit are allowed, △ is minus.

    Blank and dashes are 0. None where the text is no number (`#REF!`, `約10`).
    """
    word = plain(text).replace(",", "")
    if word in NOTHING:
        return 0.0
    match = _NUMBER.fullmatch(word)
    if match is None:
        return None
    return float(match[2]) * (-1 if match[1] in ("△", "▲", "-") else 1)


def is_blank(text: str) -> bool:
    """True for a cell without an amount: blank or a dash."""
    return plain(text) in NOTHING


def decimals(text: str) -> int:
    """Decimal places of an amount as written."""
    _, _, fraction = plain(text).rstrip("時間hH分件人").partition(".")
    return len(fraction)


def sum_label(text: str, listed: Mapping[str, str]) -> SumLabel | None:
    """Read a label that says that its line sums up others; None for any other label.

    `小計` and `合計` say so, alone or behind any words; `計` alone, behind a blank, 課 or 係, or
    behind the name of what is being listed (`出納係計`), so that 会計 and 統計 stay tasks.
    listed: the department, section and task of the lines above.
    """
    word = plain(text)
    match = _SUM.fullmatch(word)
    if match is None:
        return None
    of = match["of"].rstrip("の")
    whole = match["kind"] in ("合計", "総計", "総合計")
    named = [name for name, label in listed.items() if label and plain(label) == of]
    if word in _WHOLE:
        return SumLabel(text, of, "total", True)
    if of in _LEVELS:
        return SumLabel(text, of, _LEVELS[of], whole)
    if named:
        return SumLabel(text, of, named[0], whole)
    if match["kind"] == "計" and of and not re.search(r"\s計\s*$", text):
        return None
    return SumLabel(text, of, None, whole)
