"""Queue snapshots and staff flows: rows as they stand in files, and what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import held, ingest
from pipelines.adapters import queue_snapshots
from pipelines.adapters.base import Context
from pipelines.adapters.span import Span, plausible_span, why_implausible
from pipelines.profile import standard
from pipelines.read import open_document
from pipelines.results import LoadResult
from pipelines.sources import load_sources
from warehouse.home import Home

CITY = "272060"
HEADER = "待ち行列,観測時刻,待ち人数,開設窓口数,呼出番号,待ち時間の目安"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def load(
    home: Home, lines: Sequence[str], header: str | None = HEADER, name: str = "a.csv"
) -> LoadResult:
    path = home.root.parent / name
    listed = [*([header] if header else []), *lines]
    path.write_bytes("".join(f"{line}\r\n" for line in listed).encode("cp932"))
    (result,) = ingest.load([path], home, municipality=CITY)
    assert result.rows_read == (
        result.accepted + result.quarantined + result.duplicates + result.ignored
    )
    return result


def lake(home: Home, source: str = "queue_snapshot") -> list[dict[str, object]]:
    files = sorted((home.root / "lake" / source).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def rules(home: Home) -> dict[int, str]:
    return {row["source_row"]: row["rule"] for row in held.table(home, None).to_pylist()}


GOOD = [
    "市民課,2026/10/01 09:00,0,2,,0分",
    "市民課,2026/10/01 09:05,4,2,103,約15分",
    "市民課,2026/10/01 09:10,8人,3,107,30",
    "税務課,2026/10/01 09:05,3,−,---,",
]


def test_snapshots_are_stored_as_observed(home: Home) -> None:
    result = load(home, GOOD)
    assert (result.source, result.rows_read, result.accepted) == ("queue_snapshot", 4, 4)
    names = ("queue", "waiting", "open_counters", "current_number", "shown_wait_minutes")
    assert [tuple(row[name] for name in names) for row in lake(home)] == [
        ("市民課", 0, 2, None, 0.0),
        ("市民課", 4, 2, "103", 15.0),
        ("市民課", 8, 3, "107", 30.0),
        ("税務課", 3, None, None, None),
    ]
    last = lake(home)[2]
    assert last["observed_at"] == datetime(2026, 10, 1, 9, 10)
    assert (last["observed_date"], last["weekday"], last["slot"]) == (date(2026, 10, 1), 4, 18)
    assert (last["municipality"], last["office"]) == (CITY, "本庁")


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("窓口,日付,時刻,待ち人数", "市民課,2026/10/1,9:40,12"),
        ("業務,取得日,取得時刻,待ち組数", "市民課,令和8年10月1日,9時40分,12組"),
        ("窓口名,更新日時,待人数", "市民課,2026-10-01T09:40:00,１２"),
    ],
)
def test_date_and_time_together_or_apart(home: Home, header: str, line: str) -> None:
    assert load(home, [line], header).accepted == 1
    (row,) = lake(home)
    assert (row["observed_at"], row["waiting"]) == (datetime(2026, 10, 1, 9, 40), 12)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("約20分程度", 20), ("２０分", 20), ("1時間20分待ち", 80), ("約1時間", 60), ("7.5", 7.5)],
)
def test_a_shown_wait_is_in_minutes(home: Home, written: str, minutes: float) -> None:
    assert load(home, [f"市民課,2026/10/01 09:00,3,2,,{written}"]).accepted == 1
    assert lake(home)[0]["shown_wait_minutes"] == minutes


def test_a_wait_that_is_only_a_bound_is_held_back(home: Home) -> None:
    assert load(home, [*GOOD, "市民課,2026/10/01 09:15,90,2,,60分以上"]).quarantined == 1
    assert rules(home) == {6: "float"}


def test_repeats_are_duplicates_within_and_across_files(home: Home) -> None:
    result = load(home, [*GOOD, GOOD[1]])
    assert (result.accepted, result.duplicates, result.quarantined) == (4, 1, 0)
    later = load(home, [GOOD[2], "市民課,2026/10/01 09:15,9,3,110,30"], name="b.csv")
    assert (later.accepted, later.duplicates, later.quarantined) == (1, 1, 0)


def test_a_clock_that_stands_still_is_found_by_the_values(home: Home) -> None:
    stuck = [f"市民課,2026/10/01 09:10,{n},3,1{n},30" for n in range(9, 14)]
    result = load(home, [*GOOD, *stuck, "税務課,2026/10/01 09:10,3,,,"])
    assert (result.accepted, result.quarantined) == (5, 5)
    assert rules(home) == dict.fromkeys(range(6, 11), "stuck_clock")
    assert [row["waiting"] for row in lake(home) if row["queue"] == "市民課"] == [0, 4, 8]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["市民課", "税務課"]),
            st.integers(0, 3),
            st.integers(0, 2),
            st.sampled_from(["", "3"]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_stuck_clocks_are_those_that_a_walk_through_the_rows_finds(
    tmp_path_factory: pytest.TempPathFactory, shown: list[tuple[str, int, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("board") / "a.csv"
    lines = [f"{who},2026/10/01 09:0{at},{count},{open_}" for who, at, count, open_ in shown]
    path.write_text("\n".join(["待ち行列,観測時刻,待ち人数,開設窓口数", *lines]), "utf-8")
    seen: dict[tuple[str, int], tuple[int, str]] = {}
    stuck = []
    for row, (who, at, count, open_) in enumerate(shown, 2):
        if seen.setdefault((who, at), (count, open_)) != (count, open_):
            stuck.append(row)
    source = load_sources()["queue_snapshot"]
    context = Context("a.csv", standard(source))
    adapted = queue_snapshots.adapt(open_document(path).sheets, source, context)
    assert [finding.row for finding in adapted.rejected] == stuck
    assert {finding.rule for finding in adapted.rejected} <= {"stuck_clock"}
    assert (adapted.rows_read, adapted.records.num_rows) == (len(shown), len(shown))


def test_two_offices_with_queues_of_one_name_do_not_stop_each_others_clock(home: Home) -> None:
    header = f"庁舎,{HEADER}"
    lines = ["本庁,窓口,2026/10/01 09:00,1,,,", "北支所,窓口,2026/10/01 09:00,5,,,"]
    assert load(home, lines, header).accepted == 2


@pytest.mark.parametrize(
    ("moment", "rule"),
    [
        ("2000/01/01 00:05", "far_from_file"),
        ("2025/10/01 09:00", "far_from_file"),
        ("2062/10/01 09:00", "future"),
        ("2026/10/32 09:00", "timestamp"),
        ("", "required"),
    ],
)
def test_a_moment_that_cannot_be_is_held_back(home: Home, moment: str, rule: str) -> None:
    result = load(home, [*GOOD, f"市民課,{moment},5,2,,"])
    assert (result.accepted, result.quarantined) == (4, 1)
    assert rules(home) == {6: rule}
    (row,) = held.table(home, None).to_pylist()
    assert row["message_ja"] and row["message_en"] and row["value"] == moment


def test_rows_without_any_reading_and_rows_that_are_no_data_are_ignored(home: Home) -> None:
    result = load(home, [*GOOD, "市民課,2026/10/01 17:20,−,,,", "", HEADER, "※ 5分おき,,,,,"])
    assert (result.accepted, result.quarantined, result.ignored) == (4, 0, 4)
    assert "値のない観測 1" in result.message


def test_a_row_that_is_broken_or_lacks_the_number_waiting_is_held_back(home: Home) -> None:
    result = load(
        home, [*GOOD, "市民課,2026/10/01", "市民課,2026/10/01 09:20,,3,,", GOOD[0] + ",x"]
    )
    assert rules(home) == {6: "short_row", 7: "required", 8: "long_row"}
    assert result.accepted == 4


def test_a_profile_names_columns_and_leaves_out_rows(home: Home) -> None:
    home.profiles.mkdir(parents=True)
    (home.profiles / "板.yml").write_text(
        """
