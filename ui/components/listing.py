"""A list about the data themselves: a table with downloads, without a metric behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from ui.components import tables
from ui.components.context import Ctx
from ui.components.downloads import downloads
from ui.export import Provenance, Table

ZONE = "Asia/Tokyo"


def listing(
    ctx: Ctx, key: str, *, summary: str, table: Table, about: Sequence[tuple[str, str]] = ()
) -> None:
    """Draw a table under its title, with a sentence and CSV and XLSX.

    key: unique on the page, part of the download's name. about: further lines of the workbook's
    second sheet, beside the release. Times are shown as in Japan. An empty table shows the
    sentence alone.
    """
    times = [column.name for column in table.columns if column.kind == "time"]
    here = {
        name: pd.to_datetime(table.frame[name], utc=True).dt.tz_convert(ZONE).dt.tz_localize(None)
        for name in times
    }
    table = replace(table, frame=table.frame.assign(**here))
    with st.container(border=True, gap="xsmall", key=f"mado-block-{ctx.page}-{key}"):
        st.header(table.title, anchor=False)
        st.html(f'<p class="mado-summary">{escape(summary)}</p>')
        if table.frame.empty:
            return
        tables.show(table, ctx.lang, key=f"table-{ctx.page}-{key}")
        lines = [(ctx.t("common.evidence.release"), ctx.release.name), *about]
        mark = ctx.t("common.watermark") if ctx.release.is_demo else None
        with st.container(horizontal=True, horizontal_alignment="right"):
            downloads(ctx, key, table, Provenance(lines, mark))
