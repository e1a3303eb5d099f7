"""Every registered page: with data, with one row, without data, without a release, failing."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import HOME, PAGES, Page
from ui.text import t, texts
from warehouse import query

Opened = Callable[..., AppTest]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)


def said(app: AppTest) -> str:
    """All that the main part says, of whatever element."""
    kinds = ("title", "header", "html", "caption", "markdown", "code")
    return "\n".join(
        str(getattr(one, "value", None) or one.proto.body)
        for kind in kinds
        for one in app.main.get(kind)
    )


def whole(app: AppTest, page: Page, lang: str = "ja") -> None:
    """No exception, no error state, one title and it is the page's."""
    assert not app.exception
    assert t("common.state.error", lang) not in said(app)
    assert [one.value for one in app.title] == [t(f"{page.section}.{page.key}.title", lang)]


@every_page
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_page_with_data(opened: Opened, city_home: Path, page: Page, lang: str) -> None:
    app = opened(city_home, page.script, lang=lang)
    whole(app, page, lang)
    assert t("common.demo", lang) in said(app)


@every_page
def test_a_page_over_one_row(opened: Opened, one_row_home: Path, page: Page) -> None:
    app = opened(one_row_home, page.script)
    whole(app, page)
    assert "模擬データ" not in said(app)


@every_page
def test_a_page_without_data_says_what_is_missing(
    opened: Opened, empty_home: Path, page: Page
) -> None:
    app = opened(empty_home, page.script)
    whole(app, page)
    if page.section != "data":
        assert "python -m pipelines load" in said(app)


@every_page
def test_a_page_without_a_release(opened: Opened, tmp_path: Path, page: Page) -> None:
    app = opened(tmp_path, page.script)
    whole(app, page)
    if page.section != "data":
        assert t("common.state.no_release", "ja") in said(app)


@every_page
def test_a_failure_is_told_with_an_id_that_stands_in_the_log(
    opened: Opened,
    city_home: Path,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a part is broken")

    for name in ("metric", "files", "status"):
        monkeypatch.setattr(query, name, fail)
    with caplog.at_level(logging.ERROR):
        app = opened(city_home, page.script)
    assert not app.exception
    assert t("common.state.error", "ja") in said(app)
    assert len(app.title) == 1
    number = re.search(r"番号 ([0-9a-f]{8})", said(app))
    assert number is not None
    assert number.group(1) in caplog.text
    assert "a part is broken" in caplog.text


@every_page
def test_no_bare_key_and_no_none_on_screen(opened: Opened, city_home: Path, page: Page) -> None:
    shown = said(opened(city_home, page.script))
    assert [key for key in texts("ja") if f">{key}<" in shown] == []
    assert not re.search(r"[>\s](None|nan|NaT|<NA>)[<\s。]", shown)


def test_the_bare_address_leads_to_the_month(opened: Opened, city_home: Path) -> None:
    home = next(page for page in PAGES if page.key == HOME)
    app = opened(city_home)
    app.run()
    whole(app, home)


def test_scripts_and_texts_of_all_pages_exist() -> None:
    root = Path(__file__).parents[2]
    assert [page.key for page in PAGES if not (root / page.script).is_file()] == []
    assert len({page.key for page in PAGES}) == len(PAGES)
