"""The prefectures side by side on a tile map."""

from __future__ import annotations

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.charts.tiles import GRID, in_rows
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.export import Column, Table

ENOUGH = 10
"""Prefectures from which a map tells more than a list."""


def prefectures(ctx: Ctx, year: int, base: int) -> None:
    """Draw the population index of each prefecture, where many are loaded.

    Those of synthetic data lie nowhere and stand in the order of their codes.
    """
    answer = ctx.metric(
        "population_index",
        by=("prefecture",),
        where={"projection": ctx["projection"], "year": year},
        order="value",
    )
    frame = answer.frame.dropna(subset=["prefecture", "value"])
    if len(frame) < ENOUGH:
        return
    codes = sorted(frame["prefecture"].str[:2])
    is_map = set(codes) <= GRID.keys()
    names = ctx.labels("prefecture")
    table = frame.assign(
        name=[str(names.get(code, code)) for code in frame["prefecture"]],
        order=range(1, len(frame) + 1),
    )
    found = {
        row["prefecture"][:2]: charts.Tile(
            row["name"][:2],
            float(row["value"]),
            ctx.t(
                ".map.hover",
                name=row["name"],
                year=year,
                value=fmt.number(row["value"], 1, ctx.lang),
                base=base,
            ),
        )
        for row in table.to_dict("records")
    }
    least, most = table.iloc[0], table.iloc[-1]
    title = ctx.t(".map.title", year=year, base=base)
    chart_block(
        ctx,
        "map",
        title=title,
        summary=ctx.t(
            ".map.summary",
            n=len(table),
            most=most["name"],
            at_most=fmt.number(most["value"], 1, ctx.lang),
            least=least["name"],
            at_least=fmt.number(least["value"], 1, ctx.lang),
        ),
        figure=charts.tiles(
            found,
            write=lambda value: fmt.number(value, 0, ctx.lang),
            middle=100,
            missing="…",
            grid=GRID if is_map else in_rows(codes),
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".map.name")),
                Column("value", ctx.t(".map.value", base=base), "number", decimals=1),
            ),
            pd.DataFrame(table[["name", "value"]]),
        ),
        answers=[answer],
        legend=[ctx.t(".map.legend"), ctx.t(".map.places" if is_map else ".map.rows")],
    )
