"""The parts of a page. With app.py and pages/ the only place that knows Streamlit.

A page reads: start → metrics → page_head → figures.row → chart_block → notes.
"""

from ui.components import figures, filters, states
from ui.components.chart import chart_block, switch, table_block
from ui.components.context import Ctx, start
from ui.components.filters import Filter, Switch
from ui.components.head import notes, page_head
from ui.components.layout import sentences, side_by_side, subhead
from ui.export import Column, Table

__all__ = [
    "Column",
    "Ctx",
    "Filter",
    "Switch",
    "Table",
    "chart_block",
    "figures",
    "filters",
    "notes",
    "page_head",
    "sentences",
    "side_by_side",
    "start",
    "states",
    "subhead",
    "switch",
    "table_block",
]
