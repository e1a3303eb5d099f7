"""Types that a source's column can have."""

from typing import Literal

ColumnType = Literal[
    "text",
    "int",
    "long",
    "float",
    "bool",
    "date",
    "month",
    "timestamp",
    "time",
    "municipality",
    "area",
]
"""municipality: a known six-digit code, never a prefecture; area: any well-formed code."""
