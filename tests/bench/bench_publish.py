"""What one more month costs at `publish`: `make bench-publish`.

A home with some million tickets of ten years is published; then one more month is loaded and
published again. Beside it stands the plain way to get the same table: DuckDB reading all Parquet
files of the lake into one table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines import ingest, publish
from tests.bench import logs
from warehouse.home import Home

MONTH = 100_000
"""Tickets of the month that is added."""


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain(home: Home, out: Path) -> None:
    """All tickets of the lake in one table of a new database."""
    with duckdb.connect(str(out)) as connection:
        files = f"{home.lake}/ticket_log/*.parquet"
        connection.execute(f"CREATE TABLE tickets AS FROM read_parquet('{files}')")


def measure(millions: int, folder: Path) -> None:
    """Print the line of one size."""
    home = Home(folder / "home")
    log, month = logs.write_with_next(millions * 1_000_000, MONTH, folder)
    loaded = timed(lambda: ingest.load([log], home))
    first = timed(lambda: publish.publish(home))
    ingest.load([month], home)
    more = timed(lambda: publish.publish(home))
    bare = timed(lambda: plain(home, folder / "plain.duckdb"))
    print(f"{millions:>7}M {loaded:8.1f} {first:10.1f} {more:11.1f} {bare:14.1f}")


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=int, nargs="+", default=[1, 10, 50])
    options = parser.parse_args()
    print(
        f"{'tickets':>8} {'load s':>8} {'publish s':>10} {'+1 month s':>11} {'plain table s':>14}"
    )
    for millions in options.millions:
        with tempfile.TemporaryDirectory() as folder:
            measure(millions, Path(folder))


if __name__ == "__main__":
    main()
