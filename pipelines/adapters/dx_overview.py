"""自治体DX・情報化推進概要 個別資料 (総務省): what each municipality has done, by procedure.

A zip of workbooks, each with a sheet 市町村: headings in the rows above, data from row 8, column B
the code, column D the name, and the state in every fifth column from the seventh. The four columns
beside a state (when, by which system, …) are not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

import pyarrow as pa

from pipelines.adapters.answers import Answer, Answers
from pipelines.adapters.as_of import ask, day_in, fiscal_year_in
from pipelines.adapters.base import Adapted, Context, Finding, Ignored
from pipelines.adapters.indicators import Records, column_letter
from pipelines.adapters.municipal import column_of_codes, held_back
from pipelines.adapters.words import plain
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source

SHEETS = frozenset({"市町村", "市区町村"})
FIRST_ROW, CODE, NAME, FIRST_STATE, STEP = 7, 1, 3, 6, 5
"""Row 8, columns B, D and G, counted from 0; a state stands in every fifth column from G on."""

STATES = frozenset({"済", "未"})
TOTALS = frozenset({"合計", "計", "総計", "済の数", "実施団体数"})


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet 市町村 has codes in column B and states in the seventh, from row 8 on."""
    return any(_has_layout(sheet) for sheet in sheets)


def _has_layout(sheet: Sheet) -> bool:
    if plain(sheet.name.rsplit("／", 1)[-1]) not in SHEETS:
        return False
    rows = [row for row in sheet.head[FIRST_ROW:] if len(row) > FIRST_STATE]
    coded = [row for row in rows if plain(row[CODE]).removesuffix(".0").isdigit()]
    states = {plain(cell) for row in coded for cell in row[FIRST_STATE::STEP]}
    return bool(coded) and bool(states & STATES)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """One record per municipality and column of states.

    Raises Refused where no sheet has the layout, or nothing says what day the states are of.
    """
    found = [sheet for sheet in sheets if _has_layout(sheet)]
    if not found:
        raise Refused(
            "シート「市町村」に、8行目からの団体コード（B列）と済・未の列（G列から）が"
            "見つかりません。公表されたままの zip か Excel を読み込んでください",
            "no sheet 市町村 with codes in column B and states from column G on, from row 8;"
            " load the zip or the workbook as published",
        )
    records, adapted = Records(), Adapted(pa.table({}))
    answers = Answers(source, context.profile, blank="no_answer")
    for sheet in found:
        _read(sheet, answers, context, records, adapted)
    adapted.records = records.table()
    return adapted


def _as_of(sheet: Sheet, context: Context) -> str | None:
    """The day of the survey: as written, else 1 April of the fiscal year that is written."""
    titles = [text for row in sheet.head[:FIRST_ROW] for text in row]
    places = [*titles, sheet.name, context.file_name]
    if day := day_in(places):
        return day.isoformat()
    if year := fiscal_year_in(places):
        return date(year, 4, 1).isoformat()
    ask(context, "dx_20250401.zip")
    return None


def _read(
    sheet: Sheet, answers: Answers, context: Context, records: Records, adapted: Adapted
) -> None:
    as_of = _as_of(sheet, context)
    rows = sheet.rows()
    names = indicators(sheet, max(len(row) for row in rows))
    *members, _ = sheet.name.split("／")
    category = PurePath(members[-1] if members else context.file_name).stem
    data = list(enumerate(rows[FIRST_ROW:], start=FIRST_ROW + 1))
    adapted.rows_read += len(data)
    found = column_of_codes([_cell(row, CODE) for _, row in data], context.places)
    for (number, row), code in zip(data, found, strict=True):
        written = sum(bool(cell.strip()) for cell in row)
        is_total = any(plain(cell) in TOTALS for cell in row[:FIRST_STATE])
        if code is None and (is_total or written <= 1):
            reason = "total" if is_total else "title" if written else "blank"
            adapted.ignored.append(Ignored(number, reason, sheet.name))
        elif code is None:
            problem = "unknown_municipality"
            found_code = held_back(number, "団体コード", _cell(row, CODE), problem, sheet.name)
            adapted.rejected.append(found_code)
        else:
            told = {at: answers.read(_cell(row, at)) for at in names}
            if fault := _fault(number, row, told, names, sheet.name):
                adapted.rejected.append(fault)
                continue
            for at, answer in told.items():
                records.add(code, names[at], as_of, answer, category, number, sheet.name)


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _fault(
    number: int, row: list[str], told: dict[int, Answer], names: dict[int, str], sheet: str
) -> Finding | None:
    """The first state of a row that is none."""
    for at, answer in told.items():
        if answer.status is None:
            return Finding(
                number,
                f"{names[at]}（{column_letter(at)}列）",
                _cell(row, at),
                "value",
                "済・未・空欄のどれでもありません。別の言い方ならプロファイルの values に"
                "書いてください",
                "neither 済 nor 未 nor blank; other words can be mapped in a profile",
                sheet,
            )
    return None


def indicators(sheet: Sheet, width: int) -> dict[int, str]:
    """Position of each column of states → name of its indicator, from the headings above it.

    A heading that stands above every one of them (the table's title, 「状況」) names none.
    """
    over = {(row, at): text for row, at, text in _spread(sheet)}
    paths: dict[int, list[str]] = {}
    for at in range(FIRST_STATE, width, STEP):
        texts = [
            " ".join(over.get((row, at), _cell(sheet.head[row], at)).split())
            for row in range(min(FIRST_ROW, len(sheet.head)))
        ]
        paths[at] = [text for text in dict.fromkeys(texts) if text]
    paths = {at: path for at, path in paths.items() if path}
    common = Counter(text for path in paths.values() for text in set(path))
    names = {
        at: "／".join(t for t in path if len(paths) == 1 or common[t] < len(paths)) or path[-1]
        for at, path in paths.items()
    }
    twice = Counter(names.values())
    return {
        at: name if twice[name] == 1 else f"{name}（{column_letter(at)}列）"
        for at, name in names.items()
    }


def _spread(sheet: Sheet) -> list[tuple[int, int, str]]:
    """Cells of merged headings: row, column, text of the range that they belong to."""
    return [
        (row, at, _cell(sheet.head[merged.top], merged.left))
        for merged in sheet.merged
        if merged.top < min(FIRST_ROW, len(sheet.head))
        for row in range(merged.top, merged.bottom + 1)
        for at in range(merged.left, merged.right + 1)
    ]
