"""When each line of counters was open: one row per office, group and open day."""

from __future__ import annotations

from pathlib import Path

from pipelines.demo import days
from pipelines.demo.world import CITY_CODE, QUEUES
from pipelines.demo.writing import write_csv

HEADER = ["団体コード", "庁舎", "窓口グループ", "日付", "開始時刻", "終了時刻", "開設窓口数"]


def _clock(second: int) -> str:
    return f"{second // 3600}:{second // 60 % 60:02}"


def write(folder: Path) -> None:
    """Write the file into `folder`."""
    rows = [
        [
            CITY_CODE,
            queue.office,
            queue.department,
            f"{shift.day:%Y/%m/%d}",
            _clock(shift.opens),
            _clock(shift.closes),
            shift.counters,
        ]
        for queue in QUEUES
        for shift in days.shifts(queue)
    ]
    write_csv(folder / "窓口開設.csv", [HEADER, *rows])
