"""Work surveys (業務量調査): a cross table of hours by category, or a long list of work.

Both are drawn by hand: 課, 係 and 業務 are merged or written once, subtotals stand between the
lines. Subtotals and totals are checked against their parts and not loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa

from pipelines import personal
from pipelines.adapters.base import Adapted, Context, Finding
from pipelines.adapters.survey_heads import (
    Cross,
    LongList,
    category_key,
    find_cross,
    find_list,
    refuse_doubtful,
    survey_year,
    words_of,
)
from pipelines.adapters.survey_sums import amounts_of, check_sums, is_sum
from pipelines.adapters.survey_table import LABELS, Heads, Line, read_lines
from pipelines.adapters.survey_words import amount, is_blank
from pipelines.adapters.words import fiscal_year
from pipelines.errors import Refused
from pipelines.profile import Profile, standard
from pipelines.read import Sheet
from pipelines.sources import Source

Record = dict[str, str | int | None]


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has 課 and 業務 with categories, as columns or as values beside hours."""
    profile = standard(source)
    return any(
        find_cross(sheet, source, profile) or find_list(sheet, source, profile) for sheet in sheets
    )


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn details into records, one per category of a cross table, one per row of a list.

    Raises Refused where no sheet has either layout, a column is doubtful or holds personal data,
    or the survey's year is nowhere written.
    """
    tables = [
        (sheet, layout)
        for sheet in sheets
        if (
            layout := find_cross(sheet, source, context.profile)
            or find_list(sheet, source, context.profile)
        )
    ]
    if not tables:
        raise Refused(
            "「課」「業務」と事務分類の列が見つかりません。"
            "クロス集計表か、課・係・業務・作業・事務分類・年間時間の一覧にしてください",
            "no columns of department, task and categories; provide a cross table or a list",
        )
    found = Adapted(pa.table({}))
    records: list[Record] = []
    for sheet, layout in tables:
        heads = layout.heads
        refuse_doubtful(layout)
        _refuse_personal(sheet, heads, context.waived)
        rows = read_lines(sheet, heads)
        if isinstance(layout, LongList):
            _fill_hours(rows.lines, heads)
        ignored, rejected = check_sums(rows.lines, heads, sheet.name)
        details = [line for line in rows.lines if line.summary is None]
        constant = _constants(sheet, heads, context)
        if isinstance(layout, Cross):
            rejected += _unreadable(details, layout, sheet) + _wrong_totals(details, layout, sheet)
        for line in details:
            own = _own(line, layout, source, context.profile)
            place: Record = {"source_row": line.number, "sheet": sheet.name}
            parts = _by_category(line, layout) if isinstance(layout, Cross) else [{}]
            records += [constant | own | part | place for part in parts]
        found.ignored += rows.ignored + ignored
        found.rejected += rejected
        found.rows_read += rows.rows_read
    found.records = _table(records, source)
    return found


def _refuse_personal(sheet: Sheet, heads: Heads, waived: Collection[str]) -> None:
    """Raise Refused where a column that is not understood and not waived holds personal data."""
    used = {*heads.labels.values(), *heads.others.values(), *heads.amounts}
    names = {column: name for column, name in enumerate(heads.names) if column not in used and name}
    personal.refuse_headers(names.values(), waived)
    watcher = personal.Watcher(names, waived)
    for chunk in sheet.chunks(heads.row + 1, len(heads.names)):
        watcher.see(chunk)


def _fill_hours(lines: Sequence[Line], heads: Heads) -> None:
    """Hours that a list leaves blank beside volume and minutes count in its subtotals too."""
    if not {"hours", "volume", "minutes_per_case"} <= set(heads.others):
        return
    hours = heads.others["hours"]
    for line in lines:
        if line.summary is None and is_blank(line.cells[hours]):
            volume = amount(line.cells[heads.others["volume"]])
            minutes = amount(line.cells[heads.others["minutes_per_case"]])
            if volume is not None and minutes is not None:
                line.cells[hours] = format(volume * minutes / 60, ".12g")


def _table(records: list[Record], source: Source) -> pa.Table:
    names = [column.name for column in source.read_columns]
    given = [name for name in names if any(record.get(name) for record in records)]
    columns = {name: pa.array([r.get(name) for r in records], pa.string()) for name in given}
    columns["source_row"] = pa.array([r["source_row"] for r in records], pa.int64())
    columns["sheet"] = pa.array([r["sheet"] for r in records], pa.string())
    return pa.table(columns)


def _constants(sheet: Sheet, heads: Heads, context: Context) -> Record:
    """What holds for the whole sheet where its rows do not say otherwise."""
    given = context.profile.constants
    survey = given.get("survey") or survey_year(sheet, heads.row, context.file_name)
    if survey is None and "survey" not in heads.others:
        raise Refused(
            "調査の年度が分かりません。表題かファイル名に「令和7年度」のように書いてください",
            "the survey's fiscal year is not written; put it into the title or the file's name",
        )
    municipality = given.get("municipality") or context.municipality
    return {**given, "survey": survey, "municipality": municipality}


def _own(line: Line, layout: Cross | LongList, source: Source, profile: Profile) -> Record:
    """What a line itself says: its labels, and its further columns as the source stores them.

    A cross table has its amounts per category; a volume or total beside them is not the row's.
    """
    own: Record = {name: line.labels[name] for name in LABELS if line.labels[name]}
    amounts = ("hours", "volume", "minutes_per_case") if isinstance(layout, Cross) else ()
    for name, column in layout.heads.others.items():
        text = line.cells[column].strip()
        if is_blank(text) or name in amounts:
            continue
        if name in ("category", "staff_kind"):
            text = words_of(name, source, profile).get(category_key(text), text)
        elif name == "survey" and (year := fiscal_year(text)):
            text = str(year)
        own[name] = text
    return own


def _by_category(line: Line, cross: Cross) -> list[Record]:
    """One record per category with an amount; a blank cell states nothing."""
    records: list[Record] = []
    for column, (category, staff_kind) in cross.categories.items():
        value = amount(line.cells[column])
        if is_blank(line.cells[column]) or value is None:
            continue
        record: Record = {
            "category": category,
            "hours": format(value * cross.hours_per_unit, ".12g"),
        }
        if staff_kind:
            record["staff_kind"] = staff_kind
        records.append(record)
    return records


def _unreadable(details: Sequence[Line], cross: Cross, sheet: Sheet) -> list[Finding]:
    """Cells of details that should hold an amount and do not."""
    return [
        Finding(
            line.number,
            cross.heads.names[column],
            line.cells[column],
            "not_a_number",
            "時間は数字で書いてください（計算式のエラーや文字が入っています）",
            "hours must be a number (there is a failed formula or text)",
            sheet.name,
        )
        for line in details
        for column in cross.heads.amounts
        if amount(line.cells[column]) is None
    ]


def _wrong_totals(details: Sequence[Line], cross: Cross, sheet: Sheet) -> list[Finding]:
    """Details whose total column is not the sum of its categories.

    Where categories stand once per kind of staff, a total may add up those of one kind or all.
    """
    values = amounts_of(details, cross.heads)
    position = {column: index for index, column in enumerate(cross.heads.amounts)}
    kinds = {kind for _, kind in cross.categories.values()}
    groups = [
        [position[c] for c, (_, kind) in cross.categories.items() if kind in wanted]
        for wanted in ([{kind} for kind in sorted(kinds)] + [kinds])
    ]
    found: list[Finding] = []
    for line, row in zip(details, values, strict=True):
        sums = [float(row[group].sum()) for group in groups]
        for column in cross.totals:
            text = line.cells[column]
            if is_blank(text) or np.isnan(row).any() or any(is_sum(text, part) for part in sums):
                continue
            message_ja = (
                f"合計 {row[position[column]]:,.10g} が事務分類の和 {sums[-1]:,.10g} と"
                "一致しません。どちらが正しいか確かめてください"
            )
            message_en = (
                f"the total says {row[position[column]]:,.10g}, but the categories add up to "
                f"{sums[-1]:,.10g}; check which is right"
            )
            name = cross.heads.names[column]
            found.append(
                Finding(line.number, name, text, "row_total", message_ja, message_en, sheet.name)
            )
    return found
