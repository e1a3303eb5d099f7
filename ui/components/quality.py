"""What is missing in a month: days of an office without tickets, counters that fell silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ui import charts
from ui import format as fmt
from ui.components.chart import chart_block, table_block
from ui.components.context import Ctx
from ui.components.frontyard import as_date, rows
from ui.components.listing import listing
from ui.export import Column, Table
from ui.period import month_end, open_days_left
from warehouse.query import Answer

FRIDAY = 5
NAMED = 3
"""Offices that a sentence names; the table has them all."""
SILENCE_MONTHS = 13
"""Months back over which the days of a silence are counted: a silence ends after three at most."""


@dataclass(frozen=True)
class OfficeDays:
    """The open days of a month by office: answers, and one row per office and open day.

    frame: date, office (its name), recorded (bool), tickets (None where there are none).
    closed: tickets on days on which no office is open, by day.
    """

    recorded: Answer
    tickets: Answer
    on_closed: Answer
    frame: pd.DataFrame
    closed: dict[date, int]

    @property
    def missing(self) -> pd.DataFrame:
        """Return the open days without any ticket."""
        return self.frame[~self.frame["recorded"]]

    @property
    def has_tickets(self) -> bool:
        """Tell whether there are single tickets in the month, on whatever day."""
        return bool(self.recorded.n or self.on_closed.n)

    def outside(self, day: date) -> str | None:
        """Tell whether a day lies `earlier` than the first or `later` than the last open day."""
        known = self.frame["date"]
        if known.empty:
            return None
        return "earlier" if day < known.min() else "later" if day > known.max() else None

    @property
    def uncovered(self) -> int:
        """Count the ordinary open days of the month before its first and after its last one."""
        first, last = self.frame["date"].min(), self.frame["date"].max()
        return open_days_left(first.replace(day=1)) - open_days_left(first) + open_days_left(last)


def office_name(ctx: Ctx, office: object) -> str:
    """Return an office's name; a file may tell none."""
    return str(office) if pd.notna(office) else ctx.t(".office_unknown")  # type: ignore[call-overload]


def office_days(ctx: Ctx) -> OfficeDays:
    """Ask for the open days of the month chosen, by office, with their tickets."""
    recorded = ctx.metric("days_recorded_share", by=("date", "office"))
    tickets = ctx.metric("tickets", by=("date", "office"))
    counts = {(one.date, one.office): one.value for one in rows(tickets.frame)}
    found = [
        {
            "date": as_date(one.date),
            "office": office_name(ctx, one.office),
            "recorded": one.value == 1,
            "tickets": counts.get((one.date, one.office)),
        }
        for one in rows(recorded.frame)
        if one.n
    ]
    frame = pd.DataFrame(found, columns=["date", "office", "recorded", "tickets"])
    frame["recorded"] = frame["recorded"].astype(bool)
    on_closed = ctx.metric("tickets_on_closed_days", by=("date",))
    closed = {as_date(one.date): int(one.value) for one in rows(on_closed.frame) if one.value}
    return OfficeDays(recorded, tickets, on_closed, frame, closed)


def missing_text(ctx: Ctx, days: OfficeDays) -> str:
    """Name the first days without records with their offices, and how many more there are."""
    first = days.missing.sort_values(["date", "office"]).head(NAMED)
    said = [
        ctx.t(".calendar.one", day=day_text(ctx, one.date), office=one.office)
        for one in rows(first)
    ]
    text = ctx.t("common.list_separator").join(said)
    more = len(days.missing) - len(first)
    return ctx.t(".calendar.more", text=text, n=more) if more else text


def day_text(ctx: Ctx, day: date) -> str:
    """Write a day without its year: 10月8日（木）, Thu 8 Oct."""
    name = fmt.weekday(day.isoweekday(), ctx.lang)
    return ctx.t(".day", month=fmt.month(day, ctx.lang, short=True), day=day.day, weekday=name)


def calendar(ctx: Ctx, days: OfficeDays) -> None:
    """Draw the month as a calendar: on which days all open offices have tickets."""
    assert ctx.period is not None
    start, end = ctx.period.end, month_end(ctx.period.end)
    month = [start + timedelta(days=step) for step in range((end - start).days + 1)]
    by_day = dict(list(days.frame.groupby("date")))
    title = ctx.t(".calendar.title")
    chart_block(
        ctx,
        "calendar",
        title=title,
        summary=_summary(ctx, days),
        figure=charts.calendar(
            [_day(ctx, day, by_day.get(day), days) for day in month],
            weekdays=[fmt.weekday(number, ctx.lang) for number in range(1, 8)],
        )
        if len(days.frame)
        else None,
        table=Table(
            title,
            (
                Column("date", ctx.t(".calendar.date"), "date"),
                Column("office", ctx.t(".calendar.office")),
                Column("state", ctx.t(".calendar.state")),
                Column("tickets", ctx.t(".calendar.tickets"), "number"),
            ),
            days.frame.sort_values(["recorded", "date", "office"]).assign(
                state=lambda f: [ctx.t(f".calendar.{'yes' if v else 'no'}") for v in f["recorded"]],
                tickets=lambda f: f["tickets"].fillna(0),
            ),
        ),
        answers=[days.recorded, days.tickets, days.on_closed],
        legend=[ctx.t(f".calendar.legend.{one}") for one in ("full", "part", "closed")],
    )


