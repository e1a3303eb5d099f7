"""データ取込: hand in files, see what they were taken for, take them, correct what is held back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pages import PAGES
from pipelines import door
from ui.components import intake, intake_action, intake_held, intake_preview, notes
from ui.components.intake import Desk
from ui.components.intake_templates import templates
from warehouse import query


def main() -> None:
    """Draw the page."""
    desk = intake.begin()
    waiting = door.waiting(desk.home)
    intake.lead(desk, len(waiting.drop_duplicates(["source_sha256", "sheet", "source_row"])))
    intake_action.working(desk)
    intake_action.outcome(desk, lambda files: changed(desk, files))
    intake_action.unpublished(desk, door.loaded(desk.home), published(desk))
    files = [intake_preview.card(desk, file) for file in intake.uploads(desk)]
    intake_action.offer(desk, files)
    intake_held.waiting(desk, waiting)
    templates(desk)
    lines = ("nothing_yet", "same", "personal", "large")
    notes(desk, [desk.t(f".notes.{one}") for one in lines])


def published(desk: Desk) -> frozenset[str]:
    """Return the sha256 of the files in the release that readers see."""
    return frozenset(query.files(desk.release)["sha256"]) if desk.release else frozenset()


def changed(desk: Desk, files: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Return key and title of the pages whose numbers rest on these files."""
    assert desk.release is not None
    metrics = query.metrics_from(files, desk.release)
    return [
        (page.key, desk.t(f"{page.section}.{page.key}.title"))
        for page in PAGES
        if metrics.intersection(page.metrics)
    ]


main()
