"""One writer at a time; what is loaded, held back and published, told to people and programs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines import held, ingest, ledger, lock, status
from pipelines.clock import day_in_japan
from pipelines.errors import PipelineError
from warehouse.home import Home

ROOT = Path(__file__).parents[3]
HOLD = (
    "import sys\nfrom pathlib import Path\nfrom pipelines import lock\n"
    "from warehouse.home import Home\n"
    "with lock.writing(Home(Path(sys.argv[1]))):\n"
    "    print('held', flush=True)\n    sys.stdin.read()\n"
)


def hold(home: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_is_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with hold(tmp_path) as process:
        with pytest.raises(PipelineError) as error, lock.writing(home):
            pass
        assert str(process.pid) in error.value.ja
        now = datetime.now(ZoneInfo("Asia/Tokyo"))
        assert f"{now:%Y-%m-%d %H:}" in error.value.ja or now.minute == 0, "by Japan's clock"
        process.communicate()
    with lock.writing(home):
        assert "pid" in json.loads((tmp_path / "lock").read_text(encoding="utf-8"))
    assert (tmp_path / "lock").read_text(encoding="utf-8") == ""


def test_days_are_those_of_japan() -> None:
    """A file loaded at half past eight in the morning was loaded today, whatever UTC says."""
    assert day_in_japan("2026-11-01T23:30:00.000+00:00") == "2026-11-02"
    assert day_in_japan("2026-11-02T14:59:59") == "2026-11-02"
    assert day_in_japan("2026-11-02T15:00:00") == "2026-11-03"


def test_the_lock_of_a_killed_writer_holds_nobody_up(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        process.kill()
    assert str(process.pid) in (tmp_path / "lock").read_text(encoding="utf-8")
    with lock.writing(Home(tmp_path)):
        pass


@pytest.fixture
def loaded(tmp_path: Path) -> Home:
    path = tmp_path / "log.csv"
    rows = ["272060,市民課,1,7,2026/10/01 9:00", "272060,市民課,=1+1,8,きのう", "合計,,,2,"]
    header = "団体コード,課,窓口番号,受付番号,発券時刻"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    home = Home(tmp_path / "home")
    (result,) = ingest.load([path], home, synthetic=True)
    assert (result.rows_read, result.accepted, result.quarantined, result.ignored) == (3, 1, 1, 1)
    return home


def test_the_ledger_keeps_what_was_loaded(loaded: Home) -> None:
    (entry,) = ledger.entries(loaded)
    assert (entry.source, entry.profile, entry.file) == ("ticket_log", "standard", "log.csv")
    assert (entry.period_from, entry.period_to) == ("2026-10-01", "2026-10-01")
    assert (entry.municipality, entry.synthetic) == ("272060", True)
    assert entry.ignored_reasons == {"total": 1}
    assert (loaded.raw / entry.sha256).read_bytes().startswith("団体コード".encode())
    table = ledger.table(ledger.active(loaded)).to_pylist()[0]
    assert table["source_label_ja"] == "発券機ログ" and table["owner"] and table["licence"]


def test_a_damaged_ledger_entry_is_named(loaded: Home) -> None:
    (path,) = loaded.ledger.glob("*.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(PipelineError, match=path.name):
        ledger.entries(loaded)


def test_rows_held_back_in_every_form(loaded: Home) -> None:
    rows = held.table(loaded)
    lines, comma, objects = io.StringIO(), io.StringIO(), io.StringIO()
    held.write_lines(rows, lines)
    assert lines.getvalue().startswith("log.csv 3行目 発券時刻「きのう」: ")
    held.write_csv(rows, comma)
    (first,) = csv.DictReader(io.StringIO(comma.getvalue()))
    assert (first["source_row"], first["rule"]) == ("3", "timestamp")
    held.write_json(rows, objects)
    assert json.loads(objects.getvalue())[0]["value"] == "きのう"
    (entry,) = ledger.entries(loaded)
    assert held.table(loaded, entry.sha256[:6]).num_rows == 1


def test_no_cell_of_the_csv_can_run_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    header = "団体コード,課,窓口番号,受付番号,発券時刻"
    path.write_text(f"{header}\n272060,市民課,1,1,=HYPERLINK(0)\n", encoding="utf-8")
    ingest.load([path], Home(tmp_path / "home"))
    comma = io.StringIO()
    held.write_csv(held.table(Home(tmp_path / "home")), comma)
    assert ",'=HYPERLINK(0)," in comma.getvalue()


def test_status_for_people_and_programs(loaded: Home) -> None:
    report = status.report(loaded, date(2026, 11, 24))
    tickets = next(s for s in report["sources"] if s["source"] == "ticket_log")
    assert (tickets["files"], tickets["accepted"], tickets["quarantined"]) == (1, 1, 1)
    assert (report["quarantined"], report["releases"], report["current"]) == (1, [], None)
    said = "\n".join(status.lines(loaded, date(2026, 11, 24)))
    assert "発券機ログ: 1ファイル" in said and "公開版: なし" in said
    assert "年齢別職員数" in said.split("未取込: ")[1].splitlines()[0]


@pytest.mark.parametrize(
    ("schedule", "last", "today", "expected"),
    [
        ("monthly", "2026-10-31", date(2026, 12, 31), "fresh"),
        ("monthly", "2026-10-31", date(2027, 1, 2), "late"),
        ("yearly", "2026-04-01", date(2027, 9, 30), "fresh"),
        ("yearly", "2025-03-31", date(2026, 10, 3), "late"),
        ("once", "1990-01-01", date(2027, 1, 1), "fresh"),
        ("monthly", None, date(2027, 1, 1), "fresh"),
    ],
)
def test_freshness(schedule: str, last: str | None, today: date, expected: str) -> None:
    assert status.freshness(schedule, last, today) == expected
