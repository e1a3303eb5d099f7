"""How an earlier projection came out: by size of the area, the largest errors, the years ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demography.backtest import SIZE_CODES
from demography.error_model import ErrorModel, measure
from ui import charts
from ui import format as fmt
from ui.components.chart import chart_block, table_block
from ui.components.context import Ctx
from ui.components.figures import Figure, written
from ui.export import Column, Table
from warehouse.query import Answer

STATISTICS = ("median", "mean", "p80", "bias")
WORST = 20
NORMAL_80 = 1.2816
AHEAD = (0, 5, 10, 15, 20, 25, 30)
SIZES = (5_000, 30_000, 70_000, 200_000, 500_000)
"""A population inside each of SIZE_CODES."""


def cards(ctx: Ctx, whole: dict[str, Answer]) -> list[Figure]:
    """Make the cards of the statistics over all areas chosen; `whole`: answers by STATISTICS."""
    return [
        Figure(
            ctx.t(f".statistic.{name}"),
            written(one.metric, one.value, ctx.lang, plus=name == "bias"),
            help=one.metric.definition(ctx.lang),
        )
        for name, one in whole.items()
    ]


def by_band(ctx: Ctx) -> None:
    """Draw the median error by population band; the other statistics stand in the table."""
    answers = {
        name: ctx.metric(f"backtest_{name}{'_error' if name != 'bias' else ''}", ("census_band",))
        for name in STATISTICS
    }
    lead = answers["median"]
    names = ctx.labels("census_band")
    table = lead.frame[["census_band", "n"]].assign(
        band=lead.frame["census_band"].map(names),
        **{name: one.frame["value"].to_numpy() for name, one in answers.items()},
    )
    items = [
        charts.Bar(
            str(row["band"]),
            row["median"],
            ctx.t(
                ".band.hover",
                band=row["band"],
                n=fmt.number(row["n"], 0, ctx.lang),
                median=fmt.share(row["median"], ctx.lang),
                p80=fmt.share(row["p80"], ctx.lang),
            ),
            note=f"n={fmt.number(row['n'], 0, ctx.lang)}",
        )
        for row in table.to_dict("records")
    ]
    first, last = table.iloc[0], table.iloc[-1]
    title = ctx.t(".band.title", year=ctx["year"])
    chart_block(
        ctx,
        "band",
        title=title,
        summary=ctx.t(
            ".band.summary",
            small=first["band"],
            large=last["band"],
            at_small=fmt.share(first["median"], ctx.lang),
            at_large=fmt.share(last["median"], ctx.lang),
        ),
        figure=charts.bars(
            items,
            write=lambda value: fmt.share(value, ctx.lang),
            missing=ctx.t("common.state.nothing"),
        ),
        table=Table(
            title,
            (
                Column("band", ctx.t(".band.name")),
                Column("n", ctx.t(".band.areas"), "number"),
                *(
                    Column(name, ctx.t(f".statistic.{name}"), "share", decimals=1)
                    for name in STATISTICS
                ),
            ),
            table,
        ),
        answers=list(answers.values()),
    )


def worst(ctx: Ctx) -> None:
    """List the areas with the largest errors."""
    size = ctx.metric("backtest_mean_error", ("municipality",), order="-value")
    frame = size.frame.head(WORST).set_index("municipality")
    parts = {
        name: ctx.metric(f"backtest_{name}", ("municipality",))
        for name in ("error", "projected", "counted")
    }
    for name, one in parts.items():
        frame[name] = one.frame.set_index("municipality")["value"]
    names = ctx.labels("municipality")
    table = frame.reset_index()
    table["name"] = [names.get(code, code) for code in table["municipality"]]
    title = ctx.t(".worst.title", n=len(table))
    persons = ctx.t("future.population.persons")
    low = int((table["error"] < 0).sum())
    table_block(
        ctx,
        "worst",
        title=title,
        summary=ctx.t(
            ".worst.summary",
            name=table["name"].iloc[0],
            error=fmt.share(table["error"].iloc[0], ctx.lang, plus=True),
            n=len(table),
            low=low,
        ),
        table=Table(
            title,
            (
                Column("name", ctx.t(".worst.name")),
                Column("error", ctx.t(".worst.error"), "share", decimals=1),
                Column("projected", ctx.t(".worst.projected"), "number", persons),
                Column("counted", ctx.t(".worst.counted"), "number", persons),
            ),
            table,
        ),
        answers=[size, *parts.values()],
    )


def measured(ctx: Ctx) -> tuple[ErrorModel, list[Answer]]:
    """Return the error model of the areas chosen and the answers that it rests on."""
    answers = [
        ctx.metric(f"backtest_{name}", ("municipality",))
        for name in ("projected", "counted", "horizon")
    ]
    columns = ("projected", "counted", "years_ahead")
    pairs = pd.DataFrame(
        {
            column: answer.frame.set_index("municipality")["value"]
            for column, answer in zip(columns, answers, strict=True)
        }
    )
    return measure(pairs), answers


def widening(ctx: Ctx) -> None:
    """Draw the interval that four areas of five lie within, by the years ahead."""
    model, answers = measured(ctx)
    ahead = np.array(AHEAD, dtype=float)
    names = ctx.labels("census_band")
    table = pd.DataFrame({"ahead": AHEAD})
    columns = [Column("ahead", ctx.t(".widening.ahead"), "number")]
    alike: dict[str, list[str]] = {}
    for code, persons, n in zip(SIZE_CODES, SIZES, model.areas, strict=True):
        table[code] = np.expm1(NORMAL_80 * model.sd(np.array(float(persons)), ahead))
        kept = "" if n else ctx.t(".widening.default")
        columns.append(Column(code, f"{names[code]}{kept}", "share", decimals=1))
        # Sizes that cannot be told apart as written share a line, which would else hide another.
        alike.setdefault(fmt.share(table[code].iloc[-1], ctx.lang), []).append(code)
    drawn = []
    for codes in alike.values():
        name = ctx.t("common.list_separator").join(str(names[code]) for code in codes)
        width = fmt.known(table[codes[0]])
        said = [
            ctx.t(".widening.hover", band=name, ahead=years, width=fmt.share(value, ctx.lang))
            for years, value in zip(AHEAD, width, strict=True)
        ]
        drawn.append(charts.Line(name, list(AHEAD), width, said, projected_from=6))
    then = table[table["ahead"] == 20].iloc[0]
    title = ctx.t(".widening.title")
    chart_block(
        ctx,
        "widening",
        title=title,
        summary=ctx.t(
            ".widening.summary",
            small=names[SIZE_CODES[0]],
            large=names[SIZE_CODES[-1]],
            at_small=fmt.share(then[SIZE_CODES[0]], ctx.lang),
            at_large=fmt.share(then[SIZE_CODES[-1]], ctx.lang),
        ),
        figure=charts.lines(
            drawn,
            write=lambda value: fmt.share(value, ctx.lang, decimals=0),
            ticks={one: ctx.t(".widening.years", n=one) for one in (0, 5, 10, 20, 30)},
        ),
        table=Table(title, tuple(columns), table),
        answers=answers,
    )
