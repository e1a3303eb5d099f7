"""2040年の人員ギャップ: the sentence from the numbers, assumptions in the URL, what is missing."""

from __future__ import annotations

import io
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from demography.closing import automation_to_close
from demography.gap import GapInputs, inputs_from_frames, project
from demography.scenario import BASELINE, Scenario
from pipelines.models import compute
from tests.pages.conftest import CITY
from tests.pages.test_future import names, people, projection, survey
from tests.pages.test_pages import said
from tests.spec.lake import Lake
from ui import format as fmt
from warehouse import decisions, query
from warehouse.home import Home

Opened = Callable[..., AppTest]
PAGE = "pages/future/gap.py"


POSTS = 280
"""More than the 200 that there are."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("gap"))
    names(lake)
    projection(lake)
    people(lake)
    survey(lake, POSTS)
    lake.build(compute)
    return lake.home.root


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A home of its own, for decisions."""
    shutil.copytree(whole, tmp_path / "home")
    return tmp_path / "home"


def of_release(home: Path) -> GapInputs:
    """The inputs asked for by hand, as the page asks for them."""
    release = query.open_release(Home(home))

    def frame(metric: str, *by: str):  # type: ignore[no-untyped-def]
        return query.metric(metric, by=by, where={"municipality": CITY}, release=release).frame

    return inputs_from_frames(
        frame("staff", "municipality", "age", "kind"),
        frame("workload_hours", "municipality", "survey", "department", "category", "staff_kind"),
        frame("population", "municipality", "year", "sex", "age"),
        query.reference("category"),
        base_year=2026,
        department_drivers=query.reference("driver"),
        driver_changes=query.driver_changes(CITY, Home(home)),
    )


def missing(home: Path, scenario: Scenario = BASELINE, year: int = 2040) -> float:
    gap = project(of_release(home), scenario, draws=0).gap
    return float(gap.set_index("year").loc[year, "gap_fte"])


def test_the_first_line_says_what_is_missing_and_what_would_close_it(
    opened: Opened, whole: Path
) -> None:
    app = opened(whole, PAGE, m=CITY)
    assert not app.exception
    gap = missing(whole)
    assert gap > 0
    (share,) = automation_to_close(of_release(whole), BASELINE, 2040, "clerical").needed
    assert f"{fmt.number(gap, 1)}人分足りない見込み" in said(app)
    whole_percent = math.ceil(share * 100)
    assert f"事務作業の{whole_percent}%削減が必要" in said(app)
    put_in = missing(whole, Scenario(dx_share={"clerical": whole_percent / 100}))
    assert -3 < put_in <= 0


def test_a_slider_changes_every_number_and_stands_in_the_url(opened: Opened, whole: Path) -> None:
    app = opened(whole, PAGE, m=CITY)
    app.select_slider(key="assume-gap-dx-clerical").set_value("60").run()
    assert app.query_params["dx-clerical"] == "60"
    gap = missing(whole, Scenario(dx_share={"clerical": 0.6}))
    word = "足りない見込み" if gap > 0 else "足りる見込み"
    assert word in said(app)
    assert fmt.number(abs(gap), 1) in said(app)
    assert "変えた前提は、事務作業の削減です" in said(app)
    linked = opened(whole, PAGE, m=CITY, **{"dx-clerical": "60"})
    assert fmt.number(abs(gap), 1) in said(linked)


@pytest.mark.parametrize("year", [2030, 2050])
def test_another_year_is_one_choice_away(opened: Opened, whole: Path, year: int) -> None:
    app = opened(whole, PAGE, m=CITY, year=str(year))
    assert not app.exception
    assert f"{year}年に必要な職員" in said(app)
    assert fmt.number(abs(missing(whole, year=year)), 1) in said(app)


def test_every_preset_and_every_assumption_draws(opened: Opened, whole: Path) -> None:
    for scenario in ("replacement", "scarce_hiring", "dx_acceleration", "half_staff"):
        assert not opened(whole, PAGE, m=CITY, s=scenario).exception, scenario
    changed = {
        "dx-people_planning": "10",
        "dx-other": "5",
        "dx-year": "2035",
        "hire": "replacement",
        "hires": "4",
        "posts": "90",
        "leave": "150",
        "rehire": "50",
        "rehire-fte": "80",
        "hours": "1800",
        "children": "120",
        "young": "80",
    }
    app = opened(whole, PAGE, m=CITY, lang="en", **changed)
    assert not app.exception
    assert "Changed from the scenario" in said(app)


