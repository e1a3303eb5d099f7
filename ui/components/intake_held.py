"""Rows held back, on the page データ取込: which, why, and the workbook to correct them in."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipelines import door
from ui import format as fmt
from ui.components.intake import Desk

ALL = "*"
"""Choice of a filter that leaves all rows."""
MOST = 200
"""Reasons that are listed; the workbook has all rows."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MADE = "mado.intake.marked"
"""Session key: the workbook that was made last, and for which rows."""


def rows(desk: Desk, key: str, held: pd.DataFrame) -> None:
    """List the rows held back of one file, narrowed by reason and column. key: unique here."""
    reason = "message_ja" if desk.lang == "ja" else "message_en"
    shown = _narrowed(desk, key, held, reason)
    columns = {"source_row": "row", "column": "column", "value": "value", reason: "reason"}
    if (held["sheet"].fillna("") != "").any():
        columns = {"sheet": "sheet", **columns}
    head = "".join(f"<th>{escape(desk.t(f'.held.{name}'))}</th>" for name in columns.values())
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(one[name]))}</td>' for name in columns)}</tr>"
        for one in shown.head(MOST).to_dict("records")
    )
    st.html(
        '<div class="mado-scroll mado-tall" tabindex="0">'
        f'<table class="mado-files mado-held"><tr>{head}</tr>{body}</table></div>'
    )
    if len(shown) > MOST:
        more = desk.t(".held.more", n=fmt.number(len(shown) - MOST, 0, desk.lang))
        st.html(f'<p class="mado-foot">{escape(more)}</p>')


def _cell(value: object) -> str:
    return fmt.Mark.NONE.value if value is None or value in ("",) or value != value else str(value)


def _narrowed(desk: Desk, key: str, held: pd.DataFrame, reason: str) -> pd.DataFrame:
    """Draw the two filters where there is something to choose, and return what they leave."""
    left, right = st.columns(2)
    for place, column, label in ((left, reason, "reason"), (right, "column", "column")):
        counts = held[column].fillna("").value_counts()
        if len(counts) < 2:
            continue
        said = {one: desk.t(".held.counted", text=one or "−", n=n) for one, n in counts.items()}
        said[ALL] = desk.t("common.filter.all")
        with place:
            chosen = st.selectbox(
                desk.t(f".held.{label}"),
                [ALL, *counts.index],
                format_func=said.__getitem__,
                key=f"narrow-{label}-{key}",
            )
        if chosen != ALL:
            held = held[held[column].fillna("") == chosen]
    return held


def preview(desk: Desk, file: UploadedFile, found: door.Preview) -> None:
    """List the rows that would be held back of a file that is handed in."""
    rows(desk, file.file_id, found.held)
    _workbook(desk, file.file_id, file.name, found.marked, found.unmarked)


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
        n = fmt.number(sum(counts.values()), 0, desk.lang)
        said = desk.t(".held.waiting_some", files=len(counts), n=n)
        st.html(f'<p class="mado-summary">{escape(said)}</p>')
        files = dict(zip(held["source_sha256"], held["source_file"], strict=True))
        chosen = st.selectbox(
            desk.t(".held.file"),
            list(counts),
            format_func=lambda sha: desk.t(".held.counted_rows", text=files[sha], n=counts[sha]),
            key="intake-waiting",
        )
        rows(desk, "waiting", held[held["source_sha256"] == chosen])
        _workbook(desk, "waiting", str(files[chosen]), *_made(desk, chosen, held))


def _made(desk: Desk, sha256: str, held: pd.DataFrame) -> tuple[bytes | None, door.Label | None]:
    """The workbook of a loaded file, made once for the rows that are open now."""
    now = (sha256, len(held), door.loaded(desk.home))
    if st.session_state.get(_MADE, (None,))[0] != now:
        st.session_state[_MADE] = (now, door.marked_rows(desk.home, sha256))
    made: tuple[bytes | None, door.Label | None] = st.session_state[_MADE][1]
    return made


def _workbook(
    desk: Desk, key: str, name: str, marked: bytes | None, why_not: door.Label | None
) -> None:
    """Offer the workbook to correct, or say why these rows are not corrected one by one."""
    if marked is None:
        if why_not is not None:
            st.html(f'<p class="mado-notice">{escape(desk.say(why_not))}</p>')
        return
    st.markdown(desk.t(".held.how_waiting" if key == "waiting" else ".held.how"))
    st.download_button(
        desk.t(".held.download"),
        data=lambda: marked,
        file_name=f"{Path(name).stem}-{desk.t('.held.suffix')}.xlsx",
        mime=XLSX,
        key=f"marked-{key}",
        icon=":material/download:",
        on_click="ignore",
    )
