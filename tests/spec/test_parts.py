"""A release that takes over tables of the one before is equal to one made from nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from pathlib import Path

import pytest

from tests.spec.lake import Lake
from warehouse import releases
from warehouse.engine import Engine
from warehouse.home import Home
from warehouse.parts import STATE
from warehouse.runner import ChecksFailed

TICKETS = "municipality | office | counter | ticket_number | issued_at | called_at | finished_at"
SNAPSHOTS = "municipality | office | queue | observed_at | waiting | observed_date | weekday | slot"
BLOCK = 262_144
"""Bytes of a block of a release's file."""

APART = {STATE, "meta_release"}
"""What differs: how files were written, and when the release was built."""


def contents(home: Home) -> dict[str, list[str]]:
    """Every table of the current release: its columns and its rows, sorted."""
    name = releases.current(home)
    assert name
    engine = Engine.read_only(releases.path_of(home, name))
    found = {}
    for (table,) in engine.execute("SELECT table_name FROM duckdb_tables()"):
        if table not in APART:
            rows = engine.arrow(f"SELECT * FROM {table}")
            found[table] = [str(rows.schema), *sorted(map(str, rows.to_pylist()))]
    engine.close()
    return found


def made_from_nothing(lake: Lake, root: Path) -> dict[str, list[str]]:
    other = Lake(root)
    shutil.rmtree(root, ignore_errors=True)
    other.files, other.ledger = lake.files, lake.ledger
    other.build()
    return contents(other.home)


def taken_over(home: Home, table: str) -> bool:
    """Whether the table was made from the same as that of the release before, files apart."""
    first, last = (releases.path_of(home, name) for name in releases.names(home)[-2:])
    states = []
    for path in (first, last):
        engine = Engine.read_only(path)
        states.append(
            engine.execute(
                f"SELECT fingerprint FROM {STATE} WHERE table_name = ? AND sha256 IS NULL", [table]
            )
        )
        engine.close()
    return states[0] == states[1]


def tickets(rng: random.Random, start: int) -> str:
    """Some tickets of one to three months of 2026, in two municipalities, numbered from start."""
    months = rng.sample(range(1, 9), rng.randint(1, 3))
    lines = [TICKETS]
    for number in range(start, start + rng.randint(1, 12)):
        day = f"2026-{rng.choice(months):02}-{rng.randint(1, 28):02}"
        called = rng.choice(("-", f"{day} 09:1{rng.randint(0, 9)}"))
        finished = "-" if called == "-" else f"{day} 09:3{rng.randint(0, 9)}"
        lines.append(
            f"{rng.choice((272060, 131016))} | {rng.choice(('本庁', '-'))} | {rng.randint(1, 3)} |"
            f" {number} | {day} 09:0{rng.randint(0, 9)} | {called} | {finished}"
        )
    return "\n".join(lines)


def snapshots(rng: random.Random, start: int) -> str:
    month, day = rng.randint(1, 8), f"{start % 28 + 1:02}"
    return f"{SNAPSHOTS}\n" + "\n".join(
        f"272060 | 本庁 | 住民票 | 2026-{month:02}-{day} 10:{start % 60:02}:{second:02} |"
        f" {rng.randint(0, 9)} | 2026-{month:02}-{day} | 3 | 20"
        for second in range(rng.randint(1, 5))
    )


def take_out(lake: Lake, source: str, path: Path) -> None:
    lake.files[source].remove(path)
    lake.ledger = [entry for entry in lake.ledger if entry["sha256"] != path.stem]


