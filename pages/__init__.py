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
    metrics: what its numbers rest on; a file that changes one of them changes the page.
    """

    key: str
    section: str
    script: str
    roles: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


HOME = "monthly"
"""The page that the bare address leads to."""

PAGES: tuple[Page, ...] = (
    Page(
        "monthly",
        "monthly",
        "pages/monthly/summary.py",
        metrics=("wait_p50", "tickets", "digital_intake_rate", "clerical_share"),
    ),
    Page(
        "waits",
        "frontyard",
        "pages/frontyard/waits.py",
        metrics=("wait_p50", "tickets"),
    ),
    Page(
        "channels",
        "frontyard",
        "pages/frontyard/channels.py",
        metrics=("online_rate", "mayowanai_rate", "double_track_procedures"),
    ),
    Page(
        "breakdown",
        "workload",
        "pages/workload/breakdown.py",
        metrics=("workload_hours",),
    ),
    Page(
        "population",
        "future",
        "pages/future/population.py",
        metrics=("population",),
    ),
    Page(
        "cohorts",
        "future",
        "pages/future/cohorts.py",
        metrics=("population",),
    ),
    Page(
        "backtest",
        "future",
        "pages/future/backtest.py",
        metrics=("backtest_median_error",),
    ),
    Page(
        "staff",
        "future",
        "pages/future/staff.py",
        metrics=("staff", "staff_projected", "hires_recorded", "workload_hours", "population"),
    ),
    Page(
        "gap",
        "future",
        "pages/future/gap.py",
        metrics=("staff", "workload_hours", "population"),
    ),
    Page("data", "data", "pages/data/overview.py"),
    Page("intake", "data", "pages/data/intake.py"),
    Page(
        "quality",
        "data",
        "pages/data/quality.py",
        metrics=("days_recorded_share", "source_records", "held_share"),
    ),
)
