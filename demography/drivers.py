"""Which population group causes which work (domain 9): data with defaults, and what is changed.

By itself work follows the group of its category. Where a department serves one group (a nursery
school section, a section for care), its work follows that group instead, except for categories that
follow nobody. What people have decided otherwise comes first.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from demography.groups import GROUPS

FOLLOWS_NOBODY = "none"
_WORK = ("municipality", "department", "category")


class DriverError(ValueError):
    """A group that does not exist: one Japanese line, what and what to do."""


def drivers(
    work: pd.DataFrame,
    categories: pd.DataFrame,
    departments: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
) -> list[str]:
    """The population group (of GROUPS) that each row of work follows.

    work: municipality, department, category. categories: category, driver. departments:
    department_part, driver in order: the first whose part occurs in the department's name counts.
    changes: municipality, department, category (empty text = all), driver, oldest first: one that
    names department and category comes before one that names the department, that before one that
    names the category, that before one that names neither; of equals the last one counts.

    Raises DriverError for a group that is not in GROUPS.
    """
    parts = [] if departments is None else _pairs(departments, "department_part")
    by_category = dict(_pairs(categories, "category"))
    decided: dict[tuple[str, str, str], str] = {}
    if changes is not None:
        for municipality, department, category, driver in _rows(changes, *_WORK, "driver"):
            decided[municipality, department, category] = _known(driver)
    found: dict[tuple[str, str, str], str] = {}
    rows = _rows(work, *_WORK)
    for municipality, department, category in dict.fromkeys(rows):
        asked = ((department, category), (department, ""), ("", category), ("", ""))
        own = (decided.get((municipality, *pair)) for pair in asked)
        usual = by_category[category]
        if usual != FOLLOWS_NOBODY:
            usual = next((group for part, group in parts if part in department), usual)
        decided_here = next((group for group in own if group), usual)
        found[municipality, department, category] = decided_here
    return [found[row] for row in rows]


def _rows(frame: pd.DataFrame, *columns: str) -> list[Any]:
    return list(zip(*(frame[name] for name in columns), strict=True))


def _pairs(frame: pd.DataFrame, key: str) -> list[tuple[str, str]]:
    return [(name, _known(driver)) for name, driver in _rows(frame, key, "driver")]


def _known(driver: str) -> str:
    if driver not in GROUPS:
        raise DriverError(f"人口の区分「{driver}」はありません（{'、'.join(GROUPS)} のどれか）")
    return driver
