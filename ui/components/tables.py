"""Tables on the screen: the columns of an export, formatted as readers write numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.export import Column, Table

_ROW = 35
_MOST = 12


def _text(value: Any, column: Column, lang: Any) -> str:
    if column.kind in ("number", "share"):
        style = "share" if column.kind == "share" else "number"
        return fmt.parts(value, style, column.decimals, "", lang).number
    if value is None or bool(pd.isna(value)):
        return fmt.Mark.UNKNOWN.value
    if column.kind == "month":
        return fmt.month(value, lang)
    if column.kind == "date":
        return fmt.day(value, lang)
    if column.kind == "time":
        return fmt.moment(value, lang)
    return str(value)


def show(table: Table, lang: Any, *, key: str, alt: str = "") -> None:
    """Draw a table: sortable by its real values, shown as readers write them, scrolling inside.

    Raises KeyError where the frame lacks one of the columns.
    """
    frame = table.frame[[column.name for column in table.columns]].reset_index(drop=True)
    frame.columns = pd.Index([column.header for column in table.columns])
    style = frame.style.format(
        {
            column.header: lambda value, column=column: _text(value, column, lang)
            for column in table.columns
        }
    )
    st.dataframe(
        style,
        key=key,
        hide_index=True,
        width="stretch",
        height=_ROW * (min(len(frame), _MOST) + 1) + 3,
        column_config={
            column.header: st.column_config.Column(
                alignment="right" if column.kind in ("number", "share") else "left",
                pinned=index == 0,
            )
            for index, column in enumerate(table.columns)
        },
        alt=alt or table.title,
    )