source: queue_snapshot
label: {ja: 表示板, en: Board}
columns: {queue: [列の名], observed_at: [いつ], waiting: [何人]}
ignore: [{header: 状態, values: [休止中]}]
""",
        "utf-8",
    )
    lines = ["市民課,2026/10/01 9:00,3,受付中", "市民課,2026/10/01 9:05,3,休止中"]
    result = load(home, lines, "列の名,いつ,何人,状態")
    assert (result.source, result.accepted, result.ignored) == ("queue_snapshot", 1, 1)
    assert "プロファイルの指定 1" in result.message


def test_personal_data_refuses_the_file(home: Home) -> None:
    result = load(home, [f"{line},山田" for line in GOOD], f"{HEADER},氏名")
    assert result.status == "refused" and "氏名" in result.message
    assert lake(home) == []


# --- The plausible span ----------------------------------------------------------------------

TODAY = date(2026, 11, 2)
MONTH = {date(2026, 10, 1) + timedelta(n): 100 for n in range(31)}


def test_the_span_is_where_most_rows_are() -> None:
    days = {**MONTH, date(2000, 1, 1): 500, date(2062, 10, 1): 9000}
    assert plausible_span(days, TODAY) == Span(date(2026, 10, 1), date(2026, 10, 31))
    assert plausible_span({date(2062, 1, 1): 5}, TODAY) is None
    assert plausible_span({}, TODAY) is None


@given(
    st.dictionaries(st.dates(date(1999, 1, 1), date(2040, 1, 1)), st.integers(1, 1000), max_size=12)
)
def test_a_day_is_plausible_when_a_chain_of_short_gaps_leads_to_the_most_rows(
    days: dict[date, int],
) -> None:
    span = plausible_span(days, TODAY)
    known = sorted(day for day in days if day <= TODAY + timedelta(1))
    assert (span is None) == (not known)
    if span is None:
        return
    inside = [day for day in known if span.first <= day <= span.last]
    assert inside[0] == span.first and inside[-1] == span.last
    assert all((b - a).days <= 92 for a, b in pairwise(inside))
    for day in known:
        outside = day not in inside
        assert (why_implausible(span, day, TODAY) is not None) == outside
        if outside:
            assert min(abs(day - span.first), abs(day - span.last)).days > 92


# --- Staff flows -----------------------------------------------------------------------------


def test_hires_and_separations_in_a_table(home: Home) -> None:
    header = "年度,年齢,任用区分,採用者数,退職者数"
    lines = [
        "令和7年度,22,常勤,10,1",
        "2025,60,常勤,0,4",
        "R7,22,会計年度任用,15,",
        "H31,22,常勤,1,",
    ]
    result = load(home, lines, header)
    assert (result.source, result.accepted) == ("staff_flow", 4)
    names = ("fiscal_year", "age", "kind", "hires", "separations")
    assert [tuple(row[name] for name in names) for row in lake(home, "staff_flow")] == [
        (2025, 22, "regular", 10, 1),
        (2025, 60, "regular", 0, 4),
        (2025, 22, "fixed_term", 15, None),
        (2019, 22, "regular", 1, None),
    ]


def test_hires_and_separations_as_a_list_of_persons_are_added_up(home: Home) -> None:
    header = "年度,年齢,任用区分,異動,退職事由"
    lines = [*["2025,22,常勤,採用,"] * 3, "2025,22,常勤,退職,", *["2025,61,常勤,退職,定年"] * 2]
    result = load(home, lines, header)
    assert (result.accepted, result.quarantined) == (6, 0)
    names = ("age", "hires", "separations", "reason")
    found = {tuple(row[name] for name in names) for row in lake(home, "staff_flow")}
    assert found == {(22, 3, 1, None), (61, None, 2, "mandatory")}


def test_a_list_may_count_persons(home: Home) -> None:
    lines = ["2025,22,常勤,採用,12", "2025,23,常勤,退職,2"]
    load(home, lines, "年度,年齢,任用区分,異動,人数")
    names = ("age", "hires", "separations")
    found = {tuple(row[name] for name in names) for row in lake(home, "staff_flow")}
    assert found == {(22, 12, None), (23, None, 2)}


def test_what_is_no_flow_is_held_back(home: Home) -> None:
    header = "年度,年齢,任用区分,採用者数,退職者数,退職事由"
    lines = [
        "2025,22,常勤,1,0,",
        "来年度,22,常勤,1,0,",
        "2025,23,常勤,,,",
        "2025,24,常勤,2,1,定年",
        "2025,24,常勤,0,1,失踪",
    ]
    result = load(home, lines, header)
    assert (result.accepted, result.quarantined) == (1, 4)
    assert rules(home) == {3: "unreadable_year", 4: "nobody", 5: "reason_of_hire", 6: "value"}


def test_one_flow_told_twice_is_a_duplicate_or_a_conflict(home: Home) -> None:
    header = "年度,年齢,任用区分,採用者数,退職者数"
    result = load(home, ["2025,22,常勤,10,1", "R7,22,常勤,10,1", "2025,22,常勤,11,1"], header)
    assert (result.accepted, result.duplicates, result.quarantined) == (1, 1, 1)
