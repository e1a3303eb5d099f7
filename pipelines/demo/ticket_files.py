"""The ticket logs as the machines of three offices write them: one file per office and month.

Every office has a maker of its own, the main office changed its machine twice, and a few dozen
rows are wrong in the ways in which real ones are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo import line
from pipelines.demo.world import (
    CITY,
    CITY_CODE,
    HARBOUR,
    MAIN,
    NORTH,
    REFORM,
    WATERMARK,
    generator,
)
from pipelines.demo.writing import full_width, reiwa, write_csv

_STATES = {line.SERVED: "完了", line.NO_SHOW: "不在", line.CANCELLED: "取消", line.ABANDONED: ""}
_ERA_FROM, _ERA_TO = date(2025, 6, 1), date(2025, 9, 1)
"""For three months the main office's machine was set to write era dates."""

Cells = list[str]
Stamp = Callable[[int, int, int, int], Cells]
"""Year, month, day, second of the day → the cells of one point in time."""


def _slash(year: int, month: int, day: int, second: int) -> Cells:
    hour, minute = second // 3600, second // 60 % 60
    return [f"{year}/{month:02}/{day:02} {hour:02}:{minute:02}:{second % 60:02}"]


def _iso(year: int, month: int, day: int, second: int) -> Cells:
    hour, minute = second // 3600, second // 60 % 60
    return [f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second % 60:02}"]


def _era(year: int, month: int, day: int, second: int) -> Cells:
    return [f"令和{reiwa(year)}年{month}月{day}日 {second // 3600}時{second // 60 % 60:02}分"]


def _short_era(year: int, month: int, day: int, second: int) -> Cells:
    return [f"R{reiwa(year)}.{month}.{day} {second // 3600}:{second // 60 % 60:02}"]


def _two_columns(year: int, month: int, day: int, second: int) -> Cells:
    hour, minute = second // 3600, second // 60 % 60
    return [f"{year}/{month}/{day}", f"{hour}:{minute:02}:{second % 60:02}"]


@dataclass(frozen=True)
class Machine:
    """How one office's machine writes: time format, what it records, digits."""

    stamp: Stamp
    time_headers: tuple[str, ...]
    finish: bool = True
    forward: bool = False
    wide_digits: bool = False

    @property
    def width(self) -> int:
        """Cells per point in time."""
        return len(self.time_headers) // (3 if self.finish else 2)


_ONE_COLUMN = ("発券時刻", "呼出時刻", "完了時刻")
_TWO = ("発券日", "発券時刻", "呼出日", "呼出時刻", "完了日", "完了時刻")


def machine(office: str, month: date) -> Machine:
    """Return the machine that an office used in a month."""
    if office == NORTH:
        return Machine(_two_columns, _TWO, wide_digits=True)
    if office == HARBOUR:
        return Machine(_short_era, _ONE_COLUMN[:2], finish=False)
    if _ERA_FROM <= month < _ERA_TO:
        return Machine(_era, _ONE_COLUMN, forward=True)
    return Machine(_iso if month >= REFORM.replace(day=1) else _slash, _ONE_COLUMN, forward=True)


def header(writes: Machine) -> Cells:
    """Return the column names of a machine's file."""
    names = ["団体コード", "庁舎", "課", "窓口番号", "受付番号", *writes.time_headers, "手続"]
    return names + ["状態"] * writes.finish + ["引継元窓口"] * writes.forward


def _rows(tickets: pd.DataFrame, writes: Machine) -> list[Cells]:
    """Return the cells of each ticket in the order of issue."""
    blank = [""] * writes.width
    digits = full_width if writes.wide_digits else str
    days = [(day.year, day.month, day.day) for day in tickets["day"]]
    found: list[Cells] = []
    columns = ["office", "department", "counter", "ticket_number", "issued", "called", "finished"]
    columns += ["procedure", "outcome", "forwarded_from"]
    for day, values in zip(days, tickets[columns].itertuples(index=False), strict=True):
        office, department, counter, number, issued, called, finished, *rest = values
        procedure, outcome, origin = rest
        cells = [CITY_CODE, office, department]
        cells += [digits(str(counter)), digits(f"{number:03}")]
        cells += writes.stamp(*day, int(issued))
        cells += blank if np.isnan(called) else writes.stamp(*day, int(called))
        if writes.finish:
            cells += blank if np.isnan(finished) else writes.stamp(*day, int(finished))
        cells.append(procedure)
        if writes.finish:
            cells.append(_STATES[outcome])
        if writes.forward:
            cells.append(origin)
        found.append(cells)
    return found


_ISSUED = 5
"""Position of the first cell of the time of issue."""

FAULTS = {
    "call_before_issue": 16,
    "impossible_date": 10,
    "wrong_code": 9,
    "no_issue": 6,
    "impossible_time": 5,
    "duplicate": 8,
}
"""How many rows of the whole demo have each fault. A duplicate is a row that stands twice."""


def _spoil(
    fault: str, rows: list[Cells], tickets: pd.DataFrame, position: int, writes: Machine
) -> None:
    """Put one fault into a row."""
    cells, ticket = rows[position], tickets.iloc[position]
    day: pd.Timestamp = ticket["day"]
    width, issued = writes.width, int(ticket["issued"])
    at = slice(_ISSUED, _ISSUED + width)
    if fault == "duplicate":
        rows.append(list(cells))
    elif fault == "call_before_issue":
        early = writes.stamp(day.year, day.month, day.day, issued - 480)
        cells[_ISSUED + width : _ISSUED + 2 * width] = early
    elif fault == "impossible_date":
        cells[at] = writes.stamp(day.year, day.month, 32, issued)
    elif fault == "impossible_time":
        cells[at] = writes.stamp(day.year, day.month, day.day, 26 * 3600 + issued % 3600)
    elif fault == "no_issue":
        cells[at] = [""] * width
    elif fault == "wrong_code":
        cells[0] = CITY_CODE[:-1] + str((int(CITY_CODE[-1]) + 1) % 10)


def _plan(files: int, rng: np.random.Generator) -> list[list[str]]:
    """Spread the faults over the files."""
    plan: list[list[str]] = [[] for _ in range(files)]
    for fault, count in FAULTS.items():
        for number in rng.integers(0, files, count):
            plan[int(number)].append(fault)
    return plan


def write(tickets: pd.DataFrame, folder: Path, seed: int) -> None:
    """Write all files of `visits.simulate` into `folder`, with the faults of FAULTS."""
    rng = generator(seed, "ticket faults")
    months = tickets["day"].dt.to_period("M")
    groups = [
        (office, month, tickets[(tickets["office"] == office) & (months == month)])
        for office in (MAIN, NORTH, HARBOUR)
        for month in sorted(months.unique())
    ]
    for (office, month, group), faults in zip(groups, _plan(len(groups), rng), strict=True):
        group = group.sort_values(["day", "issued"], kind="stable")
        writes = machine(office, date(month.year, month.month, 1))
        rows = _rows(group, writes)
        called = np.flatnonzero(group["called"].notna().to_numpy())
        for fault, position in zip(
            faults, rng.choice(called, len(faults), replace=False), strict=True
        ):
            _spoil(fault, rows, group, int(position), writes)
        names = header(writes)
        title = f"{CITY} {office} 受付発券機 受付履歴 {month.year}年{month.month}月（{WATERMARK}）"
        total = ["合計", "", "", "", f"{len(rows):,}件"] + [""] * (len(names) - 5)
        name = f"窓口受付_{office}_{month.year}年{month.month:02}月.csv"
        write_csv(folder / name, [[title], names, *rows, total])
