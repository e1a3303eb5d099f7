"""A pyramid that moves through the years, and the tile map of the prefectures."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from ui import theme
from ui.charts import Cohort, Layer, Moment, Tile, Words, pyramid_years, tiles
from ui.charts.tiles import GRID, in_rows

BANDS = ["0–4", "5–9", "10–14"]
WORDS = Words("表示中の年", "再生", "停止")


def layer(name: str, *values: float) -> Layer:
    said = [f"{name} {value:g}" for value in values]
    return Layer(name, values, values, said, said)


def moving(at: int = 1) -> go.Figure:
    layers = [layer("2020年", 10, 20, 30), layer("2021年", 12, 18, 31), layer("2022年", 90, 16, 1)]
    return pyramid_years(
        BANDS,
        [
            Moment(one, one.name, [Cohort("団塊", i if i < 2 else None, (0,))])
            for i, one in enumerate(layers)
        ],
        at,
        layers[:1],
        sides=("男", "女"),
        write=lambda value: f"{value:g}",
        words=WORDS,
    )


def bars(data: object) -> list[go.Bar]:
    return [one for one in data if isinstance(one, go.Bar)]  # type: ignore[attr-defined]


def test_the_figure_opens_at_the_year_asked_for() -> None:
    made = moving()
    assert list(bars(made.data)[1].x) == [12, 18, 31]
    assert made.layout.sliders[0].active == 1
    assert list(bars(moving(2).data)[1].x) == [90, 16, 1]


def test_every_year_is_a_frame_with_its_own_bars_hovers_and_cohorts() -> None:
    made = moving()
    assert [one.name for one in made.frames] == ["2020年", "2021年", "2022年"]
    assert [bars(one.data)[0].x[0] for one in made.frames] == [-10, -12, -90]
    assert [bars(one.data)[1].hovertext[0] for one in made.frames] == [
        *("2020年 10", "2021年 12", "2022年 90")
    ]
    paths = [one.data[2] for one in made.frames]
    assert [len(one.x) for one in paths] == [2, 2, 1], "no cohort in the last year, but its trace"


def test_frames_touch_the_traces_that_move_and_nothing_else() -> None:
    made = moving()
    for frame in made.frames:
        assert len(frame.traces) == len(frame.data)
        for position, trace in zip(frame.traces, frame.data, strict=True):
            assert type(made.data[position]) is type(trace)
            assert made.data[position].name == trace.name
    still = set(range(len(made.data))) - set(made.frames[0].traces)
    assert {made.data[position].name for position in still} == {"2020年"}


def test_all_years_share_a_scale_that_holds_the_largest() -> None:
    low, high = moving(0).layout.xaxis.range
    assert low == -high and high >= 90


def test_slider_and_buttons_name_frames_that_exist() -> None:
    made = moving()
    frames = {one.name for one in made.frames}
    assert {step.args[0][0] for step in made.layout.sliders[0].steps} == frames
    play, pause = made.layout.updatemenus[0].buttons
    assert (play.label, pause.label) == ("再生", "停止")
    assert play.args[0] is None and list(pause.args[0]) == [None]
    assert made.layout.height in (theme.SMALL, theme.MEDIUM, theme.LARGE)
    json.loads(made.to_json())


def test_the_grid_has_each_prefecture_once_and_no_two_in_one_place() -> None:
    assert sorted(GRID) == [f"{number:02}" for number in range(1, 48)]
    assert len(set(GRID.values())) == 47


@pytest.mark.parametrize(
    ("north", "south"), [("01", "02"), ("02", "13"), ("13", "14"), ("40", "46"), ("46", "47")]
)
def test_the_north_stands_above_the_south(north: str, south: str) -> None:
    assert GRID[north][1] < GRID[south][1] or GRID[north][0] > GRID[south][0]


def test_tiles_say_their_value_and_have_a_dotted_edge_without_one() -> None:
    found = {
        "13": Tile("東京", 105.0, "東京都は105です。"),
        "05": Tile("秋田", 65.0, "秋田県は65です。"),
        "27": Tile("大阪", None, "大阪府の値はありません。"),
    }
    made = tiles(found, write=lambda value: f"{value:.0f}", middle=100, missing="…")
    (marks,) = made.data
    texts = dict(zip(GRID, marks.text, strict=True))
    assert "東京" in texts["13"] and "105" in texts["13"]
    assert "…" in texts["27"] and "…" in texts["01"]
    colours = dict(zip(GRID, (shape.fillcolor for shape in made.layout.shapes), strict=True))
    assert colours["05"] != colours["13"] != colours["27"] == theme.SURFACE
    dashes = dict(zip(GRID, (shape.line.dash for shape in made.layout.shapes), strict=True))
    assert dashes["27"] == "dot" and dashes["13"] == "solid"


def test_prefectures_that_lie_nowhere_stand_in_rows() -> None:
    grid = in_rows([f"{number}" for number in range(51, 64)])
    assert (grid["51"], grid["60"], grid["61"]) == ((0, 0), (9, 0), (0, 1))
    made = tiles({"61": Tile("霞野", 3.0, "x")}, write=str, middle=0, missing="-", grid=grid)
    assert len(made.layout.shapes) == 13
    assert "霞野" in dict(zip(grid, made.data[0].text, strict=True))["61"]


def test_no_name_of_a_prefecture_is_read_as_a_tag() -> None:
    made = tiles({"13": Tile("<b>", 1.0, "x")}, write=str, middle=0, missing="-")
    assert "&lt;b&gt;" in dict(zip(GRID, made.data[0].text, strict=True))["13"]
