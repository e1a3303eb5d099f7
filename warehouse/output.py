"""Write a frame for a terminal, a spreadsheet or a program: table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from datetime import date, datetime
from typing import Any

import pandas as pd

from warehouse.formula import harmless

FORMATS = ("table", "csv", "json")


def plain(value: Any) -> Any:
    """A cell as JSON knows it: ISO dates, whole numbers without a point, None for missing."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else value
    if isinstance(value, pd.Timestamp | datetime):
        midnight = value.tzinfo is None and value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) else str(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values."""
    return [
        {str(key): plain(value) for key, value in zip(frame.columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]


def as_json(value: Any) -> str:
    """JSON with Japanese left readable."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=plain)


def as_csv(frame: pd.DataFrame) -> str:
    """CSV with a header; missing values are empty, texts that are formulas get an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in records(frame):
        writer.writerow([_safe(cell) for cell in row.values()])
    return text.getvalue()


def _safe(cell: Any) -> Any:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else cell


def as_table(frame: pd.DataFrame) -> str:
    """Columns aligned for a terminal, numbers to the right, `−` for missing.

    East Asian wide characters take two places.
    """
    rows = records(frame)
    columns = []
    for name in map(str, frame.columns):
        cells = [row[name] for row in rows]
        numeric = all(cell is None or isinstance(cell, int | float) for cell in cells)
        texts = [name, *("−" if cell is None else _shown(cell) for cell in cells)]
        size = max(width(text) for text in texts)
        columns.append([_pad(text, size, right=numeric) for text in texts])
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*columns, strict=True)) + "\n"


def _shown(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.4f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)


def width(text: str) -> int:
    """Places that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, size: int, *, right: bool) -> str:
    space = " " * (size - width(text))
    return space + text if right else text + space


def write(frame: pd.DataFrame, style: str) -> str:
    """A frame in one of FORMATS."""
    if style == "json":
        return as_json(records(frame)) + "\n"
    return as_csv(frame) if style == "csv" else as_table(frame)
