"""Applications per month, procedure, way of intake, place and processing for twenty-four months.

Each procedure moves in its own way: some stay on paper, some are taken online and printed (pattern
A of the double track), some run both tracks (pattern B), one or two reach the single digital track.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines.demo.world import CITY_CODE, FIRST_DAY, REFORM, generator
from pipelines.demo.writing import write_csv

HEADER = ["団体コード", "年月", "手続", "受付方法", "場所", "処理方法", "件数", "1件当たり分"]
ONLINE, DIGITAL, PAPER, REMOTE, KIOSK, MAIL = (
    "オンライン",
    "書かない窓口",
    "窓口（紙）",
    "リモート窓口",
    "コンビニ交付",
    "郵送",
)
_PLACES = {ONLINE: "自宅", DIGITAL: "庁舎", PAPER: "庁舎", REMOTE: "近隣", MAIL: "自宅"}
_KIOSK_IN_HALL = 0.15
MONTHS = 24
_FLAT = (1.0,) * 12
_MOVING = (0.85, 0.92, 2.1, 1.7, 0.9, 0.86, 0.94, 0.95, 0.92, 0.9, 0.8, 0.8)
_CERTIFICATES = (0.98, 1.02, 1.22, 1.12, 0.98, 0.98, 0.98, 0.94, 0.94, 0.96, 0.92, 0.96)
_NURSERY = (0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 2.6, 3.0, 1.0)
_DOGS = (0.5, 0.5, 1.2, 4.2, 1.6, 0.8, 0.6, 0.5, 0.5, 0.6, 0.5, 0.5)
_TAX = (0.9, 1.3, 1.2, 0.9, 1.0, 2.0, 1.2, 0.8, 0.7, 0.7, 0.6, 0.7)


@dataclass(frozen=True)
class Flow:
    """One procedure.

    volume: cases of an ordinary month; season: multiplier by calendar month. online: share at the
    start and at the end. kiosk: likewise. mail: share. remote: share from April 2026 on.
    at_counter: share of the counter's cases that need no form, from the reform on (it starts at a
    third of it and is reached after six months). digital: share of what comes in digitally that is
    also processed so, before and from `digital_from` (months from the start) on.
    minutes: per case on paper and digital.
    """

    name: str
    volume: float
    season: tuple[float, ...]
    online: tuple[float, float]
    minutes: tuple[float, float]
    kiosk: tuple[float, float] = (0.0, 0.0)
    mail: float = 0.0
    remote: float = 0.0
    at_counter: float = 0.0
    digital: tuple[float, float] = (1.0, 1.0)
    digital_from: int = 0


FLOWS = (
    Flow("住民票の写し", 3050, _CERTIFICATES, (0.01, 0.04), (6, 3.5), (0.24, 0.38), 0.04, 0, 0.6),
    Flow("印鑑登録証明書", 1600, _CERTIFICATES, (0, 0), (6, 3.5), (0.27, 0.42), 0, 0, 0.6),
    Flow("戸籍証明書", 980, _FLAT, (0.01, 0.03), (9, 6), (0.08, 0.19), 0.12, 0.02, 0.4),
    Flow(
        "転入届・転居届",
        420,
        _MOVING,
        (0, 0),
        (34, 15),
        at_counter=0.92,
        digital=(0.2, 0.9),
        digital_from=14,
    ),
    Flow(
        "転出届",
        300,
        _MOVING,
        (0.14, 0.46),
        (18, 8),
        mail=0.06,
        at_counter=0.9,
        digital=(0.3, 0.94),
        digital_from=9,
    ),
    Flow(
        "児童手当の認定請求",
        140,
        _MOVING,
        (0.11, 0.44),
        (22, 10),
        mail=0.05,
        remote=0.06,
        at_counter=0.4,
        digital=(0.1, 0.9),
        digital_from=12,
    ),
    Flow(
        "保育所の入所申込",
        95,
        _NURSERY,
        (0.08, 0.62),
        (40, 22),
        mail=0.02,
        remote=0.05,
        digital=(0.0, 0.85),
        digital_from=11,
    ),
    Flow(
        "国民健康保険の加入・脱退",
        520,
        _MOVING,
        (0.02, 0.17),
        (19, 14),
        mail=0.05,
        remote=0.03,
        at_counter=0.25,
        digital=(0.1, 0.25),
        digital_from=17,
    ),
    Flow("要介護認定の申請", 210, _FLAT, (0.0, 0.03), (24, 20), mail=0.22, digital=(0.0, 0.2)),
    Flow("所得・課税証明書", 720, _TAX, (0.02, 0.06), (7, 4), (0.10, 0.27), 0.08, 0, 0.3),
    Flow("公共施設の予約", 1450, _FLAT, (0.86, 0.985), (8, 1.5), digital=(0.99, 1.0)),
    Flow("犬の登録・注射済票", 160, _DOGS, (0.0, 0.02), (9, 8), mail=0.06, digital=(0.0, 0.0)),
)


def _month(index: int) -> date:
    months = FIRST_DAY.month - 1 + index
    return date(FIRST_DAY.year + months // 12, months % 12 + 1, 1)


def _between(ends: tuple[float, float], index: int) -> float:
    """Slow at first, fast in the middle, slow again."""
    step = index / (MONTHS - 1)
    return ends[0] + (ends[1] - ends[0]) * step * step * (3 - 2 * step)


def _shares(flow: Flow, index: int) -> dict[tuple[str, str, str], float]:
    """Shares of the month by intake, place and processing."""
    month = _month(index)
    since = (month.year - REFORM.year) * 12 + month.month - REFORM.month
    intake = {ONLINE: _between(flow.online, index), KIOSK: _between(flow.kiosk, index)}
    intake[MAIL] = flow.mail
    intake[REMOTE] = flow.remote if month >= date(2026, 4, 1) else 0.0
    counter = max(0.0, 1.0 - sum(intake.values()))
    formless = flow.at_counter * min(1.0, 0.35 + 0.11 * since) if since >= 0 else 0.0
    intake[DIGITAL], intake[PAPER] = counter * formless, counter * (1 - formless)
    processed = flow.digital[1] if index >= flow.digital_from else flow.digital[0]
    found: dict[tuple[str, str, str], float] = {}
    for name, share in intake.items():
        digitally = 0.0 if name in (PAPER, MAIL) else 1.0 if name == KIOSK else processed
        places = {"近隣": 1 - _KIOSK_IN_HALL, "庁舎": _KIOSK_IN_HALL} if name == KIOSK else None
        for place, part in (places or {_PLACES[name]: 1.0}).items():
            found[name, place, "デジタル"] = share * part * digitally
            found[name, place, "紙"] = share * part * (1 - digitally)
    return {key: share for key, share in found.items() if share > 0}


def rows(seed: int) -> Iterator[list[object]]:
    """Yield the rows of the file; cells without a case are left out."""
    rng = generator(seed, "applications")
    for index in range(MONTHS):
        month = _month(index)
        for flow in FLOWS:
            expected = flow.volume * flow.season[month.month - 1] * (1 - 0.02 * index / 12)
            shares = _shares(flow, index)
            weights = np.array(list(shares.values()))
            counts = rng.multinomial(rng.poisson(expected), weights / weights.sum())
            for (intake, place, processing), count in zip(shares, counts, strict=True):
                if count:
                    minutes = flow.minutes[processing == "デジタル"]
                    text = f"{month.year}年{month.month}月"
                    cells = [CITY_CODE, text, flow.name, intake, place, processing]
                    yield [*cells, int(count), float(minutes)]


def write(folder: Path, seed: int) -> None:
    """Write the file."""
    write_csv(folder / "申請件数.csv", [HEADER, *rows(seed)], encoding="utf-8-sig")
