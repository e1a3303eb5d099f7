"""The dashboard: who is looking, in which language, which page. `make run` starts it."""

from __future__ import annotations

import streamlit as st

from pages import HOME, PAGES
from ui.components import shell
from ui.text import t


def main() -> None:
    """Draw one rerun: every page is reached through here, and only through here."""
    lang = shell.begin()
    links = {
        page.key: st.Page(
            page.script, title=t(f"{page.section}.{page.key}.title", lang), url_path=page.key
        )
        for page in PAGES
    }
    home = st.Page(lambda: shell.go(HOME), title="Mado 窓", default=True, visibility="hidden")
    heading = shell.headings((page.section for page in PAGES), lang)
    menu = {"": [home]}
    for page in PAGES:
        menu.setdefault(heading[page.section], []).append(links[page.key])
    current = st.navigation(menu, expanded=True)
    shell.sidebar(lang, links)
    shell.guarded(current, lang)


if __name__ == "app":  # the server imports this file once at its start, before any reader comes
    shell.only_navigation()
    app = st.App(__file__)
else:  # a rerun for a reader
    main()
