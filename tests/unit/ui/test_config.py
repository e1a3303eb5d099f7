"""Streamlit's settings: the theme's colours, no telemetry, nothing from outside."""

from __future__ import annotations

import tomllib
from pathlib import Path

from ui import theme

PATH = Path(__file__).parents[3] / ".streamlit/config.toml"
CONFIG = tomllib.loads(PATH.read_text(encoding="utf-8"))


def test_colours_are_those_of_the_theme() -> None:
    of = CONFIG["theme"]
    assert of["primaryColor"] == of["linkColor"] == theme.BLUE_DEEP
    assert of["backgroundColor"] == theme.PAGE
    assert of["secondaryBackgroundColor"] == theme.SURFACE
    assert of["textColor"] == theme.TEXT
    assert (of["redColor"], of["greenColor"]) == (theme.ERROR, theme.SUCCESS)
    assert of["font"] == of["headingFont"] == theme.FONT


def test_nothing_goes_out_and_nothing_comes_in() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["browser"]["serverAddress"] == "localhost", "else it asks for its own address"
    assert CONFIG["client"]["showErrorLinks"] is False
    assert "://" not in PATH.read_text(encoding="utf-8")


def test_readers_see_no_developer_menu_and_no_traceback() -> None:
    assert CONFIG["client"]["toolbarMode"] in {"minimal", "viewer"}
    assert CONFIG["client"]["showErrorDetails"] == "none"
