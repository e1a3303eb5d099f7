"""Every registered page, on a desktop and on a phone, as a reader's browser shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from pages import PAGES, Page
from tests.browser.harness import ARTIFACTS, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_page_is_whole(chromium: Browser, city: str, entry: Page, width: int) -> None:
    with watch(chromium, city, width) as seen:
        seen.open(f"/{entry.key}")
        page = seen.page
        page.screenshot(path=ARTIFACTS / f"{entry.key}-{width}.png", full_page=True)
        assert page.locator('[data-testid="stException"]').count() == 0
        assert page.locator("h1").count() == 1, "a page has one heading of the first order"
        assert "模擬データ" in page.locator("body").inner_text()
        if entry.section != "data":
            assert page.locator(".js-plotly-plot").count() >= 1
        assert seen.overflow() <= 0, "the page moves sideways"
        assert seen.problems == []
