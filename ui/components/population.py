"""The projected population of one area by age: its pyramid, year by year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from demography.arrays import BAND_YEARS
from demography.between import interpolate
from demography.cohorts import GENERATIONS
from ui import charts
from ui import format as fmt
from ui.components.chart import chart_block
from ui.components.context import Ctx
from ui.export import Column, Table
from warehouse.query import Answer

KINDS = [
    *("prefecture", "designated_city", "ward", "special_ward"),
    *("city", "town_village", "hamadori"),
]
"""Every published area of a regional projection, also those that overlap."""
FOCUS = ("2040", "2045", "2030")
"""Years that the pyramid opens at."""
SEXES = ("male", "female")
OLD = 65


Areas = Mapping[str, tuple[str, dict[str, Any]]]
"""Name and conditions of areas, by key."""


@dataclass(frozen=True)
class Ages:
    """Persons of every year by sex and five-year band.

    answer: where they come from. starts: first age of each band, the last one open. points: the
    published years. years: every year from the first to the last point. values: (sexes, years,
    bands), interpolated by cohort between the points.
    """

    answer: Answer
    starts: tuple[int, ...]
    points: tuple[int, ...]
    years: tuple[int, ...]
    values: np.ndarray

    def of(self, sex: str, year: int) -> list[float]:
        """Return the persons of one sex in a year, by band; `both` adds the two up."""
        row = self.values[:, self.years.index(year)]
        chosen = row.sum(axis=0) if sex == "both" else row[SEXES.index(sex)]
        return [float(one) for one in chosen]

    def aged(self, year: int) -> float:
        """Return the share of those of OLD and over in a year."""
        persons = np.array(self.of("both", year))
        return float(persons[np.array(self.starts) >= OLD].sum() / persons.sum())

    def nearest(self, year: int) -> int:
        """Return the year of the projection that lies nearest."""
        return min(self.years, key=lambda one: abs(one - year))


def scopes(ctx: Ctx) -> Areas:
    """Return each option of the switch `area`: the area chosen, and what it is a part of."""
    own = (ctx.labels("municipality").get(ctx["m"], ctx["m"]), ctx.where())
    wide = ctx.where(without=["m"])
    if len(ctx.metric("population", by=("municipality",), where=wide).frame) < 2:
        return {"own": own}
    code = ctx.metric("population", by=("prefecture",), where=own[1]).frame["prefecture"].iloc[0]
    prefecture = (ctx.labels("prefecture").get(code, code), {**wide, "prefecture": code})
    return {"own": own, "prefecture": prefecture, "nation": (ctx.t(".switch.area.nation"), wide)}


def ages(ctx: Ctx, where: Mapping[str, Any]) -> Ages | None:
    """Return the ages of the area, None where only totals are loaded."""
    answer = ctx.metric("population", by=("year", "sex", "age"), where=where)
    frame = answer.frame.dropna(subset=["age", "value"])
    frame = frame[frame["sex"].isin(SEXES)]
    if frame.empty:
        return None
    table = frame.assign(age=frame["age"].astype(int)).pivot_table(
        index=["sex", "year"], columns="age", values="value", aggfunc="sum", fill_value=0
    )
    points = tuple(sorted({int(year) for year in frame["year"]}))
    rows = pd.MultiIndex.from_product([SEXES, points])
    cells = table.reindex(rows, fill_value=0).to_numpy(dtype=float)
    published = cells.reshape(len(SEXES), len(points), -1)
    starts = tuple(int(age) for age in table.columns)
    years = tuple(range(points[0], points[-1] + 1))
    banded = starts == tuple(range(0, len(starts) * BAND_YEARS, BAND_YEARS))
    values = interpolate(published, points, years, by_cohort=banded)
    return Ages(answer, starts, points, years, values)


def band(ctx: Ctx, found: Ages, index: int) -> str:
    """Name a band: 20〜24, 95〜."""
    start = found.starts[index]
    if index == len(found.starts) - 1:
        return ctx.t("future.population.band.open", start=start)
    return ctx.t("future.population.band.closed", start=start, end=start + BAND_YEARS - 1)


def year_text(ctx: Ctx, found: Ages, year: int) -> str:
    """Name a year, with a word where it lies between two published ones."""
    key = ".year" if year in found.points else ".year_between"
    return ctx.t(key, year=year)


def mark(ctx: Ctx, found: Ages, year: int) -> str:
    """Write a year for the slider, with a mark where it is interpolated."""
    return str(year) if year in found.points else ctx.t(".year_mark", year=year)


def band_of(found: Ages, born: tuple[int, int], year: int) -> int | None:
    """Return the band that most of those born in these years are in, None before they all are."""
    first, last = born
    if year < last:
        return None
    age = year - (first + last) // 2
    return max(i for i, start in enumerate(found.starts) if start <= age)


def write(size: float, lang: fmt.Lang) -> Callable[[float], str]:
    """Return what writes the persons of an axis that reaches `size`."""

    def written(value: float) -> str:
        if lang == "ja" and size >= 100_000:
            return f"{fmt.number(value / 10_000, 0, lang)}万"
        return fmt.number(value, 0, lang)

    return written


def pyramid(ctx: Ctx, found: Ages, area: str, controls: Callable[[], object]) -> None:
    """Draw the pyramid of every year over that of the base year, open at the year chosen."""
    year, base = found.nearest(int(ctx.selection.switch("focus")[1])), found.years[0]
    outline = _layer(ctx, found, base)
    moments = [
        charts.Moment(
            _layer(ctx, found, one),
            mark(ctx, found, one),
            [
                charts.Cohort(
                    ctx.t(f"future.cohorts.generation.{each.key}"),
                    band_of(found, (each.born_from, each.born_to), one),
                    [band_of(found, (each.born_from, each.born_to), base)],
                )
                for each in GENERATIONS
            ],
        )
        for one in found.years
    ]
    title = ctx.t(".pyramid.title", area=area, base=base, last=found.years[-1])
    chart_block(
        ctx,
        "pyramid",
        title=title,
        summary=ctx.t(
            ".pyramid.summary",
            year=year,
            base=base,
            now=fmt.share(found.aged(base), ctx.lang),
            then=fmt.share(found.aged(year), ctx.lang),
        ),
        figure=charts.pyramid_years(
            [band(ctx, found, i) for i in range(len(found.starts))],
            moments,
            found.years.index(year),
            [outline] if year != base else [],
            sides=(ctx.t(".pyramid.male"), ctx.t(".pyramid.female")),
            write=write(float(found.values.max()), ctx.lang),
            words=words(ctx),
        ),
        table=_table(ctx, found, title),
        answers=[found.answer],
        controls=controls,
        legend=[ctx.t(".pyramid.legend"), ctx.t(".pyramid.keys")],
    )


def words(ctx: Ctx) -> charts.Words:
    """Return what the moving pyramid says of itself."""
    return charts.Words(ctx.t(".pyramid.shown"), ctx.t(".pyramid.play"), ctx.t(".pyramid.pause"))


def _layer(ctx: Ctx, found: Ages, year: int) -> charts.Layer:
    said = year_text(ctx, found, year)

    def hover(sex: str) -> list[str]:
        return [
            ctx.t(
                ".pyramid.hover",
                year=said,
                band=band(ctx, found, i),
                sex=ctx.t(f".{sex}"),
                value=fmt.people(value, ctx.lang),
            )
            for i, value in enumerate(found.of(sex, year))
        ]

    male, female = (found.of(sex, year) for sex in SEXES)
    return charts.Layer(said, male, female, hover("male"), hover("female"))


def _table(ctx: Ctx, found: Ages, title: str) -> Table:
    """List every year and band, with how each value came about."""
    bands = [band(ctx, found, i) for i in range(len(found.starts))]
    frame = pd.DataFrame(
        {
            "year": np.repeat(found.years, len(bands)),
            "band": bands * len(found.years),
            "male": found.values[0].ravel().round(),
            "female": found.values[1].ravel().round(),
        }
    )
    frame["kind"] = np.where(
        frame["year"].isin(found.points), ctx.t(".pyramid.published"), ctx.t(".pyramid.between")
    )
    persons = ctx.t(".persons")
    columns = (
        Column("year", ctx.t(".index.year"), "code"),
        Column("band", ctx.t(".pyramid.band"), "code"),
        *(Column(sex, ctx.t(f".{sex}"), "number", persons) for sex in SEXES),
        Column("kind", ctx.t(".pyramid.kind")),
    )
    return Table(title, columns, frame)
