"""The parts of a page. With app.py and pages/ the only place that knows Streamlit.

A page reads: start → metrics → page_head → figures → chart_block → notes.
"""

from ui.components import filters, states
from ui.components.chart import chart_block, switch, table_block
from ui.components.context import Ctx, start
from ui.components.figures import Change, Figure, Goal, compare, figure, row, written
from ui.components.filters import Filter, Switch
from ui.components.head import notes, page_head
from ui.export import Column, Table

__all__ = [
    "Change",
    "Column",
    "Ctx",
    "Figure",
    "Filter",
    "Goal",
    "Switch",
    "Table",
    "chart_block",
    "compare",
    "figure",
    "filters",
    "notes",
    "page_head",
    "row",
    "start",
    "states",
    "switch",
    "table_block",
    "written",
]
