"""職員の年齢構成: who retires by when, year by year, what is recorded, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from demography.workforce import AGES, DEFAULT_HIRE_PROFILE, Plan, expect, retirement_age
from pipelines.models import compute
from tests.pages.conftest import CITY
from tests.pages.test_future import names, people, projection, titles
from tests.pages.test_pages import said
from tests.pages.test_population import figure, table
from tests.spec.lake import Lake
from ui import format as fmt
from ui.components.ageing import RISES, Ageing, recorded
from warehouse import query
from warehouse.home import Home

Opened = Callable[..., AppTest]
PAGE = "pages/future/staff.py"


def movements(lake: Lake) -> None:
    """Two whole years, the second without reasons; and the year that is still going on."""
    lake.add(
        "staff_flow",
        f"""
        municipality | fiscal_year | age | kind    | hires | separations | reason
        {CITY}       | 2024        | 22  | regular | 6     | -           | -
        {CITY}       | 2024        | 61  | regular | -     | 3           | mandatory
        {CITY}       | 2024        | 40  | regular | -     | 2           | voluntary
        {CITY}       | 2024        | 61  | rehired | 3     | -           | -
        {CITY}       | 2025        | 22  | regular | 5     | -           | -
        {CITY}       | 2025        | 35  | regular | -     | 4           | -
        {CITY}       | 2026        | 22  | regular | 1     | -           | -
        """,
    )


def year_before(lake: Lake) -> None:
    """A file of a year earlier: half of the regular staff is 50 or older."""
    lake.add(
        "staff_age",
        f"""
        municipality | as_of      | age | kind    | headcount | fte
        {CITY}       | 2025-04-01 | 30  | regular | 50        | 50
        {CITY}       | 2025-04-01 | 55  | regular | 50        | 50
        """,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("staff"))
    names(lake)
    projection(lake)
    people(lake)
    year_before(lake)
    movements(lake)
    lake.build(compute)
    return lake.home.root


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Staff of one day and nothing else."""
    lake = Lake(tmp_path_factory.mktemp("bare"))
    names(lake)
    people(lake)
    lake.build(compute)
    return lake.home.root


def by_year(home: Path, metric: str) -> pd.Series:
    release = query.open_release(Home(home))
    where = {"municipality": CITY}
    frame = query.metric(metric, by=("year",), where=where, release=release).frame
    return frame.set_index("year")["value"]


def first_line(app: AppTest) -> str:
    found = re.search(r'mado-answer">([^<]+)', said(app))
    assert found
    return found.group(1)


def card(app: AppTest, label: str) -> str:
    """The text of the card with that label."""
    (body,) = [
        one
        for one in re.split('<div class="mado-card"', said(app))[1:]
        if f'aria-label="{label}"' in one
    ]
    return " ".join(re.sub(r"<[^>]+>", " ", body.split(">", 1)[1]).split())


def test_the_first_line_counts_who_reaches_the_retirement_age(opened: Opened, whole: Path) -> None:
    # 65 from FY2031, so that whoever is 51 in 2026 retires on 31 March 2040: 9 ages of 5.
    line = first_line(opened(whole, PAGE))
    assert "2026年の常勤職員200人のうち45人（22.5%）が、2040年の4月1日までに定年に達します" in line
    left, hired, pool = (
        by_year(whole, name) for name in ("separations_projected", "hires_projected", "hiring_pool")
    )
    means = [fmt.number(one.loc[2026:2039].mean(), 1) for one in (left, hired)]
    assert f"退職は年平均{means[0]}人、採用は年平均{means[1]}人" in line
    assert f"{fmt.share(1 - pool[2040] / pool[2026])}減ります" in line


@pytest.mark.parametrize(
    ("year", "count"),
    [
        ("2030", 0),  # the youngest are 60 in 2026: 63 on 1 April 2029, when the age is 64
        ("2035", 20),  # 56 and over: 64 on 1 April 2034
        ("2045", 70),  # 46 and over
    ],
)
def test_another_year_counts_by_the_age_of_its_own(
    opened: Opened, whole: Path, year: str, count: int
) -> None:
    assert f"うち{count}人（" in first_line(opened(whole, PAGE, year=year))