def _summary(ctx: Ctx, days: OfficeDays) -> str:
    if days.missing.empty:
        said = [ctx.t(".calendar.all", days=days.frame["date"].nunique())]
    else:
        said = [ctx.t(".calendar.some", n=len(days.missing), which=missing_text(ctx, days))]
    if days.closed:
        first = day_text(ctx, min(days.closed))
        count = fmt.number(sum(days.closed.values()), 0, ctx.lang)
        said.append(ctx.t(".calendar.on_closed", n=len(days.closed), day=first, tickets=count))
    return ctx.t("common.sentence_space").join(said)


def _day(ctx: Ctx, day: date, offices: pd.DataFrame | None, days: OfficeDays) -> charts.Day:
    """Make one day of the calendar from its offices; None where none is open."""
    said = day_text(ctx, day)
    if offices is None and day in days.closed:
        tickets = fmt.number(days.closed[day], 0, ctx.lang)
        text = ctx.t(".calendar.closed_tickets", n=tickets)
        hover = ctx.t(".calendar.hover.on_closed", day=said, tickets=tickets)
        return charts.Day(day, "closed", text, hover)
    if offices is None:
        outside = days.outside(day)
        if outside and day.isoweekday() <= FRIDAY:
            return charts.Day(day, "closed", "", ctx.t(f".calendar.hover.{outside}", day=said))
        text = ctx.t(".calendar.closed")
        return charts.Day(day, "closed", text, ctx.t(".calendar.hover.closed", day=said))
    lacking = list(offices.loc[~offices["recorded"], "office"])
    text = f"{len(offices) - len(lacking)}/{len(offices)}"
    if not lacking:
        tickets = fmt.number(offices["tickets"].sum(), 0, ctx.lang)
        hover = ctx.t(".calendar.hover.full", day=said, n=len(offices), tickets=tickets)
        return charts.Day(day, "full", text, hover)
    names = ctx.t("common.list_separator").join(lacking[:NAMED])
    hover = ctx.t(".calendar.hover.part", day=said, n=len(offices), k=len(lacking), names=names)
    return charts.Day(day, "part", text, hover)


@dataclass(frozen=True)
class Silence:
    """A counter without tickets: its name, since when, whether it lasts, and its open days."""

    counter: str
    since: date
    lasts: bool
    days: int


def silences(ctx: Ctx) -> tuple[list[Silence], Answer]:
    """Return the counters that are silent in the month chosen, the longest first."""
    assert ctx.period is not None
    by = ("counter", "silent_since")
    asked = ctx.metric("silent_days", by=by)
    within = asked.frame[asked.frame["silent_since"].notna() & (asked.frame["value"] > 0)]
    so_far = ctx.metric(
        "silent_days", by=by, where=ctx.where(month=ctx.period.trail(SILENCE_MONTHS))
    )
    days = {(one.counter, one.silent_since): int(one.value) for one in rows(so_far.frame)}
    now = ctx.metric("silent_counters_now", by=by)
    lasting = {(one.counter, one.silent_since) for one in rows(now.frame) if one.value}
    names = ctx.labels("counter")
    found = [
        Silence(
            names.get(one.counter, str(one.counter)),
            as_date(one.silent_since),
            (one.counter, one.silent_since) in lasting,
            days[one.counter, one.silent_since],
        )
        for one in rows(within)
    ]
    return sorted(found, key=lambda one: (-one.days, one.counter)), asked


def silent_counters(ctx: Ctx, found: list[Silence], asked: Answer) -> None:
    """Draw the table of counters that fell silent, with the day since when."""
    title = ctx.t(".silent.title")
    lines = [
        {
            "counter": one.counter,
            "since": one.since,
            "days": one.days,
            "state": ctx.t(f".silent.{'lasts' if one.lasts else 'over'}"),
        }
        for one in found
    ]
    table = Table(
        title,
        (
            Column("counter", ctx.t(".silent.counter")),
            Column("since", ctx.t(".silent.since"), "date"),
            Column("days", ctx.t(".silent.days"), "number"),
            Column("state", ctx.t(".silent.state")),
        ),
        pd.DataFrame(lines, columns=["counter", "since", "days", "state"]),
    )
    if not found:
        used = fmt.number(ctx.metric("silent_counters").n, 0, ctx.lang)
        listing(ctx, "silent", summary=ctx.t(".silent.none", n=used), table=table)
        return
    first = found[0]
    summary = ctx.t(
        ".silent.summary",
        n=len(found),
        counter=first.counter,
        since=day_text(ctx, first.since),
        days=first.days,
    )
    table_block(ctx, "silent", title=title, summary=summary, table=table, answers=[asked])
