"""What is loaded, how fresh it is, what was held back and why: the lists of the data page."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ui import format as fmt
from ui.components.context import Ctx
from ui.components.listing import listing
from ui.export import Column, Table
from warehouse import query

COUNTS = ("rows_read", "accepted", "quarantined", "duplicates", "ignored")


def count(ctx: Ctx, value: float) -> str:
    """Write a number of rows or files."""
    return fmt.number(value, 0, ctx.lang)


def source_column(ctx: Ctx) -> Column:
    """Return the column of the sources' names in the language of the page."""
    name = "source_label" if ctx.lang == "ja" else "source_label_en"
    return Column(name, ctx.t(".column.source"))


def state_of(ctx: Ctx, schedule: str, last: object) -> str:
    """Say whether a source is as new as its schedule promises; a mark stands before the word."""
    missing = last is None or bool(pd.isna(last))  # type: ignore[call-overload]
    day = None if missing else pd.Timestamp(last).date()  # type: ignore[arg-type]
    late = query.is_late(schedule, day, date.today())
    return ctx.t(".state.none" if late is None else ".state.old" if late else ".state.fresh")


def by_source(ctx: Ctx, sources: pd.DataFrame) -> None:
    """List the sources: how many files and rows, their last period, and whether that is old."""
    states = [
        state_of(ctx, one["schedule"], one["period_to"]) for one in sources.to_dict("records")
    ]
    old = states.count(ctx.t(".state.old"))
    listing(
        ctx,
        "sources",
        summary=ctx.t(".sources.old" if old else ".sources.fresh", n=old, all=len(sources)),
        table=Table(
            ctx.t(".sources.title"),
            (
                source_column(ctx),
                Column("state", ctx.t(".column.state")),
                Column("period_to", ctx.t(".column.period_to"), "date"),
                Column("loaded_at", ctx.t(".column.loaded_at"), "time"),
                Column("files", ctx.t(".column.files"), "number"),
                *(Column(name, ctx.t(f".column.{name}"), "number") for name in COUNTS[:3]),
                Column("period_from", ctx.t(".column.period_from"), "date"),
            ),
            sources.assign(state=states),
        ),
    )


def quarantine(ctx: Ctx, held: pd.DataFrame) -> None:
    """List the rows held back: where they stand, the value as it was, and the reason."""
    rows = held[["source_sha256", "sheet", "source_row"]].drop_duplicates()
    message = f"message_{ctx.lang}"
    summary = ctx.t(".quarantine.none")
    if len(held):
        reason = commonest(held, message)
        summary = ctx.t(".quarantine.summary", n=count(ctx, len(rows)), reason=reason)
    listing(
        ctx,
        "quarantine",
        summary=summary,
        table=Table(
            ctx.t(".quarantine.title"),
            (
                Column("source_file", ctx.t(".column.file")),
                Column("source_row", ctx.t(".column.row"), "number"),
                Column(message, ctx.t(".column.reason")),
                Column("column", ctx.t(".column.column")),
                Column("value", ctx.t(".column.value")),
                Column("sheet", ctx.t(".column.sheet")),
            ),
            held,
        ),
    )


def commonest(held: pd.DataFrame, message: str) -> str:
    """Return a message of the reason that most rows share.

    A reason is a rule and its column: many messages tell the numbers of their own row.
    """
    same = held.groupby(["rule", "column"], dropna=False)[message]
    return str(held[message].iloc[int(same.transform("size").argmax())])


def file_list(ctx: Ctx, files: pd.DataFrame) -> None:
    """List the files loaded, newest first, with what became of each of their rows."""
    sums = {name: count(ctx, files[name].sum()) for name in COUNTS}
    listing(
        ctx,
        "files",
        summary=ctx.t(".files.summary", **sums),
        table=Table(
            ctx.t(".files.title"),
            (
                Column("file", ctx.t(".column.file")),
                source_column(ctx),
                *(Column(name, ctx.t(f".column.{name}"), "number") for name in COUNTS),
                Column("period_from", ctx.t(".column.period_from"), "date"),
                Column("period_to", ctx.t(".column.period_to"), "date"),
                Column("loaded_at", ctx.t(".column.loaded_at"), "time"),
                Column("owner", ctx.t(".column.owner")),
                Column("licence", ctx.t(".column.licence")),
                Column("sha256", "sha256", "code"),
            ),
            files,
        ),
    )


def releases(ctx: Ctx) -> None:
    """List the releases on disk and which of them readers see."""
    frame = query.release_list()
    shown = frame["name"] == ctx.release.name
    listing(
        ctx,
        "releases",
        summary=ctx.t(".releases.summary", n=len(frame), name=ctx.release.name),
        table=Table(
            ctx.t(".releases.title"),
            (
                Column("name", ctx.t(".column.release")),
                Column("state", ctx.t(".column.state")),
                Column("built_at", ctx.t(".column.built_at"), "time"),
                Column("version", ctx.t(".column.version")),
            ),
            frame.assign(state=[ctx.t(f".releases.{'shown' if on else 'kept'}") for on in shown]),
        ),
    )
