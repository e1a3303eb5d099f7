"""What the ledger says of one loaded file, and how files stand to each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """What is known of a loaded file.

    period_from, period_to: ISO dates or None. loaded_at: ISO, UTC. ignored_reasons: reason → rows.
    months (YYYY-MM), places (municipality, office, department) and constants (of the profile) are
    what is compared before a file replaces another. given_municipality: the code that was given
    for rows that name none. replaces: sha256 of files that this one supersedes as a whole.
    repeats: sha256 of files against which rows were dropped as duplicates or held as conflicts.
    corrects: sha256 of the file whose rows held back this one brings again. closes: which of
    them, as sheet → ranges of row numbers ("3-5,9"). waived: columns that were let pass although
    they may look like personal data, with the reason that config.toml gave.
    """

    sha256: str
    file: str
    source: str
    profile: str
    municipality: str | None
    period_from: str | None
    period_to: str | None
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int
    ignored: int
    ignored_reasons: Mapping[str, int]
    loaded_at: str
    loaded_by: str
    result: str
    synthetic: bool
    months: Sequence[str] = ()
    places: Sequence[str] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    given_municipality: str | None = None
    replaces: Sequence[str] = ()
    repeats: Sequence[str] = ()
    corrects: str | None = None
    closes: Mapping[str, str] = field(default_factory=dict)
    waived: Mapping[str, str] = field(default_factory=dict)


def active_of(known: Sequence[Entry]) -> list[Entry]:
    """Those of the entries that none of the others replaces.

    A file that brings corrected rows stands and falls with the file whose rows they are.
    """
    silent = replaced_by(known).keys()
    return [e for e in known if e.sha256 not in silent and e.corrects not in silent]


def replaced_by(known: Sequence[Entry]) -> dict[str, Entry]:
    """sha256 of each replaced file → the newest entry that replaces it.

    A file that was loaded again after the one that once replaced it is not replaced.
    """
    by_sha = {entry.sha256: entry for entry in known}
    return {
        sha256: entry
        for entry in known
        for sha256 in entry.replaces
        if sha256 in by_sha and by_sha[sha256].loaded_at < entry.loaded_at
    }


def closed(known: Sequence[Entry]) -> dict[str, dict[str, set[int]]]:
    """Rows held back that were brought again: sha256 → sheet → row numbers.

    known: active entries, oldest first. A returned file closes its rows in the file that it
    corrects and in those returned before it, so that each row is open in the newest at most.
    """
    found: dict[str, dict[str, set[int]]] = {}
    for at, entry in enumerate(known):
        if entry.corrects is None:
            continue
        for earlier in known[:at]:
            if entry.corrects in (earlier.sha256, earlier.corrects):
                for sheet, ranges in entry.closes.items():
                    rows = found.setdefault(earlier.sha256, {}).setdefault(sheet, set())
                    rows |= rows_of(ranges)
    return found


def rows_of(ranges: str) -> set[int]:
    """The row numbers that a text like "3-5,9" names."""
    found: set[int] = set()
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def ranges_of(rows: Collection[int]) -> str:
    """The inverse of `rows_of`."""
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