def test_a_scenario_is_saved_with_who_and_why_and_shown_from_then_on(
    opened: Opened, home: Path
) -> None:
    app = opened(home, PAGE, m=CITY, **{"dx-clerical": "25"})
    name, by, reason = app.text_input[:3]
    assert [one.label for one in (name, by, reason)] == ["シナリオの名前", "記入者", "理由"]
    name.input("中期計画")
    reason.input("総合計画の案")
    saving = next(one for one in app.button if one.label == "この前提を保存")
    saving.click().run()
    assert "記入者を書いてください" in said(app)
    assert decisions.scenarios(Home(home)) == []
    app.text_input[1].input("企画課 青木")
    next(one for one in app.button if one.label == "この前提を保存").click().run()
    (saved,) = decisions.scenarios(Home(home))
    assert (saved.version, saved.by) == (1, "企画課 青木")
    assert saved.content["dx"] == {"share": {"clerical": 0.25}}
    again = opened(home, PAGE, m=CITY, s="中期計画@1")
    assert fmt.number(abs(missing(home, Scenario(dx_share={"clerical": 0.25}))), 1) in said(again)
    assert "企画課 青木「総合計画の案」" in said(again)


def test_work_follows_what_was_decided_with_a_reason(opened: Opened, home: Path) -> None:
    before = missing(home)
    decisions.change_driver(
        Home(home), CITY, "市民課", "reception", "none", "企画課", "件数は人口に連動しない"
    )
    app = opened(home, PAGE, m=CITY)
    assert not app.exception
    after = missing(home)
    assert after > before
    assert fmt.number(after, 1) in said(app)


def test_what_cannot_be_read_is_one_line_and_the_presets_still_work(
    opened: Opened, home: Path
) -> None:
    (home / "scenarios").mkdir()
    (home / "scenarios" / "壊れた.yml").write_text("- 1\n", encoding="utf-8")
    app = opened(home, PAGE, m=CITY)
    assert not app.exception
    assert "壊れた.yml: 「項目: 値」の形で" in said(app)
    assert "足りない見込み" in said(app)
    (home / "scenarios" / "壊れた.yml").write_text("hiring: {rule: all}\n", encoding="utf-8")
    wrong = opened(home, PAGE, m=CITY, s="壊れた@1")
    assert not wrong.exception
    assert "採用の決め方「all」はありません" in said(wrong)


def test_without_a_survey_it_says_which_file_is_missing(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake)
    people(lake)
    lake.build(compute)
    app = opened(tmp_path, PAGE, m=CITY)
    assert not app.exception
    assert "業務量調査がないため" in said(app)


def test_without_a_projection_the_base_year_is_shown_and_the_file_named(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    names(lake)
    people(lake)
    survey(lake, POSTS)
    lake.build(compute)
    for more in ({}, {"s": "dx_acceleration"}):
        app = opened(tmp_path, PAGE, m=CITY, **more)
        assert not app.exception
        assert "2040年は、推計人口がないため計算していません" in said(app)
        assert "suikei" in said(app)
        assert "計算の方法" in {one.label for one in app.expander}


def test_without_staff_it_says_so(opened: Opened, one_row_home: Path, empty_home: Path) -> None:
    for home in (one_row_home, empty_home):
        app = opened(home, PAGE)
        assert not app.exception
        assert "年齢別" in said(app)


def test_the_workbook_holds_the_assumptions_on_a_sheet_of_their_own(
    opened: Opened, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    kept: dict[str, Callable[[], bytes]] = {}
    usual = st.download_button

    def watched(label: str, data, **more):  # type: ignore[no-untyped-def]
        if more.get("key") == "book-gap":
            kept["data"] = data
        return usual(label, data=data, **more)

    monkeypatch.setattr(st, "download_button", watched)
    opened(whole, PAGE, m=CITY, **{"dx-clerical": "30"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(kept["data"]()))
    assert book.sheet_names == ["年ごと", "内訳", "必要な職員", "前提", "出所"]
    rows = book.get_sheet_by_name("前提").to_python()
    assert ["事務作業の削減", "30%"] in [row[:2] for row in rows]
    parts = book.get_sheet_by_name("内訳").to_python()
    gaps = book.get_sheet_by_name("年ごと").to_python()
    summed = sum(float(value) for value in parts[1][1:])
    assert summed == pytest.approx(float(gaps[1][3]), abs=1e-6)
