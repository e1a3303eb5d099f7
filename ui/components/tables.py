"""Tables on the screen: the columns of an export, formatted as readers write numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ui import format as fmt
from ui.export import Column, Table
from ui.format import Lang

_ROW = 35
_MOST = 12
_PINNED = 10
"""Full-width characters that a column may have to stay in sight: about a third of a phone."""


def _text(value: Any, column: Column, lang: Lang) -> str:
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


def _colour(text: str, colours: Mapping[str, str]) -> str:
    return f"color: {colours[text]}; font-weight: 700" if text in colours else ""


def _is_short(texts: pd.Series) -> bool:
    """Tell whether a first column leaves room on a phone when it stays while others scroll."""
    return not texts.map(lambda text: len(str(text)) > _PINNED).any()


def show(table: Table, lang: Lang, *, key: str, alt: str = "") -> None:
    """Draw a table: sortable by its real values, shown as readers write them, scrolling inside.

    Raises KeyError where the frame lacks one of the columns.
    """
    frame = table.frame[[column.name for column in table.columns]].reset_index(drop=True)
    style = frame.style.format(
        {column.name: partial(_text, column=column, lang=lang) for column in table.columns}
    )
    for column in table.columns:
        if column.colours:
            style = style.map(
                partial(_colour, colours=column.colours),
                subset=[column.name],
            )
    st.dataframe(
        style,
        key=key,
        hide_index=True,
        placeholder=fmt.Mark.UNKNOWN.value,
        width="stretch",
        height=_ROW * (min(len(frame), _MOST) + 1) + 3,
        column_config={
            column.name: st.column_config.Column(
                column.header,
                alignment="right" if column.kind in ("number", "share") else "left",
                pinned=index == 0 and _is_short(frame[column.name]),
            )
            for index, column in enumerate(table.columns)
        },
        alt=alt or table.title,
    )
