"""Make the next item while the last one is used."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")

SWITCH_SECONDS = 0.0002
"""How long a thread may keep another from Python. The work is done in short calls to libraries;
with Python's usual 5 ms each of them waits for its turn longer than it takes."""


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made by a thread while its predecessor is in use.

    An exception of `items` is raised where the item would have come. A consumer that stops early
    stops the thread.
    """
    made: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(maxsize=1)
    stop = threading.Event()

    def put(item: Item | None, error: BaseException | None) -> None:
        while not stop.is_set():
            try:
                made.put((item, error), timeout=0.1)
                return
            except queue.Full:
                continue

    def work() -> None:
        try:
            for item in items:
                put(item, None)
                if stop.is_set():
                    return
            put(None, None)
        except BaseException as error:
            put(None, error)

    thread = threading.Thread(target=work, name="ahead", daemon=True)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(min(interval, SWITCH_SECONDS))
    thread.start()
    try:
        while True:
            item, error = made.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
