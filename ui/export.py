"""Tables as files: CSV for Excel (UTF-8 with BOM) and XLSX, with where the numbers come from.

A text that a spreadsheet would read as a formula is escaped; codes stay text; shares become real
percentages in XLSX and percent numbers in CSV; units stand in the headers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import pandas as pd
import xlsxwriter

from warehouse.formula import harmless

Kind = Literal["text", "code", "number", "share", "month", "date", "time"]
"""`share` is a fraction; `month` and `date` are dates; `code` is text that looks like a number."""

_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Column:
    """One column of a table: name in the frame, header, kind, unit, decimals shown.

    colours: text → colour, on the screen only and beside a word or shape that says the same.
    """

    name: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    decimals: int = 0
    colours: Mapping[str, str] = field(default_factory=dict)

    @property
    def header(self) -> str:
        """Return the header with its unit: 中央値（分）, オンライン申請率（%）."""
        unit = "%" if self.kind == "share" else self.unit
        if not unit:
            return self.label
        return f"{self.label} ({unit})" if self.label.isascii() else f"{self.label}（{unit}）"


@dataclass(frozen=True)
class Table:
    """A frame and the columns of it that readers see, in their order."""

    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame


@dataclass(frozen=True)
class Provenance:
    """Where a table's numbers come from: lines of (what, text), and the mark of synthetic data."""

    lines: Sequence[tuple[str, str]]
    watermark: str | None = None


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))


def _half_up(value: float, decimals: int) -> str:
    """Round as the page does: half up, from the value as written."""
    exact = Decimal(f"{value:.10f}")
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def _csv_cell(value: Any, column: Column) -> str:
    if _missing(value):
        return ""
    if column.kind == "month":
        return f"{value:%Y-%m}"
    if column.kind == "date":
        return f"{value:%Y-%m-%d}"
    if column.kind == "time":
        return f"{value:%Y-%m-%d %H:%M}"
    if column.kind == "share":
        return _half_up(float(value) * 100, max(column.decimals, 1))
    if column.kind == "number":
        return _half_up(float(value), column.decimals)
    return harmless(str(value))


def to_csv(table: Table, provenance: Provenance) -> bytes:
    """Write the table as CSV in UTF-8 with BOM, which Excel reads as it is.

    A table of synthetic data carries the mark in its first line.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if provenance.watermark:
        writer.writerow([provenance.watermark])
    writer.writerow([harmless(column.header) for column in table.columns])
    for row in table.frame[[column.name for column in table.columns]].itertuples(index=False):
        writer.writerow(
            [_csv_cell(value, column) for value, column in zip(row, table.columns, strict=True)]
        )
    return out.getvalue().encode("utf-8-sig")


def _number_format(column: Column) -> str:
    zeros = "." + "0" * column.decimals if column.decimals else ""
    return {
        "number": f"#,##0{zeros}",
        "share": f"0.{'0' * max(column.decimals, 1)}%",
        "month": "yyyy-mm",
        "date": "yyyy-mm-dd",
        "time": "yyyy-mm-dd hh:mm",
    }.get(column.kind, "@")


def to_xlsx(table: Table, provenance: Provenance, labels: tuple[str, str]) -> bytes:
    """Write a workbook of two sheets, named by `labels`: the table, and where it comes from."""
    return to_workbook([(labels[0], table)], provenance, labels[1])


def to_workbook(sheets: Sequence[tuple[str, Table]], provenance: Provenance, origin: str) -> bytes:
    """Write a workbook with one table per sheet, and last where they come from.

    sheets: name and table of each. origin: name of the last sheet.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    warn = book.add_format({"bold": True, "font_color": "#CE0000"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for name, table in sheets:
        _table_sheet(book, book.add_worksheet(_sheet_name(name)), table, provenance, (head, warn))
    about = book.add_worksheet(_sheet_name(origin))
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 90)
    notes = [("", provenance.watermark)] if provenance.watermark else []
    titles = [("", table.title) for _, table in sheets]
    for row, (what, text) in enumerate([*titles, *notes, *provenance.lines]):
        about.write_string(row, 0, what, head if what else wrap)
        about.write_string(row, 1, text, wrap)
    book.close()
    return out.getvalue()


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub(" ", name)[:31]


def _table_sheet(
    book: Any, data: Any, table: Table, provenance: Provenance, styles: tuple[Any, Any]
) -> None:
    """Write one table, under the mark of synthetic data where it is made of such."""
    head, warn = styles
    first = 0
    if provenance.watermark:
        data.write_string(0, 0, provenance.watermark, warn)
        data.set_header(f"&C&18{provenance.watermark}")
        first = 1
    for index, column in enumerate(table.columns):
        style = book.add_format({"num_format": _number_format(column)})
        data.write_string(first, index, column.header, head)
        values = list(table.frame[column.name])
        width = max([_width(column.header), *(_width(_csv_cell(v, column)) for v in values[:200])])
        data.set_column(index, index, min(max(width + 2, 8), 60))
        for row, value in enumerate(values, start=first + 1):
            _write(data, row, index, value, column, style)
    data.freeze_panes(first + 1, 0)


def _write(sheet: Any, row: int, index: int, value: Any, column: Column, style: Any) -> None:
    if _missing(value):
        sheet.write_blank(row, index, None, style)
    elif column.kind in ("number", "share"):
        sheet.write_number(row, index, float(value), style)
    elif column.kind in ("month", "date", "time"):
        moment = pd.Timestamp(value).to_pydatetime()
        sheet.write_datetime(row, index, moment.replace(tzinfo=None), style)
    else:
        sheet.write_string(row, index, str(value), style)


def _width(text: str) -> int:
    return sum(1 if ord(char) < 256 else 2 for char in text)


def file_name(page: str, key: str, period: str, suffix: str, made: date) -> str:
    """Name a download: page, table, period and the day it was made, in plain ASCII."""
    parts = [page, key, period.replace("..", "_"), f"{made:%Y%m%d}"]
    return "mado-" + "-".join(part for part in parts if part) + suffix
