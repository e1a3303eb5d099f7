"""IPSS regional projections, one workbook per prefecture: `Municipalities/01.xlsx` … `47.xlsx`.

A sheet per area, named by code and name (`1101_札幌市中央区`), the prefecture first. Ages stand
below each other, the years beside each other, in a block each for both sexes, men and women; below
the ages follow 再掲 and shares, which say again what the ages say. The figures are those of
`suikei_kekka`, so that rows of both files are recognised as the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.adapters import areas
from pipelines.adapters.base import Adapted, Context, Ignored
from pipelines.adapters.population import Round, check_base_year, round_of
from pipelines.adapters.population_group import Group, Row, collected, notes_of
from pipelines.adapters.population_layout import GROUPS, SEX_JA, SEXES
from pipelines.adapters.words import (
    age_band,
    is_derived,
    plain,
    western_year,
    without_again,
)
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source

_NAME = re.compile(r"(\d{4,5})[_＿](.+)")
TOTALS = ("総数", "総人口", "計")


@dataclass(frozen=True)
class _Block:
    """Columns of one sex: the labels of the ages, and (year, column) of the figures."""

    sex: str
    label: int
    years: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Layout:
    """Where a sheet's header stands (row from 0) and its three blocks."""

    header: int
    blocks: tuple[_Block, ...]


def _layout(sheet: Sheet) -> _Layout | None:
    """Find the row in which the same years stand three times, each time after a label."""
    for at, cells in enumerate(sheet.head):
        runs: list[list[tuple[int, int]]] = []
        for column, cell in enumerate(cells):
            year = western_year(cell)
            if year is None:
                continue
            if runs and runs[-1][-1][1] == column - 1 and runs[-1][-1][0] < year:
                runs[-1].append((year, column))
            else:
                runs.append([(year, column)])
        years = [[year for year, _ in run] for run in runs]
        if len(runs) != len(SEXES) or len(years[0]) < 2 or years[1:] != years[:1] * 2:
            continue
        labels = [run[0][1] - 1 for run in runs]
        if min(labels) < 0:
            continue
        written = [_sex(sheet, at, label) for label in labels]
        sexes = written if set(written) == set(SEXES) else SEXES
        blocks = zip(sexes, labels, runs, strict=True)
        return _Layout(at, tuple(_Block(str(s), c, tuple(run)) for s, c, run in blocks))
    return None


def _sex(sheet: Sheet, at: int, column: int) -> str | None:
    """The sex that is written over a block's labels, in the header row or the one above."""
    rows = [row for row in sheet.head[max(at - 1, 0) : at + 1] if len(row) > column]
    found = [GROUPS[word] for row in rows if (word := plain(row[column])) in GROUPS]
    return found[-1] if found else None


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet is named by code and name and has years from the base year on."""
    base_year = round_of(source).base_year
    return any(
        layout.blocks[0].years[0][0] == base_year
        for sheet in sheets
        if _NAME.fullmatch(sheet.name.strip()) and (layout := _layout(sheet))
    )


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn each sheet into one record per year, sex and band.

    A sheet that contradicts itself is held back whole. Raises Refused where no sheet has the
    layout, or the years do not begin with the base year.
    """
    of = round_of(source, context.profile)
    groups: list[Group] = []
    ignored: list[Ignored] = []
    prefecture = ""
    for sheet in sheets:
        named = _NAME.fullmatch(sheet.name.strip())
        layout = _layout(sheet)
        if named is None and layout is None:
            ignored += notes_of(sheet)
            continue
        if layout:
            check_base_year([str(year) for year, _ in layout.blocks[0].years], of)
        code = areas.area_code(named[1]) if named else None
        name = plain(named[2]) if named else sheet.name
        kind = areas.kind_of(code, name) if code else None
        if kind == "prefecture":
            prefecture = name
        group = Group(
            {
                "area": code,
                "area_name": name,
                "prefecture": (areas.prefecture_of(code) if code else None) or prefecture or name,
                "area_kind": kind,
            },
            width=5,
        )
        if code is None or kind is None or layout is None:
            _reject_sheet(group, sheet)
        else:
            ignored += _read(group, sheet, layout)
            group.settle()
        groups.append(group)
    if not any(not group.findings for group in groups) and not any(map(_layout, sheets)):
        raise Refused(
            "市区町村ごとのシート（例：1101_札幌市中央区）に、男女計・男・女の年ごとの列が"
            "見つかりません。社人研のブックのまま読み込んでください",
            "no sheet named by code and name has columns of years for both sexes, men and women; "
            "load the publisher's workbook as it is",
        )
    _count_in_nation(groups, of)
    return collected(groups, ignored)


def _reject_sheet(group: Group, sheet: Sheet) -> None:
    """Hold back a sheet whose area or table is unknown."""
    group.reject(
        (sheet.name, 1),
        "シート名",
        sheet.name,
        "unknown_area",
        "シートの名前が市区町村の一覧にある「コード_名前」でないか、年ごとの表がありません",
        "the sheet's name is not code and name of a known area, or it has no table of years",
    )
    for number, row in enumerate(sheet.rows(), 1):
        if any(map(str.strip, row)):
            group.rows.setdefault((sheet.name, number), None)


def _count_in_nation(groups: Sequence[Group], of: Round) -> None:
    known = [(group.about["area"], group.about["area_kind"]) for group in groups]
    codes, kinds = [code for code, _ in known], [kind for _, kind in known]
    flags = areas.finest(codes, kinds) if of.nation == "finest" else areas.by_kind(kinds)
    for group, flag in zip(groups, flags, strict=True):
        group.about = {**group.about, "counts_in_nation": "true" if flag else "false"}


def _read(group: Group, sheet: Sheet, layout: _Layout) -> list[Ignored]:
    """Take in the rows below the header; return those that hold no figures of ages."""
    ignored: list[Ignored] = []
    derived = False
    rows = sheet.rows()
    for number, cells in enumerate(rows[layout.header + 1 :], layout.header + 2):
        row: Row = (sheet.name, number)
        label = plain(cells[layout.blocks[0].label])
        figures = any(cells[c].strip() for block in layout.blocks for _, c in block.years)
        if not figures:
            derived = is_derived(label) if label else derived
            written = any(cell.strip() for cell in cells)
            ignored.append(Ignored(number, "title" if written else "blank", sheet.name))
        elif derived or is_derived(label):
            ignored.append(Ignored(number, "filtered", sheet.name))
        elif cells == rows[layout.header]:
            ignored.append(Ignored(number, "header", sheet.name))
        else:
            _figures(group, row, cells, layout)
    return ignored


def _figures(group: Group, row: Row, cells: Sequence[str], layout: _Layout) -> None:
    first = without_again(cells[layout.blocks[0].label])
    for block in layout.blocks:
        label = without_again(cells[block.label]) or first
        band = None if label in TOTALS else age_band(label)
        if band is None and label not in TOTALS:
            group.reject(
                row,
                SEX_JA[block.sex],
                cells[block.label],
                "unknown_age",
                "年齢（0～4歳 など）か総数の行ではありません。元の表を確かめてください",
                "the row is neither an age band nor the total; check the original",
            )
            return
        for year, column in block.years:
            name = f"{SEX_JA[block.sex]} {year}年"
            group.put(year, block.sex, band, row, name, cells[column])
