"""The demo's earlier round, in the layout of IPSS 2018 flattened into a CSV (nineteen bands).

It begins in 2015 and erred as real rounds do: more for small places, a little too low.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.people import YEARS as LATER_YEARS
from pipelines.demo.suikei import Area
from pipelines.demo.world import generator
from pipelines.demo.writing import write_csv

BASE = LATER_YEARS[0] - 5
YEARS = (BASE, *LATER_YEARS[:-1])
BANDS = 19
_BIAS = -0.005
_LARGE_SD, _SMALL_SD = 0.012, 0.032
_SEXES = (("a", (0, 1)), ("m", (0,)), ("f", (1,)))


def persons(later: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Return whole persons, (areas, YEARS, 2, BANDS), from those of the later round.

    later: (areas, LATER_YEARS, 2, 20), municipalities alone. BASE goes on backwards as the first
    five years of the later round go on; the other years are the later round's, with an error of
    each area that grows with the square root of the years ahead.
    """
    rng = generator(seed, "earlier round")
    folded = np.concatenate(
        [later[..., : BANDS - 1], later[..., BANDS - 1 :].sum(-1)[..., None]], -1
    )
    before = np.maximum(0, 2 * folded[:, 0] - folded[:, 1])
    size = np.log10(later[:, 0].sum(axis=(1, 2)).clip(1))
    error = _BIAS + rng.normal(0, 1, len(later)) * np.interp(size, [3, 5.5], [_SMALL_SD, _LARGE_SD])
    ahead = np.sqrt((np.array(YEARS[1:]) - BASE) / 5)
    factor = np.exp(error[:, None] * ahead)
    projected = np.rint(folded[:, :-1] * factor[..., None, None]).astype(np.int64)
    return np.concatenate([before[:, None], projected], axis=1)


def write(path: Path, areas: Sequence[Area], counts: NDArray[np.int64]) -> None:
    """Write `counts`, shape (areas, YEARS, 2, BANDS), prefectures among the areas."""
    write_csv(path, _rows(areas, counts), encoding="utf-8-sig")


def _rows(areas: Sequence[Area], counts: NDArray[np.int64]) -> Iterator[list[Any]]:
    bands = [f"{age}～{age + 4}歳" for age in range(0, 90, 5)] + ["90歳以上"]
    heads = [f"{band}/{sex}" for sex, _ in _SEXES for band in bands]
    yield ["コード", "市などの別", "都道府県", "市区町村", "年", "総数", *heads]
    for number, area in enumerate(areas):
        for position, year in enumerate(YEARS):
            cells = counts[number, position]
            parts = [cells[list(rows)].sum(axis=0).tolist() for _, rows in _SEXES]
            place = [int(area.code), area.kind, area.prefecture, area.name]
            yield [*place, f"{year}年", sum(parts[0]), *(n for part in parts for n in part)]
