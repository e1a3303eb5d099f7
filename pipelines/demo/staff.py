"""Staff of the city by single year of age, on 1 April of 2025 and 2026, from one set of persons.

On 1 April 2026 the oldest regular staff are 61: the retirement age was 61 in fiscal 2024 and is 62
in 2025 and 2026, so nobody retired at the end of fiscal 2025. Those who were born in the second
baby boom (1971–74) are 52 to 55.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.demo.organisation import (
    DEPARTMENTS,
    FIXED_TERM_FTE,
    REHIRED_FTE,
    STAFF,
    Department,
    apportion,
)
from pipelines.demo.world import CITY, CITY_CODE, WATERMARK, generator
from pipelines.demo.writing import workbook, write_csv

HEADER = ["団体コード", "基準日", "所属", "職種", "任用区分", "年齢", "職員数", "常勤換算"]
REGULAR, REHIRED, FIXED_TERM = "常勤", "再任用", "会計年度任用"
NOW, YEAR_BEFORE = date(2026, 4, 1), date(2025, 4, 1)
_ADMINISTRATION, _NURSERY, _CLERK = "一般行政職", "保育士", "事務補助"
_OLDEST_REGULAR = 61
_REHIRED_AGES = {62: 8, 63: 7, 64: 5}
_LEFT_AT_65 = 5
_HIRES, _LEAVERS = 14, 12
_YOUNGEST_HIRE, _OLDEST_HIRE = 18, 34

_WEIGHTS = [
    (18, 20, 0.7),
    (20, 22, 1.6),
    (22, 25, 4.0),
    (25, 30, 6.0),
    (30, 35, 7.0),
    (35, 40, 7.2),
    (40, 45, 8.6),
    (45, 50, 10.4),
    (50, 52, 13.0),
    (52, 56, 17.6),
    (56, 58, 12.0),
    (58, 60, 9.0),
    (60, 62, 6.6),
]
"""Regular staff by age: from, below, persons per year of age."""
_FIXED_TERM_WEIGHTS = [(22, 30, 1.2), (30, 40, 2.6), (40, 50, 4.6), (50, 62, 5.4), (62, 70, 3.0)]


class Person(NamedTuple):
    """One member of staff on 1 April 2026 or, for leavers, a year before."""

    department: str
    job: str
    kind: str
    age: int


def _ages(weights: list[tuple[int, int, float]], total: int, rng: np.random.Generator) -> list[int]:
    """Ages of `total` persons, by the weights with a little chance."""
    spread = [(age, weight) for first, end, weight in weights for age in range(first, end)]
    jitter = rng.lognormal(0.0, 0.08, len(spread))
    counts = apportion(total, np.array([weight for _, weight in spread]) * jitter)
    return [age for (age, _), count in zip(spread, counts, strict=True) for _ in range(count)]


def _job(department: Department, position: int) -> str:
    return department.job if position < department.job_share * department.staff else _ADMINISTRATION


def persons(seed: int) -> tuple[list[Person], list[Person]]:
    """Return the staff of 1 April 2026 and of the year before."""
    rng = generator(seed, "staff")
    posts = [
        (department.name, _job(department, position))
        for department in DEPARTMENTS
        for position in range(department.staff)
    ]
    rehired = [age for age, count in _REHIRED_AGES.items() for _ in range(count)]
    ages = _ages(_WEIGHTS, STAFF - len(rehired), rng) + rehired
    now = [
        Person(*posts[int(post)], REHIRED if age > _OLDEST_REGULAR else REGULAR, age)
        for post, age in zip(rng.permutation(STAFF), ages, strict=True)
    ]
    young = [
        position
        for position, person in enumerate(now)
        if _YOUNGEST_HIRE <= person.age <= _OLDEST_HIRE and person.kind == REGULAR
    ]
    hired = set(rng.choice(young, _HIRES, replace=False).tolist())
    before = [
        person._replace(age=person.age - 1)
        for position, person in enumerate(now)
        if position not in hired and person.age > _YOUNGEST_HIRE
    ]
    before += [
        Person(*posts[int(post)], REGULAR, int(age))
        for post, age in zip(
            rng.integers(0, STAFF, _LEAVERS), rng.integers(23, 58, _LEAVERS), strict=True
        )
    ]
    before += [
        Person(*posts[int(post)], REHIRED, 64) for post in rng.integers(0, STAFF, _LEFT_AT_65)
    ]
    fixed_now, fixed_before = (
        [
            Person(
                department.name, _NURSERY if department.job == _NURSERY else _CLERK, FIXED_TERM, age
            )
            for department in DEPARTMENTS
            for age in _ages(_FIXED_TERM_WEIGHTS, department.fixed_term, rng)
        ]
        for _ in range(2)
    )
    return now + fixed_now, before + fixed_before


def rows(people: Iterable[Person], as_of: date) -> list[list[object]]:
    """Count persons by department, job, kind and age: the rows of the file."""
    fte = {REGULAR: 1.0, REHIRED: REHIRED_FTE, FIXED_TERM: FIXED_TERM_FTE}
    order = {department.name: number for number, department in enumerate(DEPARTMENTS)}
    kinds = list(fte)
    counted = sorted(
        Counter(people).items(),
        key=lambda item: (
            order[item[0].department],
            kinds.index(item[0].kind),
            item[0].job,
            item[0].age,
        ),
    )
    return [
        [
            CITY_CODE,
            as_of,
            person.department,
            person.job,
            person.kind,
            person.age,
            count,
            round(count * fte[person.kind], 2),
        ]
        for person, count in counted
    ]


def write(folder: Path, seed: int) -> None:
    """Write the current staff as a workbook and the year before as CSV."""
    now, before = persons(seed)
    title = f"{CITY} 年齢別職員数（{WATERMARK}）"
    with workbook(folder / "年齢別職員数_2026年4月1日.xlsx", "年齢別職員数") as book:
        sheet = book.add_worksheet("年齢別職員数")
        sheet.write(0, 0, title)
        sheet.write_row(2, 0, HEADER)
        day = book.add_format({"num_format": "yyyy/m/d"})
        for line, (code, _, *rest) in enumerate(rows(now, NOW), 3):
            sheet.write_string(line, 0, str(code))
            sheet.write_datetime(line, 1, datetime(NOW.year, NOW.month, NOW.day), day)
            sheet.write_row(line, 2, rest)
    write_csv(
        folder / "年齢別職員数_2025年4月1日.csv",
        [[title], HEADER]
        + [[code, "令和7年4月1日", *rest] for code, _, *rest in rows(before, YEAR_BEFORE)],
    )
