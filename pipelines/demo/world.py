"""The fictional city of the demo: its code, its offices, its procedures, its reform.

Nothing here is real. Prefecture numbers from 51 on do not exist, and no municipality of Japan has
one of these names (a test compares them with the shipped list).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np

from warehouse.codes import check_digit

WATERMARK = "模擬データ"
PREFECTURE = "霞野県"
PREFECTURE_NUMBER = 51
CITY = "見晴市"
CITY_CODE = "51201" + check_digit("51201")
FIRST_DAY = date(2024, 11, 1)
LAST_DAY = date(2026, 10, 31)
REFORM = date(2025, 11, 4)
"""First day of the counter without forms (書かない窓口) at the main office."""


def generator(seed: int, part: str) -> np.random.Generator:
    """Return the random stream of one part of the demo, so that parts do not move each other."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


@dataclass(frozen=True)
class Procedure:
    """What people come for: share of arrivals, share in March/April, mean minutes, forwarding.

    minutes, minutes_after: mean time at the counter before and after the reform.
    forwarded, forwarded_after: share sent on to another counter before and after the reform.
    """

    name: str
    share: float
    share_in_spring: float
    minutes: float
    minutes_after: float
    forwarded: float = 0.0
    forwarded_after: float = 0.0


@dataclass(frozen=True)
class Queue:
    """One line of waiting people before counters that serve it first come, first served.

    per_day: mean arrivals of an ordinary weekday. counters: numbers on the signs, in the order in
    which they are opened. ordinary, ordinary_after: how many are open outside of the spring rush,
    before and after the reform. months: demand by calendar month, January first.
    first_ticket, last_ticket: range of ticket numbers; it wraps within a day.
    """

    office: str
    department: str
    per_day: float
    counters: tuple[int, ...]
    ordinary: int
    ordinary_after: int
    first_ticket: int
    last_ticket: int
    procedures: tuple[Procedure, ...]
    months: tuple[float, ...]
    evenings: bool = False

    @property
    def name(self) -> str:
        """Office and department, as one text."""
        return f"{self.office} {self.department}"


MAIN, NORTH, HARBOUR = "本庁", "北支所", "港支所"

_RESIDENT_MONTHS = (0.97, 0.98, 1.06, 1.06, 0.99, 0.97, 0.99, 0.95, 0.95, 0.96, 0.94, 0.97)
_INSURANCE_MONTHS = (0.93, 0.95, 1.16, 1.32, 1.02, 1.06, 1.12, 0.98, 0.93, 0.92, 0.92, 0.93)
_TAX_MONTHS = (1.02, 1.42, 1.46, 1.02, 1.04, 1.30, 0.96, 0.84, 0.82, 0.84, 0.84, 0.90)
_WELFARE_MONTHS = (0.97, 0.97, 1.06, 1.12, 1.01, 1.02, 1.06, 1.04, 0.97, 0.96, 0.94, 0.92)
_CHILD_MONTHS = (0.96, 0.95, 1.22, 1.30, 0.95, 1.12, 0.92, 1.02, 0.90, 1.02, 1.10, 0.90)
_BRANCH_MONTHS = (0.96, 0.97, 1.14, 1.12, 0.99, 1.02, 1.01, 0.97, 0.96, 0.97, 0.95, 0.98)

_BRANCH_PROCEDURES = (
    Procedure("住民票・印鑑証明", 0.62, 0.54, 5.5, 5.5),
    Procedure("住所変更", 0.08, 0.18, 24.0, 22.0),
    Procedure("税証明・納付", 0.16, 0.14, 6.0, 6.0),
    Procedure("国保・年金の届出", 0.14, 0.14, 13.0, 12.5),
)

QUEUES = (
    Queue(
        MAIN,
        "市民課",
        166.0,
        (1, 2, 3, 4, 5),
        5,
        4,
        101,
        299,
        (
            Procedure("住民票・印鑑証明", 0.50, 0.42, 5.0, 4.3),
            Procedure("住所変更", 0.10, 0.20, 34.0, 15.0, 0.60, 0.26),
            Procedure("戸籍の届出", 0.06, 0.06, 20.0, 13.0, 0.44, 0.20),
            Procedure("戸籍証明", 0.14, 0.13, 7.0, 6.0),
            Procedure("印鑑登録", 0.07, 0.06, 10.0, 6.0),
            Procedure("マイナンバーカード", 0.13, 0.13, 12.0, 10.2),
        ),
        _RESIDENT_MONTHS,
        evenings=True,
    ),
    Queue(
        MAIN,
        "保険年金課",
        88.0,
        (6, 7, 8, 9),
        4,
        4,
        301,
        399,
        (
            Procedure("国保の加入・脱退", 0.36, 0.48, 17.0, 15.0, 0.12, 0.06),
            Procedure("国保の給付・保険料", 0.26, 0.22, 15.0, 15.0, 0.10, 0.06),
            Procedure("後期高齢者医療", 0.18, 0.14, 13.0, 13.0),
            Procedure("国民年金", 0.20, 0.16, 14.0, 13.5),
        ),
        _INSURANCE_MONTHS,
    ),
    Queue(
        MAIN,
        "税務課",
        66.0,
        (10, 11, 12),
        3,
        3,
        401,
        499,
        (
            Procedure("税証明", 0.46, 0.40, 6.0, 6.0),
            Procedure("納税相談", 0.20, 0.18, 24.0, 24.0, 0.12, 0.08),
            Procedure("申告相談", 0.14, 0.24, 22.0, 22.0, 0.08, 0.05),
            Procedure("固定資産の閲覧", 0.20, 0.18, 10.0, 10.0),
        ),
        _TAX_MONTHS,
    ),
    Queue(
        MAIN,
        "福祉課",
        46.0,
        (13, 14, 15),
        3,
        3,
        501,
        599,
        (
            Procedure("障害福祉の申請", 0.32, 0.30, 24.0, 23.0),
            Procedure("介護保険の申請", 0.34, 0.36, 19.0, 18.0, 0.06, 0.04),
            Procedure("生活相談", 0.16, 0.16, 36.0, 36.0, 0.14, 0.10),
            Procedure("受給証の再交付", 0.18, 0.18, 8.0, 8.0),
        ),
        _WELFARE_MONTHS,
    ),
    Queue(
        MAIN,
        "子育て支援課",
        32.0,
        (16, 17, 18),
        3,
        3,
        601,
        699,
        (
            Procedure("児童手当", 0.34, 0.34, 14.0, 12.0),
            Procedure("保育所の申込", 0.26, 0.30, 26.0, 22.0),
            Procedure("子ども医療証", 0.28, 0.26, 9.0, 8.5),
            Procedure("ひとり親支援", 0.12, 0.10, 28.0, 28.0),
        ),
        _CHILD_MONTHS,
    ),
    Queue(NORTH, "市民サービス課", 64.0, (1, 2), 2, 2, 1, 99, _BRANCH_PROCEDURES, _BRANCH_MONTHS),
    Queue(HARBOUR, "市民サービス課", 50.0, (1, 2), 2, 2, 1, 99, _BRANCH_PROCEDURES, _BRANCH_MONTHS),
)

FORWARDED_TO = {
    "市民課": {"保険年金課": 0.52, "税務課": 0.10, "福祉課": 0.12, "子育て支援課": 0.26},
    "保険年金課": {"税務課": 0.6, "福祉課": 0.4},
    "税務課": {"福祉課": 1.0},
    "福祉課": {"子育て支援課": 1.0},
}
"""Where people are sent on to from the main office's departments, and in what shares.

Only to departments that come later in QUEUES, so that one pass simulates all.
"""
