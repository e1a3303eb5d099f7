"""The status page's copy and the movements of staff say what the other files of the demo say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipelines.demo import board, flows, staff
from pipelines.demo.world import MAIN

SEED = 2040
Read = Callable[[Path], list[list[str]]]


def test_the_board_shows_who_was_issued_and_not_yet_called(
    city_folder: Path, read_rows: Read, tickets: pd.DataFrame
) -> None:
    title, header, *rows = read_rows(city_folder / "待ち状況_2026年10月.csv")
    assert header == board.HEADER and "模擬データ" in title[0]
    shown = pd.DataFrame(rows, columns=header)
    assert len(shown) > 3000
    waiting = shown["待ち人数"].astype(int)
    assert waiting.min() == 0 and 5 < waiting.max() < 100
    # One moment counted from the tickets themselves, without those who leave uncalled.
    moment = shown[waiting == waiting.max()].iloc[0]
    hour, minute = map(int, moment["時刻"].split(":"))
    own = tickets[
        (tickets["office"] == MAIN)
        & (tickets["department"] == moment["待ち行列"])
        & (tickets["day"] == pd.Timestamp(moment["日付"]))
    ]
    now = hour * 3600 + minute * 60
    sure = ((own["issued"] <= now) & (own["called"] > now)).sum()
    gone = own["called"].isna().sum()
    assert sure <= int(moment["待ち人数"]) <= sure + gone


def test_the_movements_of_a_year_turn_one_file_of_staff_into_the_next() -> None:
    now, before = staff.persons(SEED)
    moved = flows.of_last_year(SEED)
    hired = sum(count for flow, count in moved.items() if flow.reason is None)
    left = sum(count for flow, count in moved.items() if flow.reason is not None)
    stays = (staff.REGULAR, staff.REHIRED)
    sizes = [sum(person.kind in stays for person in people) for people in (before, now)]
    assert sizes[0] + hired - left == sizes[1]
    assert 10 <= hired <= 20 and 10 <= left <= 20


def test_nobody_retires_in_a_year_in_which_the_age_rises(
    city_folder: Path, read_rows: Read
) -> None:
    (path,) = city_folder.glob("採用・退職者数*.csv")
    _, header, *rows = read_rows(path)
    assert header == flows.HEADER
    retired = Counter(row[1] for row in rows if row[6] == flows.MANDATORY)
    assert set(retired) == {"令和3年度", "令和4年度", "令和6年度"}
    assert {row[1] for row in rows} == {f"令和{n}年度" for n in range(3, 8)}
