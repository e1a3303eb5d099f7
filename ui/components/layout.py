"""How the parts of a page stand beside and below each other."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def side_by_side() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Return two columns for supporting charts; one below the other on a phone."""
    left, right = st.columns(2)
    return left, right


def subhead(text: str) -> None:
    """Draw a heading of the second order between blocks."""
    st.html(f'<h2 class="mado-h2">{escape(text)}</h2>')


def sentences(title: str, lines: Sequence[str]) -> None:
    """Draw a short list of sentences under a heading of the second order."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(f'<h2 class="mado-h2">{escape(title)}</h2><ul class="mado-sentences">{items}</ul>')
