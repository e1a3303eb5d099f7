"""Event logs of ticket machines: tickets rebuilt from lines equal those that were simulated.

The simulator knows nothing of the rebuilding: it walks through a day minute by minute, hands out
numbers, calls, recalls, cancels, and writes what the machine would.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import held, ingest
from pipelines.adapters import event_tickets, ticket_events
from pipelines.adapters.base import Context
from pipelines.adapters.event_lines import queue_ids
from pipelines.adapters.event_tickets import MERGED, ORPHAN, RECALLED, TICKET, UNRELIABLE, rebuild
from pipelines.profile import Events, Profile, Queue
from pipelines.read import open_document
from pipelines.results import LoadResult
from pipelines.sources import load_sources
from warehouse.home import Home

CITY = "272060"
OPEN, CLOSE = 8 * 60 + 30, 17 * 60


@dataclass
class Ticket:
    """What really happened to one visitor."""

    lap: int
    number: int
    issued: int
    called: int | None = None
    cancelled: bool = False

    @property
    def told(self) -> tuple[int, int, int | None, bool]:
        return self.number, self.issued, self.called, self.cancelled


@dataclass(frozen=True)
class Day:
    """Truth and log of one queue's day. lines: (minute, event, number), as written."""

    tickets: list[Ticket]
    lines: list[tuple[int, int, int]]


def simulate(
    rng: random.Random, *, first: int, size: int, arrivals: int, recorded_laps: int = 2
) -> Day:
    """A day with about `arrivals` visitors and one queue whose numbers are first … first+size−1."""
    tickets: list[Ticket] = []
    waiting: list[Ticket] = []
    recent: list[Ticket] = []
    lines: list[tuple[int, int, int]] = []
    for minute in range(OPEN, CLOSE):
        written: list[tuple[int, int, int]] = []
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            if len(tickets) < arrivals and len(waiting) < size // 2:
                ticket = Ticket(len(tickets) // size + 1, first + len(tickets) % size, minute)
                tickets.append(ticket)
                waiting.append(ticket)
                if ticket.lap <= recorded_laps:
                    written.append((minute, 0, ticket.number))
        for _ in range(rng.choice((0, 1, 1, 2))):
            if waiting and (waiting[0].issued < minute or rng.random() < 0.5):
                ticket = waiting.pop(0)
                fate = rng.random()
                if fate < 0.04:
                    continue  # left without a word, and nobody pressed the button
                if fate < 0.08:
                    ticket.cancelled = True
                    written.append((minute, 2, ticket.number))
                else:
                    ticket.called = minute
                    written.append((minute, 1, ticket.number))
                    recent.append(ticket)
        recent = [one for one in recent if minute - (one.called or 0) <= 4]
        if recent and rng.random() < 0.05:
            ticket = rng.choice(recent)
            if ticket.called != minute:
                ticket.called = minute
                written.append((minute, 1, ticket.number))
        rng.shuffle(written)
        lines += written
    return Day(tickets, lines)


def events(day: Day, rng: random.Random | None = None) -> pd.DataFrame:
    lines = list(day.lines)
    if rng:  # the same minute in another order, and some lines twice
        lines += rng.sample(lines, min(5, len(lines)))
        rng.shuffle(lines)
        lines.sort(key=lambda line: line[0])
    frame = pd.DataFrame(lines, columns=["minute", "event", "number"])
    return frame.assign(row=range(1, len(frame) + 1), day=20_000, queue=0)


def told(tickets: pd.DataFrame) -> list[tuple[int, int, int | None, bool]]:
    columns = tickets[["number", "minute", "called", "cancelled"]]
    return sorted(
        (number, minute, None if called < 0 else called, cancelled)
        for number, minute, called, cancelled in columns.itertuples(index=False)
    )


def queue(first: int, size: int) -> Queue:
    return Queue("01", "1", "市民課", first=first, last=first + size - 1)


sizes = st.integers(60, 120)
firsts = st.sampled_from([1, 101, 800])
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60)
@given(seed=seeds, first=firsts, size=sizes, share=st.floats(0.1, 1.9))
def test_two_rounds_are_rebuilt_exactly(seed: int, first: int, size: int, share: float) -> None:
    rng = random.Random(seed)
    day = simulate(rng, first=first, size=size, arrivals=int(size * share))
    rebuilt = rebuild(events(day, rng), [queue(first, size)], 2)
    assert told(rebuilt.tickets) == sorted(ticket.told for ticket in day.tickets)
    own = rebuilt.lines[~rebuilt.lines["repeated"]]
    assert set(own["became"]) <= {TICKET, MERGED, RECALLED}
    assert (own["became"] == TICKET).sum() == len(day.tickets)


