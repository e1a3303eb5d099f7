"""What a page says when there is nothing to show: no release, no data, an error."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from ui.text import has, t

_TITLED = "mado.titled"
_LOG = logging.getLogger("mado.pages")
PAGE_LINKS = "mado.page_links"
"""Session key under which app.py leaves page id → st.Page, for links between pages."""


def title(text: str) -> None:
    """Draw the one heading of the first order of a page."""
    st.title(text, anchor=False)
    st.session_state[_TITLED] = True


def begin() -> None:
    """Forget, at the start of a rerun, that a title was drawn."""
    st.session_state[_TITLED] = False


def link(page: str, label: str) -> None:
    """Draw a link to the page with that key, where app.py has left it."""
    target = st.session_state.get(PAGE_LINKS, {}).get(page)
    if target is not None:
        st.page_link(target, label=label, icon=":material/arrow_forward:")


def no_release(lang: str) -> None:
    """Say that nothing has been published yet, and how to begin."""
    with st.container(border=True, key="mado-state-none"):
        st.html(f'<p class="mado-state">{t("common.state.no_release", lang)}</p>')
        st.caption(t("common.state.no_release_hint", lang))
        link("intake", t("data.intake.title", lang))
        st.code("python -m pipelines demo\nmake run", language=None)


def empty(lang: str, source: str, *, key: str = "page") -> None:
    """Say which file would fill this place; `source` is an id of the pipelines' sources."""
    known = f"common.source.{source}"
    name = t(known, lang) if has(known, lang) else source
    with st.container(border=True, key=f"mado-state-{key}"):
        st.html(f'<p class="mado-state">{t("common.state.empty", lang, source=name)}</p>')
        st.caption(t("common.state.empty_hint", lang))
        st.code(f"python -m pipelines load FILE --source {source}", language=None, wrap_lines=True)
        link("data", t("common.state.to_data", lang))


def nothing_here(lang: str) -> None:
    """Say that the filters leave nothing for this one chart."""
    st.html(f'<p class="mado-nothing">{t("common.state.nothing", lang)}</p>')


def notice(text: str) -> None:
    """Say something that the reader should know before reading on."""
    st.html(f'<p class="mado-notice" role="status">{text}</p>')


def error(lang: str, problem: Exception, page: str, name: str) -> None:
    """Say that the page failed, with an id that stands in the log beside the cause.

    page: its key; name: its title, drawn where the page failed before it.
    """
    if not st.session_state[_TITLED]:
        title(name)
    number = secrets.token_hex(4)
    _LOG.error("error %s on page %s", number, page, exc_info=problem)
    with st.container(border=True, key="mado-state-error"):
        st.html(
            f'<p class="mado-state mado-bad" role="alert">{t("common.state.error", lang)}</p>'
            f"<p>{t('common.state.error_hint', lang)}</p>"
            f'<p class="mado-small">{t("common.state.error_id", lang, id=number)}</p>'
        )
