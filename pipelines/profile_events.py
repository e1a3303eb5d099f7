"""The `events` section of a profile: what the codes of a machine's event log mean, and whose
tickets its queues give out."""

from __future__ import annotations

from pipelines.marked import Marked
from pipelines.profile_model import Events, Queue

CODES = ("issued", "called", "cancelled")
"""Events that a log can hold."""

MOST_NUMBER = 999_999
"""No ticket machine prints longer numbers."""

MOST_LAPS = 100


def _codes(given: Marked) -> dict[str, tuple[str, ...]]:
    """Event → the words that the file writes; each word means one event."""
    found: dict[str, tuple[str, ...]] = {}
    owner: dict[str, str] = {}
    for name, listed in given.mapping(CODES, ("issued", "called")).items():
        found[name] = listed.texts()
        for word in found[name]:
            if word in owner:
                raise listed.error(
                    f"「{word}」は {owner[word]} にも書かれています",
                    f"{word} stands under {owner[word]} too",
                )
            owner[word] = name
    return found


def _queue(given: Marked) -> Queue:
    known = ("id", "counter", "department", "office", "procedure", "from", "to")
    parts = given.mapping(known, ("id", "counter", "department"))
    if ("from" in parts) != ("to" in parts):
        raise given.error(
            "番号の範囲は from と to の両方を書いてください", "needs both from and to, or neither"
        )
    first = parts["from"].whole(0, MOST_NUMBER) if "from" in parts else None
    last = parts["to"].whole(0, MOST_NUMBER) if "to" in parts else None
    if first is not None and last is not None and first > last:
        raise parts["to"].error(
            f"from（{first}）より小さい番号です", f"is smaller than from ({first})"
        )
    return Queue(
        id=parts["id"].text(),
        counter=parts["counter"].text(),
        department=parts["department"].text(),
        office=parts["office"].text() if "office" in parts else None,
        procedure=parts["procedure"].text() if "procedure" in parts else None,
        first=first,
        last=last,
    )


def parse_events(given: Marked) -> Events:
    """Build Events. Raises SchemaError."""
    parts = given.mapping(("codes", "queues", "reliable_laps"), ("codes", "queues"))
    queues: dict[str, Queue] = {}
    for item in parts["queues"].items():
        queue = _queue(item)
        if queue.id in queues:
            raise item.error(
                f"id「{queue.id}」の列（queue）が2回書かれています",
                f"the queue {queue.id} stands twice",
            )
        queues[queue.id] = queue
    laps = parts["reliable_laps"].whole(1, MOST_LAPS) if "reliable_laps" in parts else 2
    return Events(_codes(parts["codes"]), tuple(queues.values()), laps)
