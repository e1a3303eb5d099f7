"""What the fictional municipalities report: counters, staff, workload, applications.

Not everyone reports everything, as in life: small municipalities seldom have a ticket machine or
a workload survey.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo.organisation import FIXED_TERM_FTE, REHIRED_FTE, categories
from pipelines.demo.survey import HOURS_PER_FTE
from pipelines.demo.world import generator

MONTHS = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 11))]
_SEASON = (0.97, 0.98, 1.18, 1.14, 0.99, 1.0, 1.0, 0.96, 0.95, 0.97, 0.94, 0.97)
_TICKETS_PER_PERSON = 0.13
_AGES = np.arange(18, 65)
_OLDEST_REGULAR = 61
_FIXED_TERM_AGES = np.array([27, 33, 38, 43, 48, 53, 58, 63, 67])
_DEPARTMENTS = {
    "住民・税": (14, 6, 11, 13, 7, 3, 5, 11, 6, 6, 4, 2, 2, 6, 2, 1, 0, 1),
    "福祉・子育て・健康": (6, 13, 6, 8, 4, 3, 6, 4, 5, 5, 7, 9, 3, 5, 6, 5, 3, 2),
    "総務・企画・建設": (2, 4, 4, 9, 6, 4, 9, 4, 6, 6, 7, 7, 4, 4, 7, 10, 4, 3),
}
_DEPARTMENT_SHARES = (0.27, 0.35, 0.38)


def _reports(
    population: NDArray[np.float64], small: float, large: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Who reports: the share rises from `small` at 1,000 people to `large` at 300,000."""
    share = np.interp(np.log10(population), [3.0, 5.5], [small, large])
    return rng.random(len(population)) < share


