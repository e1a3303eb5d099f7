"""Runs loads in processes of their own, started fast: one process has everything imported and
forks a child for each. Reads a JSON line per job on stdin, answers with the child's number, and
with how it ended."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from pipelines import forget, ingest
from warehouse.home import Home


def work(job: dict[str, str]) -> None:
    home = Home(Path(job["home"]))
    if "forget" in job:
        forget.forget(home, job["forget"])
    else:
        ingest.load([Path(job["load"])], home)


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work(job)
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
