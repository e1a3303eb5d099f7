"""Words without what writers vary, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNIT = re.compile(r"\([^()]*\)$")


def plain_word(text: str) -> str:
    """A word without what writers vary: width of letters, blanks, case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=20_000)
def plain_header(text: str) -> str:
    """A header without what makers vary: width of letters, blanks, line ends, dots, case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Once more, for letters that only now stand beside their marks.
    return unicodedata.normalize("NFKC", re.sub(r"[\s_.・*※]+", "", folded))


def without_unit(text: str) -> str:
    """A plain header without the unit in brackets at its end."""
    return _UNIT.sub("", text) or text


def unit_of(text: str) -> str:
    """The unit in brackets at the end of a plain header, "" where there is none."""
    found = _UNIT.search(text)
    return found[0].strip("()") if found else ""
