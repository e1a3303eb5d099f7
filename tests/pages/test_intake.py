"""データ取込: nothing handed in, recognised, undecided, refused, held back, taken, unpublished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages import PAGES, Page
from pipelines import door, ledger, lock
from pipelines import publish as publishing
from pipelines.entry import Entry
from tests.fixtures.spreadsheet import edited
from tests.pages.test_pages import said
from ui.components.context import Ctx
from ui.text import t
from warehouse import query
from warehouse.home import Home
from warehouse.runner import BuildError

Opened = Callable[..., AppTest]
PAGE = "pages/data/intake.py"
HEADER = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻"
GOOD = "272060,市民課,1,A001,R8.10.1 9:00,2026/10/01 09:06:00"
LATE = "272060,市民課,1,A002,2026/10/01 09:01:00,2026/10/01 09:00:00"
NEVER = "272060,市民課,2,A003,2026/13/01 09:05:00,"


def csv(*rows: str) -> bytes:
    return "\r\n".join([*rows, ""]).encode("cp932")


def hand_in(app: AppTest, **files: bytes) -> AppTest:
    """Hand in files, by name without the ending."""
    given = [(f"{name}.csv", content, "text/csv") for name, content in files.items()]
    return app.file_uploader[0].set_value(given).run()


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [one for one in app.button if one.key == key]
    return button.click().run()


def can_take(app: AppTest) -> bool:
    (button,) = [one for one in app.button if one.key == "intake-take"]
    return not button.disabled


def select(app: AppTest, prefix: str, value: str) -> AppTest:
    (box,) = [one for one in app.selectbox if str(one.key).startswith(prefix)]
    return box.set_value(value).run()


def links(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.main.get("page_link")]


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, so that what is left in it can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_the_first_use_needs_no_release(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE)
    assert "取り込むと、最初の公開版ができます" in said(app)
    assert not [one for one in app.button if one.key == "intake-take"]
    assert not home.exists(), "looking at the page writes nothing"


def test_a_recognised_file_is_shown_before_anything_is_kept(
    opened: Opened, home: Path, temporary: Path
) -> None:
    app = hand_in(opened(home, PAGE), 十月=csv("発券記録", HEADER, GOOD, LATE, NEVER))
    shown = said(app)
    assert "● 取り込めます" in shown and "「発券機ログ」として読みました" in shown
    assert "<dd>CP932</dd>" in shown and "<dd>2行目</dd>" in shown
    assert "<td>R8.10.1 9:00</td><td>2026年10月1日 09:00:00</td>" in shown
    assert "大阪府 泉大津市（272060）" in shown
    assert can_take(app)
    assert not home.exists() and list(temporary.iterdir()) == []
    english = hand_in(opened(home, PAGE, lang="en"), october=csv(HEADER, GOOD))
    assert "Read as “Ticket log”" in said(english)
    assert "<td>R8.10.1 9:00</td><td>1 October 2026 09:00:00</td>" in said(english)


def test_a_row_that_would_be_held_back_says_why(opened: Opened, home: Path) -> None:
    app = hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD, LATE, NEVER))
    rows: Any = next(one for one in app.get("button_group") if "row-" in str(one.key))
    assert rows.options == ["2行目", "▲ 3行目", "▲ 4行目"]
    shown = said(rows.set_value(3).run())
    assert "この行は保留します。呼出が発券より前です" in shown
    assert "<td>2026/10/01 09:00:00</td><td>−</td>" in shown


def test_reasons_are_narrowed(opened: Opened, home: Path) -> None:
    app = hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD, LATE, NEVER))
    assert (
        said(app).count("</td></tr>")
        - said(select(app, "narrow-column", "呼出時刻")).count("</td></tr>")
        == 1
    )
    assert "2026/13/01" not in said(app)


def test_a_file_without_codes_asks_for_the_municipality(opened: Opened, home: Path) -> None:
    bare = csv(HEADER.removeprefix("団体コード,"), GOOD.removeprefix("272060,"))
    app = hand_in(opened(home, PAGE), 十月=bare)
    assert "▲ あと1つ決めてください" in said(app)
    assert "どの市区町村のファイルか書かれていません" in said(app)
    assert not can_take(app)
    app = select(app, "intake-municipality", "272060")
    assert "● 取り込めます" in said(app) and can_take(app)
    press(app, "intake-take")
    assert [entry.municipality for entry in entries(home)] == ["272060"]


def entries(home: Path) -> list[Entry]:
    return ledger.entries(Home(home))


def test_two_kinds_that_fit_are_offered(opened: Opened, home: Path) -> None:
    both = csv(
        "団体コード,月,手続,受付方法,処理方法,件数,発券数,呼出数,待ち時間合計",
        "272060,2026-10,転入届,紙,紙,5,10,9,30",
    )
    app = hand_in(opened(home, PAGE), 十月=both)
    (box,) = [one for one in app.selectbox if str(one.key).startswith("intake-source")]
    assert set(box.options) == {"申請件数", "窓口の月次集計"}
    assert "「窓口の月次集計」として読みました" in said(box.set_value("counter_month").run())


@pytest.mark.parametrize(
    ("lang", "told"), [("ja", "個人情報の列「氏名」があります"), ("en", "personal data")]
)
def test_a_refused_file_says_one_clear_line(
    opened: Opened, home: Path, temporary: Path, lang: str, told: str
) -> None:
    named = csv(f"{HEADER},氏名", f"{GOOD},見晴花子")
    app = hand_in(opened(home, PAGE, lang=lang), 名簿=named, 十月=csv(HEADER, GOOD))
    assert told in said(app) and "見晴花子" not in said(app)
    assert t("data.intake.take.some", lang, n=1, left=1) in said(app)
    assert not home.exists() and list(temporary.iterdir()) == []
    press(app, "intake-take")
    assert [entry.file for entry in entries(home)] == ["十月.csv"], "the refused one is left out"


def test_taking_publishes_and_leads_to_the_pages_that_changed(
    opened: Opened, home: Path, temporary: Path
) -> None:
    app = press(hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD, LATE, NEVER)), "intake-take")
    shown = said(app)
    assert "十月.csv：1行を取り込みました。2行は確認が必要なため保留しています" in shown
    assert "新しい公開版を公開しました" in shown
    assert {"月次サマリー", "窓口の待ち時間", "データ"} <= set(links(app))
    assert "2040年の人口" not in links(app)
    assert not app.file_uploader[0].value, "what was taken is handed in no more"
    assert "1個のファイルの2行が、確認を待っています" in shown
    assert len(query.files(query.open_release(Home(home)))) == 1
    assert list(temporary.iterdir()) == []


def test_the_same_file_again_is_known(opened: Opened, home: Path) -> None:
    app = press(hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD)), "intake-take")
    app = hand_in(app, また=csv(HEADER, GOOD))
    assert "− 取り込み済み" in said(app) and not can_take(app)


def test_corrected_rows_close_those_held_back(opened: Opened, home: Path) -> None:
    app = press(hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD, LATE, NEVER)), "intake-take")
    (sha,) = door.loaded(Home(home))
    book, _ = door.marked_rows(Home(home), sha)
    assert book is not None
    right = {"2026/10/01 09:00:00": "2026/10/01 09:02:00", "2026/13/01 09:05:00": "R8.10.1 9:05"}
    again = edited(book, lambda _, rows: [[right.get(cell, cell) for cell in row] for row in rows])
    app.file_uploader[0].set_value([("直した行.xlsx", again, "")]).run()
    assert "「十月.csv」の直した行として読みました（発券機ログ）" in said(app)
    app = press(app, "intake-take")
    assert "直した行.xlsx：2行を取り込みました" in said(app)
    assert "確認を待っている行はありません" in said(app)
    release = query.open_release(Home(home))
    assert query.metric("tickets", release=release).value == 3


def test_checks_that_fail_leave_the_old_release_and_say_so(
    opened: Opened, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = press(hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD)), "intake-take")
    before = query.open_release(Home(home)).name

    def fail(*_: object, **__: object) -> str:
        raise BuildError("検査「tickets」に1行あります")

    with monkeypatch.context() as broken:
        broken.setattr(publishing, "publish", fail)
        more = csv(HEADER, GOOD.replace("A001", "A009"))
        app = press(hand_in(app, 追加=more), "intake-take")
    shown = said(app)
    assert "前の公開版はそのままです。検査「tickets」に1行あります" in shown
    assert "新しい公開版を公開しました" not in shown
    assert "取り込みと公開版に1ファイルの違いがあります" in shown
    assert query.open_release(Home(home)).name == before
    app = press(app, "intake-publish")
    assert "新しい公開版を公開しました" in said(app) and "違いがあります" not in said(app)
    assert len(query.files(query.open_release(Home(home)))) == 2


def test_another_writer_is_named(
    opened: Opened, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "WAIT_SECONDS", 0)
    app = hand_in(opened(home, PAGE), 十月=csv(HEADER, GOOD))
    with lock.writing(Home(home)):
        app = press(app, "intake-take")
    assert "が書き込み中です" in said(app) and "公開しました" not in said(app)
    assert not entries(home)


def test_over_demo_data_nothing_can_be_taken(opened: Opened, demo_home: Path) -> None:
    app = opened(demo_home, PAGE)
    shown = said(app)
    assert "実際のファイルは取り込めません" in shown and "DEMO=no make run" in shown
    app = hand_in(app, 十月=csv(HEADER, GOOD))
    assert "「発券機ログ」として読みました" in said(app), "looking is allowed"
    assert not can_take(app)
    assert "空の保存場所から始めてください" in said(app)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_the_registry_knows_what_a_page_rests_on(
    opened: Opened, city_home: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the links after loading lead to all pages that changed, and to no other.

    A page that says that its data are missing asks for nothing more.
    """
    asked: set[str] = set()
    st.cache_data.clear()
    ask = Ctx.metric

    def noted(ctx: Ctx, name: str, *rest: Any, **named: Any) -> query.Answer:
        asked.add(name)
        return ask(ctx, name, *rest, **named)

    app = opened(city_home)
    app.run()
    monkeypatch.setattr(Ctx, "metric", noted)
    app.switch_page(page.script).run()
    marts = {metric.id: metric.mart for metric in query.catalogue()}
    release = query.open_release(Home(city_home))
    behind = query.sql("SELECT table_name, source FROM meta_lineage", release)

    def sources(metrics: Iterable[str]) -> set[str]:
        return set(behind[behind["table_name"].isin([marts[one] for one in metrics])]["source"])

    if page.metrics and 'class="mado-state"' in said(app):
        assert sources(asked) <= sources(page.metrics)
    else:
        assert sources(page.metrics) == sources(asked)
