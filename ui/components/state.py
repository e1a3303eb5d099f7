"""What the reader has chosen: kept in the session by URL key, and written into the URL.

The session holds codes, as the URL does, never labels. It is needed because st.navigation drops
the query when the page changes; the URL is needed because a link must show the same page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import streamlit as st

from ui.format import Lang
from ui.text import DEFAULT, LANGUAGES

_CHOSEN = "mado.chosen"
_WRITTEN = "mado.written"
_LONGEST = 120
_REMEMBERED = 20


def chosen() -> dict[str, str]:
    """Return the reader's choices (URL key → code); what is not chosen is not there."""
    return st.session_state.setdefault(_CHOSEN, {})


def read_url() -> None:
    """Take over the choices of a link; once at the start of each rerun.

    A query that this session has written itself is skipped: it can be one step older than a
    choice made in a widget.
    """
    seen = {key: code for key, code in st.query_params.items() if len(code) <= _LONGEST}
    if seen and seen not in st.session_state.setdefault(_WRITTEN, []):
        chosen().update(seen)


def write_url(keys: Iterable[str]) -> None:
    """Write the choices among `keys`, and the language, into the URL; drop all else."""
    wanted = {key: chosen()[key] for key in ("lang", *keys) if key in chosen()}
    if st.query_params.to_dict() == wanted:
        return
    st.query_params.from_dict(wanted)
    st.session_state[_WRITTEN] = [*st.session_state.get(_WRITTEN, []), wanted][-_REMEMBERED:]


def choose(key: str, code: str | None) -> None:
    """Note a choice; None takes it back to the default."""
    if code is None:
        chosen().pop(key, None)
    else:
        chosen()[key] = code


def language() -> Lang:
    """Return the language chosen, Japanese where none or an unknown one is."""
    code = chosen().get("lang", DEFAULT)
    return cast(Lang, code if code in LANGUAGES else DEFAULT)
