"""2040年の人口: sentences from the numbers, and what is missing; small files of the future."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.models import compute
from tests.pages.conftest import CITY, NEIGHBOUR
from tests.pages.test_pages import said
from tests.spec.lake import Lake

Opened = Callable[..., AppTest]
PEOPLE = "pages/future/population.py"
BANDS = [(start, start + 4) for start in range(0, 95, 5)] + [(95, None)]


def projection(lake: Lake, *, by_age: bool = True, area: str = CITY, size: int = 100) -> None:
    """Each band has `size` persons of each sex in 2020, and 1/120 of that less each year."""
    lines = [
        "projection|area|area_name|prefecture|area_kind|year|sex|age_from|age_to|population"
        "|is_actual|counts_in_nation|base_year"
    ]
    for year in range(2020, 2051, 5):
        value = size * (120 - (year - 2020)) // 120
        cells = (
            [(sex, low, high, value) for sex in ("male", "female") for low, high in BANDS]
            if by_age
            else [("both", None, None, value * 40)]
        )
        for sex, low, high, count in cells:
            actual = "yes" if year == 2020 else "no"
            row = ("ipss_r5", area, area, "霞野県", "city", year, sex, low, high, count, actual)
            lines.append("|".join("-" if v is None else str(v) for v in (*row, "yes", 2020)))
    lake.add("ipss_r5_suikei" if by_age else "ipss_r5_kekkahyo1", "\n".join(lines))


def other_series(lake: Lake) -> None:
    """The nation by single years, and the city as it is registered: other years, other ages."""
    head = (
        "series|projection|base_year|year|is_actual|area|area_name|prefecture|area_kind"
        "|counts_in_nation|sex|age_from|age_to|population"
    )
    for source, start, ages in (
        (
            "ipss_national",
            "national|ipss_r5_national|2020|{year}|no|000000|全国|全国|nation|yes",
            [(age, age) for age in range(105)] + [(105, None)],
        ),
        (
            "juki_age",
            f"register|juki|-|{{year}}|yes|{CITY}|見晴市|霞野県|city|yes",
            [(low, high) for low, high in BANDS],
        ),
    ):
        rows = [
            f"{start.format(year=year)}|{sex}|{low}|{'-' if high is None else high}|7"
            for year in (2021, 2022)
            for sex in ("male", "female")
            for low, high in ages
        ]
        lake.add(source, "\n".join([head, *rows]))


def people(lake: Lake) -> None:
    """Two hundred posts: 5 regular staff of each age from 20 to 59."""
    lines = ["municipality|as_of|age|kind|headcount|fte"]
    lines += [f"{CITY}|2026-04-01|{age}|regular|5|5" for age in range(20, 60)]
    lake.add("staff_age", "\n".join(lines))


def survey(lake: Lake, posts: int = 200) -> None:
    """The hours of some posts, half of them routine."""
    half = posts // 2 * 1860
    lake.add(
        "workload_survey",
        f"""
        municipality | survey | department | task | category   | staff_kind | hours
        {CITY}       | 2026   | 市民課     | 受付 | reception  | regular    | {half}
        {CITY}       | 2026   | 企画課     | 計画 | liaison    | regular    | {half}
        """,
    )


def names(lake: Lake) -> None:
    lake.add(
        "municipality",
        f"""
        code        | prefecture | name   | kana       | kind
        {CITY}      | 霞野県     | 見晴市 | みはらしし | city
        {NEIGHBOUR} | 霞野県     | 灯台町 | とうだいちょう | town_village
        """,
    )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("future"))
    names(lake)
    projection(lake)
    people(lake)
    survey(lake)
    lake.build(compute)
    return lake.home.root


def titles(app: AppTest) -> list[str]:
    return [one.value for one in app.header]


def test_the_first_line_says_how_many_people_there_will_be(opened: Opened, full: Path) -> None:
    shown = said(opened(full, PEOPLE))
    # 4,000 people in 2020; 83 of 100 in each of 40 cells in 2040.
    assert "見晴市の人口は、2020年の4,000人から2040年に3,320人へ減る見込みです（17.0%減）" in shown
    assert "65歳以上の割合は、2020年の35.0%から2040年に35.0%になる見込みです" in shown
    assert (
        "2020年を100とすると、2040年は総人口83.0、0〜14歳83.0、15〜64歳83.0、65〜74歳83.0、"
        "75歳以上83.0の見込みです" in shown
    )


def test_totals_alone_say_why_there_is_no_pyramid(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake, by_age=False)
    lake.build(compute)
    app = opened(tmp_path, PEOPLE)
    assert "総人口だけなので、人口ピラミッドと世代の追跡は表示できません" in said(app)
    assert titles(app) == ["見晴市の人口の推移（2020年＝100）"]


def test_prefecture_and_nation_add_up_what_does_not_overlap(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake)
    projection(lake, area=NEIGHBOUR, size=50)
    lake.build(compute)
    own, nation = (said(opened(tmp_path, PEOPLE, m=CITY, area=one)) for one in ("own", "nation"))
    assert "見晴市の人口は、2020年の4,000人から" in own
    assert "全国の人口は、2020年の6,000人から" in nation


def test_one_area_alone_has_no_choice_of_scope(opened: Opened, full: Path) -> None:
    app = opened(full, PEOPLE, area="nation")
    assert "見晴市の人口は" in said(app)
    assert "見る範囲" not in [one.label for one in app.get("button_group")]


def test_other_series_of_population_change_nothing_on_the_page(
    tmp_path: Path, opened: Opened
) -> None:
    """Neither the nation's projection nor the register is offered, drawn or added."""
    shown = []
    for folder, extra in (("alone", False), ("beside", True)):
        lake = Lake(tmp_path / folder)
        names(lake)
        projection(lake)
        if extra:
            other_series(lake)
        lake.build()
        app = opened(lake.home.root, PEOPLE, m=CITY)
        assert not app.exception
        # What an answer rests on names the release and all files that its table is made of.
        lines = [line for line in said(app).splitlines() if "mado-proof" not in line]
        lines = [line for line in lines if "mado-files" not in line]
        shown.append((lines, [one.value.to_csv() for one in app.dataframe]))
    assert shown[0] == shown[1]
    assert any("見晴市の人口は、2020年の4,000人から" in line for line in shown[0][0])
    assert shown[0][1]
