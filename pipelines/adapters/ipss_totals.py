"""IPSS regional projections, total population: `kekkahyo1` (結果表1 総人口および指数).

One row per area, one column per year under 総人口, both sexes together. The index columns beside
them are not read.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipelines.adapters.base import Adapted, Context
from pipelines.adapters.ipss_suikei import check_base_year
from pipelines.adapters.population import Rows, joined, round_of
from pipelines.adapters.population_layout import totals_layout
from pipelines.errors import Refused
from pipelines.read import Sheet
from pipelines.sources import Source


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has areas and years under 総人口, beginning with the base year."""
    base_year = round_of(source).base_year
    return any(
        layout is not None and min(layout.years)[0] == base_year
        for layout in map(totals_layout, sheets)
    )


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Turn the rows into one record per area and year, for both sexes and without ages.

    Raises Refused where no sheet has the layout, or the years do not begin with the base year.
    """
    found = [(sheet, layout) for sheet in sheets if (layout := totals_layout(sheet))]
    if not found:
        raise Refused(
            "「コード」「市などの別」と、総人口の年ごとの列が見つかりません。"
            "社人研の kekkahyo1 のまま読み込んでください",
            "no columns of code, kind and total population by year; "
            "load the publisher's kekkahyo1 as it is",
        )
    of = round_of(source, context.profile)
    parts = []
    for sheet, layout in found:
        check_base_year([str(year) for year, _ in layout.years], of)
        rows = Rows(sheet, layout)
        described = rows.areas(of.nation)
        length = rows.table.num_rows
        nothing = pa.nulls(length, pa.string())
        records = [
            {
                **described,
                "year": pa.repeat(pa.scalar(str(year)), length),
                "sex": pa.repeat(pa.scalar("both"), length),
                "age_from": nothing,
                "age_to": nothing,
                "population": rows.counts(column)[1],
            }
            for year, column in layout.years
        ]
        parts.append(rows.adapted(records))
    return joined(parts)
