"""A personnel planner's way: choose a year, move the pyramid by keys, share the link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.harness import Watched, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def shown(seen: Watched) -> str:
    """The year that the pyramid's slider names."""
    return seen.page.locator(".js-plotly-plot .slider-label").first.text_content() or ""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_years_move_by_keys_and_the_year_chosen_is_in_the_link(
    chromium: Browser, city: str, width: int
) -> None:
    with watch(chromium, city, width) as seen:
        seen.open("/staff")
        assert shown(seen) == "2040年"
        slider = seen.page.get_by_role("slider")
        slider.focus()
        seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_function(
            "() => document.querySelector('.js-plotly-plot .slider-label').textContent == '2041年'"
        )
        before = seen.page.locator(".mado-answer").inner_text()
        seen.page.get_by_role("radio", name="2030年").click()
        seen.page.wait_for_url("**year=2030*")
        seen.settle()
        assert shown(seen) == "2030年"
        assert "2030年の4月1日までに" in seen.page.locator(".mado-answer").inner_text() != before
        seen.open("/staff?year=2030")
        assert shown(seen) == "2030年"
        assert seen.overflow() <= 0
        assert seen.problems == []


def test_folded_out_charts_fill_their_width(chromium: Browser, city: str) -> None:
    with watch(chromium, city, 1280) as seen:
        seen.open("/staff")
        seen.page.get_by_text("50歳以上の割合の推移").click()
        chart = seen.page.locator(".st-key-mado-block-staff-shares .js-plotly-plot")
        chart.wait_for()
        seen.page.wait_for_timeout(600)
        drawn = chart.locator(".main-svg").first.bounding_box()
        room = seen.page.locator(".st-key-mado-block-staff-shares").bounding_box()
        assert drawn and room and drawn["width"] > 0.9 * room["width"]
