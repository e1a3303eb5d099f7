"""What readers choose lives in the URL as codes, and survives the way to other pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import said
from tests.spec.lake import Lake
from ui.text import t

Opened = Callable[..., AppTest]
WAITS, CHANNELS = "pages/frontyard/waits.py", "pages/frontyard/channels.py"
MONTHLY = "pages/monthly/summary.py"


def test_a_choice_is_written_as_a_code(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS)
    assert app.query_params == {}
    app.selectbox(key="filter-waits-dept").select("市民課").run()
    app.selectbox(key="filter-waits-counter").select("本庁/市民課/2番").run()
    assert app.query_params == {"dept": "市民課", "counter": "本庁/市民課/2番"}
    assert "見晴市 / 市民課 / 本庁 市民課 2番" in said(app)


def test_impossible_combinations_are_not_offered(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS)
    assert len(app.selectbox(key="filter-waits-counter").options) == 5
    app.selectbox(key="filter-waits-dept").select("市民課").run()
    assert len(app.selectbox(key="filter-waits-counter").options) == 4


def test_choices_survive_changing_the_page(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, period="2026-03")
    assert app.query_params == {"period": "2026-03"}
    app.query_params.clear()  # as st.navigation does
    app.switch_page(CHANNELS).run()
    assert app.query_params == {"period": "2026-03"}
    assert "2026年3月" in said(app)


def test_a_period_narrows_to_its_last_month_where_a_page_knows_months(
    opened: Opened, city_home: Path
) -> None:
    app = opened(city_home, WAITS, period="2026-01..2026-03")
    assert "2026年1月〜2026年3月" in said(app)
    app.switch_page(MONTHLY).run()
    assert "2026年3月の待ち時間" in said(app)
    app.switch_page(WAITS).run()
    assert "2026年1月〜2026年3月" in said(app)


def test_a_fiscal_year_is_offered_by_its_name(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, period="2025-11..2026-10")
    assert app.selectbox(key="filter-waits-period").value.encode() == "2025-11..2026-10"
    assert app.selectbox(key="filter-waits-period").options[1].startswith("直近12か月")


def test_unknown_codes_fall_back_and_say_so(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, m="999999", period="1999-13", counter="x")
    for key in ("m", "period", "counter"):
        assert f"「{t(f'common.filter.{key}', 'ja')}」は、このデータか今の条件にない" in said(app)
    assert "2026年10月の待ち時間" in said(app)


def test_a_counter_of_another_department_is_dropped(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, counter="本庁/市民課/1番")
    app.selectbox(key="filter-waits-dept").select("税務課").run()
    assert "は、このデータか今の条件にない" in said(app)
    assert app.query_params == {"dept": "税務課"}
    app.run()
    assert "は、このデータか今の条件にない" not in said(app)


def test_a_hostile_code_stays_text(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, dept="<script>alert(1)</script>' OR 1=1 --")
    assert not app.exception
    assert "<script>" not in said(app)


def test_reset_takes_all_filters_back(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, period="2026-03", dept="税務課", lang="en")
    app.button(key="reset-waits").click().run()
    assert app.query_params == {"lang": "en"}
    assert "October 2026" in said(app)


def test_the_language_switch_keeps_the_choices(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS, period="2026-03")
    app.segmented_control(key="language").select("en").run()
    assert app.query_params == {"lang": "en", "period": "2026-03"}
    assert app.title[0].value == t("frontyard.waits.title", "en")
    app.segmented_control(key="language").select("ja").run()
    assert app.query_params == {"period": "2026-03"}


def test_the_view_of_the_heat_map_lives_in_the_url(opened: Opened, city_home: Path) -> None:
    app = opened(city_home, WAITS)
    app.segmented_control(key="switch-waits-view").select("tickets").run()
    assert app.query_params == {"view": "tickets"}
    app = opened(city_home, WAITS, view="nothing")
    assert app.segmented_control(key="switch-waits-view").value == "wait_p90"


def test_the_population_page_opens_on_the_municipality_of_the_other_pages(
    opened: Opened, tmp_path: Path
) -> None:
    """Not on the largest area of the projection, which no other page speaks of."""
    lake = Lake(tmp_path)
    head = "projection|area|area_name|prefecture|area_kind|year|sex|population|is_actual"
    lines = [f"{head}|counts_in_nation|base_year"]
    for area, name, kind, size in (
        ("270008", "大阪府", "prefecture", 8_837_685),
        ("272060", "泉大津市", "city", 74_412),
    ):
        counts = "yes" if kind == "city" else "no"
        for year in (2020, 2040):
            place = f"ipss_r5|{area}|{name}|大阪府|{kind}|{year}|both|{size}"
            lines.append(f"{place}|{'yes' if year == 2020 else 'no'}|{counts}|2020")
    lake.add("ipss_r5_kekkahyo1", "\n".join(lines))
    lake.add(
        "staff_age",
        """
        municipality | as_of      | age | kind    | headcount | fte
        272060       | 2026-04-01 | 30  | regular | 5         | 5
        """,
    )
    lake.build()
    assert "泉大津市の人口" in said(opened(lake.home.root, "pages/future/population.py"))
