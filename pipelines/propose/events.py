"""Propose a profile for a machine's event log: a line per event, without a header.

The machine says which events and which queues there are, and from which to which number each gives
out tickets; whose queues those are only the office knows.
"""

from __future__ import annotations

from collections import Counter

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


def propose_events(
    document: Document, name: str, pattern: str
) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Notes, lines of YAML, and what could not be decided."""
    rows = [
        [cell.strip() for cell in row[: _NUMBER + 1]]
        for sheet in visible_sheets(document)
        for row in sheet.rows()
        if len(row) > _NUMBER
    ]
    events = Counter(row[_EVENT] for row in rows)
    numbers: dict[str, list[int]] = {}
    for row in rows:
        if row[_NUMBER].isdecimal():
            numbers.setdefault(row[_QUEUE], []).append(int(row[_NUMBER]))
    open_ = [
        f"要確認 codes: イベント {said(code)}（{count:,}行）の意味が分かりません"
        for code, count in sorted(events.items())
        if code not in USUAL
    ]
    open_ += [
        f"要確認 queues: 業務 {said(queue)} の課と窓口、番号の範囲を書いてください"
        f"（{len(found):,}行、番号 {min(found)}～{max(found)}）"
        for queue, found in sorted(numbers.items())
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
            f" from: {min(found)}, to: {max(found)}}}"
            for queue, found in sorted(numbers.items())
        ),
        "  reliable_laps: 2  # 1日に番号が何周するまで発券が記録されるか",
    ]
    notes = [
        f"「{said(document.name)}」は発券機のイベントログです（見出しなし、{len(rows):,}行）",
        "番号の範囲は、このファイルに出た番号です。機械の設定に直してください",
    ]
    return notes, lines, tuple(open_)


def _list(code: str) -> str:
    return f"[{quoted(code)}]"
