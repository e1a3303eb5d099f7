"""Moments as the readers of Mado see them: by the clock of Japan, wherever the server stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
"""Japan has one time and no summer time."""


def in_japan(written: str) -> datetime:
    """A moment in ISO form by the clock of Japan; one without an offset is UTC.

    Raises ValueError where it is no moment.
    """
    moment = datetime.fromisoformat(written)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(JAPAN)


def day_in_japan(written: str) -> str:
    """The day of such a moment: 2026-11-02."""
    return in_japan(written).date().isoformat()
