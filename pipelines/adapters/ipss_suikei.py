"""IPSS regional projections by sex and five-year age: `suikei_kekka` of any round.

The workbooks of one prefecture each, with a sheet per area, are read by ipss_sheets.

One row per area and year; blocks of both sexes, men and women. Stored are men and women, after
checking that ages add up to the total and that men and women add up to both. The 再掲 and index
columns to the right repeat what the bands say and are not read.

The sums must hold exactly (TOLERANCE): the published figures are whole persons that were made to
add up. In the H30 file none of its 12,999 rows differs by even one, in any of the 20 sums of a
row, and in R5 the prefectures equal the sum of their municipalities in every year.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.adapters import ipss_sheets
from pipelines.adapters.areas import by_distinct
from pipelines.adapters.base import Adapted, Context
from pipelines.adapters.population import (
    Counts,
    Round,
    Rows,
    check_base_year,
    joined,
    positions,
    round_of,
)
from pipelines.adapters.population_layout import SEX_JA, AgeLayout, age_layout
from pipelines.adapters.words import western_year
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source

TOLERANCE = 0
"""Persons by which a sum may differ from its parts; the module's docstring says why none."""

STORED = ("male", "female")


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has areas, years from the base year on, and three blocks of bands."""
    base_year = round_of(source).base_year
    for sheet in sheets:
        layout = age_layout(sheet)
        if layout and base_year == min(_years_of(sheet, layout), default=None):
            return True
    return ipss_sheets.recognise(sheets, source)


def _years_of(sheet: Sheet, layout: AgeLayout) -> list[int]:
    rows = sheet.head[layout.skip :]
    years = (western_year(row[layout.year]) for row in rows if len(row) > layout.year)
    return [year for year in years if year is not None]


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn the rows into one record per area, year, sex and band.

    Raises Refused where no sheet has the layout, or the years do not begin with the base year.
    """
    found = [(sheet, layout) for sheet in sheets if (layout := age_layout(sheet))]
    if not found and ipss_sheets.recognise(sheets, source):
        return ipss_sheets.adapt(sheets, source, context)
    if not found:
        raise Refused(
            "「コード」「市などの別」「年」と男女計・男・女の5歳階級の列が見つかりません。"
            "社人研の suikei_kekka のまま読み込んでください",
            "no columns of code, kind, year and five-year bands for both sexes, men and women; "
            "load the publisher's suikei_kekka as it is",
        )
    of = round_of(source, context.profile)
    return joined([_sheet(sheet, layout, of) for sheet, layout in found])


def _sheet(sheet: Sheet, layout: AgeLayout, of: Round) -> Adapted:
    rows = Rows(sheet, layout)
    year = by_distinct(rows.column(layout.year), _year_text)
    for row in positions(rows.good & np.array(year.is_null())):
        rows.reject(
            row,
            layout.year,
            "not_a_year",
            "年は 2020年 のように西暦4桁で書いてください",
            "the year must be four digits, such as 2020年",
        )
    check_base_year(year.to_pylist(), of)
    described = {"year": year, **rows.areas(of.nation)}
    bands: dict[str, list[Counts]] = {}
    totals: dict[str, Counts | None] = {}
    for block in layout.blocks:
        bands[block.sex] = [rows.counts(column) for column in block.columns]
        totals[block.sex] = None if block.total is None else rows.counts(block.total)
    _check_totals(rows, layout, bands, totals)
    _check_sexes(rows, layout, bands, totals)
    cells = [
        (
            {
                "sex": block.sex,
                "age_from": str(band.first),
                "age_to": None if band.last is None else str(band.last),
            },
            numbers,
        )
        for block in layout.blocks
        if block.sex in STORED
        for band, numbers in zip(block.bands, bands[block.sex], strict=True)
    ]
    return rows.adapted(described, cells)


def _year_text(word: str) -> str | None:
    year = western_year(word)
    return None if year is None else str(year)


def _check_totals(
    rows: Rows,
    layout: AgeLayout,
    bands: dict[str, list[Counts]],
    totals: dict[str, Counts | None],
) -> None:
    """Hold back rows where the bands of a sex do not add up to its total."""
    for block in layout.blocks:
        total = totals[block.sex]
        if block.total is None or total is None:
            continue
        summed = np.sum(bands[block.sex], axis=0)
        for row in positions(rows.good & (abs(summed - total) > TOLERANCE)):
            parts, whole = int(summed[row]), int(total[row])
            rows.reject(
                row,
                block.total,
                "bands_and_total",
                f"{SEX_JA[block.sex]}の年齢階級の合計 {parts:,} が総数 {whole:,} と一致しません。"
                "元の表を確かめてください",
                f"the age bands add up to {parts:,}, but the total is {whole:,}; "
                "check the original",
            )


def _check_sexes(
    rows: Rows,
    layout: AgeLayout,
    bands: dict[str, list[Counts]],
    totals: dict[str, Counts | None],
) -> None:
    """Hold back rows where men and women do not add up to both, naming the first such column."""
    both = layout.blocks[0]
    columns = list(both.columns)
    sums = [
        (bands["both"][at], bands["male"][at], bands["female"][at]) for at in range(len(columns))
    ]
    if both.total is not None and totals["both"] is not None:
        columns.insert(0, both.total)
        men, women = (
            total if (total := totals[sex]) is not None else np.sum(bands[sex], axis=0)
            for sex in STORED
        )
        sums.insert(0, (totals["both"], men, women))
    differs: npt.NDArray[np.bool_] = np.array(
        [abs(whole - men - women) > TOLERANCE for whole, men, women in sums]
    )
    for row in positions(rows.good & differs.any(axis=0)):
        wrong = positions(differs[:, row])
        whole, men, women = (int(values[row]) for values in sums[wrong[0]])
        column = columns[wrong[0]]
        more = f"（ほか{len(wrong) - 1}列）" if len(wrong) > 1 else ""
        rows.reject(
            row,
            column,
            "sexes_and_both",
            f"男 {men:,} と女 {women:,} の和 {men + women:,} が男女計 {whole:,} と一致しません"
            f"{more}。元の表を確かめてください",
            f"men {men:,} and women {women:,} make {men + women:,}, "
            f"but both sexes are {whole:,}; check the original",
        )
