"""A page asked for by its address goes through app.py, also on a server that just started."""

from __future__ import annotations

import importlib
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.app_discovery import discover_asgi_app

APP = Path(__file__).parents[2] / "app.py"


def test_the_server_imports_app_before_any_reader_comes() -> None:
    assert discover_asgi_app(APP).import_string == "app:app"


def test_from_then_on_the_pages_are_those_of_the_registry() -> None:
    PagesManager.uses_pages_directory = None
    app = importlib.reload(importlib.import_module("app"))
    assert isinstance(app.app, st.App)
    assert PagesManager.uses_pages_directory is False
