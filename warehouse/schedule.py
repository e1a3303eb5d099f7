"""When a source is late: the one rule, for the command line, the pages and whoever else asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

LATE_AFTER: Mapping[str, int] = MappingProxyType({"monthly": 62, "yearly": 550})
"""Days after the end of its last period from which a source is late, by schedule.

A month is expected within a month of its end; a year within half a year.
"""


def is_late(schedule: str | None, last: date | None, today: date) -> bool | None:
    """Whether the next period of a source should have come by now.

    last: the last day that its rows cover. None where nothing is expected: a source without a
    schedule in LATE_AFTER, or one whose rows tell no period.
    """
    days = LATE_AFTER.get(schedule or "")
    if days is None or last is None:
        return None
    return (today - last).days > days