@settings(max_examples=60)
@given(seed=seeds, first=firsts, size=sizes, share=st.floats(2.0, 4.0))
def test_a_third_round_never_gives_a_wrong_ticket(
    seed: int, first: int, size: int, share: float
) -> None:
    rng = random.Random(seed)
    day = simulate(rng, first=first, size=size, arrivals=int(size * share))
    rebuilt = rebuild(events(day, rng), [queue(first, size)], 2)
    truth = {ticket.told for ticket in day.tickets if ticket.lap <= 2}
    found = told(rebuilt.tickets)
    assert set(found) <= truth
    # All that was over an hour before the second round was full is there.
    full = max(ticket.issued for ticket in day.tickets if ticket.lap <= 2)
    sure = {
        ticket.told
        for ticket in day.tickets
        if ticket.called is not None and ticket.called < full - event_tickets.RECALLED_WITHIN
    }
    assert sure <= set(found)
    if any(ticket.lap > 2 and ticket.called for ticket in day.tickets):
        assert (rebuilt.lines["became"] == UNRELIABLE).any()


@settings(max_examples=30)
@given(seed=seeds, size=sizes, share=st.floats(2.0, 4.0))
def test_a_machine_that_records_all_rounds_is_rebuilt_exactly(
    seed: int, size: int, share: float
) -> None:
    rng = random.Random(seed)
    day = simulate(rng, first=1, size=size, arrivals=int(size * share), recorded_laps=99)
    rebuilt = rebuild(events(day, rng), [queue(1, size)], 99)
    assert told(rebuilt.tickets) == sorted(ticket.told for ticket in day.tickets)


def test_the_last_call_counts_and_a_call_may_stand_before_its_issue_in_a_minute() -> None:
    rebuilt = rebuild(
        events(Day([], [(540, 1, 1), (540, 0, 1), (545, 1, 1), (550, 1, 1)])), [queue(1, 99)], 2
    )
    assert told(rebuilt.tickets) == [(1, 540, 550, False)]
    assert rebuilt.lines["became"].tolist() == [RECALLED, TICKET, RECALLED, MERGED]


@pytest.mark.parametrize(
    ("lines", "called", "cancelled"),
    [
        ([(541, 2, 1)], None, True),
        ([(541, 1, 1), (543, 2, 1)], 541, True),
        ([(541, 2, 1), (543, 1, 1)], 543, False),
        ([], None, False),
    ],
)
def test_a_cancellation_counts_unless_a_call_follows(
    lines: list[tuple[int, int, int]], called: int | None, cancelled: bool
) -> None:
    rebuilt = rebuild(events(Day([], [(540, 0, 1), *lines])), [queue(1, 99)], 2)
    assert told(rebuilt.tickets) == [(1, 540, called, cancelled)]


