"""Texts that a spreadsheet would run: every file that leaves goes through this one rule."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")
_START = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Spreadsheets in Japanese also run the full-width signs; a number with its sign is left as it
    is. Source: OWASP, CSV Injection.
    """
    return f"'{text}" if _START.match(text) and not _NUMBER.fullmatch(text) else text
