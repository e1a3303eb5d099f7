"""Empty files to fill in, on the page データ取込."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pipelines import door
from ui.components.intake import Desk
from ui.components.intake_held import XLSX


def templates(desk: Desk) -> None:
    """Let the reader choose a kind of file and save its template."""
    names = {one.id: one for one in door.templates()}
    with st.container(border=True, key="mado-block-intake-templates"):
        st.header(desk.t(".templates.title"), anchor=False)
        st.markdown(desk.t(".templates.how"))
        chosen = st.selectbox(
            desk.t(".templates.which"),
            list(names),
            format_func=lambda name: desk.say(names[name].label),
            key="intake-template",
        )
        one = names[chosen]
        with st.container(horizontal=True):
            for style, mime in (("xlsx", XLSX), ("csv", "text/csv")):
                st.download_button(
                    desk.t(f".templates.{style}"),
                    data=partial(door.write_template, one, style),
                    file_name=one.file_name(style),
                    mime=mime,
                    key=f"template-{style}",
                    on_click="ignore",
                )
