"""PAGES: the one registry of pages. A new page is one script and one line here.

The scripts live in pages/<section>/: Streamlit finds scripts directly in pages/ by itself and
runs them without app.py, past any access check.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page of the menu.

    key: address of the page (`/waits`) and its name in texts (`<section>.<key>.title`).
    section: heading in the menu (`common.section.<section>`) and the file of its texts.
    script: file that Streamlit runs, relative to app.py.
    roles: who may see it; empty for everyone.
    """

    key: str
    section: str
    script: str
    roles: tuple[str, ...] = ()


HOME = "monthly"
"""The page that the bare address leads to."""

PAGES: tuple[Page, ...] = (
    Page("monthly", "monthly", "pages/monthly/summary.py"),
    Page("waits", "frontyard", "pages/frontyard/waits.py"),
    Page("channels", "frontyard", "pages/frontyard/channels.py"),
    Page("breakdown", "workload", "pages/workload/breakdown.py"),
    Page("population", "future", "pages/future/population.py"),
    Page("staff", "future", "pages/future/staff.py"),
    Page("data", "data", "pages/data/overview.py"),
    Page("quality", "data", "pages/data/quality.py"),
)
