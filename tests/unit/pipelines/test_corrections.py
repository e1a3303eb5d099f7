"""A corrected file for the same period takes the place of the earlier one, where its profile says
so; and nothing else is lost by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipelines import forget, ingest, ledger, pending, publish, status
from pipelines.entry import Entry, active_of, closed, ranges_of, replaced_by, rows_of
from pipelines.errors import PipelineError
from tests.fixtures.tickets import counts, lake, load, sha, tickets, waiting, write
from warehouse.home import Home

PROFILE = "id: {id}\nsource: ticket_log\nreplace: period\nfile: '{id}*'\nconstants: {constants}\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose files named `log…` replace their period."""
    return profile(Home(tmp_path / "home"), "log")


def profile(home: Home, name: str, constants: str = "{}") -> Home:
    home.profiles.mkdir(parents=True, exist_ok=True)
    text = PROFILE.format(id=name, constants=constants)
    (home.profiles / f"{name}.yml").write_text(text, encoding="utf-8")
    return home


def test_a_later_file_of_the_period_speaks_alone(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入"), (2, "転入"), (3, "転入")], bad=2))
    result = load(home, write(tmp_path / "log2.csv", [(1, "転入"), (2, "転出"), (4, "転入")]))
    assert (result.accepted, result.quarantined, result.duplicates) == (3, 0, 0)
    assert tickets(home) == {"1": "転入", "2": "転出", "4": "転入"}, "3 is gone, 2 is corrected"
    assert waiting(home) == set(), "rows held back of the earlier file wait no longer"
    assert result.replaces == (sha(home, "log1.csv"),)
    assert "log1.csv" in result.message and "log1.csv" in result.message_en
    (again,) = ingest.load([tmp_path / "log1.csv"], home)
    assert again.status == "unchanged" and sha(home, "log2.csv")[:12] in again.message
    assert "log2.csv replaces it" in again.message_en


def test_status_says_which_file_speaks_for_which_period(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入")], bad=1))
    load(home, write(tmp_path / "log2.csv", [(1, "転入"), (2, "転入")]))
    report = status.report(home, date(2026, 11, 1))
    first, second = report["files"]
    assert (first["active"], first["replaced_by"], first["open"]) == (False, second["sha256"], 0)
    assert (second["active"], second["replaced_by"]) == (True, None)
    assert (second["months"], first["quarantined"]) == (["2026-10"], 1), "history stays"
    source = next(s for s in report["sources"] if s["source"] == "ticket_log")
    assert (source["files"], source["replaced"], source["accepted"]) == (1, 1, 2)
    assert report["quarantined"] == source["quarantined"] == 0
    said = "\n".join(status.lines(home, date(2026, 11, 1)))
    assert "2026-10～2026-10 log1.csv" in said and "log2.csv" in said.split("log1.csv")[1]
    assert "2行" in status.lines(home, date(2026, 11, 1), files=True)[3]


def test_without_that_profile_rows_are_appended(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入"), (2, "転入")]))
    result = load(home, write(tmp_path / "b.csv", [(1, "転入"), (2, "転出"), (3, "転入")]))
    assert (result.accepted, result.quarantined, result.duplicates) == (1, 1, 1)
    assert result.replaces == () and len(ledger.active(home)) == 2
    assert "（a.csvの3行目）と内容が違います" in result.message
    assert "forget で取り消すか、プロファイルに replace: period と書いて" in result.message
    assert "replace: period" in result.message_en
    within = load(home, write(tmp_path / "c.csv", [(7, "転入"), (7, "転出")]))
    assert within.quarantined and "replace: period" not in within.message, "no other file is meant"


OTHERS: dict[str, Callable[[Path], Path]] = {
    "another office": lambda p: write(p / "log2.csv", [(1, "転入")], office="北支所"),
    "another department": lambda p: write(p / "log2.csv", [(1, "転入")], department="税務課"),
    "another month": lambda p: write(p / "log2.csv", [(1, "転入")], month=11),
    "another profile": lambda p: write(p / "other2.csv", [(5, "転入")]),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_s_file_is_not_replaced(home: Home, tmp_path: Path, other: str) -> None:
    profile(home, "other")
    load(home, write(tmp_path / "log1.csv", [(1, "転入")]))
    result = load(home, OTHERS[other](tmp_path))
    assert result.replaces == () and len(ledger.active(home)) == 2
    told = "log1.csv" in result.message and "置き換えません" in result.message
    assert told == (other != "another month")


def test_other_constants_of_the_profile_are_another_office(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入")]))
    profile(home, "log", "{procedure: 転入}")
    assert load(home, write(tmp_path / "log2.csv", [(1, "転入"), (2, "転入")])).replaces == ()


def test_a_month_does_not_replace_a_quarter_but_a_quarter_its_months(
    home: Home, tmp_path: Path
) -> None:
    months = [write(tmp_path / f"m{m}.csv", [(m, "転入")], month=m) for m in (10, 11)]
    quarter = tmp_path / "log_q.csv"
    first, second = (path.read_text(encoding="utf-8").splitlines() for path in months)
    quarter.write_text("\n".join([*first, *second[1:]]), encoding="utf-8")
    load(home, quarter)
    result = load(home, write(tmp_path / "log_10.csv", [(10, "転入"), (12, "転入")]))
    assert (result.replaces, result.accepted, result.duplicates) == ((), 1, 1)
    quarter.write_text(quarter.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    result = load(home, quarter)
    assert set(result.replaces) == {e.sha256 for e in ledger.entries(home)[:2]}
    assert set(tickets(home)) == {"10", "11"}


def test_rows_that_another_file_lacked_because_of_the_replaced_one_come_back(
    home: Home, tmp_path: Path
) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入"), (2, "転入")]))
    load(home, write(tmp_path / "extra.csv", [(1, "転入"), (2, "転出"), (3, "転入")]))
    assert counts(home)["extra.csv"] == (1, 1, 1)
    load(home, write(tmp_path / "log2.csv", [(4, "転入")]))
    assert counts(home)["extra.csv"] == (3, 0, 0)
    assert tickets(home) == {"1": "転入", "2": "転出", "3": "転入", "4": "転入"}
    assert pending.read(home) is None


def test_forgetting_the_later_one_lets_the_earlier_speak_again(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入"), (2, "転入")]))
    load(home, write(tmp_path / "log2.csv", [(1, "転出")]))
    load(home, write(tmp_path / "extra.csv", [(2, "転入"), (3, "転入")]))
    assert counts(home)["extra.csv"] == (2, 0, 0)
    found = forget.forget(home, sha(home, "log2.csv"))
    assert [e.file for e in found.revived] == ["log1.csv"]
    assert tickets(home) == {"1": "転入", "2": "転入", "3": "転入"}
    assert counts(home)["extra.csv"] == (1, 0, 1), "2 is known again by the file before it"


def test_the_middle_of_a_chain_can_go(home: Home, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        load(home, write(tmp_path / f"log{number}.csv", [(number, "転入")]))
    forget.forget(home, sha(home, "log2.csv"))
    assert set(tickets(home)) == {"3"}
    forget.forget(home, sha(home, "log3.csv"))
    assert set(tickets(home)) == {"1"}


def test_a_killed_replacement_is_completed(home: Home, tmp_path: Path) -> None:
    load(home, write(tmp_path / "log1.csv", [(1, "転入")]))
    load(home, write(tmp_path / "extra.csv", [(1, "転入"), (5, "転入")]))
    load(home, write(tmp_path / "log2.csv", [(2, "転入")]))
    before = lake(home)
    # As after a kill between the ledger entry of log2 and the judging of extra.
    (extra,) = [e for e in ledger.entries(home) if e.file == "extra.csv"]
    pending.begin(home, pending.Pending(judge=(extra.sha256,)))
    ledger.parquet(home, extra).unlink()
    with ingest.writing(home):
        pass
    assert lake(home) == before


def test_only_active_files_are_published(home: Home, tmp_path: Path) -> None:
    from warehouse import query

    load(home, write(tmp_path / "log1.csv", [(1, "転入"), (2, "転入")], bad=1))
    load(home, write(tmp_path / "log2.csv", [(1, "転入")]))
    publish.publish(home)
    release = query.open_release(home)
    assert query.files(release)["file"].tolist() == ["log2.csv"]
    assert len(query.quarantine(release)) == 0


def test_an_empty_lake_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="公開するものがありません"):
        publish.publish(Home(tmp_path))
    assert not (tmp_path / "CURRENT").exists() and not list((tmp_path / "releases").glob("*"))


def entry(name: str, at: int, **more: object) -> Entry:
    given: dict[str, object] = dict.fromkeys(Entry.__dataclass_fields__, 0)
    given |= {"sha256": name, "loaded_at": f"2026-10-01T00:00:0{at}", "replaces": [], "repeats": []}
    return Entry(**{**given, "corrects": None, "closes": {}, **more})  # type: ignore[arg-type]


def test_a_file_that_is_loaded_again_is_newer_than_what_replaced_it() -> None:
    a, b = entry("a", 1), entry("b", 2, replaces=["a"])
    assert active_of([a, b]) == [b] and replaced_by([a, b]) == {"a": b}
    again = entry("a", 3)
    assert active_of([b, again]) == [b, again]


def test_corrections_go_with_the_file_they_correct() -> None:
    a, c, b = entry("a", 1), entry("c", 2, corrects="a"), entry("b", 3, replaces=["a"])
    assert active_of([a, c]) == [a, c] and active_of([a, c, b]) == [b]
    later = entry("d", 4, corrects="a", closes={"": "3-4"})
    c = entry("c", 2, corrects="a", closes={"": "3,9", "表": "1"})
    assert closed([a, c, later]) == {
        "a": {"": {3, 4, 9}, "表": {1}},
        "c": {"": {3, 4}},
    }


@pytest.mark.parametrize("rows", [set(), {1}, {1, 2, 3}, {1, 3, 4, 9}])
def test_ranges(rows: set[int]) -> None:
    assert rows_of(ranges_of(rows)) == rows
    assert ranges_of({1, 3, 4, 9}) == "1,3-4,9"


def test_entries_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    load(home, write(tmp_path / "a.csv", [(1, "転入")]))
    (path,) = home.ledger.glob("*.json")
    written = json.loads(path.read_text(encoding="utf-8"))
    for name in ("months", "places", "constants", "given_municipality"):
        del written[name]
    for name in ("replaces", "repeats", "corrects", "closes"):
        del written[name]
    path.write_text(json.dumps(written), encoding="utf-8")
    (old,) = ledger.active(home)
    assert (old.accepted, list(old.replaces), old.corrects) == (1, [], None)
    profile(home, "log")
    assert load(home, write(tmp_path / "log.csv", [(1, "転入"), (2, "転入")])).duplicates == 1
    assert "期間なし a.csv" in "\n".join(status.lines(home, date(2026, 11, 1), files=True))
