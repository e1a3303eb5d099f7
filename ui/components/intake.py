"""The desk of the page データ取込: where files are handed in, and what is known of the home.

    desk = intake.begin()
    files = intake.uploads(desk)

Uploaded bytes stay in the server's memory. They are written to a temporary folder outside
MADO_HOME only while a file is looked at or taken, and are deleted right after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pipelines import door
from ui.components import state, states
from ui.format import Lang
from ui.text import t
from warehouse import query
from warehouse.home import Home

_ROUND = "mado.intake.round"
"""Session key: how often the files handed in were taken; a new round begins with none."""

_BUTTON = (
    '[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }'
    '[data-testid="stFileUploaderDropzone"] button p::after { content: "%s"; font-size: 0.9rem; }'
)
"""Streamlit writes its own word on the button, in English alone."""


@dataclass(frozen=True)
class Desk:
    """One rerun of the page. release: None before anything is published."""

    home: Home
    lang: Lang
    release: query.Release | None
    demo: bool

    def t(self, key: str, **values: Any) -> str:
        """Return a text; a key that starts with a dot belongs to this page."""
        return t(f"data.intake{key}" if key.startswith(".") else key, self.lang, **values)

    def say(self, label: door.Label) -> str:
        """Return a name in the language of the page."""
        return label.ja if self.lang == "ja" else label.en

    def told(self, error: door.PipelineError) -> str:
        """Return what went wrong in the language of the page."""
        return error.ja if self.lang == "ja" else error.en


def begin() -> Desk:
    """Draw the title, and say where the reader stands: empty, with data, or with demo data."""
    lang = state.language()
    state.write_url(())
    home = Home.from_env()
    try:
        release = query.open_release(home)
    except query.NoRelease:
        release = None
    shown = release is not None and release.is_demo
    desk = Desk(home, lang, release, shown or door.holds_demo(home))
    states.title(desk.t(".title"))
    return desk


def lead(desk: Desk, waiting: int) -> None:
    """Draw the first line and the chips. waiting: rows held back that wait for a correction."""
    answer = ".answer.ready" if desk.release else ".answer.first"
    if desk.demo:
        answer = ".answer.demo"
    elif waiting:
        answer = ".answer.waiting"
    said = desk.t(answer, n=f"{waiting:,}")
    st.html(f'<p class="mado-answer">{escape(said)}</p>')
    if desk.demo:
        word = escape(desk.t("common.demo"))
        st.html(f'<div class="mado-chips"><span class="mado-chip mado-demo">{word}</span></div>')
        with st.container(border=True, key="mado-intake-demo"):
            st.html(f'<p class="mado-state">{escape(desk.t(".demo.title"))}</p>')
            st.markdown(desk.t(".demo.how"))
            st.code("MADO_HOME=mado-data DEMO=no make run", language=None, wrap_lines=True)


def uploads(desk: Desk) -> Sequence[UploadedFile]:
    """Draw the field for files and return those handed in, in the order of the reader."""
    with st.container(border=True, key=f"mado-block-intake-files-{desk.lang}"):
        st.header(desk.t(".files.title"), anchor=False)
        files = st.file_uploader(
            desk.t(".files.label"),
            accept_multiple_files=True,
            key=f"intake-files-{st.session_state.get(_ROUND, 0)}",
        )
        st.caption(desk.t(".files.hint"))
        st.html(f"<style>{_BUTTON % desk.t('.files.button')}</style>")
    return list(files)


def next_round() -> None:
    """Forget the files handed in: they were taken."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


@contextmanager
def on_disk(file: UploadedFile) -> Iterator[Path]:
    """The file under its own name in a temporary folder, for as long as it is needed."""
    with TemporaryDirectory(prefix="mado-") as folder:
        path = Path(folder) / (Path(file.name).name or "file")
        path.write_bytes(file.getbuffer())
        yield path
