"""IPSS regional projections, summary tables: total population and population of age groups.

`kekkahyo1` (結果表1 総人口および指数) has the total; `kekkahyo2_1` … `2_4` (結果表2) have those of
0–14, 15–64, 65 and over, and 75 and over. One row per area, one column per year, both sexes
together. The index columns beside them are not read. The source's setting `tables` says which of
them are its own: total or groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.adapters.base import Adapted, Context
from pipelines.adapters.population import Rows, check_base_year, joined, round_of
from pipelines.adapters.population_layout import TotalsLayout, totals_layout
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has areas and the source's kind of columns from the base year on."""
    base_year = round_of(source).base_year
    return any(min(layout.years)[0] == base_year for _, layout in _tables(sheets, source))


def _tables(sheets: Sequence[Sheet], source: Source) -> list[tuple[Sheet, TotalsLayout]]:
    """Sheets with a table of the source: of totals, or of age groups."""
    groups = source.settings["tables"] == "groups"
    return [
        (sheet, layout)
        for sheet in sheets
        if (layout := totals_layout(sheet)) and (layout.band is not None) == groups
    ]


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn the rows into one record per area and year, for both sexes.

    Raises Refused where no sheet has the layout, or the years do not begin with the base year.
    """
    found = _tables(sheets, source)
    if not found:
        raise Refused(
            "「コード」「市などの別」と、総人口か年齢区分の人口の年ごとの列が見つかりません。"
            "社人研の結果表（kekkahyo1、kekkahyo2_1 など）のまま読み込んでください",
            "no columns of code, kind and population by year; "
            "load the publisher's kekkahyo1 or kekkahyo2_1 … 2_4 as they are",
        )
    of = round_of(source, context.profile)
    parts = []
    for sheet, layout in found:
        check_base_year([str(year) for year, _ in layout.years], of)
        rows = Rows(sheet, layout)
        first, last = layout.band or (None, None)
        ages = {
            "age_from": None if first is None else str(first),
            "age_to": None if last is None else str(last),
        }
        cells = [
            ({"year": str(year), "sex": "both", **ages}, rows.counts(column))
            for year, column in layout.years
        ]
        parts.append(rows.adapted(rows.areas(of.nation), cells))
    return joined(parts)
