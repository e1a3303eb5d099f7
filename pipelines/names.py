"""Municipalities by name: prefecture + name, what a name mapping says, and never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.plain import plain_word
from warehouse.succession import Succession

UNKNOWN, AMBIGUOUS = "unknown_name", "ambiguous_name"
"""Problems: no municipality has the name, or several have."""

_LETTERS = re.compile(r"[぀-ヿ㐀-鿿]")
_BEFORE = (re.compile(r"^.+?郡(?=.+[町村]$)"), re.compile(r"^.+?島(?=.+[町村]$)"))
"""The county, or the island, that is written before a town or village."""

_LABEL = re.compile(r"^(?P<name>[^()]+)\((?P<prefecture>[^()]+)\)$")


@dataclass(frozen=True)
class Place:
    """A code with its names. parent: name of the city that a ward belongs to."""

    code: str
    prefecture: str
    name: str
    is_prefecture: bool = False
    parent: str | None = None


@dataclass(frozen=True)
class Mapped:
    """What a name mapping says. prefecture: None where the name is written without one."""

    written: str
    prefecture: str | None
    code: str


def is_name(text: str) -> bool:
    """True for text that has Japanese letters, as no code has."""
    return bool(_LETTERS.search(text))


def plain_name(text: str) -> str:
    """A name without what writers vary: width, blanks, ケ and ヶ."""
    return plain_word(text).replace("ヶ", "ケ").replace("ヵ", "カ")


class Names:
    """All names that are known, today's and former ones, and the mappings of this installation."""

    def __init__(
        self, places: Iterable[Place], mapped: Iterable[Mapped], succession: Succession
    ) -> None:
        self._succession = succession
        self._prefectures: dict[str, str] = {}
        self._codes: dict[str, dict[str, None]] = {}
        for place in places:
            if place.is_prefecture:
                self._prefectures[plain_name(place.name)] = place.code[:2]
                continue
            name = plain_name(place.name)
            self._codes.setdefault(name, {})[place.code] = None
            if place.parent and name != (bare := name.removeprefix(plain_name(place.parent))):
                self._codes.setdefault(bare, {})[place.code] = None
        self._mapped: Mapping[tuple[str, str], str] = {
            (plain_name(one.prefecture or ""), plain_name(one.written)): one.code for one in mapped
        }

    def find_text(self, text: str, day: date | None = None) -> tuple[str | None, str | None]:
        """Like `find`, for a text that may begin with the prefecture or end with it in brackets."""
        name = plain_name(text)
        if ("", name) in self._mapped:
            return self._mapped["", name], None
        label = _LABEL.match(name)
        if label and label["prefecture"] in self._prefectures:
            return self.find(label["name"], label["prefecture"], day)
        for prefecture in self._prefectures:
            if name.startswith(prefecture) and len(name) > len(prefecture):
                return self.find(name.removeprefix(prefecture), prefecture, day)
        return self.find(name, None, day)

    def find(
        self, name: str, prefecture: str | None, day: date | None = None
    ) -> tuple[str | None, str | None]:
        """The code of a name, or the problem that there is none or more than one.

        day: the day that the name is of, where known; else today's bearer of a name is meant
        within a prefecture. Without a prefecture a name must be the only one in the country,
        former names included.
        """
        written = plain_name(name)
        within = plain_name(prefecture or "")
        if (within, written) in self._mapped:
            return self._mapped[within, written], None
        number = self._prefectures.get(within)
        if within and number is None:
            return None, UNKNOWN
        found = self._candidates(written, number)
        if not found:
            mapped = self._mapped.get(("", written))
            return (mapped, None) if mapped and mapped[:2] == number else (None, UNKNOWN)
        if day is not None:
            found = [code for code in found if self._succession.is_valid(code, day)] or found
        if len({code[:2] for code in found}) > 1:
            return None, AMBIGUOUS
        return self._only(found, day or date.today())

    def is_mapped(self, name: str, prefecture: str | None = None) -> bool:
        """True where a mapping settles the name by itself."""
        return (plain_name(prefecture or ""), plain_name(name)) in self._mapped

    def candidates(self, name: str) -> list[str]:
        """Codes of all that have a name, for a message that asks which is meant."""
        return self._candidates(plain_name(name), None)

    def _candidates(self, written: str, number: str | None) -> list[str]:
        for name in dict.fromkeys([written, *(before.sub("", written) for before in _BEFORE)]):
            found = [
                code for code in self._codes.get(name, ()) if number is None or code[:2] == number
            ]
            if found:
                return found
        return []

    def _only(self, codes: list[str], day: date) -> tuple[str | None, str | None]:
        valid = [code for code in codes if self._succession.is_valid(code, day)]
        if len(valid) == 1:
            return valid[0], None
        heirs = {self._succession.at(code, day)[0] for code in codes}
        if not valid and len(codes) == 1:
            return codes[0], None
        return (heirs.pop(), None) if not valid and len(heirs) == 1 else (None, AMBIGUOUS)
