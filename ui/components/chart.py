"""The chart block: title, summary, chart, the table behind it, the evidence, downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import plotly.graph_objects as go
import streamlit as st

from ui import charts
from ui.components import state, states, tables
from ui.components.context import Ctx
from ui.components.downloads import downloads
from ui.components.evidence import evidence, provenance
from ui.components.head import count_text, freshness, period_text
from ui.export import Table
from warehouse.query import Answer

CONFIG = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "scrollZoom": False,
    "doubleClick": False,
}


def switch(ctx: Ctx, key: str) -> str:
    """Draw the switch with that URL key (declared at `start`) and return the option chosen.

    Its texts are `<section>.<page>.switch.<key>.label` and `… .<option>`.
    """
    declared, code = ctx.selection.switch(key)
    name = f"switch-{ctx.page}-{key}"
    st.session_state[name] = code

    def changed() -> None:
        picked = st.session_state[name]
        state.choose(key, None if picked == declared.options[0] else picked)

    st.segmented_control(
        ctx.t(f".switch.{key}.label"),
        declared.options,
        key=name,
        required=True,
        format_func=lambda option: ctx.t(f".switch.{key}.{option}"),
        on_change=changed,
    )
    return code


def chart_block(
    ctx: Ctx,
    key: str,
    *,
    title: str,
    summary: str,
    figure: go.Figure | None,
    table: Table,
    answers: Sequence[Answer],
    controls: Callable[[], object] | None = None,
    legend: Sequence[str] = (),
) -> None:
    """Draw one chart with everything that belongs to it.

    key: unique on the page; also part of the download's name. summary: one sentence that says
    what the chart shows, read before it. figure: None or an empty table says that there is no
    data under these filters. answers: those the numbers come from, the leading one first.
    controls: draws a switch between title and chart. legend: lines below the chart that say what
    its marks stand for.
    """
    with st.container(border=True, gap="xsmall", key=f"mado-block-{ctx.page}-{key}"):
        st.header(title, anchor=False)
        if controls is not None:
            controls()
        if figure is None or table.frame.empty:
            states.nothing_here(ctx.lang)
            return
        st.html(f'<p class="mado-summary">{escape(summary)}</p>')
        shown = figure
        if ctx.release.is_demo:
            shown = charts.watermark(go.Figure(figure), ctx.t("common.demo_mark"))
        chart, rows, proof = st.tabs(
            [ctx.t(f"common.block.{one}") for one in ("chart", "table", "evidence")]
        )
        with chart:
            st.plotly_chart(
                shown,
                key=f"chart-{ctx.page}-{key}",
                theme=None,
                config={**CONFIG, "toImageButtonOptions": {"filename": f"mado-{key}", "scale": 2}},
                alt=f"{title}。{summary}" if ctx.lang == "ja" else f"{title}. {summary}",
            )
            if legend:
                items = "".join(f"<li>{escape(line)}</li>" for line in legend)
                st.html(f'<ul class="mado-legend">{items}</ul>')
        with rows:
            table_body(ctx, key, table)
        with proof:
            evidence(ctx, key, answers)
        _foot(ctx, key, table, answers)


def table_block(
    ctx: Ctx,
    key: str,
    *,
    title: str,
    summary: str,
    table: Table,
    answers: Sequence[Answer],
) -> None:
    """Draw a table that is itself the evidence, with its 根拠 and downloads."""
    with st.container(border=True, gap="xsmall", key=f"mado-block-{ctx.page}-{key}"):
        st.header(title, anchor=False)
        if table.frame.empty:
            states.nothing_here(ctx.lang)
            return
        st.html(f'<p class="mado-summary">{escape(summary)}</p>')
        rows, proof = st.tabs([ctx.t("common.block.table"), ctx.t("common.block.evidence")])
        with rows:
            table_body(ctx, key, table)
        with proof:
            evidence(ctx, key, answers)
        _foot(ctx, key, table, answers)


def table_body(ctx: Ctx, key: str, table: Table) -> None:
    """Draw a table, with the mark of synthetic data above it where it is made of such."""
    if ctx.release.is_demo:
        st.html(f'<span class="mado-chip mado-demo">{escape(ctx.t("common.demo"))}</span>')
    tables.show(table, ctx.lang, key=f"table-{ctx.page}-{key}")


def _foot(ctx: Ctx, key: str, table: Table, answers: Sequence[Answer]) -> None:
    lead = answers[0]
    said = [count_text(ctx, lead), period_text(ctx, lead), *freshness(ctx, lead)]
    text = (
        "　".join(one for one in said if one)
        if ctx.lang == "ja"
        else " · ".join(filter(None, said))
    )
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"mado-foot-{ctx.page}-{key}"
    ):
        st.html(f'<p class="mado-foot">{escape(text)}</p>', width="stretch")
        period = ctx.period.encode() if ctx.period else ""
        downloads(ctx, key, table, provenance(ctx, table.title, answers), period)
