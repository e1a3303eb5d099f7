"""The fold-out that explains how a block is computed: formula, source, limits."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from ui.components.context import Ctx

PARTS = ("formula", "source", "limits")


def methods(ctx: Ctx, keys: Sequence[str]) -> None:
    """Draw one closed fold-out with a method for each key.

    Texts are `<section>.<page>.method.<key>.title` and `… .formula`, `.source`, `.limits`.
    """
    with st.expander(ctx.t("common.method.title")):
        for key in keys:
            lines = "".join(
                f"<dt>{escape(ctx.t(f'common.method.{part}'))}</dt>"
                f"<dd>{escape(ctx.t(f'.method.{key}.{part}'))}</dd>"
                for part in PARTS
            )
            title = escape(ctx.t(f".method.{key}.title"))
            st.html(f'<h3 class="mado-h3">{title}</h3><dl class="mado-proof">{lines}</dl>')
