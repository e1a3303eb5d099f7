"""Who was hired and who left, by fiscal year and age, from the personnel office.

Fiscal 2025 is the difference between the two files of staff; the years before are drawn alike.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from pipelines.demo.staff import FIXED_TERM, REGULAR, REHIRED, YEAR_BEFORE, persons
from pipelines.demo.world import CITY, CITY_CODE, WATERMARK, generator
from pipelines.demo.writing import fiscal_year, write_csv

HEADER = ["団体コード", "年度", "年齢", "任用区分", "採用者数", "退職者数", "退職事由"]
VOLUNTARY, MANDATORY, TERM_ENDED = "自己都合", "定年", "任期満了"
RETIREMENT_AGE = {2021: 60, 2022: 60, 2024: 61}
"""Years with mandatory retirements: in 2023 and 2025 the age rose by one, so nobody retired."""
_FIRST_YEAR = 2021
_RETIRED, _REHIRED = 9, 7


class Flow(NamedTuple):
    """One movement. reason: null for a hire."""

    age: int
    kind: str
    reason: str | None = None


def of_last_year(seed: int) -> Counter[Flow]:
    """Movements of fiscal 2025: what turns the staff of 1 April 2025 into that of a year later.

    Fixed-term staff are left out: their files do not tell who stayed.
    """
    now, before = (
        Counter(person for person in people if person.kind != FIXED_TERM)
        for people in persons(seed)
    )
    older = Counter({one._replace(age=one.age + 1): count for one, count in before.items()})
    found: Counter[Flow] = Counter()
    for person, count in (now - older).items():
        found[Flow(person.age, person.kind)] += count
    for person, count in (older - now).items():
        reason = VOLUNTARY if person.kind == REGULAR else TERM_ENDED
        found[Flow(person.age, person.kind, reason)] += count
    return found


def of_year(year: int, seed: int) -> Counter[Flow]:
    """Movements of an earlier fiscal year."""
    rng = generator(seed, f"flows {year}")
    found = Counter(Flow(int(age), REGULAR) for age in rng.choice(range(18, 35), 14))
    found.update(Flow(int(age), REGULAR, VOLUNTARY) for age in rng.choice(range(23, 58), 12))
    found[Flow(65, REHIRED, TERM_ENDED)] += int(rng.integers(3, 7))
    if age := RETIREMENT_AGE.get(year):
        found[Flow(age, REGULAR, MANDATORY)] += _RETIRED
    if age := RETIREMENT_AGE.get(year - 1):
        found[Flow(age + 1, REHIRED)] += _REHIRED
    return found


def write(folder: Path, seed: int) -> None:
    """Write the file into `folder`."""
    years = {year: of_year(year, seed) for year in range(_FIRST_YEAR, YEAR_BEFORE.year)}
    years[YEAR_BEFORE.year] = of_last_year(seed)
    rows = [
        [
            CITY_CODE,
            fiscal_year(year),
            flow.age,
            flow.kind,
            0 if flow.reason else count,
            count if flow.reason else 0,
            flow.reason,
        ]
        for year, flows in years.items()
        for flow, count in sorted(flows.items(), key=lambda one: (one[0].reason or "", one[0]))
    ]
    write_csv(
        folder / "採用・退職者数_令和3～7年度.csv",
        [[f"{CITY} 採用・退職者数（{WATERMARK}）"], HEADER, *rows],
    )