def staff_of(population: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Regular and rehired staff: a fixed part, and fewer per head the larger the place."""
    expected = 42.0 + 0.0062 * population
    return np.rint(expected * rng.lognormal(0.0, 0.09, len(population))).astype(np.int64)


def counter_months(
    codes: NDArray[Any], population: NDArray[np.float64], seed: int
) -> dict[date, pd.DataFrame]:
    """Monthly totals of the counters, one table per month, headers as in the file."""
    rng = generator(seed, "nation counters")
    reporting = _reports(population, 0.72, 0.99, rng)
    codes, population = codes[reporting], population[reporting]
    count = len(codes)
    busy = np.interp(np.log10(population), [3.0, 6.3], [2.2, 11.0])
    wait = busy * rng.lognormal(0.0, 0.4, count)
    reform = rng.integers(0, 30, count)
    service = rng.normal(11.5, 1.6, count).clip(6.0)
    found = {}
    for number, month in enumerate(MONTHS):
        season = _SEASON[month.month - 1]
        expected = population * _TICKETS_PER_PERSON * season * rng.lognormal(0, 0.05, count)
        issued = rng.poisson(expected)
        abandoned = rng.binomial(issued, 0.002)
        called = issued - abandoned
        no_show = rng.binomial(called, 0.012)
        mean = wait * season**4 * np.where(number >= reform, 0.55, 1.0)
        over = rng.binomial(called, np.clip(np.exp(-15.0 / np.maximum(mean, 0.5)) * 0.9, 0, 1))
        served = called - no_show
        found[month] = pd.DataFrame(
            {
                "団体コード": codes,
                "年月": f"{month.year}年{month.month}月",
                "発券数": issued,
                "呼出数": called,
                "不在数": no_show,
                "未呼出数": abandoned,
                "完了数": served,
                "待ち時間合計（分）": np.round(mean * called, 1),
                "目標超過数": over,
                "手続時間合計（分）": np.round(service * served, 1),
            }
        )
    return found


def staff_ages(codes: NDArray[Any], staff: NDArray[np.int64], seed: int) -> pd.DataFrame:
    """Staff by single year of age and kind; a bulge at 50–55, few in their early twenties."""
    rng = generator(seed, "nation staff")
    shape = np.interp(_AGES, [18, 22, 30, 45, 50, 53, 56, 61, 64], [1, 4, 6, 9, 13, 16, 12, 7, 5])
    shape = np.where(_AGES > _OLDEST_REGULAR, 4.0, shape)
    tilt = rng.normal(0.0, 0.15, len(codes))
    weights = shape * np.exp(tilt[:, None] * (_AGES - 42) / 20)
    expected = staff[:, None] * weights / weights.sum(axis=1, keepdims=True)
    regular = rng.poisson(expected)
    fixed_weights = np.array([2, 3, 4, 5, 6, 6, 6, 5, 3]) / 40
    fixed = rng.poisson(staff[:, None] * 0.42 * fixed_weights)
    kinds = np.where(_AGES > _OLDEST_REGULAR, "再任用", "常勤")
    fte = np.where(_AGES > _OLDEST_REGULAR, REHIRED_FTE, 1.0)
    parts = []
    for ages, counts, kind, share in (
        (_AGES, regular, kinds, fte),
        (_FIXED_TERM_AGES, fixed, "会計年度任用", FIXED_TERM_FTE),
    ):
        size = len(codes), len(ages)
        parts.append(
            pd.DataFrame(
                {
                    "団体コード": np.repeat(codes, len(ages)),
                    "基準日": "2026/04/01",
                    "任用区分": np.broadcast_to(kind, size).ravel(),
                    "年齢": np.broadcast_to(ages, size).ravel(),
                    "職員数": counts.ravel(),
                    "常勤換算": np.round(counts * share, 2).ravel(),
                }
            )
        )
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["職員数"] > 0].sort_values(["団体コード"], kind="stable")


def workload(
    codes: NDArray[Any],
    population: NDArray[np.float64],
    staff: NDArray[np.int64],
    seed: int,
) -> pd.DataFrame:
    """Hours by group of departments and category for the municipalities that surveyed them."""
    rng = generator(seed, "nation workload")
    surveyed = _reports(population, 0.35, 0.85, rng)
    codes, staff = codes[surveyed], staff[surveyed]
    hours = staff * (1 + 0.42 * FIXED_TERM_FTE) * HOURS_PER_FTE * rng.normal(1.03, 0.02, len(codes))
    names = categories()
    size = len(codes), len(_DEPARTMENTS), len(names)
    work = np.array(list(_DEPARTMENTS.values()), dtype=np.float64)
    shares = rng.gamma(np.broadcast_to(work, size) * 0.8 + 1e-6)
    shares /= shares.sum(axis=2, keepdims=True)
    total = hours[:, None, None] * np.array(_DEPARTMENT_SHARES)[:, None] * shares
    table = pd.DataFrame(
        {
            "団体コード": np.repeat(codes, size[1] * size[2]),
            "調査年度": "2025",
            "課": np.tile(np.repeat(list(_DEPARTMENTS), size[2]), size[0]),
            "業務": "全業務",
            "事務分類": np.tile(names, size[0] * size[1]),
            "年間時間": np.rint(total.ravel()),
        }
    )
    return table[table["年間時間"] > 0]


_PROCEDURES = {
    # per head and month; intake, processing: share at the start, share at the end
    "証明書の交付": (
        0.060,
        {
            ("コンビニ交付", "デジタル"): (0.22, 0.30),
            ("オンライン", "デジタル"): (0.02, 0.04),
            ("書かない窓口", "デジタル"): (0.12, 0.24),
            ("窓口（紙）", "紙"): (0.64, 0.42),
        },
    ),
    "転入・転出・転居の届出": (
        0.0085,
        {
            ("オンライン", "デジタル"): (0.06, 0.17),
            ("オンライン", "紙"): (0.12, 0.11),
            ("書かない窓口", "デジタル"): (0.14, 0.28),
            ("窓口（紙）", "紙"): (0.68, 0.44),
        },
    ),
    "児童手当の請求": (
        0.0020,
        {
            ("オンライン", "デジタル"): (0.05, 0.16),
            ("オンライン", "紙"): (0.14, 0.16),
            ("窓口（紙）", "紙"): (0.81, 0.68),
        },
    ),
    "公共施設の予約": (
        0.0190,
        {
            ("オンライン", "デジタル"): (0.70, 0.80),
            ("窓口（紙）", "紙"): (0.30, 0.20),
        },
    ),
}


def applications(codes: NDArray[Any], population: NDArray[np.float64], seed: int) -> pd.DataFrame:
    """Applications per month, procedure, intake and processing, months in their order.

    Each municipality is ahead of or behind the average, larger ones more often
    ahead; many of the small ones have no kiosk or no counter without forms.
    """
    rng = generator(seed, "nation applications")
    reporting = _reports(population, 0.86, 1.0, rng)
    codes, population = codes[reporting], population[reporting]
    ahead = np.interp(np.log10(population), [3.0, 6.0], [0.7, 1.3])
    ahead = ahead * rng.lognormal(0.0, 0.45, len(codes))
    everyone = np.ones(len(codes))
    has = {
        "コンビニ交付": _reports(population, 0.45, 1.0, rng),
        "書かない窓口": _reports(population, 0.30, 0.80, rng),
    }
    parts = []
    for number, month in enumerate(MONTHS):
        step = number / (len(MONTHS) - 1)
        for procedure, (per_head, ways) in _PROCEDURES.items():
            volume = rng.poisson(population * per_head * _SEASON[month.month - 1])
            weights = np.stack(
                [
                    (start + (end - start) * step)
                    * (everyone if intake == "窓口（紙）" else ahead)
                    * has.get(intake, everyone)
                    for (intake, _), (start, end) in ways.items()
                ],
                axis=1,
            )
            counts = rng.multinomial(volume, weights / weights.sum(axis=1, keepdims=True))
            for column, (intake, processing) in enumerate(ways):
                parts.append(
                    pd.DataFrame(
                        {
                            "団体コード": codes,
                            "年月": f"{month.year}年{month.month}月",
                            "手続": procedure,
                            "受付方法": intake,
                            "処理方法": processing,
                            "件数": counts[:, column],
                        }
                    )
                )
    whole = pd.concat(parts, ignore_index=True)
    return whole[whole["件数"] > 0]


def write(folder: Path, codes: NDArray[Any], population: NDArray[np.float64], seed: int) -> None:
    """Write the files of all municipalities; `codes` and `population` in the same order."""
    staff = staff_of(population, generator(seed, "nation size of staff"))
    for month, table in counter_months(codes, population, seed).items():
        _csv(folder / f"窓口月次集計_{month.year}年{month.month:02}月.csv", table)
    _csv(folder / "年齢別職員数_2026年4月1日.csv", staff_ages(codes, staff, seed))
    _csv(folder / "業務量調査_2025年度.csv", workload(codes, population, staff, seed))
    _csv(folder / "申請件数.csv", applications(codes, population, seed))


def _csv(path: Path, table: pd.DataFrame) -> None:
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
