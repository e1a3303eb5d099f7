"""The first line of the quality page: how far the data can be trusted, and what to see first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ui import format as fmt
from ui.components import figures
from ui.components.context import Ctx
from ui.components.figures import Figure
from ui.components.head import HELD_WORTH_SAYING
from ui.components.quality import OfficeDays, Silence, day_text, missing_text
from ui.components.quality_shifts import Comparison, text_of
from warehouse.query import Answer

DAYS_ENOUGH = 0.95
"""Below this share of open days with records the month's sums are too small to be used as such."""
UNCOVERED = 5
"""Ordinary open days before the first or after the last record from which a month is a part."""


@dataclass(frozen=True)
class Findings:
    """What the page has found in the month chosen.

    held: the share of rows held back. files: the sources with `state` and `name`. days, silent,
    compared with the answers behind them: of single tickets, None or empty where there are none.
    """

    ctx: Ctx
    held: Answer
    files: pd.DataFrame
    days: OfficeDays | None = None
    silent: Sequence[Silence] = ()
    compared: Sequence[Comparison] = ()
    behind: Sequence[Answer] = ()

    @property
    def late(self) -> list[str]:
        """Return the names of the sources whose next period should have come."""
        return list(self.files.loc[self.files["state"] == "old", "name"])

    @property
    def signs(self) -> list[Comparison]:
        """Return the changes against the year before that count."""
        return [one for one in self.compared if one.is_flagged]

    @property
    def many_held(self) -> bool:
        """Tell whether so many rows are held back that the reader is told on every page."""
        return self.held.value is not None and self.held.value >= HELD_WORTH_SAYING

    @property
    def share(self) -> float:
        """Return the share of open days with tickets; 1 where no day is known to be open."""
        if self.days is None or self.days.frame.empty:
            return 1.0
        return float(self.days.frame["recorded"].mean())

    def first(self) -> str | None:
        """Say what to look at first, the reason for care before all else; None for nothing."""
        ctx = self.ctx
        if self.many_held and self.share >= DAYS_ENOUGH:
            return ctx.t(".first.held", share=fmt.share(self.held.value, ctx.lang, decimals=2))
        if self.days is not None and len(self.days.missing):
            return ctx.t(".first.missing", which=missing_text(ctx, self.days))
        if self.silent:
            one = self.silent[0]
            return ctx.t(".first.silent", counter=one.counter, since=day_text(ctx, one.since))
        if self.late:
            return ctx.t(".first.late", source=self.late[0])
        if self.signs:
            sign = self.signs[0]
            by_metric = {answer.metric.id: answer for answer in self.behind}
            text = text_of(ctx, sign, by_metric[sign.sign.metric])
            return ctx.t(".first.shift", text=text)
        return None

    def answer(self) -> str:
        """Say how far the month can be trusted, by the days recorded and what was found."""
        assert self.days is not None
        ctx = self.ctx
        known = self.days.frame["date"]
        if known.empty:
            return ctx.t(".answer.closed_only", month=ctx.period_label)
        first = self.first()
        if self.share < DAYS_ENOUGH or self.many_held:
            verdict = "care"
        elif self.days.uncovered >= UNCOVERED:
            verdict = "part"
        else:
            verdict = "some" if first else "fine"
        said = ctx.t(
            f".answer.{verdict}",
            month=ctx.period_label,
            share=fmt.share(self.share, ctx.lang),
            start=day_text(ctx, known.min()),
            end=day_text(ctx, known.max()),
        )
        return ctx.t("common.sentence_space").join([said, first or ctx.t(".first.none")])

    def answer_of_totals(self) -> str:
        """Say how many municipalities have reported the month's totals, and what of this one."""
        ctx = self.ctx
        some, everyone = self._reported()
        place = ctx.labels("municipality")[ctx["m"]]
        said = ctx.t(
            ".answer.totals",
            month=ctx.period_label,
            place=place,
            n=fmt.number(some, 0, ctx.lang),
            all=fmt.number(everyone, 0, ctx.lang),
        )
        first = self.first() or ctx.t(".first.none_of", place=place)
        return ctx.t("common.sentence_space").join([said, first])

    def _reported(self) -> tuple[int, int]:
        ctx = self.ctx
        asked = ctx.metric("tickets", where=ctx.where(municipality=None))
        return asked.reporters or (0, 0)

    def reporting_card(self) -> Figure:
        """Make the card of the municipalities that have reported, of all."""
        ctx = self.ctx
        some, everyone = self._reported()
        share = fmt.share(some / everyone if everyone else None, ctx.lang)
        count = fmt.number(everyone, 0, ctx.lang)
        return Figure(
            ctx.t(".cards.reported"),
            fmt.Parts(fmt.number(some, 0, ctx.lang), ctx.t(".cards.unit_reported")),
            note=ctx.t(".cards.of_all", all=count, share=share),
            help=ctx.t(".cards.reported_help"),
        )

    def missing_card(self) -> Figure:
        """Make the card of the municipality's missing months, over all its sources."""
        ctx = self.ctx
        return figures.figure(ctx, ctx.metric("months_missing", where={"municipality": ctx["m"]}))

    def signs_card(self) -> Figure:
        """Make the card of the changes against the year before."""
        ctx = self.ctx
        if self.compared:
            count = fmt.number(len(self.signs), 0, ctx.lang)
            number = fmt.Parts(count, ctx.t(".cards.unit_signs"))
            note = ctx.t(".cards.of_compared", n=len(self.compared))
        else:  # no difference can be seen where nothing stands beside it
            number, note = fmt.Parts(fmt.Mark.NONE.value, ""), ctx.t(".cards.not_compared")
        label, told = ctx.t(".cards.signs"), ctx.t(".cards.signs_help")
        return Figure(label, number, note=note, help=told)

    def late_card(self) -> Figure:
        """Make the card of the sources that are late."""
        ctx = self.ctx
        number = fmt.Parts(fmt.number(len(self.late), 0, ctx.lang), ctx.t(".cards.unit_late"))
        note = ctx.t(".cards.of_sources", n=len(self.files))
        return Figure(ctx.t(".cards.late"), number, note=note, help=ctx.t(".cards.late_help"))
