"""A clerk's way: hand in a log, save its bad rows, correct them, hand them in, see the numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.harness import Watched, serve, watch
from tests.fixtures.spreadsheet import Cells, edited

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOG = """\
団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻
272060,市民課,1,A001,2026/10/01 09:00:00,2026/10/01 09:06:00
272060,市民課,1,A002,2026/10/01 09:01:00,2026/10/01 09:00:00
272060,市民課,2,A003,2026/13/01 09:05:00,2026/10/01 09:15:00
272060,市民課,2,A004,R8.10.1 9:10,令和8年10月1日 9時22分
"""
RIGHT = {"2026/10/01 09:00:00": "2026/10/01 09:03:00", "2026/13/01 09:05:00": "2026/10/01 09:05:00"}
TAKE = "取り込む（"


def correct(name: str, cells: Cells) -> Cells:
    """Write the right moments into the coloured cells, as a clerk does in a spreadsheet."""
    return [[RIGHT.get(cell, cell) for cell in row] for row in cells]


def hand_in(seen: Watched, path: Path, verdict: str) -> None:
    seen.page.locator('input[type="file"]').set_input_files(path)
    seen.page.get_by_text(verdict).wait_for(timeout=60_000)
    seen.settle()


def take(seen: Watched, told: str) -> None:
    seen.page.get_by_role("button", name=TAKE).click()
    seen.page.get_by_text(told).wait_for(timeout=120_000)
    seen.page.get_by_text("新しい公開版を公開しました").wait_for(timeout=120_000)
    seen.settle()


@pytest.mark.parametrize("width", [1280, 390])
def test_bad_rows_are_corrected_and_come_back(
    chromium: Browser, tmp_path: Path, width: int
) -> None:
    home, log, again = tmp_path / "home", tmp_path / "十月.csv", tmp_path / "直した行.xlsx"
    log.write_text(LOG, encoding="cp932")
    with serve(home) as address, watch(chromium, address, width) as seen:
        page = seen.page
        seen.open("/intake")
        hand_in(seen, log, "「発券機ログ」として読みました")
        assert seen.overflow() <= 0
        assert not (home / "lake").exists(), "a preview keeps nothing"
        with page.expect_download() as saved:
            page.get_by_role("button", name="保留する行を Excel で保存").click()
        again.write_bytes(edited(Path(saved.value.path()).read_bytes(), correct))
        take(seen, "十月.csv：2行を取り込みました")
        assert page.get_by_text("1個のファイルの2行が、確認を待っています").count() == 1
        assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0
        hand_in(seen, again, "「十月.csv」の直した行として読みました")
        take(seen, "直した行.xlsx：2行を取り込みました")
        assert page.get_by_text("確認を待っている行はありません").count() == 1
        page.get_by_role("link", name="窓口の待ち時間").last.click()
        page.wait_for_url("**/waits*")
        seen.settle()
        body = page.locator("body").inner_text()
        assert "n=4" in body, "all four tickets are called"
        assert seen.overflow() <= 0
        assert seen.problems == []
