"""The gap as one workbook: years, parts, work, and the assumptions on a sheet of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from demography.scenario_file import to_mapping
from demography.waterfall import PARTS
from ui import export
from ui.components import assumptions
from ui.components.context import Ctx
from ui.components.evidence import provenance
from ui.components.gap import Future
from ui.components.gap_charts import yearly
from ui.export import Column, Table
from warehouse.query import Answer


def workbook(ctx: Ctx, found: Future, sentences: Sequence[str], answers: Sequence[Answer]) -> None:
    """Draw the button; the file is made when it is pressed."""
    made = datetime.now().date()
    title = ctx.t(".book.title")

    def data() -> bytes:
        sheets = [
            (ctx.t(".book.years"), yearly(ctx, found, ctx.t(".fan.title"))),
            (ctx.t(".book.parts"), _parts(ctx, found)),
            (ctx.t(".book.work"), _work(ctx, found)),
            (ctx.t(".book.assumptions"), _assumptions(ctx, found, sentences)),
        ]
        source = provenance(ctx, title, answers)
        return export.to_workbook(sheets, source, ctx.t("common.block.origin"))

    st.download_button(
        ctx.t(".book.button"),
        data=data,
        file_name=export.file_name(ctx.page, "gap", str(found.year), ".xlsx", made),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"book-{ctx.page}",
        on_click="ignore",
    )


def _parts(ctx: Ctx, found: Future) -> Table:
    wide = found.parts.set_index(["year", "part"])["fte"].unstack("part")
    frame = wide.reindex(columns=list(PARTS)).reset_index()
    unit = ctx.t(".posts")
    columns = [
        Column(name, ctx.t(f".parts.{name}", base=found.result.base_year), "number", unit, 1)
        for name in PARTS
    ]
    return Table(
        ctx.t(".book.parts"), (Column("year", ctx.t(".fan.year"), "code"), *columns), frame
    )


def _work(ctx: Ctx, found: Future) -> Table:
    names = ctx.labels("category")
    required = found.result.required
    frame = required.assign(category=required["category"].map(lambda code: names.get(code, code)))
    return Table(
        ctx.t(".book.work"),
        (
            Column("year", ctx.t(".fan.year"), "code"),
            Column("department", ctx.t(".work.department")),
            Column("category", ctx.t(".work.category")),
            Column("hours", ctx.t(".drivers.hours"), "number", ctx.t(".drivers.unit")),
            Column("fte", ctx.t(".fan.required"), "number", ctx.t(".posts"), 2),
        ),
        frame,
    )


def _assumptions(ctx: Ctx, found: Future, sentences: Sequence[str]) -> Table:
    """Every assumption with its value, then the scenario as its file holds it, then the notes."""
    rows = [
        (ctx.t(f".control.{one.key}"), assumptions.written(ctx, one, one.read(found.scenario)))
        for one in assumptions.EVERY
    ]
    rows += [(key, str(value)) for key, value in _flat(to_mapping(found.scenario))]
    rows += [(ctx.t("common.notes"), sentence) for sentence in sentences]
    return Table(
        ctx.t(".book.assumptions"),
        (Column("what", ctx.t(".book.what")), Column("value", ctx.t(".book.value"))),
        pd.DataFrame(rows, columns=["what", "value"]),
    )


def _flat(mapping: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in mapping.items():
        name = f"{before}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, value)]
    return found
