"""Find the header of a work survey: a cross table of categories, or a long list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.adapters.survey_table import LABELS, Heads
from pipelines.adapters.survey_words import amount, is_blank
from pipelines.adapters.words import fiscal_year, plain
from pipelines.errors import Refused
from pipelines.headers import HeaderMatch, match_header, plain_header
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.sources import Source

FEWEST_CATEGORIES = 5
"""A header row with fewer of the 18 categories is no cross table."""

ROWS_ABOVE = 2
"""Rows above the categories in which 課, 係 and 業務 may stand as merged cells."""

_ROW_TOTAL = frozenset({"計", "小計", "合計", "総計", "時間計", "合計時間", "年間時間計", "総時間"})
_UNIT = re.compile(r"単位[:=]?\(?(時間|分|人日|人工|人年|千時間|h|%)", re.IGNORECASE)
_HOURS = {"時間": 1.0, "h": 1.0, "分": 1 / 60}


@dataclass(frozen=True)
class Cross:
    """A cross table. categories: column → (stored category, stored kind of staff or "").

    totals: columns that add up the categories of a row. unit: what the amounts are in. twice,
    unknown: names of columns that `refuse_doubtful` complains about.
    """

    heads: Heads
    categories: Mapping[int, tuple[str, str]]
    totals: tuple[int, ...]
    unit: str
    twice: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def hours_per_unit(self) -> float:
        """What to multiply an amount by."""
        return _HOURS[self.unit]


@dataclass(frozen=True)
class LongList:
    """A list with one row per task, category and kind of staff. twice: as in Cross."""

    heads: Heads
    twice: tuple[str, ...]


def words_of(column: str, source: Source, profile: Profile) -> dict[str, str]:
    """The words that files write in a column, as `category_key` folds them → the stored value."""
    written = {
        category_key(word): key for key, words in source.column(column).values for word in words
    }
    for key, words in profile.values.get(column, {}).items():
        written |= {category_key(word): key for word in words}
    return written


def category_key(text: str) -> str:
    """A name without number in front, unit behind and marks between (`3. 審査／決裁（時間）`)."""
    word = re.sub(r"^\d+[.)、:]*", "", plain_header(text))
    word = re.sub(r"\([^()]*\)$", "", word)
    return re.sub(r"[/／,、と]", "", word)


def find_cross(sheet: Sheet, source: Source, profile: Profile) -> Cross | None:
    """Find a header with categories as columns; None where there is none."""
    known = words_of("category", source, profile)
    kinds = words_of("staff_kind", source, profile)
    for row, cells in enumerate(sheet.head):
        at = {
            column: known[key]
            for column, cell in enumerate(cells)
            if (key := category_key(cell)) in known
        }
        if len(set(at.values())) < FEWEST_CATEGORIES:
            continue
        names = _with_rows_above(sheet, row, min(at))
        rest = ["" if column in at else name for column, name in enumerate(names)]
        match = match_header(rest, source, profile)
        if not {"department", "task"} <= set(match.cells):
            continue
        groups = _groups(sheet, row)
        categories = {
            column: (category, kinds.get(category_key(groups[column]), ""))
            for column, category in at.items()
        }
        totals = tuple(
            column
            for column, name in enumerate(names)
            if column > min(at)
            and column not in at
            and (category_key(name) in _ROW_TOTAL or column == match.cells.get("hours"))
        )
        amounts = (*sorted(at), *totals)
        heads = _heads(row, match, amounts, amounts, names)
        meanings = list(categories.values())
        twice = [
            names[c].strip() for c, meaning in categories.items() if meanings.count(meaning) > 1
        ]
        unknown = [
            name.strip()
            for column, name in enumerate(names)
            if column > min(at)
            and name.strip()
            and column not in {*at, *totals}
            and column not in match.used
            and (column < max(at) or _holds_amounts(sheet, row, column))
        ]
        return Cross(heads, categories, totals, _unit(sheet, row), tuple(twice), tuple(unknown))
    return None


def _holds_amounts(sheet: Sheet, row: int, column: int) -> bool:
    """True where a column has an amount below the header; remarks to the right have none."""
    below = (cells[column] for cells in sheet.rows()[row + 1 :] if column < len(cells))
    return any(not is_blank(cell) and amount(cell) is not None for cell in below)


def find_list(sheet: Sheet, source: Source, profile: Profile) -> LongList | None:
    """Find a header with 課, 業務, 事務分類 and hours (or volume and minutes); None without."""
    for row, cells in enumerate(sheet.head):
        match = match_header(cells, source, profile)
        has_hours = "hours" in match.cells or {"volume", "minutes_per_case"} <= set(match.cells)
        if has_hours and {"department", "task", "category"} <= set(match.cells):
            amounts = tuple(
                match.cells[name]
                for name in ("hours", "volume", "minutes_per_case")
                if name in match.cells
            )
            summed = amounts[:1] if "hours" in match.cells else ()
            return LongList(_heads(row, match, amounts, summed, cells), match.twice)
    return None


def _heads(
    row: int,
    match: HeaderMatch,
    amounts: tuple[int, ...],
    summed: tuple[int, ...],
    names: Sequence[str],
) -> Heads:
    labels = {name: match.cells[name] for name in LABELS if name in match.cells}
    others = {name: column for name, column in match.cells.items() if name not in labels}
    width = max(column for column, name in enumerate(names) if name.strip()) + 1
    shown = tuple(" ".join(name.split()) for name in names[:width])
    return Heads(row, labels, others, amounts, summed, shown)


def _with_rows_above(sheet: Sheet, row: int, first_category: int) -> list[str]:
    """The header row; left of the categories its blanks are filled from the rows above."""
    names = list(sheet.head[row])
    for above in reversed(sheet.head[max(row - ROWS_ABOVE, 0) : row]):
        for column, cell in enumerate(above[: len(names)]):
            beside = column < first_category or category_key(cell) in _ROW_TOTAL
            if beside and not names[column].strip():
                names[column] = cell
    return names


def _groups(sheet: Sheet, row: int) -> list[str]:
    """The row above the categories, each text carried to the right over blanks."""
    groups: list[str] = []
    above = sheet.head[row - 1] if row else []
    for column in range(len(sheet.head[row])):
        text = above[column].strip() if column < len(above) else ""
        groups.append(text or (groups[-1] if groups else ""))
    return groups


def refuse_doubtful(layout: Cross | LongList) -> None:
    """Raise Refused where a column stands twice or is unknown, or amounts are not in time."""
    for name in layout.twice:
        raise Refused(
            f"「{name}」の列が2つあります。1つにまとめるか列名を直してください"
            "（職員区分ごとの列なら、上の行に常勤・会計年度任用・委託と書いてください）",
            f"the column {name} stands twice; merge or rename them "
            "(or write the kind of staff in the row above)",
        )
    if isinstance(layout, LongList):
        return
    for name in layout.unknown:
        raise Refused(
            f"列「{name}」は18の事務分類にありません。名前を直すか、"
            "プロファイルの values に書いてください",
            f"the column {name} is none of the 18 categories; rename it or map it in a profile",
        )
    if layout.unit not in _HOURS:
        raise Refused(
            f"単位が「{layout.unit}」の表は読み込めません。時間に直してください",
            f"amounts in {layout.unit} cannot be read; convert them to hours",
        )


def _unit(sheet: Sheet, row: int) -> str:
    for cells in sheet.head[: row + 1]:
        for cell in cells:
            if match := _UNIT.search(plain(cell)):
                return match[1].lower()
    return "時間"


def survey_year(sheet: Sheet, row: int, file_name: str) -> str | None:
    """The fiscal year that the title above the header, the sheet or the file is named after."""
    titles = [cell for cells in sheet.head[:row] for cell in cells if cell.strip()]
    for text in (*titles, sheet.name, file_name):
        if year := fiscal_year(text):
            return str(year)
    return None
