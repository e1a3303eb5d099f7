"""Which population group work follows: shown by department and category, changed with a reason."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from demography.groups import GROUPS
from demography.inputs import GapInputs
from ui.components import states, tables
from ui.components.context import Ctx
from ui.export import Column, Table
from warehouse import query

ALL = ""


def drivers(ctx: Ctx, inputs: GapInputs) -> None:
    """Draw the fold-out with what the work follows, the changes so far, and a form to add one."""
    with st.expander(ctx.t(".drivers.title")):
        st.caption(ctx.t(".drivers.about"))
        tables.show(_table(ctx, inputs), ctx.lang, key=f"drivers-{ctx.page}")
        changes = query.driver_changes(ctx["m"])
        if len(changes):
            tables.show(_log(ctx, changes), ctx.lang, key=f"driver-log-{ctx.page}")
        _form(ctx, inputs)


def group_name(ctx: Ctx, group: str) -> str:
    """The name of a population group for a reader."""
    return ctx.t(f".drivers.group.{group}")


def _department(ctx: Ctx, name: str) -> str:
    return name or ctx.t(".work.unnamed")


def _table(ctx: Ctx, inputs: GapInputs) -> Table:
    """Hours by department, category and the group followed, largest first."""
    names = ctx.labels("category")
    categories = inputs.categories["category"].to_numpy()
    tasks = inputs.tasks.sort_values("hours", ascending=False)
    return Table(
        ctx.t(".drivers.title"),
        (
            Column("department", ctx.t(".work.department")),
            Column("category", ctx.t(".work.category")),
            Column("driver", ctx.t(".drivers.follows")),
            Column("hours", ctx.t(".drivers.hours"), "number", ctx.t(".drivers.unit")),
        ),
        pd.DataFrame(
            {
                "department": [_department(ctx, name) for name in tasks["department"]],
                "category": [names.get(code, code) for code in categories[tasks["column"]]],
                "driver": [group_name(ctx, GROUPS[at]) for at in tasks["driver"]],
                "hours": tasks["hours"].to_numpy(),
            }
        ),
    )


def _log(ctx: Ctx, changes: pd.DataFrame) -> Table:
    names = ctx.labels("category")
    everything = ctx.t("common.filter.all")
    shown = changes.iloc[::-1]
    return Table(
        ctx.t(".drivers.log"),
        tuple(
            Column(name, ctx.t(f".drivers.column.{name}"))
            for name in ("day", "by", "department", "category", "driver", "reason")
        ),
        pd.DataFrame(
            {
                "day": shown["decided_at"].str[:10],
                "by": shown["decided_by"],
                "department": shown["department"].replace("", everything),
                "category": [names.get(code, everything) for code in shown["category"]],
                "driver": [group_name(ctx, group) for group in shown["driver"]],
                "reason": shown["reason"],
            }
        ),
    )


def _form(ctx: Ctx, inputs: GapInputs) -> None:
    names = ctx.labels("category")
    everything = ctx.t("common.filter.all")
    with st.form(f"drivers-{ctx.page}", border=False):
        with st.container(horizontal=True):
            department = st.selectbox(
                ctx.t(".work.department"),
                [ALL, *sorted(name for name in set(inputs.tasks["department"]) if name)],
                format_func=lambda name: name or everything,
            )
            category = st.selectbox(
                ctx.t(".work.category"),
                [ALL, *inputs.categories["category"]],
                format_func=lambda code: str(names.get(code, everything)),
            )
            driver = st.selectbox(
                ctx.t(".drivers.follows"),
                GROUPS,
                format_func=lambda group: group_name(ctx, group),
            )
        with st.container(horizontal=True):
            by = st.text_input(ctx.t(".keep.by"), max_chars=60)
            reason = st.text_input(ctx.t(".keep.reason"), max_chars=200)
        if st.form_submit_button(ctx.t(".drivers.change")):
            try:
                query.change_driver(ctx["m"], department, category, driver, by, reason)
            except query.DecisionError as error:
                states.notice(str(error))
                return
            st.rerun()