def write_again(lake: Lake, source: str, path: Path, text: str) -> None:
    """The same file judged anew: other rows under the same sha256, at its place in the order."""
    entries, files = list(lake.ledger), list(lake.files[source])
    sha256 = lake.add(source, text)
    lake.files[source][-1].replace(path)
    table = Engine.memory()
    table.execute(
        f"COPY (SELECT * REPLACE ('{path.stem}' AS source_sha256) FROM '{path}') TO '{path}.new'"
        " (FORMAT parquet)"
    )
    Path(f"{path}.new").replace(path)
    os.utime(path, ns=(1, hash(sha256) % 10**15))
    lake.files[source] = files
    accepted = lake.ledger[-1]["accepted"]
    lake.ledger = [
        {**entry, "accepted": accepted, "rows_read": accepted}
        if entry["sha256"] == path.stem
        else entry
        for entry in entries
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_changes_ends_in_the_same_tables(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    lake = Lake(tmp_path / "home")
    lake.add("ticket_log", tickets(rng, 1))
    lake.build()
    for step in range(1, 7):
        for _ in range(rng.randint(1, 2)):
            kind = rng.choice(("add", "add", "out", "again", "snapshot", "month"))
            logs = lake.files["ticket_log"]
            if kind == "out" and len(logs) > 1:
                take_out(lake, "ticket_log", rng.choice(logs))
            elif kind == "again" and logs:
                write_again(lake, "ticket_log", rng.choice(logs), tickets(rng, step * 1000))
            elif kind == "snapshot":
                lake.add("queue_snapshot", snapshots(rng, step))
            elif kind == "month" and not lake.files["counter_month"]:
                lake.add("counter_month", "municipality | month | issued\n131016 | 2026-03 | 90")
            else:
                lake.add("ticket_log", tickets(rng, step * 1000 + 500))
        lake.build()
        assert contents(lake.home) == made_from_nothing(lake, tmp_path / "other"), step


def test_what_another_month_brings_leaves_the_tables_in_place(lake: Lake) -> None:
    lake.add("ticket_log", f"{TICKETS}\n272060 | - | 1 | 1 | 2026-01-05 09:00 | - | -")
    lake.build()
    lake.add("ticket_log", f"{TICKETS}\n272060 | - | 1 | 1 | 2026-02-05 09:00 | - | -")
    lake.build()
    for table in ("core_ticket", "core_ticket_day", "mart_wait", "mart_counter"):
        assert taken_over(lake.home, table), table


def test_a_setting_that_a_table_reads_makes_it_anew(lake: Lake) -> None:
    lake.add(
        "ticket_log",
        f"{TICKETS}\n272060 | - | 1 | 1 | 2026-01-05 09:00 | 2026-01-05 09:10 | -",
    )
    lake.build()
    (lake.home.root / "config.toml").write_text("wait_target_minutes = 5\n", encoding="utf-8")
    release = lake.release()
    counted = release.engine.execute("SELECT sum(waits_over_target) FROM mart_counter")
    assert counted == [(1,)]
    assert not taken_over(lake.home, "mart_counter")
    assert taken_over(lake.home, "mart_wait")


def test_checks_see_repeats_between_an_old_file_and_a_new_one(lake: Lake) -> None:
    row = "272060 | - | 1 | 7 | 2026-01-05 09:00 | - | -"
    lake.add("ticket_log", f"{TICKETS}\n{row}")
    before = lake.build()
    lake.add("ticket_log", f"{TICKETS}\n{row}\n272060 | - | 1 | 8 | 2026-01-06 09:00 | - | -")
    with pytest.raises(ChecksFailed, match="ticket_once"):
        lake.build()
    assert releases.names(lake.home) == [before]


def test_a_release_that_cannot_be_read_is_not_taken_over(lake: Lake) -> None:
    lake.add("ticket_log", f"{TICKETS}\n272060 | - | 1 | 1 | 2026-01-05 09:00 | - | -")
    first = lake.build()
    releases.path_of(lake.home, first).write_bytes(b"damaged")
    release = lake.release()
    assert release.engine.execute("SELECT count(*) FROM core_ticket") == [(1,)]


def test_a_release_that_is_damaged_where_only_a_build_reads_it_is_not_taken_over(
    lake: Lake,
) -> None:
    names = (hashlib.sha512(bytes([n % 256, n // 256])).hexdigest() for n in range(3_000))
    rows = [f"272060 | - | 1 | {name} | 2026-01-05 09:00 | - | -" for name in names]
    lake.add("ticket_log", "\n".join([TICKETS, *rows]))
    path = releases.path_of(lake.home, lake.build())
    whole = path.read_bytes()
    at = max(blocks_of(path, "core_ticket") - blocks_of(path, STATE)) * BLOCK + BLOCK // 2
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
    lake.add("ticket_log", f"{TICKETS}\n272060 | - | 1 | 2 | 2026-01-06 09:00 | - | -")
    release = lake.release()
    assert release.engine.execute("SELECT count(*) FROM core_ticket") == [(3_001,)]


def blocks_of(release: Path, table: str) -> set[int]:
    """The numbers of the blocks of a release's file that hold rows of a table."""
    engine = Engine.read_only(release)
    found = engine.execute(
        f"SELECT DISTINCT block_id FROM pragma_storage_info('{table}') WHERE block_id >= 0"
    )
    engine.close()
    return {block for (block,) in found}
