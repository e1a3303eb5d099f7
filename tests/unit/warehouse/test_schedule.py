"""When a source is late."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.schedule import is_late

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("schedule", "last", "expected"),
    [
        ("monthly", date(2026, 9, 23), False),  # 62 days ago
        ("monthly", date(2026, 9, 22), True),
        ("yearly", date(2025, 5, 23), False),  # 550 days ago
        ("yearly", date(2025, 5, 22), True),
        ("monthly", date(2027, 1, 1), False),  # a plan that lies ahead
        ("once", date(2015, 10, 1), None),
        (None, date(2026, 10, 31), None),
        ("monthly", None, None),
    ],
)
def test_late_is_what_should_have_been_followed_by_now(
    schedule: str | None, last: date | None, expected: bool | None
) -> None:
    assert is_late(schedule, last, TODAY) is expected
