"""Take new files from a drop folder: load them, move them aside with a note, publish once.

One pass holds the writer's lock from its first file to its last move, so that passes which a
scheduler starts too close together do not meet. A file is moved after the release is made: one
that still lies in the folder although it is loaded tells that the pass before was killed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines import ingest, ledger, publish
from pipelines.errors import PipelineError
from pipelines.results import STATUS, LoadResult
from warehouse import releases
from warehouse.home import Home
from warehouse.releases import ReleaseError
from warehouse.runner import BuildError

SETTLE_SECONDS = 2.0
"""A file whose size or time changes within this is still being written."""

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
"""Ends of names that programs give to files while they write them."""

DONE, REFUSED = "done", "refused"


@dataclass(frozen=True)
class Pass:
    """What one pass did. release: the name of the new one, None where nothing was stored."""

    results: tuple[LoadResult, ...] = ()
    release: str | None = None


def ready(folder: Path, settle: float) -> dict[Path, tuple[int, int]]:
    """The files that are complete, with size and time of change as they were seen.

    Left out: hidden files, names that programs use while writing, workbooks that somebody has
    open, and what changes within `settle` seconds. Raises PipelineError where there is no folder.
    """
    if not folder.is_dir():
        raise PipelineError(
            f"フォルダー {folder} がありません。場所と名前を確かめてください",
            f"there is no folder {folder}; check its place and name",
        )
    before = _seen(folder)
    if not before:
        return {}
    time.sleep(settle)
    after = _seen(folder)
    return {path: seen for path, seen in after.items() if before.get(path) == seen}


def _seen(folder: Path) -> dict[Path, tuple[int, int]]:
    paths = sorted(folder.iterdir())
    # Excel marks an open workbook by a file beside it: ~$ before the name, or over its start.
    opened = {path.name[2:] for path in paths if path.name.startswith("~$")}
    found = {}
    for path in paths:
        name = path.name
        if name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED) or not path.is_file():
            continue
        state = _state(path)
        if state and name not in opened and name[2:] not in opened:
            found[path] = state
    return found


def once(
    home: Home,
    folder: Path,
    *,
    source: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    wait: float = 0,
    settle: float = SETTLE_SECONDS,
    report: ingest.Reporter = lambda path: lambda rows: None,
) -> Pass:
    """One pass over `folder`. source, profile, municipality, wait, report: see ingest.load.

    Raises PipelineError where another process is writing (nothing is touched then) or an option
    is wrong, and what publishing raises; the files are stored and moved all the same.
    """
    with ingest.writing(home, wait):
        seen = ready(folder, settle)
        if not seen:
            return Pass()
        results = ingest.load(
            seen,
            home,
            source=source,
            profile=profile,
            municipality=municipality,
            report=report,
        )
        try:
            release = publish.publish(home) if _due(home, results) else None
        except (BuildError, ReleaseError) as error:
            _move_all(folder, seen, results, f"公開できませんでした。{error}", "not published")
            raise
        _move_all(
            folder,
            seen,
            results,
            f"公開版: {release}" if release else "",
            f"release: {release}" if release else "",
        )
    return Pass(tuple(results), release)


def _due(home: Home, results: Sequence[LoadResult]) -> bool:
    """True where something was stored, by this pass or by one that was killed before publishing."""
    if any(result.status == "stored" for result in results):
        return True
    current = releases.current(home)
    known = [ledger.find(home, r.sha256) for r in results if r.status == "unchanged" and r.sha256]
    return any(entry and (current is None or _newer(entry.loaded_at, current)) for entry in known)


def _newer(loaded_at: str, release: str) -> bool:
    """True where a file was loaded after the second in which a release was begun."""
    loaded = datetime.fromisoformat(loaded_at).strftime("mado-%Y%m%dT%H%M%SZ")
    return loaded > release[: len(loaded)]


def _move_all(
    folder: Path,
    seen: dict[Path, tuple[int, int]],
    results: Sequence[LoadResult],
    ja: str,
    en: str,
) -> None:
    """Put each file into done/ or refused/, with a note of what became of it and of the release."""
    for (path, before), result in zip(seen.items(), results, strict=True):
        if _state(path) != before:
            continue  # it has grown meanwhile: the next pass takes it whole
        to = folder / (REFUSED if result.status == "refused" else DONE)
        to.mkdir(exist_ok=True)
        target = next(name for name in _names(to, path) if not name.exists())
        taken = result.status != "refused"  # a release says nothing of a file that is not in it
        lines = [f"{STATUS[result.status]}: {result.message}", ja if taken else ""]
        lines += [f"{result.status}: {result.message_en}", en if taken else ""]
        note = target.with_name(f"{target.name}.txt")
        ledger.write_text(note, "\n".join(filter(None, lines)) + "\n")
        path.replace(target)


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of change; None where the file is gone."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_size, state.st_mtime_ns


def _names(folder: Path, path: Path) -> Iterator[Path]:
    """The file's own name in another folder, then that name with numbers."""
    yield folder / path.name
    for number in range(2, 1_000_000):
        yield folder / f"{path.stem} ({number}){path.suffix}"
