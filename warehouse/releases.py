"""Releases on disk: names, the pointer CURRENT, and what is kept.

A release is one DuckDB file under its own name, written beside as `<name>.duckdb.building` and
renamed when it is complete. CURRENT, replaced atomically, names the one that readers open.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from warehouse.home import Home

KEEP = 3
NAME = re.compile(r"mado-\d{8}T\d{6}Z(-\d{2})?")


class ReleaseError(Exception):
    """A release cannot be written, found or pointed at. One line in Japanese."""


def path_of(home: Home, name: str) -> Path:
    """The file of a release."""
    return home.releases / f"{name}.duckdb"


def names(home: Home) -> list[str]:
    """Complete releases, oldest first."""
    if not home.releases.is_dir():
        return []
    found = (path.stem for path in home.releases.glob("mado-*.duckdb"))
    return sorted(name for name in found if NAME.fullmatch(name))


def current(home: Home) -> str | None:
    """The name in CURRENT, or None where nothing is published. `.duckdb` at its end is allowed."""
    try:
        text = home.current.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return text.removesuffix(".duckdb") or None


def new_name(home: Home, now: datetime) -> str:
    """A name of this second (UTC) that no release has; a second release of it gets `-02`."""
    stamp = now.astimezone(UTC).strftime("mado-%Y%m%dT%H%M%SZ")
    candidates = [stamp, *(f"{stamp}-{count:02}" for count in range(2, 100))]
    for name in candidates:
        if not path_of(home, name).exists():
            return name
    raise ReleaseError(f"{stamp}: 同じ秒に作られたリリースが多すぎます。もう一度実行してください")


def clear_leftovers(home: Home) -> None:
    """Remove what a killed build left behind. The caller holds the writer's lock."""
    for leftover in home.releases.glob("*.building*"):
        leftover.unlink()


def complete(home: Home, building: Path, name: str) -> None:
    """Give a finished file its name, for good."""
    _sync(building)
    building.rename(path_of(home, name))
    _sync(home.releases)


def point(home: Home, name: str) -> None:
    """Make `name` the release that readers open. Raises ReleaseError where there is none such."""
    if not path_of(home, name).exists():
        raise ReleaseError(f"{name}: このリリースはありません。あるもの: {'、'.join(names(home))}")
    temporary = home.current.with_name(f"CURRENT.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home.current)
    _sync(home.root)


def prune(home: Home) -> list[str]:
    """Delete all but the newest three releases and the current one; return what was deleted.

    Readers that still hold a deleted file keep reading it.
    """
    keep = {*names(home)[-KEEP:], current(home)}
    gone = [name for name in names(home) if name not in keep]
    for name in gone:
        path_of(home, name).unlink()
    return gone


def _sync(path: Path) -> None:
    """Make a file's contents, or a folder's entries, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
