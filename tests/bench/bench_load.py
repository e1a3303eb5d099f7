"""How fast and in how much memory a ticket log is loaded: `make bench-load`.

For each size, from one run on one machine: Mado's whole load (decode, validate, hold back, find
repeats, Parquet, original bytes, ledger) beside pandas.read_csv of the same file with its moments
parsed, and beside DuckDB's bare typed read_csv of the same rows in UTF-8 into Parquet. Each
measurement is a process of its own; the best of several runs counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import logs

ROOT = Path(__file__).parents[2]

_HEAD = "import json, resource, sys, time; from pathlib import Path; path, out = sys.argv[1:3];"
_TAIL = (
    "; print(json.dumps([time.perf_counter() - start,"
    " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))"
)
_START = "start = time.perf_counter();"

TASKS = {
    "mado": _HEAD
    + "from pipelines import ingest; from warehouse.home import Home;"
    + _START
    + "result = ingest.load([Path(path)], Home(Path(out)))[0]; assert result.accepted, result",
    "pandas": _HEAD
    + "import pandas as pd;"
    + _START
    + "moments = ['発券時刻', '呼出時刻', '完了時刻'];"
    + "frame = pd.read_csv(path, encoding='cp932', dtype={'団体コード': str},"
    + " parse_dates=moments, date_format='%Y/%m/%d %H:%M:%S')",
    "duckdb": _HEAD
    + "import duckdb;"
    + _START
    + "words, moment = 'VARCHAR', 'TIMESTAMP';"
    + "names = ['団体コード', '課', '窓口番号', '受付番号'];"
    + "names += ['発券時刻', '呼出時刻', '完了時刻', '手続'];"
    + "kinds = [words] * 4 + [moment] * 3 + [words];"
    + "columns = dict(zip(names, kinds));"
    + "duckdb.execute(f\"COPY (SELECT * FROM read_csv('{path}', header = true, columns = {columns},"
    + " timestampformat = '%Y/%m/%d %H:%M:%S')) TO '{out}/rows.parquet' (FORMAT parquet)\")",
}


def measure(task: str, path: Path, runs: int) -> tuple[float, float]:
    """Best seconds and the peak memory (MiB) of that run."""
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as out:
            done = subprocess.run(
                [sys.executable, "-c", TASKS[task] + _TAIL, str(path), out],
                cwd=ROOT,
                env={**os.environ, "MADO_HOME": out},
                capture_output=True,
                text=True,
                check=True,
            )
            found.append(tuple(json.loads(done.stdout.splitlines()[-1])))
    seconds, memory = min(found)
    return seconds, memory


def main() -> None:
    """Print one line per size and task, then the bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 5, 10])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    seconds: dict[tuple[str, int], float] = {}
    memory: dict[tuple[str, int], float] = {}
    print(f"{'rows':>6} {'task':8} {'s':>7} {'rows/s':>11} {'MiB':>6}  ratio")
    for millions in options.millions:
        with tempfile.TemporaryDirectory() as folder:
            cp932, utf8 = logs.write(millions * 1_000_000, Path(folder))
            for task in TASKS:
                path = utf8 if task == "duckdb" else cp932
                took, peak = measure(task, path, options.runs)
                seconds[task, millions], memory[task, millions] = took, peak
                ratio = seconds["mado", millions] / took
                rate = f"{millions * 1_000_000 / took:,.0f}"
                print(f"{millions:>5}M {task:8} {took:7.2f} {rate:>11} {peak:6.0f}  {ratio:.2f}")
    if {5, 10} <= set(options.millions):
        growth = seconds["mado", 10] / seconds["mado", 5]
        more = memory["mado", 10] / memory["mado", 5]
        print(f"10M against 5M: time {growth:.2f}, memory {more:.2f}")


if __name__ == "__main__":
    main()
