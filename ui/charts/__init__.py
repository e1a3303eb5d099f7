"""Plotly figures. They know no Streamlit, no text files and no data base: values and words in."""

from ui.charts.bars import Bar, Segment, bars, share_bars
from ui.charts.base import month_ticks, watermark, year_ticks
from ui.charts.calendar import Day, calendar
from ui.charts.heatmap import Cell, heatmap
from ui.charts.lines import Band, Event, Line, Target, lines
from ui.charts.pyramid import Cohort, Layer, pyramid
from ui.charts.pyramid_years import Moment, Words, pyramid_years
from ui.charts.tiles import Tile, tiles
from ui.charts.waterfall import Part, waterfall
from ui.charts.yearly import YearPart, yearly

__all__ = [
    "Band",
    "Bar",
    "Cell",
    "Cohort",
    "Day",
    "Event",
    "Layer",
    "Line",
    "Moment",
    "Part",
    "Segment",
    "Target",
    "Tile",
    "Words",
    "YearPart",
    "bars",
    "calendar",
    "heatmap",
    "lines",
    "month_ticks",
    "pyramid",
    "pyramid_years",
    "share_bars",
    "tiles",
    "waterfall",
    "watermark",
    "year_ticks",
    "yearly",
]
