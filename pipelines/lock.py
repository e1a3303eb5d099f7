"""One writer at a time under MADO_HOME.

The system releases the lock when its process ends, however it ends. The lock file stays and names
the last holder, so that a second writer can say who is at work; a name left by a process that was
killed holds nobody up.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipelines.clock import in_japan
from pipelines.errors import PipelineError
from warehouse.home import Home

POLL_SECONDS = 0.1
"""How often a waiting writer looks whether the lock is free."""


class Held(PipelineError):  # noqa: N818 (the word that users meet)
    """Another process is writing."""


class _Mine(threading.local):
    """The locks that this thread holds: what it calls may ask for them again."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()


_mine = _Mine()


@contextmanager
def writing(home: Home, wait: float = 0) -> Iterator[None]:
    """Hold the lock of `home`; within the block the same thread may take it again.

    wait: seconds to wait for another writer. Raises Held naming the process that holds it.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    path = (home.root / "lock").resolve()
    if path in _mine.paths:
        yield
        return
    with path.open("a+", encoding="utf-8") as file:
        _acquire(file, path, wait)
        file.truncate(0)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "started": started}, file)
        file.flush()
        _mine.paths.add(path)
        try:
            yield
        finally:
            _mine.paths.discard(path)
            file.truncate(0)


def _acquire(file: IO[str], path: Path, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise _held(path.read_text(encoding="utf-8")) from error
            time.sleep(POLL_SECONDS)


def _held(written: str) -> Held:
    try:
        holder = json.loads(written)
        since = f"{in_japan(holder['started']):%Y-%m-%d %H:%M}"
        who = f"プロセス {holder['pid']}（{holder['host']}、{since} から）"
        who_en = f"process {holder['pid']} on {holder['host']} since {since}"
    except (ValueError, KeyError, TypeError):
        who, who_en = "ほかのプロセス", "another process"
    return Held(
        f"{who}が書き込み中です。終わってからもう一度実行してください",
        f"{who_en} is writing; try again when it has finished",
    )
