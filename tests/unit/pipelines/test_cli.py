"""The command line as a clerk and a script use it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEADER = "団体コード,課,窓口番号,受付番号,発券時刻,呼出時刻,完了時刻,手続"

Cli = Callable[..., subprocess.CompletedProcess[str]]


def write_log(path: Path, rows: int, bad: int = 0) -> Path:
    lines = [HEADER]
    for number in range(rows):
        moment = f"2026/10/01 {8 + number // 60 % 9:02d}:{number % 60:02d}"
        lines.append(f"272060,市民課,{number // 540},{number},{moment}:00,{moment}:30,,転入届")
    lines += [f"272060,市民課,9,b{n},2026/13/01 9:00,,,転入届" for n in range(bad)]
    path.write_bytes("\r\n".join(lines).encode("cp932"))
    return path


def test_load_reports_each_file_and_the_exit_code_tells_refusals(cli: Cli, tmp_path: Path) -> None:
    good = write_log(tmp_path / "10月.csv", 20, bad=2)
    (tmp_path / "memo.txt").write_text("買い物メモ", encoding="utf-8")
    arguments = ("pipelines", "load", str(good), str(tmp_path / "memo.txt"), "--json")
    done = cli(*arguments, home=tmp_path / "home", check=False)
    assert done.returncode == 2, "one was refused, the other stored all the same"
    stored, refused = json.loads(done.stdout)
    keys = "file sha256 source rows_read accepted quarantined duplicates ignored status message"
    assert set(keys.split()) <= set(stored)
    assert (stored["status"], stored["source"]) == ("stored", "ticket_log")
    assert (stored["rows_read"], stored["accepted"], stored["quarantined"]) == (22, 20, 2)
    assert refused["status"] == "refused" and refused["message"]
    again = cli("pipelines", "load", str(good), home=tmp_path / "home")
    assert "変更なし" in again.stdout


def test_check_keeps_nothing(cli: Cli, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", 5)
    assert "5" in cli("pipelines", "check", str(log), home=tmp_path / "home").stdout
    assert not list((tmp_path / "home").rglob("*.parquet"))
    assert not list((tmp_path / "home").rglob("*.json"))


def test_rows_held_back_are_named_with_their_reason(cli: Cli, tmp_path: Path) -> None:
    """The first row of each reason, how many more there are, and where to see them all."""
    log = write_log(tmp_path / "log.csv", 5, bad=3)
    with log.open("ab") as file:
        file.write("\r\n272061,市民課,1,b9,2026/10/01 9:00,,,転入届".encode("cp932"))
    shown = cli("pipelines", "check", str(log), home=tmp_path / "home").stdout
    assert len(shown.splitlines()) == 1
    assert "7行目 発券時刻を日時として読めない" in shown
    assert "（同じ理由がほかに 2行） ／ 10行目 団体コードの検査数字が合いません" in shown
    assert "画面「データ取込」に置くか、読み込んでから python -m pipelines quarantine" in shown
    stored = cli("pipelines", "load", str(log), home=tmp_path / "home").stdout
    command = stored.strip().rpartition("すべて見る: python -m ")[2]
    rows = cli(*command.split(), home=tmp_path / "home").stdout.splitlines()
    assert [row.split()[1] for row in rows] == ["7行目", "8行目", "9行目", "10行目"]


def test_the_english_message_says_the_same(cli: Cli, tmp_path: Path) -> None:
    lines = [
        HEADER,
        "272060,市民課,1,7,2026/10/01 9:00,,,転入届",
        "272060,市民課,1,7,2026/10/01 9:00,,,転入届",
        "272060,市民課,1,8,2026/10/41 9:00,,,転入届",
        "",
        "合計,,,3,,,,",
    ]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(lines), encoding="utf-8")
    (result,) = json.loads(cli("pipelines", "check", str(log), "--json", home=tmp_path).stdout)
    assert "対象外 2（空行 1、合計行 1）" in result["message"]
    counts, _, reason = result["message_en"].partition("; held back: ")
    assert counts == (
        "Ticket log: 5 rows read, 1 accepted, 1 held back, 1 duplicate,"
        " 2 ignored (blank 1, total 1)"
    )
    assert reason.startswith("row 4 発券時刻: Issued: not a moment")
    log.write_text("\n".join(lines[:2]), encoding="utf-8")
    (result,) = json.loads(cli("pipelines", "check", str(log), "--json", home=tmp_path).stdout)
    assert result["message_en"] == (
        "Ticket log: 1 row read, 1 accepted, 0 held back, 0 duplicates, 0 ignored"
    )


def test_quarantine_says_where_and_why(cli: Cli, tmp_path: Path) -> None:
    home = tmp_path / "home"
    cli("pipelines", "load", str(write_log(tmp_path / "log.csv", 5, bad=2)), home=home)
    (first, second) = json.loads(
        cli("pipelines", "quarantine", "--format", "json", home=home).stdout
    )
    assert (first["source_file"], first["source_row"], second["source_row"]) == ("log.csv", 7, 8)
    assert first["value"] == "2026/13/01 9:00"
    assert "発券時刻" in cli("pipelines", "quarantine", "--format", "csv", home=home).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("pipelines", "load", "no-such-file.csv"),
        ("pipelines", "load", ".", "--source", "nothing"),
        ("pipelines", "quarantine", "--file", "ffff"),
        ("warehouse", "metric", "wait_p99"),
        ("warehouse", "metric", "tickets", "--by", "moon"),
        ("warehouse", "sql", "DROP TABLE core_ticket"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_a_user_s_mistake_is_one_line_and_no_traceback(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    if arguments[0] == "warehouse":
        cli("pipelines", "load", str(write_log(tmp_path / "log.csv", 5)), home=home)
        cli("pipelines", "publish", home=home)
    done = cli(*arguments, home=home, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_failed_check_keeps_the_release_and_names_the_rows(cli: Cli, tmp_path: Path) -> None:
    home = tmp_path / "home"
    cli("pipelines", "load", str(write_log(tmp_path / "log.csv", 5)), home=home)
    before = cli("pipelines", "publish", home=home).stdout.strip()
    (entry,) = (home / "lake/ledger").glob("*.json")
    ledger = json.loads(entry.read_text(encoding="utf-8"))
    entry.write_text(json.dumps({**ledger, "accepted": 4}, ensure_ascii=False), encoding="utf-8")
    done = cli("pipelines", "publish", home=home, check=False)
    assert done.returncode == 1
    assert "log.csv" in done.stderr and "ledger_adds_up" in done.stderr
    assert (home / "CURRENT").read_text(encoding="utf-8").strip() == before
    assert "5" in cli("warehouse", "metric", "tickets", home=home).stdout
