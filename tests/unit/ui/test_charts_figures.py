"""What each kind of figure must hold: values, words, cues, order; and what must not be drawn."""

from __future__ import annotations

import json
from datetime import date

import plotly.graph_objects as go
import pytest

from ui import theme
from ui.charts import (
    Band,
    Bar,
    Cell,
    Cohort,
    Event,
    Layer,
    Line,
    Segment,
    Target,
    bars,
    heatmap,
    lines,
    pyramid,
    share_bars,
)
from ui.charts.bars import height_for

ROWS = {1: "月", 2: "火", 3: "水"}
COLUMNS = {9: "9", 10: "10"}


def texts(made: go.Figure) -> list[str]:
    return [note.text for note in made.layout.annotations]


def trace(made: go.Figure, name: str) -> go.Scatter:
    return next(one for one in made.data if one.name == name)


def heat(target: float | None = 15) -> go.Figure:
    cells = [
        Cell(1, 9, 31.4, "月曜日9時台は31.4分です。"),
        Cell(1, 10, 6.0, "月曜日10時台は6.0分です。"),
        Cell(2, 9, 0.0, "火曜日9時台は0.0分です。"),
        Cell(2, 10, float("nan"), ""),
    ]
    return heatmap(
        cells,
        rows=ROWS,
        columns=COLUMNS,
        write=lambda v: f"{v:.1f}",
        write_scale=lambda v: f"{v:g}分",
        missing="データなし",
        missing_hover="データがありません。",
        target=target,
    )


def test_heat_map_starts_at_zero_and_is_centred_on_the_target() -> None:
    cells = next(one for one in heat().data if isinstance(one, go.Heatmap))
    assert (cells.zmin, cells.zmax) == (0, 30)
    assert list(cells.colorbar.ticktext) == ["0分", "15分", "30分"]
    free = next(one for one in heat(None).data if isinstance(one, go.Heatmap))
    assert (free.zmin, free.zmax) == (0, 31.4)


def test_heat_map_reads_downwards_and_to_the_right() -> None:
    made = heat()
    assert list(made.layout.yaxis.ticktext) == ["月", "火", "水"]
    assert made.layout.yaxis.range[0] > made.layout.yaxis.range[1]
    cells = next(one for one in made.data if isinstance(one, go.Heatmap))
    assert [list(row) for row in cells.z] == [[31.4, 6.0], [0.0, None], [None, None]]


def test_zero_is_written_and_missing_is_hatched() -> None:
    made = heat()
    assert "0.0" in texts(made)
    assert "▨ データなし" in texts(made)
    hatched = trace(made, "missing")
    assert hatched.fillpattern.shape == "/"
    assert list(hatched.x).count(None) == 3  # one outline per empty place


def test_above_the_target_is_bold_as_well_as_dark() -> None:
    assert "<b>31.4</b>" in texts(heat())
    assert "6.0" in texts(heat())


def test_every_place_of_the_heat_map_can_be_selected() -> None:
    marks = trace(heat(), "cells")
    assert [tuple(one) for one in marks.customdata] == [(r, c) for r in ROWS for c in COLUMNS]
    assert marks.hovertext[0] == "月曜日9時台は31.4分です。"
    assert marks.hovertext[3] == "データがありません。"
    assert marks.marker.opacity == 0


MONTHS = [date(2026, month, 1) for month in range(1, 7)]


def line(name: str, y: list[float | None], **more: object) -> Line:
    return Line(name, MONTHS, y, [f"{name} {v}" for v in y], **more)  # type: ignore[arg-type]


def waits(**more: object) -> go.Figure:
    series = [
        line("90%点", [60, 61, None, 16, 15, 18.4]),
        line("中央値", [20, 21, None, 6, 5, 6.1]),
    ]
    ticks = {MONTHS[0]: "1月"}
    return lines(series, write=lambda v: f"{v:g}分", ticks=ticks, **more)  # type: ignore[arg-type]


def test_lines_are_named_at_their_ends_and_have_no_legend() -> None:
    made = waits()
    assert texts(made) == ["90%点<br><b>18.4分</b>", "中央値<br><b>6.1分</b>"]
    assert made.layout.template.layout.showlegend is False
    named = made.layout.annotations
    assert named[0].y > named[1].y
    assert all(note.xref == "paper" and note.x == 1 for note in named)
    assert made.layout.margin.r >= 4 * 13  # four full-width characters


