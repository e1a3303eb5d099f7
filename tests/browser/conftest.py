"""A headless Chromium and a server over the demo city, one of each for a run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.harness import serve


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and os.environ.get("CI"):
        pytest.fail("Chromium がありません。make browser が導入できたかを確かめてください")
    if path is None:  # a user's machine, where make browser may not install
        pytest.skip("Chromium がないため省きます（apt-get install chromium）")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def city(demo_home: Path) -> Iterator[str]:
    """The address of a server over the demo city."""
    with serve(demo_home) as address:
        yield address
