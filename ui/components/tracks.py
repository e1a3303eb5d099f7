"""The double track: each procedure's class now, a year ago, and month by month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from ui import format as fmt
from ui import theme
from ui.components.chart import table_block
from ui.components.context import Ctx
from ui.components.frontyard import as_date, rows
from ui.export import Column, Table
from ui.period import month_shift

CLASSES = ("paper", "pattern_a", "pattern_b", "target")
"""From the least to the most digital; a later one is better."""
SHAPES = {"paper": "■", "pattern_a": "▲", "pattern_b": "◆", "target": "●"}
COLOURS = {
    "paper": theme.NEUTRAL,
    "pattern_a": theme.ERROR,
    "pattern_b": theme.BLUE_DEEP,
    "target": theme.SUCCESS,
}
TRAIL = 12


def movement(before: str | None, now: str | None) -> str:
    """Return better, worse, same, or none where one of the classes is missing."""
    if before not in CLASSES or now not in CLASSES:
        return "none"
    step = CLASSES.index(now) - CLASSES.index(before)
    return "same" if step == 0 else "better" if step > 0 else "worse"


def tracks(ctx: Ctx) -> None:
    """Draw the table of classes at the last month chosen, with the movement of a year."""
    assert ctx.period is not None
    end = ctx.period.end
    asked = ctx.metric(
        "double_track_procedures",
        by=("procedure", "month", "double_track_class"),
        where=ctx.where(month=ctx.period.of(end).trail(TRAIL + 1)),
    )
    at_end = ctx.where(month=end)
    volumes = ctx.metric("applications", by=("procedure",), where=at_end)
    digital = ctx.metric("digital_intake_rate", by=("procedure",), where=at_end)
    single = ctx.metric("single_track_rate", by=("procedure",), where=at_end)
    classes: dict[tuple[Any, date], str] = {
        (row.procedure, as_date(row.month)): row.double_track_class
        for row in rows(asked.frame)
        if row.double_track_class in CLASSES
    }
    months = [month_shift(end, -back) for back in range(TRAIL - 1, -1, -1)]
    names = ctx.labels("procedure")
    known = ctx.labels("double_track_class")
    words = {one: f"{SHAPES[one]} {known[one]}" for one in CLASSES}
    unknown = ctx.t(".tracks.unknown")
    lines = []
    for code in volumes.frame.sort_values("value", ascending=False)["procedure"].tolist():
        now = classes.get((code, end))
        before = classes.get((code, month_shift(end, -12)))
        lines.append(
            {
                "procedure": code,
                "name": names.get(code, str(code)),
                "now": words.get(now or "", unknown),
                "before": words.get(before or "", unknown),
                "move": ctx.t(f".tracks.{movement(before, now)}"),
                "trail": "".join(SHAPES.get(classes.get((code, at), ""), "・") for at in months),
            }
        )
    frame = pd.DataFrame(lines, columns=["procedure", "name", "now", "before", "move", "trail"])
    for name, answer in (("applications", volumes), ("digital", digital), ("single", single)):
        values = answer.frame.set_index("procedure")["value"]
        frame[name] = frame["procedure"].map(values)
    counts = pd.Series([classes.get((code, end)) for code in frame["procedure"]]).value_counts()
    summary = ctx.t(
        ".tracks.summary",
        month=fmt.month(end, ctx.lang),
        all=len(frame),
        target=int(counts.get("target", 0)),
        a=int(counts.get("pattern_a", 0)),
    )
    colours = {words[one]: colour for one, colour in COLOURS.items()}
    moves = {ctx.t(".tracks.better"): theme.SUCCESS, ctx.t(".tracks.worse"): theme.ERROR}
    table = Table(
        ctx.t(".tracks.title"),
        (
            Column("name", ctx.t(".tracks.name")),
            Column("now", ctx.t(".tracks.now"), colours=colours),
            Column("move", ctx.t(".tracks.move"), colours=moves),
            Column("trail", ctx.t(".tracks.trail")),
            Column("before", ctx.t(".tracks.before"), colours=colours),
            Column("applications", ctx.t(".tracks.applications"), "number"),
            Column("digital", ctx.t(".tracks.digital"), "share", "", 1),
            Column("single", ctx.t(".tracks.single"), "share", "", 1),
        ),
        frame,
    )
    table_block(
        ctx,
        "tracks",
        title=ctx.t(".tracks.title"),
        summary=summary,
        table=table,
        answers=[asked, volumes, digital, single],
    )
