"""Keys for charts that move: plotly's own slider and buttons answer to a pointer alone."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from ui.components.context import Ctx

_SCRIPT = Path(__file__).with_name("keys.js")


def chart_keys(ctx: Ctx, block: str) -> None:
    """Let the slider of the chart in a block be moved by arrow keys, and played by the space bar.

    block: the key of its chart_block. The script is this product's own and fetches nothing.
    """
    place = json.dumps(f".st-key-mado-block-{ctx.page}-{block}")
    label = json.dumps(ctx.t("common.block.slider"))
    code = _SCRIPT.read_text(encoding="utf-8")
    st.html(
        f"<script>({code.rstrip().rstrip(';')})({place}, {label});</script>",
        unsafe_allow_javascript=True,
    )
