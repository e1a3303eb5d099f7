"""Writing demo files so that the same input gives the same bytes: CSV, Excel, Japanese dates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.demo.world import WATERMARK

_CREATED = datetime(2026, 11, 2, 9, 0)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_REIWA_BEGINS = 2018
"""令和1年 is 2019; every date of the demo is in 令和."""


def write_csv(
    path: Path, rows: Iterable[Sequence[Any]], *, encoding: str = "cp932", newline: str = "\r\n"
) -> None:
    """Write rows as CSV. `None` becomes an empty cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


@contextmanager
def workbook(path: Path, title: str) -> Iterator[xlsxwriter.Workbook]:
    """An Excel workbook with fixed dates and the watermark in its title; closed at the end."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": f"{title}（{WATERMARK}）", "created": _CREATED})
    yield book
    book.close()


def full_width(text: str) -> str:
    """Write digits as full-width ones, as some machines do."""
    return text.translate(_FULL_WIDTH)


def reiwa(year: int) -> int:
    """Return the year of the era 令和."""
    return year - _REIWA_BEGINS


def fiscal_year(year: int) -> str:
    """Return 令和7年度 for 2025."""
    return f"令和{reiwa(year)}年度"
