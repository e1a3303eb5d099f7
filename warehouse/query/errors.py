"""Errors of the query door: one Japanese line each, with the near names where there are any."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class QueryError(Exception):
    """A question that cannot be answered as asked."""


class NoRelease(QueryError):  # noqa: N818 - the name that callers use
    """Nothing is published yet, or the release that was named is not there."""


class UnknownMetric(QueryError):  # noqa: N818
    """There is no metric of that id."""


class UnknownDimension(QueryError):  # noqa: N818
    """There is no such dimension, or the metric cannot be cut by it."""


class UnknownValue(QueryError):  # noqa: N818
    """A value that the dimension cannot have."""


class NotAllowed(QueryError):  # noqa: N818
    """The viewer may not see this detail."""


def near(name: object, names: Iterable[object]) -> str:
    """「近いもの」 for a message, empty where nothing is near."""
    found = difflib.get_close_matches(str(name), dict.fromkeys(map(str, names)), n=3, cutoff=0.5)
    return f"近いもの: {'、'.join(found)}" if found else ""