def test_the_cards_hold_now_and_then(opened: Opened, whole: Path) -> None:
    app = opened(whole, PAGE)
    assert "200 人" in card(app, "職員（2026年、常勤と再任用）")
    assert "25.0 %" in card(app, "50歳以上の割合（2026年）")
    assert "常勤の22.5%（2026年に51歳以上）" in card(app, "2040年4月までに定年に達する人")
    pool = by_year(whole, "hiring_pool")
    change = fmt.share(pool[2040] / pool[2026] - 1)
    assert change.removesuffix("%") in card(app, "20〜24歳人口の変化（2040年）")


def test_the_pyramid_has_every_year_and_the_base_year_stays(opened: Opened, whole: Path) -> None:
    made = figure(opened(whole, PAGE), "ages")
    assert [one["name"] for one in made["frames"]] == [f"{year}年" for year in range(2026, 2051)]
    slider = made["layout"]["sliders"][0]
    assert slider["steps"][slider["active"]]["label"] == "2040年"
    bars = [[one for one in frame["data"] if one["type"] == "bar"] for frame in made["frames"]]
    assert all(left["x"] == bars[0][0]["x"] for left, _ in bars)
    assert sum(bars[0][1]["x"]) == -sum(bars[0][0]["x"]) == 200
    assert all(left["x"] != right["x"] for left, right in bars[1:])
    later = figure(opened(whole, PAGE, year="2030"), "ages")["layout"]["sliders"][0]
    assert later["steps"][later["active"]]["label"] == "2030年"


def test_an_unknown_year_is_the_default(opened: Opened, whole: Path) -> None:
    assert first_line(opened(whole, PAGE, year="1999")) == first_line(opened(whole, PAGE))


def test_years_in_which_the_age_rises_have_no_retirement_and_are_marked(
    opened: Opened, whole: Path
) -> None:
    assert RISES == (2023, 2025, 2027, 2029, 2031)
    app = opened(whole, PAGE)
    made = figure(app, "flows")
    marks = [one["x"] for one in made["layout"]["annotations"] if one.get("name") == "mark"]
    assert marks == list(RISES)
    rows = table(app, "retirements").set_index("year")
    coming = rows[rows["kind"] == "見込み"]["retirements"]
    assert all(coming[year] == 0 for year in (2027, 2029, 2031))
    # The oldest are 59 in 2026: 63 on 1 April 2030, when the age is 64; 64 on 1 April 2032.
    assert coming[2030] > 0 and coming[2032] > 0
    assert list(rows[rows["rise"] != ""].index) == [2025, 2027, 2029, 2031]
    assert "2023、2025、2027、2029、2031年度は、定年退職がありません（▼）" in said(app)


def test_whole_years_before_the_base_are_shown_as_recorded(opened: Opened, whole: Path) -> None:
    app = opened(whole, PAGE)
    rows = table(app, "retirements").set_index("year")
    past = rows[rows["kind"] == "実績"]
    assert list(past.index) == [2024, 2025], "2026 is not over"
    assert list(past.loc[2024, ["hires", "retirements", "others", "whole"]]) == [6, 3, 2, 5]
    assert list(past.loc[2025, ["hires", "unknown", "whole"]]) == [5, 4, 4]
    assert past.loc[2025, ["retirements", "others"]].isna().all()
    assert rows.loc[2026, "hires"] == pytest.approx(by_year(whole, "hires_projected")[2026])
    assert "実績は、2026年度より前の、常勤の採用・退職者数です" in said(app)
    assert "年間の採用人数は、取り込んだ採用の記録の平均です" in said(app)
    assert "現在30歳未満の職員数から" not in said(app)
    missing = [
        one["text"]
        for one in figure(app, "flows")["layout"]["annotations"]
        if one.get("name") == "missing"
    ]
    assert missing == ["実績の記録なし"], "2023"


def test_the_share_of_50_and_over_begins_with_the_days_recorded(
    opened: Opened, whole: Path
) -> None:
    rows = table(opened(whole, PAGE), "value")
    assert rows["year"].tolist() == list(range(2025, 2051))
    assert rows["value"].tolist()[:2] == [0.5, 0.25]
    assert rows["kind"].tolist()[:3] == ["実績", "実績", "見込み"]


