"""Counts add up: over any dimension, the parts of a total give the total."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.spec.lake import Lake
from warehouse import query


def random_tickets(count: int, seed: int) -> str:
    """Tickets at several counters over some weeks, some never called."""
    chance = random.Random(seed)
    lines = ["municipality | office | department | counter | procedure | issued_at | called_at"]
    for _ in range(count):
        issued = datetime(2026, 9, 1, 8, 30) + timedelta(
            days=chance.randrange(60), seconds=chance.randrange(8 * 3600)
        )
        called = issued + timedelta(seconds=int(chance.expovariate(1 / 600)))
        code, office = chance.choice((("272060", "本庁"), ("272060", "支所"), ("272078", "本庁")))
        cells = (
            *(code, office, chance.choice(("市民課", "税務課")), chance.randrange(1, 4)),
            *(chance.choice(("転入", "証明", "-")), issued),
            called if chance.random() < 0.9 else "-",
        )
        lines.append(" | ".join(map(str, cells)))
    return "\n".join(lines)


@pytest.fixture
def release(lake: Lake) -> query.Release:
    lake.add("ticket_log", random_tickets(800, 1))
    lake.add(
        "workload_survey",
        """
        municipality | survey | department | section | task | category     | staff_kind | hours
        272060       | 2025   | 市民課     | -       | 証明 | reception    | regular    | 30
        272060       | 2025   | 市民課     | 住民係  | 証明 | consultation | fixed_term | 10
        272060       | 2025   | 税務課     | -       | 賦課 | data_entry   | regular    | 60
        272078       | 2024   | 税務課     | -       | 賦課 | planning     | outsourced | 25
        """,
    )
    lake.add(
        "staff_age",
        """
        municipality | as_of      | department | age | kind       | headcount | fte
        272060       | 2026-04-01 | 市民課     | 40  | regular    | 6         | 6
        272060       | 2026-04-01 | -          | 61  | rehired    | 2         | 1
        272078       | 2025-04-01 | 税務課     | 52  | fixed_term | 3         | 2
        """,
    )
    return lake.release()


@pytest.mark.parametrize("name", ["tickets", "workload_hours", "staff", "staff_fte"])
def test_the_parts_of_a_total_give_the_total(release: query.Release, name: str) -> None:
    whole = query.metric(name, release=release)
    assert whole.value
    for dimension in whole.metric.dimensions:
        parts = query.metric(name, by=dimension, release=release)
        assert parts.frame["value"].sum() == pytest.approx(whole.value), dimension
        assert parts.frame["n"].sum() == whole.n, dimension
        for code, value in zip(parts.frame[dimension], parts.frame["value"], strict=True):
            where = {dimension: None if pd.isna(code) else code}
            alone = query.metric(name, where=where, release=release).value
            assert alone == pytest.approx(value), (dimension, code)


@pytest.mark.parametrize("within", [[], ["department"], ["municipality", "staff_kind"]])
def test_shares_within_a_scope_add_up_to_one(release: query.Release, within: list[str]) -> None:
    by = [*within, "category"]
    frame = query.metric("workload_share", by=by, release=release).frame
    sums = frame.groupby(within)["value"].sum() if within else frame[["value"]].sum()
    assert sums.to_numpy() == pytest.approx(1)


@pytest.mark.parametrize(("name", "percent"), [("wait_p50", 50), ("wait_p90", 90)])
def test_percentiles_of_any_group_are_those_of_its_waits(
    release: query.Release, name: str, percent: int
) -> None:
    waits = query.sql("SELECT counter_id, hour, wait_seconds FROM mart_wait", release)
    frame = query.metric(name, by=["counter", "hour"], release=release).frame
    assert len(frame) > 20
    for counter, hour, value, n in frame.itertuples(index=False):
        own = waits[(waits["counter_id"] == counter) & (waits["hour"] == hour)]["wait_seconds"]
        assert (value, n) == (pytest.approx(np.percentile(own, percent) / 60), len(own))
