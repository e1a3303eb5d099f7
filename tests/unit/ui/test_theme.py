"""Contrast of what is read and seen, and cues other than colour."""

from __future__ import annotations

import pytest

from ui import theme


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [theme.SURFACE, theme.PAGE])
@pytest.mark.parametrize(
    "colour", [theme.TEXT, theme.NEUTRAL, theme.BLUE_DEEP, theme.SUCCESS, theme.ERROR]
)
def test_colours_of_text_reach_4_5_to_1(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("style", [one for one in theme.CATEGORY if one.colour != theme.BLUE_SOFT])
def test_colours_of_marks_reach_3_to_1(style: theme.Style) -> None:
    assert contrast(style.colour, theme.SURFACE) >= 3


def test_every_category_differs_in_each_cue() -> None:
    styles = (*theme.CATEGORY, theme.OTHER)
    assert len(theme.CATEGORY) == 5
    for cue in ("colour", "dash", "marker", "pattern"):
        assert len({getattr(one, cue) for one in styles}) == len(styles)


def test_from_the_sixth_category_on_all_are_neutral() -> None:
    assert [theme.style(i) for i in range(5)] == list(theme.CATEGORY)
    assert theme.style(5) is theme.style(9) is theme.OTHER


def test_type_is_never_smaller_than_12() -> None:
    layout = theme.TEMPLATE.layout
    sizes = [layout.font.size, layout.hoverlabel.font.size]
    sizes += [axis.tickfont.size for axis in (layout.xaxis, layout.yaxis)]
    assert min(sizes) >= 12
