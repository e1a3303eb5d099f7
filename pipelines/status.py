"""What is loaded, how fresh it is, what is held back, which releases there are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipelines import ledger
from pipelines.sources import load_sources
from warehouse import releases
from warehouse.home import Home
from warehouse.schedule import is_late


@dataclass(frozen=True)
class SourceStatus:
    """One source: what is loaded of it. freshness: fresh, late, or none where nothing is loaded."""

    source: str
    label: str
    schedule: str
    files: int
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int
    ignored: int
    period_from: str | None
    period_to: str | None
    loaded_at: str | None
    freshness: str


def freshness(schedule: str, period_to: str | None, today: date) -> str:
    """fresh or late, by the last day that the source's rows cover."""
    last = date.fromisoformat(period_to) if period_to else None
    return "late" if is_late(schedule, last, today) else "fresh"


def sources(home: Home, today: date) -> list[SourceStatus]:
    """One status per source, those without files included."""
    entries = ledger.entries(home)
    found = []
    for source in load_sources().values():
        own = [entry for entry in entries if entry.source == source.id]
        first = min((e.period_from for e in own if e.period_from), default=None)
        last = max((e.period_to for e in own if e.period_to), default=None)
        found.append(
            SourceStatus(
                source.id,
                source.label.ja,
                source.schedule,
                len(own),
                sum(entry.rows_read for entry in own),
                sum(entry.accepted for entry in own),
                sum(entry.quarantined for entry in own),
                sum(entry.duplicates for entry in own),
                sum(entry.ignored for entry in own),
                first,
                last,
                max((entry.loaded_at for entry in own), default=None),
                freshness(source.schedule, last, today) if own else "none",
            )
        )
    return found


def report(home: Home, today: date) -> dict[str, Any]:
    """All of it as plain values: home, sources, files, quarantined, releases, current."""
    entries = ledger.entries(home)
    return {
        "home": str(home.root),
        "sources": [asdict(status) for status in sources(home, today)],
        "files": [asdict(entry) for entry in entries],
        "quarantined": sum(entry.quarantined for entry in entries),
        "releases": releases.names(home),
        "current": releases.current(home),
    }


_FRESHNESS = {"fresh": "", "late": "［更新待ち］", "none": ""}


def lines(home: Home, today: date) -> list[str]:
    """The same for a reader: one line per source, then quarantine and releases."""
    said = [f"保存場所: {home.root}"]
    missing = []
    for status in sources(home, today):
        if not status.files:
            missing.append(status.label)
            continue
        period = "期間なし" if not status.period_to else f"{status.period_from}～{status.period_to}"
        said.append(
            f"{status.label}: {status.files}ファイル、{status.accepted:,}行、保留 "
            f"{status.quarantined:,}行、{period}、最終取込 {str(status.loaded_at)[:10]}"
            f"{_FRESHNESS[status.freshness]}"
        )
    if missing:
        said.append(f"未取込: {'、'.join(missing)}")
    names, current = releases.names(home), releases.current(home)
    said.append(f"公開版: {current or 'なし（python -m pipelines publish で作ります）'}")
    if older := [name for name in names if name != current]:
        said.append(f"ほかの公開版: {'、'.join(older)}")
    return said
