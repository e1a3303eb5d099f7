"""The head of a page: title, the answer in one line, chips, filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.components import filters, states
from ui.components.context import Ctx
from ui.period import open_days_left
from ui.text import has
from warehouse.query import Answer

HELD_WORTH_SAYING = 0.01
"""Share of rows held back from which the reader is told at the top of the page."""
_HERE = ZoneInfo("Asia/Tokyo")


def local(moment: datetime) -> datetime:
    """Return a moment in Japanese time; one without a zone is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
    return aware.astimezone(_HERE)


def as_of(ctx: Ctx, value: date | int) -> str:
    """Write the point in time that data tell about: a day, or a year."""
    return fmt.year(value, ctx.lang) if isinstance(value, int) else fmt.day(value, ctx.lang)


def freshness(ctx: Ctx, answer: Answer) -> list[str]:
    """Say as of when the data are, and when they were last updated: two different dates."""
    said = []
    if answer.as_of is not None:
        said.append(ctx.t("common.chip.as_of", value=as_of(ctx, answer.as_of)))
    if answer.updated is not None:
        moment = local(pd.Timestamp(answer.updated).to_pydatetime())
        said.append(ctx.t("common.chip.updated", value=fmt.moment(moment, ctx.lang)))
    return said


def period_text(ctx: Ctx, answer: Answer) -> str:
    """Write the period that an answer covers, empty where it has none."""
    if not answer.period:
        return ""
    start, end = answer.period
    if "survey" in answer.metric.dimensions:  # surveys are named by the fiscal year
        return fmt.fiscal_year(int(end), ctx.lang)
    return fmt.period(start, end, ctx.lang)


def count_text(ctx: Ctx, answer: Answer) -> str:
    """Write n, and of how many municipalities it speaks where it is an aggregate."""
    said = f"n={fmt.number(answer.n, 0, ctx.lang)}"
    if answer.reporters:
        some, everyone = answer.reporters
        said += f" · {ctx.t('common.chip.reporters', n=some, m=everyone)}"
    return said


def scope_text(ctx: Ctx) -> str:
    """Name what the filters leave, but the period and the survey that tells it: 見晴市 / 市民課."""
    names = [
        item.label
        for item in ctx.selection.items
        if item.filter.kind == "choice" and item.value is not None and item.filter.key != "survey"
    ]
    return " / ".join(names)


def held_back(ctx: Ctx, answers: Sequence[Answer]) -> list[str]:
    """Say of which sources so many rows are held back that the numbers may be too small."""
    files = pd.concat([one.files for one in answers]) if answers else pd.DataFrame()
    if files.empty:
        return []
    label = "source_label" if ctx.lang == "ja" else "source_label_en"
    counts = files.drop_duplicates("sha256").groupby(label)[["rows_read", "quarantined"]].sum()
    many = counts[counts["quarantined"] >= HELD_WORTH_SAYING * counts["rows_read"]]
    many = many[many["quarantined"] > 0]
    return [
        ctx.t(
            "common.state.held_back",
            source=source,
            held=fmt.number(int(row["quarantined"]), 0, ctx.lang),
            rows=fmt.number(int(row["rows_read"]), 0, ctx.lang),
        )
        for source, row in many.iterrows()
    ]


def page_head(
    ctx: Ctx,
    answer: str | None,
    lead: Answer | None = None,
    *,
    also: Sequence[Answer] = (),
    narrow: bool = True,
) -> None:
    """Draw the head. `answer` is the page's first line, made from the numbers (None: no data).

    lead: the answer whose period, n and freshness the chips show. also: others that the first
    line rests on. narrow: draw the filters.
    """
    states.title(ctx.t(".title"))
    if answer:
        st.html(f'<p class="mado-answer">{escape(answer)}</p>')
    elif has(f"{ctx.section}.{ctx.page}.question"):
        st.html(f'<p class="mado-answer">{escape(ctx.t(".question"))}</p>')
    chips: list[str] = []
    if ctx.period is not None:
        chips.append(ctx.period_label)
    elif lead is not None:
        chips.append(period_text(ctx, lead))
    chips.append(scope_text(ctx))
    if lead is not None and lead.n:
        chips += [count_text(ctx, lead), *freshness(ctx, lead)]
    marks = "".join(f'<span class="mado-chip">{escape(one)}</span>' for one in chips if one)
    if ctx.release.is_demo:
        word = escape(ctx.t("common.demo"))
        marks += f'<span class="mado-chip mado-demo">{word}</span>'
    st.html(f'<div class="mado-chips">{marks}</div>')
    for item in ctx.selection.items:
        if item.rejected is not None:
            label = ctx.t(f"common.filter.{item.filter.key}")
            text = ctx.t("common.filter.rejected", label=label, value=item.label)
            states.notice(escape(text))
    last = lead.as_of if ctx.period is not None and lead is not None else None
    if isinstance(last, date) and open_days_left(last):
        said = {"month": fmt.month(last, ctx.lang), "day": fmt.day(last, ctx.lang)}
        states.notice(escape(ctx.t("common.state.incomplete", **said)))
    for text in held_back(ctx, [one for one in (lead, *also) if one is not None]):
        states.notice(escape(text))
    if narrow:
        filters.bar(ctx.selection, ctx.page, ctx.lang)


class Speaker(Protocol):
    """Anything that has the texts of a page, with a release or without."""

    def t(self, key: str, **values: Any) -> str:
        """Return a text in the language of the page."""
        ...


def notes(ctx: Speaker, lines: list[str]) -> None:
    """Close a page with what is excluded, not observed, or computed in a special way."""
    if lines:
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        title = escape(ctx.t("common.notes"))
        st.html(f'<section class="mado-notes"><h2>{title}</h2><ul>{items}</ul></section>')
