"""Runs loads in processes of their own, started fast: one process has everything imported and
forks a child for each. Reads a JSON line per job on stdin, answers with the child's number, and
with how it ended."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from pipelines import __main__ as commands


def work(job: dict[str, str]) -> int:
    """Do a job: `arguments` of the command line, its words going into the file `says`. `limit`:
    bytes above which no file can grow."""
    os.environ["MADO_HOME"] = job["home"]
    if "limit" in job:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(job["limit"]),) * 2)
    with Path(job["says"]).open("w", encoding="utf-8") as says:
        sys.stdout = sys.stderr = says
        return commands.main(json.loads(job["arguments"]))


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 70  # an error that the command line does not know
            try:
                code = work(job)
            finally:
                os._exit(code)
        print("process", child, flush=True)
        _, status = os.waitpid(child, 0)
        print("exit", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