def test_lines_differ_without_colour_and_break_where_nothing_is_known() -> None:
    one, other = (trace(waits(), name) for name in ("90%点", "中央値"))
    assert one.line.dash != other.line.dash
    assert one.marker.symbol != other.marker.symbol
    assert one.y[2] is None and one.connectgaps is False


def test_target_and_event_are_drawn_and_written() -> None:
    made = waits(target=Target(15, "目標 15分"), events=[Event(date(2026, 5, 4), "改革の開始")])
    assert "目標 15分" in texts(made)
    assert "改革の開始 ▼" in texts(made)
    dashes = {shape.line.dash for shape in made.layout.shapes}
    assert dashes == {"dash", "dot"}
    early = waits(events=[Event(date(2026, 1, 20), "改革の開始")])
    assert early.layout.annotations[-1].xanchor == "left"


@pytest.mark.parametrize(
    ("first", "last", "side"), [(100, 60, "right"), (60, 100, "left"), (80, 80, "left")]
)
def test_the_target_is_named_where_the_lines_are_far(first: float, last: float, side: str) -> None:
    one = Line("人口", [2020, 2040], [first, last], ["", ""])
    made = lines([one], write=str, ticks={}, target=Target(100, "2020年＝100"))
    (note,) = [note for note in made.layout.annotations if note.text == "2020年＝100"]
    assert note.xanchor == side


def test_an_event_outside_the_points_widens_the_axis() -> None:
    made = waits(events=[Event(date(2025, 6, 1), "改革の開始")])
    assert made.layout.xaxis.range[0] < "2025-06-01"


def test_an_interval_lies_around_its_line_and_is_labelled() -> None:
    years = [2026, 2030, 2040]
    one = Line(
        "不足",
        years,
        [0, 10, 30],
        ["a", "b", "c"],
        bands=[Band("95%", [-5, 2, 10], [5, 18, 50])],
        projected_from=2030,
    )
    made = lines([one], write=lambda v: f"{v:g}人", ticks={})
    band, middle = made.data
    assert list(band.x) == [*years, *reversed(years)]
    assert list(band.y) == [5, 18, 50, 10, 2, -5]
    assert "95%" in texts(made)
    assert list(middle.marker.color) == [theme.BLUE_DEEP, theme.SURFACE, theme.SURFACE]
    assert any(shape.y0 == shape.y1 == 0 for shape in made.layout.shapes)


def test_the_gap_between_two_lines_is_filled_and_named_between_them() -> None:
    years = [2026, 2040]
    made = lines(
        [Line("必要", years, [390, 352], ["", ""]), Line("確保", years, [385, 294], ["", ""])],
        write=lambda v: f"{v:g}人",
        ticks={},
        shade_between="不足 58人",
    )
    assert list(trace(made, "gap").y) == [390, 352, 294, 385]
    notes = {note.text: note.y for note in made.layout.annotations}
    upper, gap, lower = (notes[k] for k in sorted(notes, key=lambda k: -notes[k]))
    assert upper > gap > lower
    assert notes["<b>不足 58人</b>"] == gap


def test_lines_without_any_value_draw_nothing() -> None:
    made = lines([line("中央値", [None] * 6)], write=str, ticks={})
    assert len(made.data) == 0 and texts(made) == []


def test_bars_start_at_zero_and_say_where_nothing_is_known() -> None:
    made = bars(
        [Bar("市民課", 12.0, "a"), Bar("税務課", None, "b"), Bar("福祉課", 0.0, "c")],
        write=lambda v: f"{v:.1f}分",
        missing="データなし",
        target=Target(15, "目標 15分"),
    )
    assert made.layout.xaxis.range[0] == 0 and made.layout.xaxis.range[1] > 15
    assert texts(made)[:3] == ["12.0分", "データなし", "0.0分"]
    assert made.layout.yaxis.range[0] > made.layout.yaxis.range[1]
    assert "目標 15分" in texts(made)


@pytest.mark.parametrize(
    ("label", "beside"), [("市民課", True), ("北支所 市民窓口 総合受付", False)]
)
def test_long_labels_stand_above_their_bars(label: str, beside: bool) -> None:
    made = bars([Bar(label, 1.0, "")], write=str, missing="")
    assert bool(made.layout.yaxis.showticklabels) is beside
    assert (label in texts(made)) is not beside
    assert made.layout.margin.l < 130


