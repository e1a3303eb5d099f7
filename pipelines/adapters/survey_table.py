"""Tables that people draw by hand: merged labels, rows of subtotals, notes in between.

A line of such a table is a detail (it states amounts of its own), a summary (小計, 合計: it repeats
amounts of other lines) or neither (blank, a title, a repeated header). Labels are written once and
hold for the lines below, by merged cells or by blanks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.adapters.base import Ignored
from pipelines.adapters.survey_words import SumLabel, is_blank, sum_label
from pipelines.adapters.words import plain
from pipelines.read import Sheet

LABELS = ("department", "section", "task", "work")
"""Labels from the outside to the inside. Only the last is never carried down over blanks."""

_NOTE = ("※", "注", "(注", "*")


@dataclass(frozen=True)
class Heads:
    """Where a sheet's columns are; columns count from 0.

    row: index of the header row. labels: column of each label that the sheet has, in the order of
    LABELS. others: further columns, by the name of the source's column. amounts: columns of
    which a detail fills at least one. summed: those of them in which sums are checked. names: what
    each column is called.
    """

    row: int
    labels: Mapping[str, int]
    others: Mapping[str, int]
    amounts: tuple[int, ...]
    summed: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A detail or a summary.

    number: row of the spreadsheet. cells: as wide as the header, merged cells filled in. labels:
    of a detail its own, of a summary those of the lines above it. place: the label under which
    the words of a summary stand.
    """

    number: int
    cells: list[str]
    labels: dict[str, str]
    summary: SumLabel | None = None
    place: str = ""


@dataclass
class Lines:
    """All rows below a header: details and summaries in their order, and the ignored rows."""

    lines: list[Line] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    rows_read: int = 0


def read_lines(sheet: Sheet, heads: Heads) -> Lines:
    """Tell details, summaries and ignored rows apart, and give each its labels."""
    rows = sheet.rows()
    width = len(heads.names)
    header = [plain(cell) for cell in rows[heads.row]]
    merged = _merged_texts(sheet, heads, rows)
    listed = dict.fromkeys(LABELS, "")
    found = Lines(rows_read=len(rows) - heads.row - 1)
    for index in range(heads.row + 1, len(rows)):
        cells = (rows[index] + [""] * width)[:width]
        written = [cell for cell in rows[index] if cell.strip()]
        if not written or [plain(cell) for cell in rows[index]] == header:
            reason = "header" if written else "blank"
            found.ignored.append(Ignored(index + 1, reason, sheet.name))
            continue
        above = {column: text for (row, column), text in merged.items() if row == index}
        if summary := _summary(cells, heads, listed):
            label, place = summary
            outer = {
                name: cells[column].strip() or above.get(column, "")
                for name, column in heads.labels.items()
                if cells[column].strip() != label.text
            }
            said = {name: text for name, text in outer.items() if text}
            found.lines.append(Line(index + 1, cells, listed | said, label, place))
            continue
        labels = _labels(cells, heads, above, listed)
        for column in heads.others.values():
            cells[column] = cells[column] or above.get(column, "")
        if any(not is_blank(cells[column]) for column in heads.amounts):
            found.lines.append(Line(index + 1, cells, labels))
        else:
            reason = "title" if len(written) == 1 else "blank"
            found.ignored.append(Ignored(index + 1, reason, sheet.name))
            if plain(written[0]).startswith(_NOTE):
                continue
        listed = labels
    return found


def _merged_texts(
    sheet: Sheet, heads: Heads, rows: Sequence[Sequence[str]]
) -> dict[tuple[int, int], str]:
    """Texts of the cells that are not the first row of a merged range, left of the amounts."""
    columns = {*heads.labels.values(), *heads.others.values()} - set(heads.amounts)
    return {
        (row, merged.left): rows[merged.top][merged.left].strip()
        for merged in sheet.merged
        if merged.left in columns and merged.top > heads.row
        for row in range(merged.top + 1, merged.bottom + 1)
    }


def _labels(
    cells: Sequence[str],
    heads: Heads,
    above: Mapping[int, str],
    listed: Mapping[str, str],
) -> dict[str, str]:
    """Labels of a detail: as written, as merged, or as in the line above.

    Nothing is carried down below a label to its left that is written anew; a task is carried only
    where the line says by its work, category or kind of staff what it is about.
    """
    labels = dict.fromkeys(LABELS, "")
    inner = [heads.labels.get("work"), heads.others.get("category"), heads.others.get("staff_kind")]
    has_inner = any(column is not None and cells[column].strip() for column in inner)
    anew = False
    for name, column in heads.labels.items():
        own = cells[column].strip()
        carried = not anew and (name in LABELS[:2] or (name == "task" and has_inner))
        labels[name] = own or above.get(column, "") or (listed[name] if carried else "")
        anew = anew or bool(own)
    return labels


def _summary(
    cells: Sequence[str], heads: Heads, listed: Mapping[str, str]
) -> tuple[SumLabel, str] | None:
    """The words that make a line a summary, and the label under which they stand."""
    for column, text in enumerate(cells[: min(heads.amounts)]):
        if text.strip() and (label := sum_label(text.strip(), listed)):
            under = [name for name, at in heads.labels.items() if at <= column]
            return label, under[-1] if under else LABELS[0]
    return None
