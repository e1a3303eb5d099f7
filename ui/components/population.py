"""The projected population of one area: pyramid, index lines, cohorts followed through time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components.chart import chart_block, switch
from ui.components.context import Ctx
from ui.export import Column, Table
from warehouse.query import Answer

COHORTS = (("boomers", 1947, 1949), ("second", 1971, 1974), ("recent", 2018, 2020))
"""Key, first and last year of birth: 団塊の世代, 団塊ジュニア, and those born 2018–20."""
KINDS = [
    *("prefecture", "designated_city", "ward", "special_ward"),
    *("city", "town_village", "hamadori"),
]
"""Every published area of a regional projection, also those that overlap."""
FOCUS = ("2040", "2045", "2030")
"""Years that the pyramid can fill; the others of the first two are outlined beside the base."""
BAND = 5


@dataclass(frozen=True)
class Ages:
    """Persons by year, sex and five-year band: frames with bands as rows and years as columns.

    starts: first age of each band, the last one open. `answer` is where they come from, `aged` the
    share of those of 65 and over by year.
    """

    answer: Answer
    aged: Answer
    starts: tuple[int, ...]
    male: pd.DataFrame
    female: pd.DataFrame

    @property
    def both(self) -> np.ndarray:
        """Return persons of both sexes as an array (years, bands)."""
        return (self.male + self.female).T.to_numpy(dtype=float)

    @property
    def years(self) -> list[int]:
        """Return the years of the projection."""
        return [int(year) for year in self.male.columns]


def ages(ctx: Ctx, where: Mapping[str, Any]) -> Ages | None:
    """Return the ages of the area, None where only totals are loaded."""
    answer = ctx.metric("population", by=("year", "sex", "age"), where=where)
    frame = answer.frame.dropna(subset=["age", "value"])
    if frame.empty:
        return None
    frame = frame.assign(age=frame["age"].astype(int))
    male, female = (
        frame[frame["sex"] == sex].pivot_table(
            index="age", columns="year", values="value", aggfunc="sum"
        )
        for sex in ("male", "female")
    )
    starts = tuple(int(age) for age in male.index)
    aged = ctx.metric("share_65plus", by=("year",), where=where)
    return Ages(answer, aged, starts, male, female)


def band(ctx: Ctx, found: Ages, index: int) -> str:
    """Name a band: 20〜24, 95〜."""
    start = found.starts[index]
    if index == len(found.starts) - 1:
        return ctx.t("future.population.band.open", start=start)
    return ctx.t("future.population.band.closed", start=start, end=start + BAND - 1)


def band_of(found: Ages, born: tuple[int, int], year: int) -> int | None:
    """Return the band that most of those born in these years are in, None before they all are."""
    first, last = born
    if year < last:
        return None
    middle = year - (first + last) // 2
    return min(middle // BAND, len(found.starts) - 1)


def pyramid(ctx: Ctx, found: Ages, area: str) -> None:
    """Draw the pyramid of the year chosen over those of the base year and the other year."""
    _, focus = ctx.selection.switch("focus")
    year, base = int(focus), found.years[0]
    others = [one for one in (base, 2040, 2045) if one != year and one in found.years]
    shown = year in found.years
    born = {key: (first, last) for key, first, last in COHORTS}
    cohorts = [
        charts.Cohort(
            ctx.t(f".cohort.{key}"),
            band_of(found, years, year),
            [band_of(found, years, one) for one in others],
        )
        for key, years in born.items()
    ]
    size = max(found.male.max().max(), found.female.max().max())
    title = ctx.t(".pyramid.title", area=area, year=year)
    aged = found.aged.frame.set_index("year")["value"]
    chart_block(
        ctx,
        "pyramid",
        title=title,
        summary=ctx.t(
            ".pyramid.summary",
            year=year,
            base=base,
            now=fmt.share(aged[base], ctx.lang),
            then=fmt.share(aged[year], ctx.lang),
        )
        if shown
        else "",
        figure=charts.pyramid(
            [band(ctx, found, i) for i in range(len(found.starts))],
            _layer(ctx, found, year),
            [_layer(ctx, found, one) for one in others],
            sides=(ctx.t(".pyramid.male"), ctx.t(".pyramid.female")),
            write=lambda value: _axis(value, size, ctx.lang),
            cohorts=cohorts,
        )
        if shown
        else None,
        table=_pyramid_table(ctx, found, title, sorted({year, *others} & set(found.years))),
        answers=[found.answer, found.aged],
        controls=lambda: switch(ctx, "focus"),
    )


def _axis(value: float, size: float, lang: fmt.Lang) -> str:
    if lang == "ja" and size >= 100_000:
        return f"{fmt.number(value / 10_000, 0, lang)}万"
    return fmt.number(value, 0, lang)


def _layer(ctx: Ctx, found: Ages, year: int) -> charts.Layer:
    def hover(frame: pd.DataFrame, sex: str) -> list[str]:
        return [
            ctx.t(
                ".pyramid.hover",
                year=year,
                band=band(ctx, found, i),
                sex=ctx.t(f".{sex}"),
                value=fmt.people(value, ctx.lang),
            )
            for i, value in enumerate(frame[year])
        ]

    return charts.Layer(
        ctx.t(".year", year=year),
        list(found.male[year]),
        list(found.female[year]),
        hover(found.male, "male"),
        hover(found.female, "female"),
    )


def _pyramid_table(ctx: Ctx, found: Ages, title: str, years: Sequence[int]) -> Table:
    frame = pd.DataFrame({"band": [band(ctx, found, i) for i in range(len(found.starts))]})
    columns = [Column("band", ctx.t(".pyramid.band"), "code")]
    for year in years:
        for sex, side in (("male", found.male), ("female", found.female)):
            name = f"{sex}{year}"
            frame[name] = side[year].to_numpy()
            label = ctx.t(".pyramid.column", year=year, sex=ctx.t(f".{sex}"))
            columns.append(Column(name, label, "number", ctx.t(".persons")))
    return Table(title, tuple(columns), frame.iloc[::-1])
