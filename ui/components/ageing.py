"""Staff by age, now and to come: what the page on it is made from, its cards and first line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from demography.inputs import fiscal_year
from demography.workforce import retirement_age
from ui import format as fmt
from ui.components.context import Ctx
from ui.components.figures import Change, Figure
from ui.components.filters import Switch
from warehouse.query import Answer

YEAR = Switch("year", ("2040", "2030", "2035", "2045", "2050"))
KINDS = ("regular", "rehired")
"""Kinds of staff whose ages are shown; fixed-term staff come and go by the year."""
OLD = 50
RISES = tuple(year for year in range(2022, 2041) if retirement_age(year) > retirement_age(year - 1))
"""Fiscal years in which the retirement age rises, so that nobody reaches it."""


@dataclass(frozen=True)
class Ageing:
    """Staff of one municipality by age and year.

    year: the year asked for, or the nearest after the base that is projected.
    ages: persons of KINDS on 1 April; ages as rows, every year from the base as columns.
    regular: persons of the regular kind on the base's 1 April, by age.
    shares: year, value (share of OLD and over), day (of the record, None where projected).
    flow: fiscal years as index, recorded before the base: hires, retirements, others, unknown (left
    for a reason that is not recorded), pool (aged 20–24, null before the base).
    answers: what it comes from, by metric.
    """

    year: int
    ages: pd.DataFrame
    regular: pd.Series
    shares: pd.DataFrame
    flow: pd.DataFrame
    answers: dict[str, Answer] = field(repr=False)

    @property
    def base(self) -> int:
        """Return the year that the projection starts from."""
        return self.years[0]

    @property
    def years(self) -> list[int]:
        """Return the base year and every year that is projected."""
        return [int(year) for year in self.ages.columns]

    @property
    def has_record(self) -> bool:
        """Tell whether hires or separations of a year before the base are recorded."""
        return bool((self.flow.index < self.base).any())

    @property
    def youngest(self) -> int:
        """Return the youngest age in the base year that retires by age before `year`."""
        steps = range(self.base, self.year)
        return min(retirement_age(at) - 1 - (at - self.base) for at in steps)

    @property
    def retiring(self) -> float:
        """Return the regular staff of the base year who reach the retirement age before `year`."""
        return float(self.regular[self.regular.index >= self.youngest].sum())

    def total(self, year: int) -> float:
        """Return the persons of KINDS in a year."""
        return float(self.ages[year].to_numpy().sum())

    def share(self, year: int) -> float | None:
        """Return the share of OLD and over in a year, None where it is not known."""
        found = self.shares.loc[self.shares["year"] == year, "value"]
        return None if found.empty else float(found.iloc[-1])

    def mean(self, *columns: str) -> float | None:
        """Return the sum of columns of the flow a year, from the base until `year`."""
        steps = self.flow.loc[self.base : self.year - 1, list(columns)].sum(axis=1)
        return None if steps.empty else float(steps.mean())

    def behind(self, *metrics: str) -> list[Answer]:
        """Return the answers of these metrics that have rows, the first in any case."""
        found = [self.answers[name] for name in metrics]
        return [one for one in found if one is found[0] or not one.frame.empty]


def ageing(ctx: Ctx) -> Ageing | None:
    """Return the staff of the municipality chosen, None where no projection is in the release."""
    kinds = list(KINDS)
    staff = ctx.metric("staff_projected", ("year", "age", "kind"), {**ctx.where(), "kind": kinds})
    if staff.frame.empty:
        return None
    table = staff.frame.pivot_table(index="age", columns="year", values="value", aggfunc="sum")
    span = range(int(table.index.min()), int(table.index.max()) + 1)
    table = table.reindex(span).fillna(0.0)
    base, *later = (int(year) for year in table.columns)
    regular = staff.frame[(staff.frame["year"] == base) & (staff.frame["kind"] == "regular")]
    asked = int(ctx.selection.switch(YEAR.key)[1])
    shares, behind_shares = _shares(ctx, base)
    flow, behind_flow = _flow(ctx, base)
    return Ageing(
        min(later, key=lambda year: abs(year - asked)),
        table,
        regular.groupby("age")["value"].sum(),
        shares,
        flow,
        {"staff_projected": staff, **behind_shares, **behind_flow},
    )


def _shares(ctx: Ctx, base: int) -> tuple[pd.DataFrame, dict[str, Answer]]:
    """Return recorded shares before the base year, then those projected."""
    where = {**ctx.where(), "kind": list(KINDS)}
    known = ctx.metric("staff_share_50plus", ("as_of",), where)
    coming = ctx.metric("staff_share_50plus_projected", ("year",), where)
    days = [pd.Timestamp(one).date() for one in known.frame["as_of"]]
    past = pd.DataFrame(
        {"year": [fiscal_year(day) for day in days], "value": known.frame["value"], "day": days}
    ).sort_values("day")
    past = past[past["year"] < base].drop_duplicates("year", keep="last")
    parts = [past, coming.frame[["year", "value"]].sort_values("year").assign(day=None)]
    shares = pd.concat([one for one in parts if not one.empty], ignore_index=True)
    answers = {"staff_share_50plus_projected": coming, "staff_share_50plus": known}
    return shares, answers


def _flow(ctx: Ctx, base: int) -> tuple[pd.DataFrame, dict[str, Answer]]:
    """Return what is recorded of the fiscal years before the base, then what is projected."""
    asked = {
        "hires": "hires_projected",
        "retirements": "retirements_projected",
        "others": "other_separations_projected",
        "pool": "hiring_pool",
    }
    answers = {name: ctx.metric(name, ("year",)) for name in asked.values()}
    coming = pd.DataFrame(
        {name: answers[metric].frame.set_index("year")["value"] for name, metric in asked.items()}
    ).sort_index()
    regular = {**ctx.where(), "kind": "regular"}
    hires = ctx.metric("hires_recorded", ("fiscal_year",), regular)
    left = ctx.metric("separations_recorded", ("fiscal_year", "reason"), regular)
    past = recorded(hires.frame, left.frame)
    past = past[past.index < base]
    columns = ["hires", "retirements", "others", "unknown", "pool"]
    flow = pd.concat([one.reindex(columns=columns) for one in (past, coming) if len(one)])
    flow.index = flow.index.astype(int)
    answers |= {"hires_recorded": hires, "separations_recorded": left}
    return flow.astype(float), answers


def recorded(hires: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Return hires, retirements, others and unknown by fiscal year.

    hires: fiscal_year, value. left: fiscal_year, reason, value. A reason that nobody left for is 0,
    but not known in a year in which some left for a reason that is not recorded; a year without
    any record of separations is not known either.
    """
    table = left.dropna(subset=["value"]).pivot_table(
        index="fiscal_year", columns="reason", values="value", aggfunc="sum"
    )
    table = table.reindex(columns=["mandatory", "voluntary", "other", "unknown"]).fillna(0.0)
    unclear = table["unknown"] > 0
    parts = {
        "retirements": table["mandatory"],
        "others": table["voluntary"] + table["other"],
    }
    found = {name: part.mask(unclear & (part == 0)) for name, part in parts.items()}
    found["unknown"] = table["unknown"].where(unclear)
    known = hires.set_index("fiscal_year")["value"]
    return pd.DataFrame({"hires": known.astype(float), **found}).sort_index()


