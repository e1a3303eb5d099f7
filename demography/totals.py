"""Arrays made to meet totals: raking, and rounding to whole persons that keeps the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from demography.arrays import FloatArray

AGREE_WITHIN = 1e-6
"""Relative difference up to which totals agree and raking has converged."""
WHOLE_WITHIN = 1e-9
ROUNDS = 20_000
STALLED = 200
"""Raking gives up where so many rounds have not made the difference smaller by a thousandth."""


class TotalsError(ValueError):
    """Totals that cannot be met: one Japanese line, which and what to do."""


@dataclass(frozen=True)
class Control:
    """Totals that an array must have: over all axes but `axes`, in the order of these."""

    name: str
    axes: tuple[int, ...]
    totals: FloatArray


def rake(values: FloatArray, controls: Sequence[Control], *, rounds: int = ROUNDS) -> FloatArray:
    """`values` scaled until every control holds (iterative proportional fitting).

    Cells of 0 stay 0; the interactions between the axes stay as they were (Deming and Stephan,
    1940). Raises TotalsError where a value or total is negative, missing or of another shape,
    where totals disagree with each other, where a total above 0 has only cells of 0, and where
    cells of 0 keep the totals from being met together (the difference no longer falls).
    """
    _check(values, controls)
    result = values.astype(np.float64)
    before = np.inf
    for turn in range(1, rounds + 1):
        for control in controls:
            sums = _sums(result, control.axes)
            scale = np.divide(control.totals, sums, out=np.zeros_like(sums), where=sums > 0)
            result *= np.expand_dims(scale, _others(result, control.axes))
        worst = max(_difference(_sums(result, one.axes), one.totals) for one in controls)
        if worst <= AGREE_WITHIN:
            return result
        if turn % STALLED == 0:
            if worst > 0.999 * before:
                break
            before = worst
    raise TotalsError(
        f"合計に合わせられません（{turn}回くり返しても {100 * worst:.2g}% の差が残ります）。"
        "0のままの区分と、合計どうしを確かめてください"
    )


def _others(values: FloatArray, axes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(axis for axis in range(values.ndim) if axis not in axes)


def _sums(values: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    return values.sum(axis=_others(values, axes))


def _difference(found: FloatArray, wanted: FloatArray) -> float:
    """Greatest difference, relative to the size of the wanted ones."""
    scale = np.maximum(np.abs(wanted), max(1.0, float(np.abs(wanted).mean())) * WHOLE_WITHIN)
    return float((np.abs(found - wanted) / scale).max(initial=0.0))


def _check(values: FloatArray, controls: Sequence[Control]) -> None:
    if not (np.isfinite(values) & (values >= 0)).all():
        raise TotalsError("合わせる前の値に負か欠けた値があります")
    for one in controls:
        if list(one.axes) != sorted(set(one.axes)):
            raise TotalsError(f"{one.name}の軸は小さい順に1回ずつ書いてください（{one.axes}）")
        shape = tuple(values.shape[axis] for axis in one.axes)
        if one.totals.shape != shape:
            raise TotalsError(f"{one.name}の形が合いません（{one.totals.shape}、値は {shape}）")
        if not (np.isfinite(one.totals) & (one.totals >= 0)).all():
            raise TotalsError(f"{one.name}に負か欠けた値があります")
        empty = (_sums(values, one.axes) == 0) & (one.totals > 0)
        if empty.any():
            raise TotalsError(
                f"{one.name}の{int(empty.sum())}か所は、合わせる前の値がすべて0のため合わせられません"
            )
    for one, other in combinations(controls, 2):
        shared = tuple(axis for axis in one.axes if axis in other.axes)
        first, second = _shared(one, shared), _shared(other, shared)
        if _difference(first, second) > AGREE_WITHIN:
            raise TotalsError(
                f"{one.name}と{other.name}の合計が合いません"
                f"（{first.sum():,.0f} と {second.sum():,.0f}）。どちらかを直してください"
            )


def _shared(control: Control, axes: tuple[int, ...]) -> FloatArray:
    away = tuple(at for at, axis in enumerate(control.axes) if axis not in axes)
    return control.totals.sum(axis=away)


def whole(values: FloatArray) -> FloatArray:
    """Whole numbers along the last axis whose sum is the rounded sum (largest remainder).

    Each value goes down or up to the next whole number; of equal remainders the first goes up. A
    half in the sum goes to the even number.
    """
    down = np.floor(values + WHOLE_WITHIN)
    rest = np.maximum(values - down, 0.0)
    missing = np.rint(values.sum(axis=-1, keepdims=True)) - down.sum(axis=-1, keepdims=True)
    order = np.argsort(-rest, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    return down + (rank < missing)


def whole_table(values: FloatArray) -> FloatArray:
    """Whole numbers in an (R, C) table whose row and column sums are whole and rounded too.

    Every cell, row sum, column sum and the grand total goes down or up to the next whole number,
    those that are whole stay, and all add up (controlled rounding, Cox 1987); of all such tables
    one with the least change is taken. It is a flow in a network, so that the linear program has a
    whole solution. Raises TotalsError where a value is negative or missing.
    """
    if values.ndim != 2 or not (np.isfinite(values) & (values >= 0)).all():
        raise TotalsError("丸める表に負か欠けた値があります")
    rows, columns = values.shape
    cells, by_row, by_column = (
        (np.floor(part + WHOLE_WITHIN), np.maximum(part - np.floor(part + WHOLE_WITHIN), 0.0))
        for part in (values, values.sum(axis=1), values.sum(axis=0))
    )
    # One variable, 0 (down) or 1 (up), for each cell, row sum and column sum.
    row = np.repeat(np.arange(rows), columns)
    column = np.tile(np.arange(columns), rows) + rows
    number = np.arange(rows * columns)
    of_sums = rows * columns + np.arange(rows + columns)
    lines = np.concatenate([row, column, np.arange(rows + columns), np.full(rows, rows + columns)])
    places = np.concatenate([number, number, of_sums, of_sums[:rows]])
    signs = np.concatenate([np.ones(2 * len(number)), -np.ones(rows + columns), np.ones(rows)])
    wanted = np.concatenate(
        [
            by_row[0] - cells[0].sum(axis=1),
            by_column[0] - cells[0].sum(axis=0),
            [np.rint(values.sum()) - by_row[0].sum()],
        ]
    )
    rest = np.concatenate([cells[1].ravel(), by_row[1], by_column[1]])
    solved = linprog(
        1 - 2 * rest,
        A_eq=coo_array((signs, (lines, places)), shape=(len(wanted), len(rest))).tocsr(),
        b_eq=np.rint(wanted),
        bounds=np.column_stack([np.zeros_like(rest), rest > WHOLE_WITHIN]),
        method="highs-ds",
    )
    return cells[0] + np.rint(solved.x[: rows * columns]).reshape(rows, columns)
