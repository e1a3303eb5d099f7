"""What readers do: narrow, move on, share the link, download, ask where a number comes from."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from pages import PAGES
from tests.browser.harness import Watched, serve, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def query(seen: Watched) -> dict[str, list[str]]:
    return parse_qs(urlsplit(seen.page.url).query)


def follow(seen: Watched, key: str) -> None:
    """Go to another page by the menu, as a reader does."""
    seen.page.locator(f'[data-testid="stSidebarNavLink"][href$="/{key}"]').click()
    seen.page.wait_for_url(f"**/{key}*")
    seen.settle()


def test_filters_survive_changing_the_page_and_the_language(chromium: Browser, city: str) -> None:
    with watch(chromium, city, 1280) as seen:
        seen.open("/waits?period=2026-03")
        assert query(seen)["period"] == ["2026-03"]
        assert "2026年3月" in seen.page.locator("body").inner_text()
        follow(seen, "channels")
        assert query(seen)["period"] == ["2026-03"]
        assert "2026年3月" in seen.page.locator("body").inner_text()
        seen.open("/waits?period=2026-03&lang=en")
        assert query(seen)["period"] == ["2026-03"]
        assert "Waiting" in seen.page.locator("h1").inner_text()
        assert seen.problems == []


def test_a_link_with_an_unknown_value_still_opens(chromium: Browser, city: str) -> None:
    with watch(chromium, city, 1280) as seen:
        seen.open("/waits?m=999999&period=1999-13&counter=x")
        assert seen.page.locator('[data-testid="stException"]').count() == 0
        assert seen.page.locator(".js-plotly-plot").count() >= 1
        assert seen.problems == []


def test_a_chart_is_downloaded_with_its_watermark(chromium: Browser, city: str) -> None:
    with watch(chromium, city, 1280) as seen:
        seen.open("/waits")
        button = seen.page.locator('[data-testid="stDownloadButton"] button', has_text="CSV").first
        with seen.page.expect_download() as waiting:
            button.click()
        path = waiting.value.path()
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
        assert any("模擬データ" in cell for row in rows for cell in row)
        assert len(rows) > 5


def test_a_number_shows_where_it_comes_from(chromium: Browser, city: str) -> None:
    with watch(chromium, city, 1280) as seen:
        seen.open("/waits")
        seen.page.get_by_text("根拠").first.click()
        seen.settle()
        body = seen.page.locator("body").inner_text()
        assert "SELECT" in body
        assert ".csv" in body


@pytest.mark.parametrize("key", ["waits", "data"])
def test_the_first_request_of_a_server_may_be_a_page_s_address(
    chromium: Browser, demo_home: Path, key: str
) -> None:
    """Nobody has come before: the page is drawn by app.py, with its menu, and nothing else is."""
    with serve(demo_home) as address, watch(chromium, address, 1280) as seen:
        seen.open(f"/{key}")
        assert seen.page.get_by_text("Page not found").count() == 0
        assert seen.page.locator('[data-testid="stSidebarNavLink"]').count() == len(PAGES)
        assert urlsplit(seen.page.url).path == f"/{key}"
        assert seen.problems == []


@pytest.mark.parametrize("script", ["summary", "overview"])
def test_a_script_s_own_name_is_no_address(chromium: Browser, demo_home: Path, script: str) -> None:
    """Asked cold for a script by its file's name, the server runs app.py and not the script."""
    with serve(demo_home) as address, watch(chromium, address, 1280) as seen:
        seen.open(f"/{script}")
        assert seen.page.locator('[data-testid="stSidebarNavLink"]').count() == len(PAGES)
        assert seen.page.locator('[data-testid="stException"]').count() == 0


def test_the_pyramid_moves_by_keys_without_asking_the_server(chromium: Browser, city: str) -> None:
    """Arrow keys go on year by year, the space bar plays; nothing is sent meanwhile."""
    with watch(chromium, city, 1280) as seen:
        sent: list[str] = []
        seen.page.on(
            "websocket", lambda socket: socket.on("framesent", lambda _: sent.append(socket.url))
        )
        seen.open("/population")
        block = seen.page.locator(".st-key-mado-block-population-pyramid")
        slider = block.locator(".slider-group[role=slider]")
        slider.wait_for()
        assert slider.get_attribute("aria-valuetext") == "2040"
        first_bar = "plot => plot.data[1].x[0]"
        plot = block.locator(".js-plotly-plot")
        then = plot.evaluate(first_bar)
        seen.settle()
        assert sent, "what the page sends is seen"
        sent.clear()
        for key, year in (("ArrowRight", "2041※"), ("Home", "2020"), ("PageUp", "2025")):
            slider.press(key)
            seen.page.wait_for_function(
                "([group, year]) => group.getAttribute('aria-valuetext') === year",
                arg=[slider.element_handle(), year],
            )
        seen.page.wait_for_function(  # the picture follows a moment after the word
            "([plot, then]) => plot.data[1].x[0] !== then", arg=[plot.element_handle(), then]
        )
        slider.press("Home")
        slider.press(" ")
        seen.page.wait_for_function(
            "group => Number(group.getAttribute('aria-valuenow')) >= 3",
            arg=slider.element_handle(),
        )
        slider.press(" ")
        assert sent == []
        assert seen.problems == []
