"""A table to take home: the CSV and XLSX buttons that stand below every table."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from ui import export
from ui.components.context import Ctx
from ui.export import Provenance, Table


def downloads(ctx: Ctx, key: str, table: Table, source: Provenance, period: str = "") -> None:
    """Draw the two buttons; the files are made when one is pressed.

    key: unique on the page, part of the file's name. period: as in the URL, in the name too.
    """
    made = datetime.now().date()
    names = (table.title, ctx.t("common.block.origin"))
    st.download_button(
        "CSV",
        data=lambda: export.to_csv(table, source),
        file_name=export.file_name(ctx.page, key, period, ".csv", made),
        mime="text/csv",
        key=f"csv-{ctx.page}-{key}",
        help=ctx.t("common.block.csv", title=table.title),
        on_click="ignore",
    )
    st.download_button(
        "XLSX",
        data=lambda: export.to_xlsx(table, source, names),
        file_name=export.file_name(ctx.page, key, period, ".xlsx", made),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"xlsx-{ctx.page}-{key}",
        help=ctx.t("common.block.xlsx", title=table.title),
        on_click="ignore",
    )
