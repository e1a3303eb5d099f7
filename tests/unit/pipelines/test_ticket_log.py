"""Ticket logs as machines write them: every row ends somewhere, and the numbers are known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import held, ingest, ledger
from pipelines.results import LoadResult
from warehouse.home import Home

CITY = "272060"
HEADER = "団体コード,庁舎,課,窓口番号,受付番号,発券時刻,呼出時刻,完了時刻,手続,状態,引継元窓口"

Writer = Callable[[datetime], str]


def slash(at: datetime) -> str:
    return f"{at:%Y/%m/%d %H:%M:%S}"


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def short_era(at: datetime) -> str:
    return f"R{at.year - 2018}.{at.month}.{at.day} {at.hour}:{at:%M}"


def long_era(at: datetime) -> str:
    return f"令和{at.year - 2018}年{at.month}月{at.day}日 {at.hour}時{at:%M}分"


def full_width(at: datetime) -> str:
    return slash(at).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


WRITERS = [slash, iso, short_era, long_era, full_width]


def ticket(number: int, write: Writer = slash) -> str:
    """A good row; each number another minute."""
    issued = datetime(2026, 10, 1, 9, 0) + timedelta(minutes=number)
    times = [write(issued + timedelta(minutes=more)) for more in (0, 7, 12)]
    return f"{CITY},本庁,市民課,1,{number},{','.join(times)},転入届,完了,"


def write_log(path: Path, rows: list[str], *, header: str = HEADER, title: bool = False) -> Path:
    lines = [*(["発券機ログ①　髙島町"] if title else []), header, *rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp932"))
    return path


def load(path: Path, home: Path) -> LoadResult:
    (result,) = ingest.load([path], Home(home))
    return result


def counts(result: LoadResult) -> tuple[int, int, int, int, int]:
    return (
        result.rows_read,
        result.accepted,
        result.quarantined,
        result.duplicates,
        result.ignored,
    )


def stored(home: Path) -> list[dict[str, object]]:
    files = sorted((home / "lake/ticket_log").glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_every_way_of_writing_a_moment_means_the_same(tmp_path: Path, write: Writer) -> None:
    rows = [ticket(number, write) for number in range(3)]
    log = write_log(tmp_path / "log.csv", rows, title=True)
    assert counts(load(log, tmp_path / "home")) == (3, 3, 0, 0, 0)
    first = stored(tmp_path / "home")[0]
    assert first["issued_at"] == datetime(2026, 10, 1, 9, 0)
    assert (first["wait_seconds"], first["service_seconds"]) == (420, 300)
    assert (first["weekday"], first["issued_hour"], first["issued_slot"]) == (4, 9, 18)


def test_date_and_time_in_two_columns(tmp_path: Path) -> None:
    header = "団体コード,課,窓口番号,受付番号,発券日,発券時刻,呼出時刻,完了時刻,手続"
    rows = [
        f"{CITY},市民課,1,1,令和8年10月1日,9時00分,9時07分,,転入届",
        f"{CITY},市民課,1,2,令和8年10月1日,9時05分,,,転入届",
    ]
    log = write_log(tmp_path / "log.csv", rows, header=header)
    assert counts(load(log, tmp_path / "home")) == (2, 2, 0, 0, 0)
    called, waiting = stored(tmp_path / "home")
    assert (called["outcome"], called["wait_seconds"]) == ("called", 420)
    assert called["records_finish"] is False
    assert waiting["called_at"] is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("平成31年4月30日 9時00分", datetime(2019, 4, 30, 9)),
        ("令和元年5月1日 9時00分", datetime(2019, 5, 1, 9)),
        ("H31.4.30 9:00", datetime(2019, 4, 30, 9)),
        ("R1.5.1 9:00", datetime(2019, 5, 1, 9)),
    ],
)
def test_the_change_of_era(tmp_path: Path, written: str, read: datetime) -> None:
    log = write_log(tmp_path / "log.csv", [f"{CITY},本庁,市民課,1,1,{written},,,転入届,,"])
    assert counts(load(log, tmp_path / "home")) == (1, 1, 0, 0, 0)
    assert stored(tmp_path / "home")[0]["issued_at"] == read


BAD = {
    "call_before_issue": f"{CITY},本庁,市民課,1,x,2026/10/01 09:10,2026/10/01 09:00,,転入届,,",
    "no_such_day": f"{CITY},本庁,市民課,1,x,2026/02/30 09:10,,,転入届,,",
    "wrong_check_digit": "272061,本庁,市民課,1,x,2026/10/01 09:10,,,転入届,,",
    "unknown_code": "999997,本庁,市民課,1,x,2026/10/01 09:10,,,転入届,,",
    "era_that_never_was": f"{CITY},本庁,市民課,1,x,平成31年5月1日 9時00分,,,転入届,,",
    "no_issue": f"{CITY},本庁,市民課,1,x,,2026/10/01 09:10,,転入届,,",
    "no_number": f"{CITY},本庁,市民課,1,,2026/10/01 09:10,,,転入届,,",
    "unknown_state": f"{CITY},本庁,市民課,1,x,2026/10/01 09:10,,,転入届,謎,",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_held_back_with_what_is_wrong(tmp_path: Path, name: str) -> None:
    log = write_log(tmp_path / "log.csv", [ticket(1), BAD[name], ticket(2)])
    result = load(log, tmp_path / "home")
    assert counts(result) == (3, 2, 1, 0, 0)
    (file,) = (tmp_path / "home/lake/quarantine").glob("*.parquet")
    (held, *_) = pq.read_table(file).to_pylist()
    assert held["source_row"] == 3, "the row as a spreadsheet counts it: header, one good, this"
    assert held["source_file"] == "log.csv"
    assert held["column"] and held["rule"] and held["message_ja"] and held["message_en"]


KINDS = st.lists(st.sampled_from(["good", "bad", "again", "blank"]), min_size=1, max_size=60)


@given(kinds=KINDS, total=st.booleans(), write=st.sampled_from(WRITERS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_always_add_up(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], total: bool, write: Writer
) -> None:
    folder = tmp_path_factory.mktemp("log")
    rows = [ticket(0, write)]
    good, bad, again, blank = 1, 0, 0, 0
    for kind in kinds:
        if kind == "good":
            rows.append(ticket(good, write))
            good += 1
        elif kind == "bad":
            rows.append(list(BAD.values())[bad % len(BAD)].replace(",x,", f",x{bad},"))
            bad += 1
        elif kind == "again":
            rows.append(ticket(0, write))
            again += 1
        else:
            rows.append("," * HEADER.count(","))
            blank += 1
    if total:
        rows.append(f"合計,,,,{good},,,,,,")
    log = write_log(folder / "log.csv", rows)
    result = load(log, folder / "home")
    assert counts(result) == (len(rows), good, bad, again, blank + total)
    assert load(log, folder / "home").status == "unchanged"
    assert len(stored(folder / "home")) == good


def test_the_same_tickets_in_another_file_are_duplicates(tmp_path: Path) -> None:
    home = tmp_path / "home"
    load(write_log(tmp_path / "a.csv", [ticket(n) for n in range(5)]), home)
    log = write_log(tmp_path / "b.csv", [ticket(n) for n in range(3, 8)])
    assert counts(load(log, home)) == (5, 3, 0, 2, 0)
    other = ticket(7).replace("09:14:00", "09:15:00")
    result = load(write_log(tmp_path / "c.csv", [other, ticket(9)]), home)
    assert counts(result) == (2, 1, 1, 0, 0), "same key, other values: a conflict is held back"


def test_personal_data_refuses_the_file_without_repeating_it(tmp_path: Path) -> None:
    rows = [f"{CITY},市民課,1,1,2026/10/01 09:00,山田花子"]
    header = "団体コード,課,窓口番号,受付番号,発券時刻,氏名"
    result = load(write_log(tmp_path / "log.csv", rows, header=header), tmp_path / "home")
    assert result.status == "refused"
    assert "氏名" in result.message and "山田" not in result.message
    assert not list((tmp_path / "home").rglob("*.parquet"))
    assert not list((tmp_path / "home/raw").glob("*"))


def test_a_load_that_died_before_its_ledger_entry_is_done_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    log = write_log(tmp_path / "log.csv", [ticket(n) for n in range(4)])
    load(log, home)
    (entry,) = (home / "lake/ledger").glob("*.json")
    entry.unlink()
    (parquet,) = (home / "lake/ticket_log").glob("*.parquet")
    parquet.write_bytes(b"half a file")
    parquet.with_name("x.parquet.1.partial").write_bytes(b"less than half")
    result = load(log, home)
    assert (result.status, counts(result)) == ("stored", (4, 4, 0, 0, 0))
    assert len(stored(home)) == 4
    assert not list(home.rglob("*.partial"))


def test_a_ticket_that_was_never_called_may_have_no_counter(tmp_path: Path) -> None:
    """Machines know the counter from the call on; a called ticket without one is held back."""
    header = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻,手続"
    rows = [
        f"{CITY},市民課,1,1,2026/10/01 9:00,2026/10/01 9:07,転入届",
        f"{CITY},市民課,,2,2026/10/01 9:01,,転入届",
        f"{CITY},市民課,,3,2026/10/01 9:01,,転入届",
        f"{CITY},市民課,,3,2026/10/01 9:01,,転入届",
        f"{CITY},市民課,,4,2026/10/01 9:02,2026/10/01 9:09,転入届",
        f"{CITY},市民課,2,5,2026/10/01 17:20,2026/10/01 17:21,転入届",
    ]
    log = write_log(tmp_path / "log.csv", rows, header=header)
    assert counts(load(log, tmp_path / "home")) == (6, 4, 1, 1, 0)
    assert {
        (row["ticket_number"], row["counter"], row["outcome"]) for row in stored(tmp_path / "home")
    } == {
        ("1", "1", "called"),
        ("2", None, "abandoned"),
        ("3", None, "abandoned"),
        ("5", "2", "called"),
    }
    (held_row,) = held.table(Home(tmp_path / "home"), None).to_pylist()
    assert (held_row["source_row"], held_row["rule"]) == (6, "counter_missing")


def test_a_file_without_a_column_of_counters_is_refused(tmp_path: Path) -> None:
    header = "団体コード,課,受付番号,発券時刻,呼出時刻,手続"
    row = f"{CITY},市民課,2,2026/10/01 9:01,,転入届"
    result = load(write_log(tmp_path / "log.csv", [row], header=header), tmp_path / "home")
    assert result.status == "refused" and "窓口番号" in result.message


def test_a_ticket_from_the_future_is_held_back_and_makes_no_file_look_fresh(tmp_path: Path) -> None:
    rows = [ticket(0), ticket(1).replace("2026/10/01", "2062/10/01")]
    result = load(write_log(tmp_path / "log.csv", rows), tmp_path / "home")
    assert counts(result) == (2, 1, 1, 0, 0)
    home = Home(tmp_path / "home")
    (held_row,) = held.table(home, None).to_pylist()
    assert (held_row["source_row"], held_row["rule"]) == (3, "future")
    (entry,) = ledger.entries(home)
    assert entry.period_to == "2026-10-01"


def test_a_machine_may_have_states_and_no_no_shows(tmp_path: Path) -> None:
    header = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻,状態"
    row = f"{CITY},市民課,1,2,2026/10/01 9:01,,取消"
    load(write_log(tmp_path / "log.csv", [row], header=header), tmp_path / "home")
    assert stored(tmp_path / "home")[0]["records_no_show"] is True
    other = Home(tmp_path / "other")
    other.profiles.mkdir(parents=True)
    text = "source: ticket_log\nlabel: {ja: 新型, en: New}\nconstants: {records_no_show: false}\n"
    (other.profiles / "新型.yml").write_text(text, "utf-8")
    ingest.load([tmp_path / "log.csv"], other, profile="新型")
    assert stored(other.root)[0]["records_no_show"] is False
