"""A planner's way: move a slider, read the sentence, keep the scenario, take the workbook home."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from tests.browser.harness import Watched, serve, watch
from warehouse import decisions
from warehouse.home import Home

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def first_line(seen: Watched) -> str:
    return seen.page.locator(".mado-answer").inner_text()


def click(seen: Watched, label: str) -> None:
    seen.page.get_by_role("button", name=label).click()
    seen.settle()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_slider_to_a_saved_scenario(
    chromium: Browser, demo_home: Path, tmp_path: Path, width: int
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    with serve(home) as address, watch(chromium, address, width) as seen:
        seen.open("/gap")
        before = first_line(seen)
        slider = seen.page.locator('[data-testid="stSlider"] [tabindex="0"]').first
        slider.focus()
        for _ in range(5):
            seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_url("**dx-clerical=5*")
        seen.settle()
        after = first_line(seen)
        assert after != before
        seen.page.get_by_text("シナリオを保存する・取り出す・読み込む").click()
        seen.page.get_by_label("シナリオの名前").fill("庁内案")
        seen.page.get_by_label("記入者").first.fill("企画課 青木")
        seen.page.get_by_label("理由").first.fill("庁内の検討用")
        click(seen, "この前提を保存")
        seen.page.wait_for_url("**s=*")
        assert first_line(seen) == after
        (saved,) = decisions.scenarios(Home(home))
        assert saved.content["dx"] == {"share": {"clerical": 0.05}}
        with seen.page.expect_download() as waiting:
            seen.page.get_by_role("button", name="表と前提を Excel で保存").click()
        book = CalamineWorkbook.from_filelike(io.BytesIO(waiting.value.path().read_bytes()))
        assert "前提" in book.sheet_names
        assert any("模擬データ" in str(cell) for cell in book.get_sheet_by_index(0).to_python()[0])
        seen.open("/gap?s=庁内案@1")
        assert first_line(seen) == after
        assert seen.problems == []