def test_without_records_and_projection_it_says_so(opened: Opened, bare: Path) -> None:
    app = opened(bare, PAGE)
    assert not app.exception
    assert "人口は" not in first_line(app)
    shown = said(app)
    assert "20〜24歳の推計人口がないため、採用の母集団は表示していません" in shown
    assert "採用・退職者数（実績）は読み込まれていません" in shown
    assert "採用人数の実績がないため、現在30歳未満の職員数から" in shown
    assert "事由の記録がない退職" not in table(app, "retirements").columns
    marks = figure(app, "flows")["layout"]["annotations"]
    assert [one["x"] for one in marks if one.get("name") == "mark"] == list(RISES)


def alone(root: Path, staff: str) -> None:
    """A release with one row of staff (age, kind, headcount, fte) and nothing else."""
    lake = Lake(root)
    names(lake)
    lake.add(
        "staff_age",
        f"municipality|as_of|age|kind|headcount|fte\n{CITY}|2026-04-01|{staff}",
    )
    lake.build(compute)


def test_one_person_alone_is_drawn(opened: Opened, tmp_path: Path) -> None:
    alone(tmp_path, "62|rehired|1|0.8")
    app = opened(tmp_path, PAGE)
    assert not app.exception
    assert "常勤職員0人のうち0人（…）" in first_line(app)
    assert "職員の年齢（常勤と再任用・人）" in titles(app)


def test_fixed_term_staff_alone_have_no_age_structure(opened: Opened, tmp_path: Path) -> None:
    alone(tmp_path, "40|fixed_term|3|2")
    app = opened(tmp_path, PAGE)
    assert not app.exception
    assert titles(app) == []
    assert "常勤・再任用の職員がいないため" in said(app)


def test_every_method_says_formula_source_and_limits(opened: Opened, whole: Path) -> None:
    shown = said(opened(whole, PAGE))
    for heading in ("年齢別の職員数の見込み", "定年の引き上げ", "採用の母集団"):
        assert re.search(f"{heading}</h3>.*式.*出典.*限界", shown, re.DOTALL)


def test_english_says_the_same(opened: Opened, whole: Path) -> None:
    app = opened(whole, PAGE, lang="en")
    assert not app.exception
    assert "Of the 200 regular staff in 2026, 45 (22.5%)" in first_line(app)


@pytest.mark.parametrize("base", [2020, 2023, 2026, 2031])
@pytest.mark.parametrize("ahead", [1, 2, 5, 14, 24])
def test_who_is_counted_is_who_retires_where_nobody_else_leaves(base: int, ahead: int) -> None:
    people = np.where((AGES >= 20) & (retirement_age(base) > AGES), 3.0, 0.0)
    plan = Plan(base, np.zeros(len(AGES)), 0.0, DEFAULT_HIRE_PROFILE, hires=np.zeros(ahead))
    path = expect(people, np.zeros(len(AGES)), plan, ahead)
    regular = pd.Series(people, AGES)
    ages = pd.DataFrame(dict.fromkeys(range(base, base + ahead + 1), regular))
    found = Ageing(base + ahead, ages, regular, pd.DataFrame(), pd.DataFrame(), {})
    assert found.retiring == pytest.approx(path.retirements.sum())


def rows(*cells: tuple[int, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["fiscal_year", "reason", "value"])


HIRES = pd.DataFrame({"fiscal_year": [2024, 2025], "value": [7, None]})


def test_a_reason_that_nobody_left_for_is_zero_where_all_reasons_are_known() -> None:
    found = recorded(HIRES, rows((2024, "voluntary", 3), (2024, "unknown", 0)))
    assert list(found.loc[2024, ["hires", "retirements", "others"]]) == [7, 0, 3]
    assert found.loc[2024, ["unknown"]].isna().all()


def test_a_reason_is_not_known_to_be_nobodys_where_some_left_for_an_unknown_one() -> None:
    found = recorded(HIRES, rows((2024, "voluntary", 3), (2024, "unknown", 2)))
    assert list(found.loc[2024, ["others", "unknown"]]) == [3, 2]
    assert found.loc[2024, ["retirements"]].isna().all()


def test_a_year_without_any_separation_recorded_is_not_zero() -> None:
    found = recorded(HIRES, rows((2024, "unknown", None)))
    assert found.loc[2024, ["retirements", "others", "unknown"]].isna().all()
    assert found.loc[2025].isna().all()
