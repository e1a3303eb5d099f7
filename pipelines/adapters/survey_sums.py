"""Do subtotals and totals equal their parts?

A sum may stand for its section, its department, everything, or the lines since the sum above.
Its words settle that (`市民課 計`, `係計`, `総計`); otherwise each of these is tried, the likeliest
first, and that one is named where none fits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.adapters.base import Finding, Ignored
from pipelines.adapters.survey_table import Heads, Line
from pipelines.adapters.survey_words import amount, decimals, is_blank
from pipelines.adapters.words import plain

Flags = npt.NDArray[np.bool_]
Amounts = npt.NDArray[np.float64]

BLOCK, TOTAL = "block", "total"
_INSIDE_OUT = (BLOCK, "task", "section", "department", TOTAL)
"""What bare words may sum up; 合計 in the outermost column is read from the outside."""


def amounts_of(lines: Sequence[Line], heads: Heads) -> Amounts:
    """Amounts of lines, shape (lines, summed columns); 0 where blank, NaN where unreadable."""
    values = [[amount(line.cells[column]) for column in heads.summed] for line in lines]
    return np.array(values, dtype=np.float64).reshape(len(lines), len(heads.summed))


def is_sum(text: str, summed: float) -> bool:
    """True where an amount as written is the sum of its parts, as far as rounding can lead.

    That is half of the last decimal place that is written: parts in whole hours must add up to
    the hour, parts with decimals may be rounded in their sum.
    """
    stated = amount(text)
    allowed = 0.5 * 10.0 ** -decimals(text) + 1e-9 * max(1.0, abs(summed))
    return stated is not None and abs(stated - summed) < allowed


def check_sums(
    lines: Sequence[Line], heads: Heads, sheet: str
) -> tuple[list[Ignored], list[Finding]]:
    """Compare each summary with the details it stands for.

    Equal ones (see `is_sum`) are ignored as subtotal or total, the others held back with both
    numbers. A column in which a part is unreadable, or in which the summary is blank, cannot be
    compared and is not.
    """
    details = [line for line in lines if line.summary is None]
    values = amounts_of(details, heads)
    ignored: list[Ignored] = []
    rejected: list[Finding] = []
    start = 0
    for line in lines:
        if line.summary is None:
            continue
        problem: Finding | None = None
        scopes = _scopes(line, details, start)
        for scope, members in scopes:
            differs = _difference(line, heads, values[members])
            if differs is None:
                is_total = scope == TOTAL or (line.summary.whole and members.all())
                reason = "total" if is_total else "subtotal"
                ignored.append(Ignored(line.number, reason, sheet))
                break
            problem = problem or _finding(line, heads, *differs, sheet)
        else:
            rejected.append(problem or _without_parts(line, heads, sheet))
        start = line.number
    return ignored, rejected


def _scopes(line: Line, details: Sequence[Line], start: int) -> list[tuple[str, Flags]]:
    """What a summary may stand for, likeliest first; only what has any details."""
    summary = line.summary
    assert summary is not None
    labels = line.labels
    names: tuple[str, ...] = (summary.level,) if summary.level else ()
    for name in ("department", "section"):
        if not names and any(plain(d.labels[name]) == summary.of for d in details if summary.of):
            names, labels = (name,), labels | {name: summary.of}
    if not names:
        outside = summary.whole and line.place == "department"
        names = _INSIDE_OUT[::-1] if outside else _INSIDE_OUT
    outer = ("department", "section", "task")

    def belongs(detail: Line, scope: str) -> bool:
        if scope == TOTAL:
            return True
        if scope == BLOCK:
            return start < detail.number < line.number
        keys = outer[: outer.index(scope) + 1]
        return all(plain(detail.labels[key]) == plain(labels[key]) for key in keys)

    found = [(scope, np.array([belongs(d, scope) for d in details], dtype=bool)) for scope in names]
    return [(scope, members) for scope, members in found if members.any()]


def _difference(line: Line, heads: Heads, parts: Amounts) -> tuple[int, float] | None:
    """The first column in which a summary is not the sum of its parts, and that sum."""
    for index, column in enumerate(heads.summed):
        text = line.cells[column]
        if is_blank(text) or np.isnan(parts[:, index]).any():
            continue
        summed = float(parts[:, index].sum())
        if not is_sum(text, summed):
            return column, summed
    return None


def _finding(line: Line, heads: Heads, column: int, summed: float, sheet: str) -> Finding:
    assert line.summary is not None
    text = line.cells[column]
    stated = amount(text)
    shown = text if stated is None else f"{stated:,.10g}"
    return Finding(
        line.number,
        heads.names[column],
        text,
        "subtotal",
        f"「{line.summary.text}」の {shown} が内訳の合計 {summed:,.10g} と一致しません。"
        "どちらが正しいか確かめてください",
        f"{line.summary.text} says {shown}, but its parts add up to {summed:,.10g}; "
        "check which is right",
        sheet,
    )


def _without_parts(line: Line, heads: Heads, sheet: str) -> Finding:
    assert line.summary is not None
    return Finding(
        line.number,
        heads.names[heads.amounts[0]],
        line.summary.text,
        "subtotal",
        f"「{line.summary.text}」の内訳になる行が見つかりません。行の並びを確かめてください",
        f"no lines found that {line.summary.text} could sum up; check the order of the rows",
        sheet,
    )
