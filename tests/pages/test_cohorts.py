"""世代を追う: birth years chosen by the reader, and the three generations beside the quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_future import CITY, names, projection
from tests.pages.test_pages import said
from tests.spec.lake import Lake

Opened = Callable[..., AppTest]
PAGE = "pages/future/cohorts.py"
HEAD = (
    "series|projection|base_year|year|is_actual|area|area_name|prefecture|area_kind"
    "|counts_in_nation|sex|age_from|age_to|population"
)


def nation(lake: Lake) -> None:
    """A million of each sex at every single age but the open one, in 2020 and 2040."""
    ages = [(age, str(age)) for age in range(105)] + [(105, "-")]
    rows = [
        f"national|ipss_r5_national|2020|{year}|no|000000|全国|全国|nation|yes"
        f"|{sex}|{low}|{high}|1000000"
        for year in (2020, 2040)
        for sex in ("male", "female")
        for low, high in ages
    ]
    lake.add("ipss_national", "\n".join([HEAD, *rows]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("generations"))
    names(lake)
    projection(lake)
    nation(lake)
    lake.build()
    return lake.home.root


def table(app: AppTest, column: str) -> pd.DataFrame:
    (found,) = [one.value for one in app.dataframe if column in one.value.columns]
    return found


def test_the_second_baby_boom_is_followed_at_first(opened: Opened, home: Path) -> None:
    """A hundred of each sex in each band of 2020, 83 in 2040."""
    app = opened(home, PAGE)
    assert (
        "見晴市の1971〜1974年生まれは、2020年に46〜49歳で1歳当たり40人、"
        "2040年に66〜69歳で33人の見込みです。" in said(app)
    )
    lines = table(app, "kind")
    assert set(lines["name"]) == {"団塊の世代", "団塊ジュニア", "近年生まれ"}
    boomers = lines[lines["name"] == "団塊の世代"].set_index("year")
    assert boomers.loc[2020, "ages"] == "71〜73歳"
    assert pd.isna(boomers.loc[2045, "per_age"]), "95 and over cannot be told apart"
    assert set(lines["kind"]) == {"5歳階級を等分した概算"}


def test_a_link_follows_other_birth_years_in_any_order(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, born="2000", until="1996")
    assert "見晴市の1996〜2000年生まれは、2020年に20〜24歳で1歳当たり40人" in said(app)
    own = table(app, "kind")
    assert set(own[own["born"] == "1996〜2000年生まれ"]["kind"]) == {"公表値の合計"}


def test_the_lists_of_years_change_the_link(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE)
    first = next(one for one in app.selectbox if one.label == "生まれた年（最初）")
    first.set_value("1950").run()
    assert "見晴市の1950〜1974年生まれは" in said(app)
    last = next(one for one in app.selectbox if one.label == "生まれた年（最後）")
    last.set_value("1950").run()
    assert "見晴市の1950年生まれは、2020年に70歳で" in said(app)
    assert app.query_params["until"] in ("1950", ["1950"])


def test_years_beyond_the_projection_say_that_they_are_unknown(opened: Opened, home: Path) -> None:
    shown = said(opened(home, PAGE, born="1920", until="1922"))
    assert "見晴市の1920〜1922年生まれの人数は、この推計の2020年と2040年からは分かりません" in shown
    only_then = said(opened(home, PAGE, born="2030", until="2031"))
    assert "見晴市の2030〜2031年生まれは、2040年に9〜10歳で、1歳当たり33人の見込みです" in only_then


def test_the_nation_is_followed_by_single_ages(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, projection="ipss_r5_national")
    assert "全国の1971〜1974年生まれは、2020年に46〜49歳で1歳当たり200.0万人" in said(app)
    assert set(table(app, "kind")["kind"]) == {"公表値の合計"}


def test_three_generations_stand_beside_the_quoted_figures(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE, m=CITY)
    found = table(app, "quoted")
    assert found["births"].tolist() == [268.6, 268.6, 204.0, 204.0, 87.5, 87.5]
    assert found["quoted"].tolist() == [202.6, 79.2, 199.4, 185.2, 87.5, 94.7]
    assert found["per_age_ipss_r5_national"].tolist() == [200.0] * 6
    assert found["difference_ipss_r5_national"].iloc[1] == pytest.approx(200 / 79.2 - 1)
    assert "差が最も大きいのは団塊の世代の2040年（+152.5%）" in said(app)


def test_without_a_national_projection_the_quotes_are_not_compared(
    opened: Opened, tmp_path: Path
) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake)
    lake.build()
    app = opened(tmp_path, PAGE)
    assert "全国の推計が読み込まれていないため" in said(app)
    assert not [one for one in app.dataframe if "quoted" in one.value.columns]


def test_totals_alone_say_which_file_has_ages(opened: Opened, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    names(lake)
    projection(lake, by_age=False)
    lake.build()
    assert "ipss_r5_suikei" in said(opened(tmp_path, PAGE))