def persons(ctx: Ctx, value: float | None, decimals: int = 0) -> str:
    """Write a number of staff without its unit."""
    return fmt.number(value, decimals, ctx.lang)


def answer(ctx: Ctx, found: Ageing) -> str:
    """Say how many retire by age until the year, and who could take their place."""
    regular = float(found.regular.sum())
    said = [
        ctx.t(
            ".answer.retiring",
            base=found.base,
            year=found.year,
            staff=persons(ctx, regular),
            count=persons(ctx, found.retiring),
            share=fmt.share(found.retiring / regular if regular else None, ctx.lang),
        )
    ]
    change = pool_change(found)
    key = "unknown" if change is None else "less" if change < 0 else "more"
    said.append(
        ctx.t(
            f".answer.pool_{key}",
            left=persons(ctx, found.mean("retirements", "others"), 1),
            hires=persons(ctx, found.mean("hires"), 1),
            change=fmt.share(None if change is None else abs(change), ctx.lang),
        )
    )
    return ctx.t("common.sentence_space").join(said)


def pool_year(found: Ageing) -> int:
    """Return the year asked for, or the last before it whose population aged 20–24 is known."""
    known = found.flow["pool"].dropna()
    return int(known.index[known.index <= found.year].max()) if len(known) else found.year


def pool_at(found: Ageing, year: int) -> float | None:
    """Return the population aged 20–24 of a year, None where it is not known."""
    return fmt.known(found.flow["pool"].reindex([year]))[0]


def pool_change(found: Ageing) -> float | None:
    """Return the change of the population aged 20–24 from the base to pool_year, a fraction."""
    now, then = pool_at(found, found.base), pool_at(found, pool_year(found))
    return then / now - 1 if now and then is not None else None


def cards(ctx: Ctx, found: Ageing) -> list[Figure]:
    """Make the cards: staff, share of OLD and over, who retires by age, who can be hired."""
    base, year, unit = found.base, found.year, ctx.t(".persons")

    def since(value: str) -> tuple[Change, ...]:
        return (Change(ctx.t(".cards.then", year=year, value=value), "neutral"),)

    def line(values: Sequence[float | None]) -> tuple[float | None, ...]:
        return tuple(fmt.known(values))

    now, then = found.total(base), found.total(year)
    change = fmt.share(then / now - 1 if now else None, ctx.lang, plus=True)
    staff = Figure(
        ctx.t(".cards.staff", base=base),
        fmt.parts(now, "number", 0, unit, ctx.lang),
        changes=since(ctx.t(".cards.staff_then", value=persons(ctx, then), change=change)),
        trend=line([found.total(one) for one in found.years]),
        help=ctx.t(".cards.staff_help"),
    )
    old = Figure(
        ctx.t(".cards.old", base=base),
        fmt.parts(found.share(base), "share", 1, lang=ctx.lang),
        changes=since(fmt.share(found.share(year), ctx.lang)),
        trend=line(list(found.shares["value"])),
    )
    regular = float(found.regular.sum())
    share = fmt.share(found.retiring / regular if regular else None, ctx.lang)
    retiring = Figure(
        ctx.t(".cards.retiring", year=year),
        fmt.parts(found.retiring, "number", 0, unit, ctx.lang),
        note=ctx.t(".cards.retiring_note", share=share, age=found.youngest, base=base),
    )
    last = pool_year(found)
    pool = Figure(
        ctx.t(".cards.pool", year=last),
        fmt.parts(pool_change(found), "share", 1, lang=ctx.lang, plus=True),
        note=ctx.t(
            ".cards.pool_note",
            base=base,
            year=last,
            now=fmt.people(pool_at(found, base), ctx.lang),
            then=fmt.people(pool_at(found, last), ctx.lang),
        ),
        trend=line(list(found.flow["pool"].dropna())),
    )
    return [staff, old, retiring, pool]
