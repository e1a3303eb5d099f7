"""Taking files in the background, so that a click elsewhere on the page does not stop it halfway.

Streamlit ends a script where the reader does something else; a thread of our own goes on, and
the next rerun finds it in the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from pipelines import door
from ui.components.intake import Desk, on_disk
from ui.components.intake_preview import Looked


@dataclass
class Job:
    """Files that are being taken, how far it is, and what came of it.

    rows: read so far; total: to be read. at: number of the file in work, from 1. publishing:
    the last step. problem: why it ended early; failure: a fault of the product. told: the reader
    has been brought to the result.
    """

    names: Sequence[str]
    total: int
    rows: int = 0
    at: int = 0
    publishing: bool = False
    results: list[door.LoadResult] = field(default_factory=list)
    release: str | None = None
    problem: door.PipelineError | None = None
    failure: Exception | None = None
    thread: Thread | None = None
    told: bool = False

    @property
    def running(self) -> bool:
        """True until the thread has ended."""
        return self.thread is not None and self.thread.is_alive()


def start(desk: Desk, files: Sequence[Looked]) -> Job:
    """Write the files to a temporary folder and begin to take them; the folder goes at the end."""
    rows = sum(one.preview.result.rows_read for one in files if one.preview)
    job = Job([one.file.name for one in files], rows)
    held = ExitStack()
    wanted = [
        door.Wanted(held.enter_context(on_disk(one.file)), **_decided(one.choice)) for one in files
    ]
    _run(job, lambda: _take(job, wanted, desk), held)
    return job


def publish(desk: Desk) -> Job:
    """Begin to publish what is loaded already."""
    job = Job([], 0)
    _run(job, lambda: _publish(job, desk), ExitStack())
    return job


def _decided(choice: Mapping[str, str | None]) -> dict[str, str | None]:
    return {part: choice[part] for part in ("source", "profile", "municipality")}


def _run(job: Job, work: Callable[[], None], held: ExitStack) -> None:
    def run() -> None:
        with held:
            try:
                work()
            except door.PipelineError as error:
                job.problem = error
            except Exception as error:  # the page logs it with an id
                job.failure = error

    job.thread = Thread(target=run, name="intake", daemon=True)
    job.thread.start()


def _take(job: Job, wanted: Sequence[door.Wanted], desk: Desk) -> None:
    def report(path: Path) -> Callable[[int], None]:
        job.at += 1

        def advance(rows: int) -> None:
            job.rows += rows

        return advance

    job.results = door.load(wanted, desk.home, report)
    if any(result.status == "stored" for result in job.results):
        _publish(job, desk)


def _publish(job: Job, desk: Desk) -> None:
    job.publishing = True
    job.release = door.publish(desk.home)
