"""自治体DX dashboard (デジタル庁): a wide table with one column per municipality and no codes.

Row 1 has the names from column C on, column A the category (once for the rows below it), column B
the indicator. A name that several municipalities have is never guessed: the file is refused with
the names that a mapping must settle. The second column of the same name is called 府中市(2) there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from pipelines.adapters.answers import Answers
from pipelines.adapters.as_of import ask, day_in
from pipelines.adapters.base import Adapted, Context, Finding, Ignored
from pipelines.adapters.indicators import Records, column_letter
from pipelines.adapters.words import plain
from pipelines.errors import Refused
from pipelines.names import AMBIGUOUS
from pipelines.read import Sheet
from pipelines.sources import Source

FIRST_NAME = 2
"""Column C, counted from 0."""

EVERYWHERE = "全国"
"""The setting `prefecture` of a table that is not of one prefecture."""

FEWEST = 2
"""A table of fewer municipalities is not recognised by its shape alone."""

SHOWN = 5
"""Names that a message lists; the rest are counted."""


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where row 1 has names of municipalities from column C on, and column B indicators."""
    return any(_has_layout(sheet) for sheet in sheets)


def _has_layout(sheet: Sheet) -> bool:
    if len(sheet.head) < 2 or len(sheet.head[0]) <= FIRST_NAME:
        return False
    names = [plain(text) for text in sheet.head[0][FIRST_NAME:] if text.strip()]
    is_name = [name[-1] in "市区町村" and not name.isascii() for name in names if name]
    rows = [row for row in sheet.head[1:] if any(cell.strip() for cell in row)]
    named = [row for row in rows if len(row) > FIRST_NAME and row[1].strip()]
    return len(is_name) >= FEWEST and all(is_name) and 2 * len(named) > len(rows) > 0


@dataclass(frozen=True)
class _Column:
    at: int
    name: str
    code: str


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """One record per municipality and indicator.

    Raises Refused where no sheet has the layout, a name cannot be told, or the day is not given.
    """
    found = [sheet for sheet in sheets if _has_layout(sheet)]
    if not found:
        raise Refused(
            "1行目のC列から市区町村名、B列に指標がある表が見つかりません。"
            "公表されたままの表を読み込んでください",
            "no table with names of municipalities in row 1 from column C on and indicators in"
            " column B; load it as published",
        )
    day = day_in([*(sheet.name for sheet in found), context.file_name])
    if day is None:
        ask(context, "dx_dashboard_20250401.csv")
    records, adapted = Records(), Adapted(pa.table({}))
    answers = Answers(source, context.profile, blank="no_answer")
    setting = {**source.settings, **context.profile.settings}["prefecture"]
    prefecture = None if setting == EVERYWHERE else setting
    for sheet in found:
        columns = _columns(sheet, prefecture, day, context)
        _read(sheet, columns, day.isoformat() if day else None, answers, records, adapted)
    adapted.records = records.table()
    return adapted


def _columns(
    sheet: Sheet, prefecture: str | None, day: date | None, context: Context
) -> list[_Column]:
    """The columns with their codes. Raises Refused where a name stands for none or for several."""
    columns: list[_Column] = []
    open_names: list[tuple[str, int, str]] = []
    times = Counter(plain(text) for text in sheet.head[0][FIRST_NAME:])
    seen: Counter[str] = Counter()
    names = context.places.names
    for at, text in enumerate(sheet.head[0][FIRST_NAME:], start=FIRST_NAME):
        name = plain(text)
        if not name:
            continue
        seen[name] += 1
        key = name if seen[name] == 1 else f"{name}({seen[name]})"
        code, problem = (
            names.find(key, prefecture, day) if prefecture else names.find_text(key, day)
        )
        if times[name] > 1 and not names.is_mapped(key):
            code, problem = None, AMBIGUOUS
        if code is None:
            open_names.append((key, at, problem or AMBIGUOUS))
        else:
            columns.append(_Column(at, name, code))
    if open_names:
        raise _asked(open_names, context)
    for code, count in Counter(column.code for column in columns).items():
        if count > 1:
            same = "、".join(f"{column_letter(c.at)}列" for c in columns if c.code == code)
            raise Refused(
                f"{same} が同じ団体（{code}）になります。市区町村名の対応表を確かめてください",
                f"columns {same} stand for the same municipality {code}; check the name mapping",
            )
    return columns


def _asked(open_names: list[tuple[str, int, str]], context: Context) -> Refused:
    listed = []
    for key, at, problem in open_names[:SHOWN]:
        codes = context.places.names.candidates(key.split("(")[0])
        choice = "／".join(codes) if problem == AMBIGUOUS and codes else "該当なし"
        listed.append(f"{key}（{column_letter(at)}列、候補 {choice}）")
    more = len(open_names) - len(listed)
    names = "、".join(listed) + (f"、ほか{more}件" if more > 0 else "")
    english = ", ".join(key for key, _, _ in open_names[:SHOWN]) + (
        f" and {more} more" if more > 0 else ""
    )
    return Refused(
        f"どの市区町村か決められない名前があります：{names}。市区町村名の対応表"
        "（列：表記・団体コード）に書いて読み込んでから、もう一度読み込んでください",
        f"names that cannot be told: {english}; write them with their codes into a mapping of"
        " names (columns 表記, 団体コード), load it, then load this file again",
    )


def _read(
    sheet: Sheet,
    columns: list[_Column],
    as_of: str | None,
    answers: Answers,
    records: Records,
    adapted: Adapted,
) -> None:
    category = ""
    for number, row in enumerate(sheet.rows()[1:], start=2):
        adapted.rows_read += 1
        written = sum(bool(cell.strip()) for cell in row)
        if len(row) < FIRST_NAME or not row[1].strip():
            reason = "title" if written == 1 else "blank"
            if written > 1:
                adapted.rejected.append(_without_indicator(number, sheet.name))
            else:
                adapted.ignored.append(Ignored(number, reason, sheet.name))
            continue
        category = row[0].strip() or category
        indicator = " ".join(row[1].split())
        told = [(c, answers.read(row[c.at] if c.at < len(row) else "")) for c in columns]
        unread = next(((c, row[c.at]) for c, answer in told if answer.status is None), None)
        if unread is not None:
            adapted.rejected.append(_unreadable(number, *unread, sheet.name))
            continue
        for column, answer in told:
            records.add(column.code, indicator, as_of, answer, category or None, number, sheet.name)


def _without_indicator(number: int, sheet: str) -> Finding:
    return Finding(
        number,
        "B列",
        "",
        "required",
        "指標の名前（B列）がありません",
        "the name of the indicator (column B) is missing",
        sheet,
    )


def _unreadable(number: int, column: _Column, cell: str, sheet: str) -> Finding:
    return Finding(
        number,
        f"{column.name}（{column_letter(column.at)}列）",
        cell,
        "value",
        "数としても状態としても読めない値です（例：45.3%、済、未実施、未回答、-）。"
        "別の言い方ならプロファイルの values に書いてください",
        "neither a number nor a status (such as 45.3%, 済, 未実施, 未回答, -); other words can be"
        " mapped in a profile",
        sheet,
    )
