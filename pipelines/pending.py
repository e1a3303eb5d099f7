"""Changes to files that are loaded already, safe against being killed half way.

Taking a file out changes what others hold: rows that were dropped or held back because of it come
back. What is to be done is written down before anything is touched; whoever writes next does the
rest first. Each step can be done twice.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines import ledger
from pipelines.entry import Entry, active_of
from pipelines.errors import PipelineError
from warehouse.home import Home

Judge = Callable[[Entry, frozenset[str]], None]
"""Judges a loaded file anew, without comparing it with the files of these sha256."""


@dataclass(frozen=True)
class Pending:
    """sha256 of files to take out, and of files to judge anew afterwards."""

    remove: tuple[str, ...] = ()
    judge: tuple[str, ...] = ()


def _marker(home: Home) -> Path:
    return home.lake / "pending.json"


def begin(home: Home, pending: Pending) -> None:
    """Write down what `complete` is to do. The caller holds the lock and nothing is pending."""
    ledger.write_text(_marker(home), json.dumps(asdict(pending), indent=1) + "\n")


def read(home: Home) -> Pending | None:
    """What is still to be done, or None. Raises PipelineError where it cannot be read."""
    try:
        given = json.loads(_marker(home).read_text(encoding="utf-8"))
        return Pending(tuple(given["remove"]), tuple(given["judge"]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise PipelineError(
            f"{_marker(home)} が壊れています。控えから戻してください",
            f"{_marker(home)} is damaged; restore it from a backup",
        ) from error


def complete(home: Home, judge: Judge) -> None:
    """Do what is pending, if anything. The caller holds the lock.

    Files are judged in the order in which they were loaded, each against all the others but those
    that still wait for their turn: as if the files that were taken out had never been there.
    """
    pending = read(home)
    if pending is None:
        return
    for sha256 in pending.remove:
        _take_out(home, sha256)
    known = ledger.entries(home)
    waiting = [entry for entry in active_of(known) if entry.sha256 in pending.judge]
    for at, entry in enumerate(waiting):
        later = {other.sha256 for other in waiting[at + 1 :]}
        judge(entry, frozenset({entry.sha256, *later}))
        fresh = ledger.find(home, entry.sha256)
        if fresh and not fresh.quarantined:
            _unlink(ledger.quarantine(home, fresh))
    _unlink(_marker(home))


def _take_out(home: Home, sha256: str) -> None:
    """The ledger entry first: from then on the file counts as not loaded."""
    _unlink(home.ledger / f"{sha256}.json")
    for path in home.lake.glob(f"*/{sha256}.parquet"):
        _unlink(path)
    _unlink(home.raw / sha256)


def _unlink(path: Path) -> None:
    """Remove a file for good: its folder is written to disk before the next step."""
    if path.exists():
        path.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
