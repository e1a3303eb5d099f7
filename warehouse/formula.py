"""Texts that a spreadsheet would run: every file that leaves goes through this one rule."""

from __future__ import annotations

import re

_START = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Spreadsheets in Japanese also run the full-width signs. Source: OWASP, CSV Injection.
    """
    return f"'{text}" if _START.match(text) else text
