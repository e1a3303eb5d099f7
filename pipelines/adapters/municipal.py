"""Municipalities of official tables: a column of codes in one form, or prefectures and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines import messages
from pipelines.adapters.base import Finding
from pipelines.places import FORMER
from warehouse import codes


def column_of_codes(cells: Sequence[str], known: Mapping[str, str]) -> list[str | None]:
    """Six-digit codes of one column; None where a cell is none that is known.

    A column is written in one form: with check digits (leading zeros may be lost) or without.
    One cell alone can often be read both ways; the form under which more of today's codes are
    known is that of the column.
    """
    readings = [
        [codes.normalise(cell, check_digit_given=given) for cell in cells]
        for given in (True, False)
    ]
    today = [sum(known.get(code or "", FORMER) != FORMER for code in r) for r in readings]
    chosen = readings[0] if today[0] >= today[1] else readings[1]
    return [code if code in known else None for code in chosen]


def held_back(row: int, column: str, value: str, problem: str, sheet: str = "") -> Finding:
    """The finding of a row whose municipality cannot be told."""
    message = messages.CODE_PROBLEMS[problem]
    return Finding(row, column, value, problem, message.ja, message.en, sheet)
