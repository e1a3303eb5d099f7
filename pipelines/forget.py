"""Take a file back out of the lake, as if it had never been loaded.

What goes with it: the corrected rows that were returned for it. What comes back: files that it
replaced, and rows of others that were dropped as its duplicates or held back as its conflicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines import ingest, ledger, pending
from pipelines.clock import day_in_japan
from pipelines.entry import Entry, active_of
from pipelines.errors import PipelineError
from pipelines.profile import STANDARD, load_profiles
from warehouse.home import Home


@dataclass(frozen=True)
class Plan:
    """What forgetting a file does. judge: files whose rows are judged anew, oldest first."""

    entry: Entry
    corrections: tuple[Entry, ...]
    revived: tuple[Entry, ...]
    judge: tuple[Entry, ...]

    def lines(self, *, done: bool = False) -> list[str]:
        """The plan for a reader, one line per fact, in Japanese. done: it has been carried out."""
        entry = self.entry
        end = "取り消しました" if done else "取り消します"
        said = [
            f"{entry.file}（{entry.sha256[:12]}、{day_in_japan(entry.loaded_at)} 取込、"
            f"受理 {entry.accepted:,}行、保留 {entry.quarantined:,}行）を{end}"
        ]
        if self.corrections:
            said.append(f"  一緒に取り消す修正分: {_names(self.corrections)}")
        if self.revived:
            said.append(f"  ふたたび使われるファイル: {_names(self.revived)}")
        if self.judge:
            said.append(f"  判定し直すファイル: {_names(self.judge)}")
        return said


def _names(entries: Sequence[Entry]) -> str:
    return "、".join(f"{entry.file}（{entry.sha256[:12]}）" for entry in entries)


def plan(home: Home, start: str) -> Plan:
    """What forgetting the file whose sha256 begins with `start` would do.

    Raises PipelineError for an unknown or ambiguous start, and where a file that would have to be
    judged anew cannot be: its original bytes or its profile are gone.
    """
    entry = ledger.resolve(home, start)
    known = ledger.entries(home)
    corrections = tuple(e for e in known if e.corrects == entry.sha256)
    gone = {entry.sha256, *(e.sha256 for e in corrections)}
    left = [e for e in known if e.sha256 not in gone]
    before, after = active_of(known), active_of(left)
    silent = {e.sha256 for e in left} - {e.sha256 for e in before}
    revived = tuple(e for e in after if e.sha256 in silent)
    judge = tuple(
        e
        for e in after
        if gone & set(e.repeats)
        or e in revived
        or _follows(e, revived)
        or e.sha256 == entry.corrects
    )
    _refuse_lost(home, judge)
    return Plan(entry, corrections, revived, judge)


def _follows(entry: Entry, revived: Sequence[Entry]) -> bool:
    """True where a file was loaded after a revived one, which was not compared with it then."""
    return any(
        other.source == entry.source
        and other.loaded_at < entry.loaded_at
        and set(other.months) & set(entry.months)
        for other in revived
    )


def _refuse_lost(home: Home, judge: Sequence[Entry]) -> None:
    profiles = {(p.source, p.id) for p in load_profiles(home.profiles)}
    for entry in judge:
        if not (home.raw / entry.sha256).exists():
            raise PipelineError(
                f"{entry.file} を判定し直す必要がありますが、元のファイル raw/{entry.sha256} が"
                "ありません。控えから戻してください",
                f"{entry.file} has to be judged anew, but raw/{entry.sha256} is gone; restore it",
            )
        if entry.profile != STANDARD and (entry.source, entry.profile) not in profiles:
            raise PipelineError(
                f"{entry.file} を判定し直す必要がありますが、プロファイル {entry.profile} が"
                "ありません。profiles/ に戻してください",
                f"{entry.file} has to be judged anew, but its profile {entry.profile} is gone;"
                " put it back",
            )


def forget(home: Home, start: str, wait: float = 0) -> Plan:
    """Do it. Killed half way, the next writer does the rest.

    wait: seconds to wait for another writer. Raises PipelineError as `plan` does and where another
    process is writing; nothing has changed then.
    """
    with ingest.writing(home, wait):
        found = plan(home, start)
        gone = (*found.corrections, found.entry)
        pending.begin(
            home,
            pending.Pending(
                remove=tuple(e.sha256 for e in gone), judge=tuple(e.sha256 for e in found.judge)
            ),
        )
        ingest.complete(home)
    return found
