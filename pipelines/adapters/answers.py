"""Cells of a survey of municipalities: a number, a done or not done, or why there is neither."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.lookup import dictionary
from pipelines.plain import plain_word
from pipelines.profile import Profile
from pipelines.sources import Source

YES_NO = "有無"
"""Unit of an indicator that is either done (value 1) or not."""

_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)(\D*)")
_WITHIN = re.compile(r"(?<=\d),(?=\d{3})")


class Answer(NamedTuple):
    """What a cell says, as text for the columns of an indicator; None where it says nothing."""

    value: str | None
    status: str | None
    unit: str | None


class Answers:
    """Reads cells by the words of a source's column `status` and of its profile."""

    def __init__(self, source: Source, profile: Profile, blank: str) -> None:
        """blank: the status of a cell that is empty."""
        self._words = dictionary(source.column("status"), profile)
        self._blank = blank
        self._known: dict[str, Answer] = {}

    def read(self, cell: str) -> Answer:
        """What a cell says. A status of None means that it cannot be understood."""
        answer = self._known.get(cell)
        if answer is None:
            answer = self._known[cell] = self._read(plain_word(cell))
        return answer

    def _read(self, word: str) -> Answer:
        if not word:
            return Answer(None, self._blank, None)
        if number := _NUMBER.fullmatch(_WITHIN.sub("", re.sub("^[△▲]", "-", word))):
            return Answer(number[1], "reported", number[2] or None)
        status = self._words.get(word)
        if status == "reported":
            return Answer("1", status, YES_NO)
        return Answer(None, status, YES_NO if status in ("not_done", "planned") else None)
