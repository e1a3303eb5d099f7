"""What is loaded, how fresh it is, what is held back, which releases there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipelines import held, ledger
from pipelines.clock import day_in_japan
from pipelines.entry import Entry, replaced_by
from pipelines.sources import load_sources
from warehouse import releases
from warehouse.home import Home
from warehouse.schedule import is_late


@dataclass(frozen=True)
class SourceStatus:
    """One source: what its active files hold. freshness: fresh, late, or none without files.

    quarantined: rows that are still open. replaced: files that a later one supersedes.
    """

    source: str
    label: str
    schedule: str
    files: int
    replaced: int
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
    entries = held.open_entries(home)
    active = {entry.sha256 for entry in entries}
    silent = [entry for entry in ledger.entries(home) if entry.sha256 not in active]
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
                sum(entry.source == source.id for entry in silent),
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
    """All of it as plain values: home, sources, files, quarantined, releases, current.

    files: every ledger entry as it was written, with `active`, `replaced_by` (sha256 or null) and
    `open` (rows held back that are still open). quarantined: open rows of all active files.
    """
    known = ledger.entries(home)
    by = replaced_by(known)
    still = {entry.sha256: entry.quarantined for entry in held.open_entries(home)}
    return {
        "home": str(home.root),
        "sources": [asdict(status) for status in sources(home, today)],
        "files": [
            {
                **asdict(entry),
                "active": entry.sha256 in still,
                "replaced_by": by[entry.sha256].sha256 if entry.sha256 in by else None,
                "open": still.get(entry.sha256, 0),
            }
            for entry in known
        ],
        "quarantined": sum(still.values()),
        "releases": releases.names(home),
        "current": releases.current(home),
    }


_FRESHNESS = {"fresh": "", "late": "［更新待ち］", "none": ""}


def lines(home: Home, today: date, *, files: bool = False) -> list[str]:
    """The same for a reader: one line per source with what was replaced, then the releases.

    files: one more line for each file, with the period for which it speaks.
    """
    said = [f"保存場所: {home.root}"]
    missing = []
    known = ledger.entries(home)
    for status in sources(home, today):
        if not status.files:
            missing.append(status.label)
            continue
        period = "期間なし" if not status.period_to else f"{status.period_from}～{status.period_to}"
        said.append(
            f"{status.label}: {status.files}ファイル、{status.accepted:,}行、保留 "
            f"{status.quarantined:,}行、{period}、最終取込 {day_in_japan(str(status.loaded_at))}"
            f"{_FRESHNESS[status.freshness]}"
        )
        said += _spoken_for([e for e in known if e.source == status.source], files)
    if missing:
        said.append(f"未取込: {'、'.join(missing)}")
    names, current = releases.names(home), releases.current(home)
    said.append(f"公開版: {current or 'なし（python -m pipelines publish で作ります）'}")
    if older := [name for name in names if name != current]:
        said.append(f"ほかの公開版: {'、'.join(older)}")
    return said


def _spoken_for(own: Sequence[Entry], files: bool) -> list[str]:
    """Which file of a source speaks for which months, and which ones others replace."""
    by, by_sha = replaced_by(own), {entry.sha256: entry for entry in own}
    said = []
    for entry in own:
        months = f"{entry.months[0]}～{entry.months[-1]}" if entry.months else "期間なし"
        day = day_in_japan(entry.loaded_at)
        name = f"  {months} {entry.file}（{entry.sha256[:12]}、{day} 取込）"
        if original := by_sha.get(entry.corrects or ""):
            name += f"{original.file} の保留の直し"
        if later := by.get(entry.corrects or entry.sha256):
            said.append(f"{name}は {later.file}（{later.sha256[:12]}）に置き換えられています")
        elif files:
            said.append(f"{name} {entry.accepted:,}行")
        for column, reason in entry.waived.items():
            what = f"列「{column}」は個人情報の確認を省いています（{reason}）"
            said.append(f"  {entry.file} の{what}")
    return said
