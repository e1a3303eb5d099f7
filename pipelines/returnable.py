"""Write rows held back as a workbook that a clerk corrects and returns (see pipelines.returned).

Each sheet has the original's header and the rows' cells as they were written, the bad ones
coloured and with the reason as a comment. Cells are text: nothing is turned into a number or a
date, and nothing runs as a formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import xlsxwriter

from pipelines import held, ledger, returned
from pipelines.entry import Entry
from pipelines.errors import PipelineError
from pipelines.profile import load_profiles
from pipelines.read import Sheet, open_document
from pipelines.recognised import Recognised, Table
from pipelines.returned import CONTEXT, FIRST_COLUMN, FIRST_ROW, MAGIC, MARK_SHEET
from warehouse.home import Home

MOST_ROWS = 10_000
"""More rows are not corrected by hand; the file as a whole is then."""

CONTEXT_ROWS = 12
"""Rows from the top of a sheet that are shown where its layout has no single header."""

GUIDE = (
    "色の付いたセルを直して保存し、このブックをそのまま取り込んでください。"
    "理由はセルのメモと「理由」の列にあります。要らない行は、そのセルをすべて空にすると対象外に"
    "なります。"
    " / Correct the coloured cells, save, and load this workbook as it is."
    " Empty all cells of a row that is not wanted."
)


@dataclass
class _Part:
    """What one sheet of the workbook shows: the rows of one sheet of the original."""

    name: str
    header: Sequence[str]
    reasons: dict[int, list[dict[str, Any]]]
    cells: dict[int, list[str]]
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    context: Sequence[Sequence[str]] = ()


def workbook(home: Home, start: str) -> bytes:
    """The open rows of a file, and of workbooks returned for it, as a workbook.

    start: of the file's sha256. Raises PipelineError where no row is open, and where rows of such
    a file cannot be corrected one by one; the message says what to do instead.
    """
    asked = ledger.resolve(home, start)
    entry = ledger.find(home, asked.corrects) if asked.corrects else asked
    assert entry is not None  # a correction is forgotten together with its original
    family = [entry, *(e for e in ledger.active(home) if e.corrects == entry.sha256)]
    reasons: dict[str, dict[int, list[dict[str, Any]]]] = {}
    newest: dict[tuple[str, int], Entry] = {}
    for one in family:
        for row in held.table(home, one.sha256).to_pylist():
            sheet, number = row["sheet"] or "", row["source_row"]
            reasons.setdefault(sheet, {}).setdefault(number, []).append(row)
            newest[sheet, number] = one
    _refuse_count(entry, len(newest))
    profiles = load_profiles(home.profiles)
    found = returned.original(home, entry, profiles)
    _refuse_whole(entry, found)
    parts = [_part(found, sheet, rows) for sheet, rows in sorted(reasons.items())]
    for one in family[1:]:
        document = open_document(home.raw / one.sha256)
        mark = returned.mark_of(document)
        assert mark is not None  # it was loaded as such
        for sheet, rows in returned.rows_in(document, mark).items():
            for part in (part for part in parts if part.name == sheet):
                latest = {at: row for at, row in rows.items() if newest.get((sheet, at)) == one}
                part.cells |= latest
    return _written(entry, parts)


def _refuse_count(entry: Entry, rows: int) -> None:
    if not rows:
        raise PipelineError(
            f"{entry.file} に保留されている行はありません",
            f"no row of {entry.file} is held back",
        )
    if rows > MOST_ROWS:
        raise PipelineError(
            f"{entry.file} の保留は {rows:,}行あり、1行ずつ直すには多すぎます。元のファイルを直し、"
            f"python -m pipelines forget {entry.sha256[:12]} のあと読み込んでください",
            f"{rows} rows of {entry.file} are held back, too many to correct by hand; correct the"
            f" file itself, forget {entry.sha256[:12]}, and load it again",
        )


def _refuse_whole(entry: Entry, found: Recognised) -> None:
    """Rows that mean something only together are corrected in their file."""
    given = {name for table in found.tables for name in table.match.cells}
    given |= set(found.profile.constants)
    added = found.source.aggregate is not None and found.source.aggregate.missing not in given
    if (found.tables and added) or found.profile.events is not None:
        raise PipelineError(
            f"{entry.file} の行は合わせて1件になるため、1行ずつは直せません。元のファイルを直し、"
            f"python -m pipelines forget {entry.sha256[:12]} のあと読み込んでください",
            f"rows of {entry.file} are counted together, so they are not corrected one by one;"
            f" correct the file itself, forget {entry.sha256[:12]}, and load it again",
        )


def _part(found: Recognised, sheet: str, reasons: dict[int, list[dict[str, Any]]]) -> _Part:
    table = next((table for table in found.tables if table.sheet.name == sheet), None)
    if table is not None:
        names = table.names
        header = [names.get(at, "") for at in range(table.width)]
        cells = _cells(table.sheet, table.header + 1, table.width, set(reasons))
        return _Part(sheet, header, reasons, cells, _places(table, found))
    whole = next(one for one in found.sheets if one.name == sheet)
    rows = whole.rows()
    cells = {number: rows[number - 1] for number in reasons}
    width = max(map(len, cells.values()))
    header = [xlsxwriter.utility.xl_col_to_name(at) for at in range(width)]
    context = rows[: min(CONTEXT_ROWS, min(reasons) - 1)]
    return _Part(sheet, header, reasons, cells, context=context)


def _places(table: Table, found: Recognised) -> dict[str, list[int]]:
    """Label of a column, as findings name it → positions of its cells."""
    match, source = table.match, found.source
    places: dict[str, list[int]] = {}
    for name, at in [*match.cells.items(), *match.dates.items()]:
        places.setdefault(source.column(name).label.ja, []).append(at)
    key = "・".join(source.column(name).label.ja for name in source.key)
    places[key] = [match.cells[name] for name in source.key if name in match.cells]
    if source.unpivot is not None and match.spread:
        for name in source.unpivot.columns:
            places[source.column(name).label.ja] = [at for at, _ in match.spread]
    return places


def _cells(sheet: Sheet, skip: int, width: int, wanted: set[int]) -> dict[int, list[str]]:
    """Rows of a sheet by their numbers, as they are written. A row that is too long is whole."""
    found: dict[int, list[str]] = {}
    longest = width
    for numbers, rows, fields in _rows(sheet, skip, width, wanted):
        found |= dict(zip(numbers, rows, strict=True))
        longest = max([longest, *fields])
    if longest > width:
        for numbers, rows, fields in _rows(sheet, skip, longest, wanted):
            for number, row, count in zip(numbers, rows, fields, strict=True):
                if count > width or row[:width] == found.get(number):
                    found[number] = row
    return found


def _rows(
    sheet: Sheet, skip: int, width: int, wanted: set[int]
) -> list[tuple[list[int], list[list[str]], list[int]]]:
    listed = np.array(sorted(wanted))
    parts = []
    for chunk in sheet.chunks(skip, width):
        here = np.isin(chunk["source_row"].to_numpy(), listed)
        if here.any():
            some = chunk.filter(pa.array(here))
            columns = [some.column(f"c{at}").cast(pa.string()).to_pylist() for at in range(width)]
            rows = [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
            parts.append((some["source_row"].to_pylist(), rows, some["fields"].to_pylist()))
    return parts


def _written(entry: Entry, parts: Sequence[_Part]) -> bytes:
    to = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    titles: dict[str, str] = {}
    with xlsxwriter.Workbook(to, {**options, "strings_to_numbers": False}) as book:
        formats = {
            "guide": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "header": book.add_format({"bold": True, "bg_color": "#E6E6E6", "border": 1}),
            "fixed": book.add_format({"bg_color": "#F2F2F2", "text_wrap": True, "valign": "top"}),
            "cell": book.add_format({"num_format": "@", "locked": False, "valign": "top"}),
            "bad": book.add_format(
                {"num_format": "@", "locked": False, "bg_color": "#FFE08A", "bold": True}
            ),
        }
        for number, part in enumerate(parts, start=1):
            title = _title(part.name, number)
            titles[title] = part.name
            _write_part(book.add_worksheet(title), part, formats)
        mark = book.add_worksheet(MARK_SHEET)
        facts = [("sha256", entry.sha256), ("file", entry.file), ("source", entry.source)]
        facts += [("profile", entry.profile), *titles.items()]
        for at, row in enumerate([(MAGIC, ""), *facts]):
            for column, value in enumerate(row):
                mark.write_string(at, column, value)
        mark.protect()
        mark.very_hidden()
    return to.getvalue()


def _title(name: str, number: int) -> str:
    """A sheet's title: what a workbook allows of the original's, with a number to tell apart."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:24]
    return f"{plain} {number}" if plain else f"直す行 {number}"


