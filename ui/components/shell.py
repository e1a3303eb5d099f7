"""What stands around every page: style, language switch, menu links, release, failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager

from ui import format as fmt
from ui import theme
from ui.components import state, states
from ui.components.head import local
from ui.format import Lang
from ui.text import LANGUAGES, has, t
from warehouse import query

_NAMES = {"ja": "日本語", "en": "English"}
_STYLE = Path(__file__).with_name("style.css")
_SIGN = Path(__file__).with_name("logo.svg")
_COLOURS = {
    "blue-deep": theme.BLUE_DEEP,
    "faint": theme.BLUE_FAINT,
    "surface": theme.SURFACE,
    "grid": theme.GRID,
    "text": theme.TEXT,
    "neutral": theme.NEUTRAL,
    "success": theme.SUCCESS,
    "error": theme.ERROR,
}


def only_navigation() -> None:
    """Tell Streamlit at its start that the pages are those of st.navigation.

    Else it takes the folder pages/ for its older kind of pages until the first reader has come,
    and a reader who comes by a page's address is told that there is no such page.
    """
    PagesManager.uses_pages_directory = False


def begin() -> Lang:
    """Take over a link's choices, set title, sign and style, and return the language."""
    st.set_page_config(page_title="Mado 窓", page_icon=_SIGN.with_name("icon.svg"), layout="wide")
    states.begin()
    state.read_url()
    st.logo(_SIGN, size="large")
    colours = "".join(f"--mado-{name}:{colour};" for name, colour in _COLOURS.items())
    st.html(f"<style>:root{{{colours}}}\n{_STYLE.read_text(encoding='utf-8')}</style>")
    return state.language()


def headings(sections: Iterable[str], lang: Lang) -> dict[str, str]:
    """Return each section's heading in the menu, in order; `sections` has one for each page.

    A section whose only page bears its name gets a blank heading instead of saying it twice; the
    blanks differ in length, because Streamlit tells sections apart by their headings.
    """
    found: dict[str, str] = {}
    pages = Counter(sections)
    for section in pages:
        name = t(f"common.section.{section}", lang)
        alone = f"{section}.{section}.title"
        silent = pages[section] == 1 and has(alone) and t(alone, lang) == name
        found[section] = "\u2003" * len(found) if silent else name
    return found


def sidebar(lang: Lang, links: Mapping[str, Any]) -> None:
    """Draw the language switch and the release below the menu; `links` are pages by key."""
    st.session_state[states.PAGE_LINKS] = dict(links)
    with st.sidebar:
        st.session_state["language"] = lang
        st.segmented_control(
            t("common.app.language", lang),
            LANGUAGES,
            key="language",
            required=True,
            format_func=_NAMES.__getitem__,
            on_change=_language_changed,
        )
        try:
            release = query.open_release()
        except query.NoRelease:
            return
        built = fmt.moment(local(pd.Timestamp(release.built_at).to_pydatetime()), lang)
        st.caption(t("common.app.built", lang, built=built))
        if release.is_demo:
            st.html(f'<span class="mado-chip mado-demo">{t("common.demo", lang)}</span>')


def go(page: str) -> None:
    """Go on to the page with that key, as the address of the dashboard itself does."""
    st.switch_page(st.session_state[states.PAGE_LINKS][page], query_params=dict(state.chosen()))


def _language_changed() -> None:
    lang = st.session_state["language"]
    state.choose("lang", None if lang == LANGUAGES[0] else lang)


def guarded(page: Page, lang: Lang) -> None:
    """Run a page; where it fails say so with an id that stands in the log."""
    try:
        page.run()
    except Exception as problem:
        states.error(lang, problem, page.url_path, page.title)
