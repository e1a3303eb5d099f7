"""Rows held back, on the page データ取込: which, why, and the workbook to correct them in."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipelines import door
from ui import format as fmt
from ui.components import tables
from ui.components.intake import Desk
from ui.export import Column, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(desk: Desk, key: str, held: pd.DataFrame) -> None:
    """List the rows held back of one file, narrowed by reason and column. key: unique here."""
    reason = "message_ja" if desk.lang == "ja" else "message_en"
    shown = _narrowed(desk, key, held, reason)
    columns = [
        Column("source_row", desk.t(".held.row"), "code"),
        Column("column", desk.t(".held.column")),
        Column("value", desk.t(".held.value")),
        Column(reason, desk.t(".held.reason")),
    ]
    if (held["sheet"].fillna("") != "").any():
        columns.insert(0, Column("sheet", desk.t(".held.sheet")))
    frame = shown.fillna({"column": "", "value": "", "sheet": ""})
    tables.show(Table(desk.t(".held.title"), tuple(columns), frame), desk.lang, key=f"held-{key}")


def _narrowed(desk: Desk, key: str, held: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Draw the two filters where there is something to choose, and return what they leave."""
    left, right = st.columns(2)
    for place, column, label in ((left, reason, "reason"), (right, "column", "column")):
        counts = held[column].fillna("").value_counts()
        if len(counts) < 2:
            continue
        said = {one: desk.t(".held.counted", text=one or "−", n=n) for one, n in counts.items()}
        said[None] = desk.t("common.filter.all")
        with place:
            chosen = st.selectbox(
                desk.t(f".held.{label}"),
                [None, *counts.index],
                format_func=said.__getitem__,
                key=f"narrow-{label}-{key}",
            )
        if chosen is not None:
            held = held[held[column].fillna("") == chosen]
    return held


def preview(desk: Desk, file: UploadedFile, found: door.Preview) -> None:
    """List the rows that would be held back of a file that is handed in."""
    rows(desk, file.file_id, found.held)


def waiting(desk: Desk, held: pd.DataFrame) -> None:
    """List the rows of loaded files that wait for a correction, one file at a time."""
    with st.container(border=True, key="mado-block-intake-waiting"):
        st.header(desk.t(".held.waiting"), anchor=False)
        rows_held = held.drop_duplicates(["source_sha256", "sheet", "source_row"])
        counts = {
            str(sha): len(part) for sha, part in rows_held.groupby("source_sha256", sort=False)
        }
        if not counts:
            st.html(f'<p class="mado-summary">{escape(desk.t(".held.waiting_none"))}</p>')
            return
        said = desk.t(".held.waiting_some", files=len(counts), n=fmt.number(sum(counts.values())))
        st.html(f'<p class="mado-summary">{escape(said)}</p>')
        files = dict(zip(held["source_sha256"], held["source_file"], strict=True))
        chosen = st.selectbox(
            desk.t(".held.file"),
            list(counts),
            format_func=lambda sha: desk.t(".held.counted", text=files[sha], n=counts[sha]),
            key="intake-waiting",
        )
        rows(desk, "waiting", held[held["source_sha256"] == chosen])
