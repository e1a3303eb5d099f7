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
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pipelines.errors import PipelineError
from warehouse.home import Home


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Hold the lock of `home`. Raises PipelineError naming the process that holds it."""
    home.root.mkdir(parents=True, exist_ok=True)
    path = home.root / "lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _held(path.read_text(encoding="utf-8")) from error
        file.truncate(0)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "started": started}, file)
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _held(written: str) -> PipelineError:
    try:
        holder = json.loads(written)
        who = f"プロセス {holder['pid']}（{holder['host']}、{holder['started']} から）"
        who_en = f"process {holder['pid']} on {holder['host']} since {holder['started']}"
    except (ValueError, KeyError, TypeError):
        who, who_en = "ほかのプロセス", "another process"
    return PipelineError(
        f"{who}が書き込み中です。終わってからもう一度実行してください",
        f"{who_en} is writing; try again when it has finished",
    )