def test_numbers_wrap_within_a_day_and_begin_anew_on_the_next() -> None:
    day = Day([], [(540 + n // 2, 0, 1 + n % 60) for n in range(70)])
    two = pd.concat([events(day), events(day).assign(day=20_001)])
    two["row"] = range(len(two))
    rebuilt = rebuild(two, [queue(1, 60)], 2)
    assert len(rebuilt.tickets) == 140
    issued = rebuilt.tickets.groupby(["day", "number"])["minute"].count()
    assert issued.loc[(20_000, 1)] == 2 and issued.loc[(20_001, 60)] == 1


def test_a_lost_line_at_the_end_of_the_last_recorded_round_does_not_hide_it() -> None:
    """Number 60 of the second round is lost; the calls of the third are no recalls all the same."""
    issues = [(500 + n, 0, 1 + n % 60) for n in range(119)]
    calls = [(501 + n, 1, 1 + n % 60) for n in range(119)]
    third = [(640 + n, 1, 1 + n) for n in range(20)]
    rebuilt = rebuild(events(Day([], sorted([*issues, *calls, *third]))), [queue(1, 60)], 2)
    assert all(called - minute == 1 for _, minute, called, _ in told(rebuilt.tickets) if called)


def test_calls_alone_give_no_ticket_and_no_wait() -> None:
    rebuilt = rebuild(events(Day([], [(540, 1, 1), (541, 2, 2)])), [queue(1, 99)], 2)
    assert told(rebuilt.tickets) == []
    assert rebuilt.lines["became"].tolist() == [ORPHAN, ORPHAN]


def test_a_queue_without_a_range_has_no_rounds() -> None:
    lines = [(500 + n, event, 9 - n % 3) for n in range(12) for event in (0, 1)]
    rebuilt = rebuild(events(Day([], lines)), [Queue("01", "1", "市民課")], 2)
    assert len(rebuilt.tickets) == 12
    assert all(called == minute for _, minute, called, _ in told(rebuilt.tickets))


def test_a_day_that_begins_in_the_middle_of_a_round_counts_from_there() -> None:
    """From 150 to 199, then a whole round: the next one is beyond two."""
    numbers = [*range(150, 200), *range(1, 200)]
    lines = [(500 + n, event, number) for n, number in enumerate(numbers) for event in (0, 1)]
    rebuilt = rebuild(events(Day([], lines)), [queue(1, 199)], 2)
    assert len(rebuilt.tickets) == len(numbers)
    third = [(800 + n, 1, 1 + n) for n in range(30)]
    rebuilt = rebuild(events(Day([], [*lines, *third])), [queue(1, 199)], 2)
    assert len(rebuilt.tickets) == len(numbers)
    assert (rebuilt.lines["became"] == UNRELIABLE).sum() == 30


def test_spreadsheets_drop_the_zeros_of_a_queue() -> None:
    queues = tuple(replace(queue(1, 9), id=text) for text in ("01", "02", "12"))
    assert queue_ids(queues)["2"] == 1 and queue_ids(queues)["02"] == 1
    doubtful = tuple(replace(queue(1, 9), id=text) for text in ("01", "1"))
    assert queue_ids(doubtful) == {"01": 0, "1": 1}


# --- Files -----------------------------------------------------------------------------------

PROFILE = """
source: ticket_log
label: {ja: 市民課の呼出機, en: Calling machine}
adapter: ticket_events
events:
  codes: {issued: ["0"], called: ["1"], cancelled: ["2"]}
  queues:
    - {id: "01", counter: "1", department: 市民課, procedure: 証明, from: 1, to: 99}
    - {id: "02", counter: "2", department: 税務課, office: 南支所, from: 101, to: 199}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.profiles.mkdir(parents=True)
    (home.profiles / "呼出機.yml").write_text(PROFILE, "utf-8")
    return home


def load(home: Home, lines: list[str], name: str = "log.csv") -> LoadResult:
    path = home.root.parent / name
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp932"))
    (result,) = ingest.load([path], home, municipality=CITY)
    assert result.rows_read == (
        result.accepted + result.quarantined + result.duplicates + result.ignored
    )
    return result


def lake(home: Home) -> list[dict[str, object]]:
    files = sorted((home.root / "lake/ticket_log").glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def rules(home: Home) -> dict[int, str]:
    rows = held.table(home, None).to_pylist()
    return {row["source_row"]: row["rule"] for row in rows}


def test_a_file_of_several_days_and_queues_gives_its_tickets(home: Home) -> None:
    rng = random.Random(7)
    lines: list[str] = []
    truth: list[tuple[object, ...]] = []
    for number in range(3):
        day = date(2026, 10, 1) + timedelta(number)
        for code, first, arrivals in (("01", 1, 150), ("02", 101, 60)):
            simulated = simulate(rng, first=first, size=99, arrivals=arrivals)
            lines += [
                f"{day:%Y%m%d},{minute // 60:02}:{minute % 60:02},{event},{code},{ticket}"
                for minute, event, ticket in simulated.lines
            ]
            midnight = datetime(day.year, day.month, day.day)
            for ticket in simulated.tickets:
                called = None
                if ticket.called is not None:
                    called = midnight + timedelta(minutes=ticket.called)
                truth.append(
                    (
                        "市民課" if code == "01" else "税務課",
                        str(ticket.number),
                        midnight + timedelta(minutes=ticket.issued),
                        called,
                        "cancelled" if ticket.cancelled else "called" if called else "abandoned",
                    )
                )
    # A line after closing: who was not called by then is gone, not waiting.
    lines.append("20261003,17:05,0,02,199")
    truth.append(("税務課", "199", datetime(2026, 10, 3, 17, 5), None, "abandoned"))
    result = load(home, lines)
    found = lake(home)
    names = ("department", "ticket_number", "issued_at", "called_at", "outcome")
    assert sorted(str(tuple(row[name] for name in names)) for row in found) == sorted(
        map(str, truth)
    )
    assert (result.accepted, result.quarantined, result.duplicates) == (len(truth), 0, 0)
    assert result.ignored == sum(line.split(",")[2] != "0" for line in lines)
    assert {row["office"] for row in found} == {"本庁", "南支所"}
    assert {(row["records_finish"], row["records_no_show"]) for row in found} == {(False, False)}
    for row in found:
        if row["called_at"]:
            wait = (row["called_at"] - row["issued_at"]).total_seconds()  # type: ignore[operator]
            assert row["wait_seconds"] == wait and wait % 60 == 0
    assert load(home, lines).status == "unchanged"


FAULTS = {
    "20261001,09:00,0,03,1": "queue",
    "20261001,09:00,0,01,100": "number_range",
    "20261001,09:00,7,01,1": "event",
    "20261001,24:00,0,01,1": "time",
    "20261001,9時,0,01,1": "time",
    "20261301,09:00,0,01,1": "date",
    "20261001,09:00,0,01,A1": "number",
    "20261001,09:00,0,01": "fields",
    "20261001,09:00,0,01,1,1": "fields",
    "20261001,09:00,1,01,77": "call_without_issue",
    "20261001,09:00,2,01,77": "cancel_without_issue",
    "20621001,09:00,0,01,1": "future",
    "20000101,00:00,0,01,1": "far_from_file",
}


def good(count: int) -> list[str]:
    return [f"20261001,09:{n:02},0,01,{n + 1}" for n in range(count)]


def test_each_bad_line_is_held_back_for_its_reason(home: Home) -> None:
    result = load(home, [*good(60), *FAULTS])
    assert (result.accepted, result.quarantined) == (60, len(FAULTS))
    assert rules(home) == {61 + n: rule for n, rule in enumerate(FAULTS.values())}
    for row in held.table(home, None).to_pylist():
        assert row["message_ja"] and row["message_en"] and "\n" not in row["message_ja"]


def test_a_ticket_is_never_called_over_midnight(home: Home) -> None:
    load(home, [*good(30), "20261001,23:59,0,01,60", "20261002,00:01,1,01,60"])
    assert rules(home) == {32: "call_without_issue"}
    assert {row["called_at"] for row in lake(home)} == {None}


def test_repeats_are_duplicates_and_titles_and_blanks_are_ignored(home: Home) -> None:
    lines = [*good(30), "20261001,09:30,1,01,1"]
    result = load(home, ["日付,時刻,区分,業務,番号", *lines, "", *lines[-3:]])
    assert (result.accepted, result.duplicates, result.quarantined) == (30, 3, 0)
    assert result.ignored == 3, "a title, a call in its ticket, a blank line"
    again = load(home, [*lines, "20261002,09:00,0,01,1"], "longer.csv")
    assert (again.accepted, again.duplicates, again.quarantined) == (1, 30, 0)


def test_what_comes_after_the_recorded_rounds_is_ignored_and_said(home: Home) -> None:
    rounds = [
        f"20261001,{(500 + n) // 60:02}:{(500 + n) % 60:02},{event},01,{1 + n % 99}"
        for n in range(198)
        for event in (0, 1)
    ]
    third = [f"20261001,15:{n:02},1,01,{1 + n}" for n in range(40)]
    result = load(home, [*rounds, *third])
    assert result.quarantined == 0
    assert result.accepted == 198, "all were called in the minute of their issue"
    assert result.ignored == 198 + 40
    assert "40" in result.message and "記録されない" in result.message
    assert {row["wait_seconds"] for row in lake(home)} == {0}


def test_without_the_meaning_of_its_codes_a_log_is_refused(home: Home) -> None:
    (home.profiles / "呼出機.yml").write_text(PROFILE[: PROFILE.index("events:")], "utf-8")
    result = load(home, good(30))
    assert result.status == "refused"
    assert "events" in result.message and "codes" in result.message_en
    assert lake(home) == []


def test_a_log_is_known_by_its_form_and_no_other_table_is(home: Home) -> None:
    assert load(home, good(3)).source == "ticket_log"
    assert load(home, ["20261001,09:00,x"], "other.csv").status == "refused"
    assert load(home, ["年月,件数", "2026-10,3"], "table.csv").status == "refused"


cells = st.sampled_from(
    [
        "20261001",
        "20260230",
        "09:00",
        "9:5",
        "24:00",
        "0",
        "1",
        "2",
        "01",
        "02",
        "99",
        "150",
        "",
        "①",
    ]
) | st.text("0123456789:,-\"'０ 　\t日", max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(cells, min_size=1, max_size=7).map(",".join), max_size=30))
def test_whatever_a_line_holds_it_ends_in_one_place(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("\n".join([*good(3), *lines]), "utf-8")
    queues = (replace(queue(1, 99), id="01"), replace(queue(101, 99), id="02"))
    codes = {"issued": ("0",), "called": ("1",), "cancelled": ("2",)}
    meant = Profile("x", "ticket_log", "", "", events=Events(codes, queues))
    (sheet,) = open_document(path).sheets
    adapted = ticket_events.adapt([sheet], load_sources()["ticket_log"], Context("x", meant))
    accepted = set(adapted.records["source_row"].to_pylist())
    ignored = [row.row for row in adapted.ignored]
    rejected = {finding.row for finding in adapted.rejected}
    assert len(accepted) == adapted.records.num_rows and len(set(ignored)) == len(ignored)
    assert not accepted & rejected and not accepted & set(ignored) and not rejected & set(ignored)
    assert len(accepted) + len(ignored) + len(rejected) == adapted.rows_read
    assert adapted.rows_read == sum(chunk.num_rows for chunk in sheet.chunks(0, 5))


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.lists(st.sampled_from([*FAULTS, "", *good(40)]), max_size=30), seed=seeds)
def test_every_line_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, noise: list[str], seed: int
) -> None:
    home = Home(tmp_path_factory.mktemp("mado") / "home")
    home.profiles.mkdir(parents=True)
    (home.profiles / "呼出機.yml").write_text(PROFILE, "utf-8")
    rng = random.Random(seed)
    lines = [*good(50), *(f"20261001,10:{n:02},1,01,{n + 1}" for n in range(40)), *noise]
    rng.shuffle(lines)
    assert load(home, ["20261001,08:59,0,01,60", *lines]).status == "stored"