def shares() -> go.Figure:
    return share_bars(
        ["市民課", "税務課"],
        [
            Segment("定型的な事務", [0.66, None], ["a", "b"]),
            Segment("相談・訪問・企画", [0.10, None], ["c", "d"]),
            Segment("その他", [0.24, None], ["e", "f"], style=theme.OTHER),
        ],
        write=lambda v: f"{v:.0%}",
        missing="データなし",
    )


def test_shares_fill_the_whole_and_carry_patterns() -> None:
    made = shares()
    assert made.layout.barmode == "stack" and made.layout.xaxis.range == (0, 1)
    assert sum(one.x[0] for one in made.data) == pytest.approx(1)
    patterns = [one.marker.pattern.shape for one in made.data]
    assert len(set(patterns)) == 3


def test_shares_are_written_where_they_fit_and_missing_is_said() -> None:
    said = texts(shares())
    assert "66%" in said and "24%" in said and "10%" not in said
    assert "データなし" in said
    (key,) = [note.text for note in shares().layout.annotations if note.name == "key"]
    assert key.index("定型的な事務") < key.index("相談・訪問・企画") < key.index("その他")


@pytest.mark.parametrize(("rows", "height"), [(3, 280), (9, 360), (12, 480), (60, 480)])
def test_heights_are_the_three_of_the_theme(rows: int, height: int) -> None:
    assert height_for(rows) == height


BANDS = ["0–4", "5–9", "10–14"]


def layer(name: str, left: list[float | None], right: list[float | None]) -> Layer:
    return Layer(name, left, right, ["l"] * 3, ["r"] * 3)


def ages() -> go.Figure:
    return pyramid(
        BANDS,
        layer("2040年", [10, 20, 30], [11, 21, 31]),
        [layer("2020年", [40, 30, 20], [41, None, 21])],
        sides=("男", "女"),
        write=lambda v: f"{v:g}",
        cohorts=[Cohort("団塊", 2, (0,)), Cohort("新生児", None, (None,))],
    )


def test_pyramid_has_left_and_right_on_one_symmetric_scale() -> None:
    made = ages()
    left, right = (one for one in made.data if isinstance(one, go.Bar))
    assert list(left.x) == [-10, -20, -30] and list(right.x) == [11, 21, 31]
    low, high = made.layout.xaxis.range
    assert low == -high and high >= 41
    assert not any("-" in text for text in made.layout.xaxis.ticktext)
    assert list(made.layout.yaxis.ticktext) == BANDS


def test_cohorts_are_patterned_named_and_traced() -> None:
    made = ages()
    right = [one for one in made.data if isinstance(one, go.Bar)][1]
    assert list(right.marker.pattern.shape) == ["", "", "/"]
    names = [one for one in made.data if one.type == "scatter" and one.mode == "text"]
    assert [one.text[0] for one in names if len(one.x)] == ["<b>団塊</b>"]
    assert list(names[0].x) == [made.layout.xaxis.range[1]]
    path = trace(made, "団塊")
    assert list(zip(path.x, path.y, strict=True)) == [(41, 0), (31, 2)]
    assert len(set(path.marker.symbol)) == 2


def test_outline_years_are_named_with_their_line() -> None:
    (key,) = [text for text in texts(ages()) if "2020年" in text]
    assert "2040年" in key and "━━" in key
    outlines = [one for one in ages().data if one.name == "2020年" and one.mode == "lines"]
    assert all(one.line.dash == "solid" for one in outlines)
    assert list(outlines[1].x) == [41, 41, None, None, 21, 21]


def test_pyramid_darkens_one_side_alone_where_asked() -> None:
    filled = Layer("", [1, 2, 3], [3, 2, 1], ["a"] * 3, ["b"] * 3, dark_left=(2,))
    left, right = (
        one
        for one in pyramid(["18", "", "20"], filled, sides=("2026", "2040"), write=str).data
        if isinstance(one, go.Bar)
    )
    assert left.marker.color[2] == theme.BLUE_DEEP
    assert theme.BLUE_DEEP not in right.marker.color


@pytest.mark.parametrize("make", [heat, waits, shares, ages])
def test_no_text_is_smaller_than_12_and_no_figure_has_its_own_title(make) -> None:  # type: ignore[no-untyped-def]
    made = make()
    assert made.layout.title.text is None
    assert made.layout.height in (theme.SMALL, theme.MEDIUM, theme.LARGE)
    sizes = [note.font.size for note in made.layout.annotations if note.font.size]
    assert min(sizes) >= 12
    json.loads(made.to_json())
