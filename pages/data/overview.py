"""データ: what is loaded, how fresh it is, what was held back and why, and the releases."""

from __future__ import annotations

import pandas as pd

from ui import format as fmt
from ui.components import Ctx, figures, inventory, notes, page_head, start
from ui.components.figures import Figure
from warehouse import query


def main() -> None:
    """Draw the page."""
    ctx = start("data.data")
    files, held = query.files(ctx.release), query.quarantine(ctx.release)
    sources = query.status(ctx.release)
    page_head(ctx, answer(ctx, files))
    figures.row(ctx, cards(ctx, files, sources))
    inventory.by_source(ctx, sources)
    inventory.quarantine(ctx, held)
    inventory.file_list(ctx, files)
    inventory.releases(ctx)
    remarks = ("rows", "same", "held", "stale", "load")
    notes(ctx, [ctx.t(f".notes.{one}", **query.LATE_AFTER) for one in remarks])


def answer(ctx: Ctx, files: pd.DataFrame) -> str:
    """Say how much was loaded, and how much of it is held back."""
    held = int(files["quarantined"].sum())
    return ctx.t(
        ".answer.held" if held else ".answer.clean",
        files=inventory.count(ctx, len(files)),
        accepted=inventory.count(ctx, files["accepted"].sum()),
        held=inventory.count(ctx, held),
    )


def cards(ctx: Ctx, files: pd.DataFrame, sources: pd.DataFrame) -> list[Figure]:
    """Make the cards: sources, files, rows, rows held back."""
    values = {
        "sources": len(sources),
        "files": len(files),
        "accepted": files["accepted"].sum(),
        "quarantined": files["quarantined"].sum(),
    }
    return [
        Figure(
            ctx.t(f".cards.{name}"),
            fmt.parts(int(value), "number", 0, ctx.t(f".cards.unit_{name}"), ctx.lang),
        )
        for name, value in values.items()
    ]


main()
