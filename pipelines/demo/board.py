"""What the main office's public page showed every five minutes in the last weeks of the demo."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.demo import days
from pipelines.demo.world import LAST_DAY, MAIN, QUEUES, WATERMARK, Queue
from pipelines.demo.writing import write_csv

FIRST_DAY = date(2026, 10, 13)
EVERY = 300
"""Seconds between two snapshots."""
HEADER = ["待ち行列", "日付", "時刻", "待ち人数", "開設窓口数", "呼出番号", "待ち時間の目安"]
_MINUTES_PER_PERSON = 9
_ROUNDED_TO = 5

Row = list[str | int]


def _left_line(tickets: pd.DataFrame) -> np.ndarray:
    """Seconds at which each is off the board: called, or passed over by the next that is called."""
    called: pd.Series = tickets["called"].bfill()
    off: np.ndarray = called.fillna(np.inf).to_numpy()
    return off


def rows_of(queue: Queue, shift: days.Shift, tickets: pd.DataFrame) -> list[Row]:
    """The snapshots of one queue and day. tickets: those of the day, in the order of issue."""
    issued, off = tickets["issued"].to_numpy(), _left_line(tickets)
    called, number = tickets["called"].to_numpy(), tickets["ticket_number"].to_numpy()
    found: list[Row] = []
    for now in range(shift.opens, shift.closes + 1, EVERY):
        waiting = int(((issued <= now) & (off > now)).sum())
        seen = np.where(called <= now, called, -np.inf)
        last = str(number[seen.argmax()]) if len(seen) and seen.max() > 0 else ""
        minutes = waiting * _MINUTES_PER_PERSON / max(shift.counters, 1)
        about = int(-(-minutes // _ROUNDED_TO) * _ROUNDED_TO)
        clock = f"{now // 3600}:{now // 60 % 60:02}"
        found.append(
            [
                queue.department,
                f"{shift.day:%Y/%m/%d}",
                clock,
                waiting,
                shift.counters,
                last,
                f"約{about}分",
            ]
        )
    return found


def write(tickets: pd.DataFrame, folder: Path) -> None:
    """Write the file into `folder`. tickets: all of `visits.simulate`."""
    rows: list[Row] = []
    for queue in QUEUES:
        if queue.office != MAIN:
            continue
        own = tickets[
            (tickets["department"] == queue.department) & (tickets["office"] == queue.office)
        ]
        by_day = dict(iter(own.groupby(own["day"].dt.date)))
        for shift in days.shifts(queue):
            if FIRST_DAY <= shift.day <= LAST_DAY and shift.day in by_day:
                rows += rows_of(queue, shift, by_day[shift.day].sort_values("issued"))
    title = [f"{MAIN} 待ち状況の公開ページの写し（{WATERMARK}）"]
    write_csv(folder / "待ち状況_2026年10月.csv", [title, HEADER, *rows])