def _write_part(page: Any, part: _Part, formats: Mapping[str, Any]) -> None:
    width = max(len(part.header), *(len(row) for row in part.cells.values()))
    page.merge_range(0, 0, 0, max(FIRST_COLUMN + width - 1, 8), GUIDE, formats["guide"])
    page.set_row(0, 48)
    page.set_column(1, 1, 48)
    page.set_column(FIRST_COLUMN, FIRST_COLUMN + width - 1, 16, formats["cell"])
    for at, name in enumerate(["元の行", "理由", *part.header]):
        page.write_string(FIRST_ROW - 1, at, name, formats["header"])
    row = FIRST_ROW
    for cells in part.context:
        page.write_string(row, 1, CONTEXT, formats["fixed"])
        for at, cell in enumerate(cells):
            page.write_string(row, FIRST_COLUMN + at, cell, formats["fixed"])
        row += 1
    for number in sorted(part.cells):
        _write_row(page, row, number, part, formats)
        row += 1
    page.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    page.protect("", {"format_columns": True, "format_rows": True})


def _write_row(page: Any, row: int, number: int, part: _Part, formats: Mapping[str, Any]) -> None:
    reasons, cells = part.reasons[number], part.cells[number]
    why = "\n".join(_said(reason) for reason in reasons)
    page.write_number(row, 0, number, formats["fixed"])
    page.write_string(row, 1, why, formats["fixed"])
    marked: dict[int, list[str]] = {}
    for reason in reasons:
        for at in _bad(reason, cells, part.places):
            marked.setdefault(at, []).append(reason["message_ja"])
    for at in range(max(len(cells), len(part.header))):
        cell = cells[at] if at < len(cells) else ""
        page.write_string(row, FIRST_COLUMN + at, cell, formats["bad" if at in marked else "cell"])
    for at, said in marked.items():
        page.write_comment(row, FIRST_COLUMN + at, "\n".join(dict.fromkeys(said)))


def _said(reason: Mapping[str, Any]) -> str:
    column = f"{reason['column']}: " if reason["column"] else ""
    return f"{column}{reason['message_ja']}"


def _bad(
    reason: Mapping[str, Any], cells: Sequence[str], places: Mapping[str, Sequence[int]]
) -> list[int]:
    """Positions of the cells that a finding is about: those of its column, or those that hold its
    value. A finding about the row as a whole is about its first cell."""
    value = reason["value"] or ""
    at = list(places.get(reason["column"], ()))
    same = [position for position in at if position < len(cells) and cells[position] == value]
    if len(at) > 1 and same and reason["rule"] != "conflict":
        return same
    return at or [n for n, cell in enumerate(cells) if value and cell == value] or [0]
