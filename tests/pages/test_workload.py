"""業務量の内訳: shares that follow from the hours, and the way from a department to its tasks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY
from tests.pages.test_pages import said
from tests.spec.lake import Lake

Opened = Callable[..., AppTest]
PAGE = "pages/workload/breakdown.py"


def test_the_first_line_names_hours_posts_shares_and_the_top(
    opened: Opened, city_home: Path
) -> None:
    shown = said(opened(city_home, PAGE))
    assert "見晴市の業務量は年間2,600時間（約1人分）です" in shown
    assert "定型的な事務が69.2%、相談・訪問や企画は30.8%です" in shown  # 1,800 and 800 of 2,600
    assert "最も高いのは税務課の100.0%です" in shown
    assert "税務課の100.0%が最も高く、市民課の60.0%が最も低く" in shown


def test_a_department_opens_its_tasks(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, PAGE, dept="市民課")
    shown = said(app)
    assert "市民課の業務量は年間2,000時間" in shown
    titles = [one.value for one in app.header]
    assert "市民課の業務ごとの内訳（時間の割合、%）" in titles
    assert "時間が最も多いのは「住民票」で年間2,000時間、うち定型的な事務は60.0%です" in shown


def test_a_category_without_hours_is_zero_and_not_unknown(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, PAGE)
    tables = [one.value for one in app.dataframe]
    (categories,) = [t for t in tables if t.columns[0] == "label"]
    assert len(categories) == 18
    assert categories["hours"].sum() == 2600
    assert not categories["value"].isna().any()


def test_minutes_per_case_only_where_cases_are_counted(opened: Opened, city_home: Path) -> None:
    tables = [one.value for one in opened(city_home, PAGE).dataframe]
    (tasks,) = [t for t in tables if t.columns[0] == "task"]
    found = dict(zip(tasks["task"], tasks["unit_minutes"], strict=True))
    assert found["申告"] == pytest.approx(600 * 60 / 4000)
    assert found["住民票"] == pytest.approx(1200 * 60 / 9000)


def test_english_says_the_same(opened: Opened, city_home: Path) -> None:
    shown = said(opened(city_home, PAGE, lang="en"))
    assert "takes 2,600 hours a year (about 1 posts)" in shown
    assert "Clerical work such as intake and data entry is 69.2%" in shown


def test_a_survey_without_departments_still_shows_its_categories(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    lake.add(
        "workload_survey",
        f"""
        municipality | survey | task   | category  | staff_kind | hours
        {CITY}       | 2025   | 住民票 | reception | unknown    | 10
        """,
    )
    lake.build()
    titles = [one.value for one in opened(tmp_path, PAGE).header]
    assert "18の事務分類ごとの時間の割合（%）" in titles
    assert not any(title.startswith("課ごと") for title in titles)
