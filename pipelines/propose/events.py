"""Propose a profile for a machine's event log: a line per event, without a header.

The machine says which events and which queues there are, and from which to which number each gives
out tickets; whose queues those are only the office knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.profile_schema import EVENT_ADAPTER
from pipelines.propose.draft import quoted, said
from pipelines.read import Document
from pipelines.recognise import adapter_module, visible_sheets
from pipelines.sources import load_sources

SOURCE = "ticket_log"

USUAL = {"0": ("issued", "発券"), "1": ("called", "呼出"), "2": ("cancelled", "取消")}
"""What the codes of the machine that writes such logs mean (明光商会 ボイスコールPro)."""

_DAY, _TIME, _EVENT, _QUEUE, _NUMBER = range(5)


def is_event_log(document: Document) -> bool:
    """True where the file's first lines are events."""
    adapter = adapter_module(EVENT_ADAPTER)
    return adapter.recognise(visible_sheets(document), load_sources()[SOURCE])


@dataclass
class _Range:
    """Ticket numbers of a queue in the file: the least, the greatest, and how many lines."""

    first: int
    last: int
    lines: int = 0


def _count(document: Document) -> tuple[Counter[str], dict[str, _Range]]:
    """How often each event stands in the file, and the numbers of each queue, chunk by chunk."""
    events: Counter[str] = Counter()
    ranges: dict[str, _Range] = {}
    for sheet in visible_sheets(document):
        for chunk in sheet.chunks(0, _NUMBER + 1):
            cells = {
                at: pc.utf8_trim_whitespace(chunk.column(f"c{at}").cast(pa.string()))
                for at in (_EVENT, _QUEUE, _NUMBER)
            }
            number = pc.replace_with_mask(
                cells[_NUMBER].combine_chunks(),
                pc.invert(pc.match_substring_regex(cells[_NUMBER], r"^\d{1,6}$")).combine_chunks(),
                pa.scalar(None, pa.string()),
            ).cast(pa.int32())
            table = pa.table({"event": cells[_EVENT], "queue": cells[_QUEUE], "number": number})
            table = table.filter(pc.is_valid(table["number"]))
            for event, lines in _groups(table.group_by("event").aggregate([("number", "count")])):
                events[event] += lines
            found = table.group_by("queue").aggregate(
                [("number", "min"), ("number", "max"), ("number", "count")]
            )
            for queue, first, last, lines in _groups(found):
                one = ranges.setdefault(queue, _Range(first, last))
                one.first, one.last = min(one.first, first), max(one.last, last)
                one.lines += lines
    return events, ranges


def _groups(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Rows of a grouped table, the key first."""
    key = next(name for name in table.column_names if name in ("event", "queue"))
    names = [key, *(name for name in table.column_names if name != key)]
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def propose_events(
    document: Document, name: str, pattern: str
) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Notes, lines of YAML, and what could not be decided."""
    events, ranges = _count(document)
    open_ = [
        f"要確認 codes: イベント {said(code)}（{count:,}行）の意味が分かりません"
        for code, count in sorted(events.items())
        if code not in USUAL
    ]
    open_ += [
        f"要確認 queues: 業務 {said(queue)} の課と窓口、番号の範囲を書いてください"
        f"（{one.lines:,}行、番号 {one.first}～{one.last}）"
        for queue, one in sorted(ranges.items())
    ]
    lines = [
        f"id: {quoted(name)}",
        f"source: {SOURCE}  # {load_sources()[SOURCE].label.ja}",
        f"label: {{ja: {quoted(name)}, en: {quoted(name)}}}",
        f"file: {quoted(pattern)}",
        f"adapter: {EVENT_ADAPTER}",
        "events:",
        "  codes:",
        *(f"    {key}: {_list(code)}  # {word}" for code, (key, word) in USUAL.items()),
        "  queues:",
        *(f"    # {line}" for line in open_),
        *(
            f"    # - {{id: {quoted(queue)}, counter: （窓口番号）, department: （課）,"
            f" from: {one.first}, to: {one.last}}}"
            for queue, one in sorted(ranges.items())
        ),
        "  reliable_laps: 2  # 1日に番号が何周するまで発券が記録されるか",
    ]
    notes = [
        f"「{said(document.name)}」は発券機のイベントログです（見出しなし、{events.total():,}行）",
        "番号の範囲は、このファイルに出た番号です。機械の設定に直してください",
    ]
    return notes, lines, tuple(open_)


def _list(code: str) -> str:
    return f"[{quoted(code)}]"
