"""2040年の人口: the pyramid through the years, what stands beside it, ratios and the map."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY, NEIGHBOUR
from tests.pages.test_future import BANDS, names, projection, titles
from tests.pages.test_pages import said
from tests.spec.lake import Lake

Opened = Callable[..., AppTest]
PAGE = "pages/future/population.py"
HEAD = (
    "projection|base_year|year|is_actual|area|area_name|prefecture|area_kind|counts_in_nation"
    "|sex|age_from|age_to|population"
)


def older_round(lake: Lake) -> None:
    """The city in the round before: half as many, up to 90 and over, 2015 to 2045."""
    bands = [*BANDS[:18], (90, None)]
    rows = [
        f"ipss_h30|2015|{year}|{'yes' if year == 2015 else 'no'}|{CITY}|見晴市|霞野県|city|yes"
        f"|{sex}|{low}|{'-' if high is None else high}|50"
        for year in range(2015, 2050, 5)
        for sex in ("male", "female")
        for low, high in bands
    ]
    lake.add("ipss_h30_suikei", "\n".join([HEAD, *rows]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("people"))
    names(lake)
    projection(lake)
    projection(lake, area=NEIGHBOUR, size=50)
    older_round(lake)
    lake.build()
    return lake.home.root


def figure(app: AppTest, block: str) -> dict[str, Any]:
    """The plotly figure of a block."""
    found = [json.loads(one.proto.spec) for one in app.get("plotly_chart") if block in one.proto.id]
    return found[0]


def table(app: AppTest, column: str) -> pd.DataFrame:
    (found,) = [one.value for one in app.dataframe if column in one.value.columns]
    return found


def test_the_pyramid_opens_at_the_year_of_the_link_and_has_every_year(
    opened: Opened, home: Path
) -> None:
    made = figure(opened(home, PAGE, m=CITY), "pyramid")
    assert [one["name"] for one in made["frames"]][:6] == [
        *("2020", "2021※", "2022※", "2023※", "2024※", "2025")
    ]
    assert len(made["frames"]) == 31
    slider = made["layout"]["sliders"][0]
    assert slider["steps"][slider["active"]]["label"] == "2040"
    later = figure(opened(home, PAGE, m=CITY, focus="2045"), "pyramid")["layout"]["sliders"][0]
    assert later["steps"][later["active"]]["label"] == "2045"
    unknown = figure(opened(home, PAGE, m=CITY, focus="x"), "pyramid")["layout"]["sliders"][0]
    assert unknown["active"] == slider["active"]


def test_years_between_are_marked_and_published_ones_kept(opened: Opened, home: Path) -> None:
    rows = table(opened(home, PAGE, m=CITY), "kind")
    whole = rows.groupby(["year", "kind"])[["male", "female"]].sum()
    assert whole.loc[(2040, "公表値"), "male"] == 83 * 20
    kinds = rows.drop_duplicates("year").set_index("year")["kind"]
    assert (kinds[kinds == "公表値"].index % 5 == 0).all()
    assert set(kinds[kinds.index % 5 != 0]) == {"補間"}


def test_two_areas_stand_back_to_back_by_share(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, m=CITY, **{"with": f"m:{NEIGHBOUR}"})
    assert "見晴市と灯台町の年齢構成（2020〜2050年、5歳ごと・%）" in titles(app)
    rows = table(app, "left")
    now = rows[rows["year"] == 2020]
    assert now["left"].tolist() == pytest.approx([1 / 20] * 20)
    assert now["right"].tolist() == pytest.approx([1 / 20] * 20)
    assert "2040年の65歳以上の割合は、見晴市が35.0%、灯台町が35.0%の見込みです" in said(app)


def test_two_projections_stand_back_to_back_by_persons(opened: Opened, home: Path) -> None:
    """The round before ends at 90 and over and in 2045: what both have is shown."""
    app = opened(home, PAGE, m=CITY, projection="ipss_r5", **{"with": "p:ipss_h30"})
    assert any("別の推計：社人研 平成30年推計" in one and "・人）" in one for one in titles(app))
    rows = table(app, "left")
    assert (rows["year"].min(), rows["year"].max()) == (2020, 2045)
    now = rows[rows["year"] == 2020]
    assert now["left"].tolist() == pytest.approx([200.0] * 18 + [400.0])
    assert now["right"].tolist() == pytest.approx([100.0] * 19)


def test_the_nation_can_stand_beside_and_an_unknown_code_does_not(
    opened: Opened, home: Path
) -> None:
    app = opened(home, PAGE, m=CITY, **{"with": "a:nation"})
    assert "見晴市と全国の年齢構成（2020〜2050年、5歳ごと・%）" in titles(app)
    plain = opened(home, PAGE, m=CITY, **{"with": "m:999999"})
    assert "見晴市の人口ピラミッド（2020〜2050年、5歳ごと・人）" in titles(plain)


def test_the_choice_of_what_stands_beside_goes_into_the_link(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, m=CITY)
    choice = next(one for one in app.selectbox if one.label == "左右に並べる相手")
    choice.set_value("a:prefecture").run()
    assert app.query_params["with"] in ("a:prefecture", ["a:prefecture"])
    assert "見晴市と霞野県の年齢構成（2020〜2050年、5歳ごと・%）" in titles(app)


def test_the_index_stands_beside_prefecture_and_nation(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, m=CITY, index="areas")
    assert "見晴市と都道府県・全国の人口の推移（2020年＝100）" in titles(app)
    # 83 of 100 and 41 of 50: (83 + 41) ÷ 150 = 82.7.
    assert "2040年は見晴市83.0、霞野県82.7、全国82.7の見込みです" in said(app)


def test_dependency_ratios_are_said_and_drawn(opened: Opened, home: Path) -> None:
    """Ten bands of 15–64, seven of 65 and over, three below 15."""
    app = opened(home, PAGE, m=CITY)
    assert "2020年の70.0人から2040年に70.0人になる見込みです" in said(app)
    rows = table(app, "youth_dependency")
    assert rows["youth_dependency"].tolist() == pytest.approx([30.0] * 7)
    assert rows["dependency_ratio"].tolist() == pytest.approx([100.0] * 7)


def test_few_prefectures_are_no_map(opened: Opened, home: Path) -> None:
    assert not [one for one in titles(opened(home, PAGE)) if "都道府県の" in one]


def test_many_prefectures_are_a_map(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    shipped = {"011002": 90, "022012": 80, "032018": 110, "041009": 105, "052019": 60}
    shipped |= {"062014": 70, "072010": 85, "082015": 95, "092011": 99, "102016": 100}
    rows = [
        f"ipss_r5|2020|{year}|{'yes' if year == 2020 else 'no'}|{code}|市|県{code[:2]}|city|yes"
        f"|both|-|-|{value}"
        for code, then in shipped.items()
        for year, value in ((2020, 100), (2040, then))
    ]
    lake.add("ipss_r5_kekkahyo1", "\n".join([HEAD, *rows]))
    lake.build()
    app = opened(tmp_path, PAGE)
    assert "都道府県の2040年の人口（2020年＝100）" in titles(app)
    assert "10都道府県で最も高いのは岩手県（110.0）、最も低いのは秋田県（60.0）です" in said(app)
    assert "位置は目安" in said(app) and "コードの順" not in said(app)


def test_the_slider_answers_to_keys_by_a_script_of_our_own(opened: Opened, home: Path) -> None:
    shown = said(opened(home, PAGE, m=CITY))
    assert "<script>" in shown and "ArrowRight" in shown
    assert "http" not in shown[shown.index("<script>") : shown.index("</script>")]


def test_every_method_says_formula_source_and_limits(opened: Opened, home: Path) -> None:
    shown = said(opened(home, PAGE, m=CITY))
    for part in ("公表年の間の年", "人口指数", "従属人口指数"):
        assert f'<h3 class="mado-h3">{part}</h3>' in shown
    assert shown.count("<dt>式</dt>") == shown.count("<dt>限界</dt>") == 3


def test_a_projection_of_other_years_alone_does_not_stand_beside(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake)
    rows = [
        f"ipss_h30|1980|{year}|no|{CITY}|見晴市|霞野県|city|yes|{sex}|{low}|{low + 4}|50"
        for year in (1980, 1985)
        for sex in ("male", "female")
        for low in range(0, 90, 5)
    ]
    lake.add("ipss_h30_suikei", "\n".join([HEAD, *rows]))
    lake.build()
    app = opened(tmp_path, PAGE, m=CITY, projection="ipss_r5", **{"with": "p:ipss_h30"})
    assert "見晴市の人口ピラミッド（2020〜2050年、5歳ごと・人）" in titles(app)
