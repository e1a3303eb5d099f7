"""python -m warehouse: formats, filters, one-line errors, read-only SQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.spec.lake import Lake
from warehouse.__main__ import main

TICKETS = """
municipality | office | department | counter | issued_at        | called_at
272060       | 本庁   | 市民課     | 1       | 2026-10-01 09:00 | 2026-10-01 09:06
272060       | 本庁   | 市民課     | 2       | 2026-11-02 09:01 | 2026-11-02 09:17
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lake = Lake(tmp_path)
    lake.add("ticket_log", TICKETS, municipality="272060")
    lake.build()
    monkeypatch.setenv("MADO_HOME", str(tmp_path))
    return tmp_path


def test_csv_is_codes_and_plain_numbers_and_the_note_is_apart(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(
        [
            *("metric", "tickets", "--by", "month,weekday", "--format", "csv"),
            *("--where", "municipality=27206", "--where", "month=2026-10..2026-11"),
        ]
    )
    out, err = capsys.readouterr()
    assert code == 0
    assert out == "month,weekday,value,n\n2026-10,4,1,1\n2026-11,1,1,1\n"
    for told in ("発券数", "n=2", "2026-10-01～2026-11-02", "mado-", "ticket_log.csv"):
        assert told in err
    assert err.count("\n") == 1


def test_a_table_shows_labels_beside_codes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["metric", "wait_mean", "--by", "counter", "--where", "department=市民課,税務課"]) == 0
    )
    assert capsys.readouterr().out.splitlines() == [
        "counter        窓口             value  n",
        "本庁/市民課/1  本庁 市民課 1番      6  1",
        "本庁/市民課/2  本庁 市民課 2番     16  1",
    ]


def test_json_carries_all_that_stands_behind_the_number(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metric", "wait_p90", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["value"] == told["rows"][0]["value"] == 15
    assert told["period"] == ["2026-10-01", "2026-11-02"]
    assert told["reporters"] == {"reported": 1, "of": 1741}
    assert told["files"][0]["file"] == "ticket_log.csv"
    assert "percentile_cont" in told["sql"] and told["release"].startswith("mado-")


def test_the_catalogue_lists_every_metric(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    by_id = {row["id"]: row for row in rows}
    assert len(rows) == len(by_id) >= 22
    assert by_id["wait_p90"]["label"] == "待ち時間の90%点"
    assert "weekday" in by_id["wait_p90"]["dimensions"].split(",")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["metric", "wait_p9"], "wait_p90"),
        (["metric", "tickets", "--by", "weekdays"], "weekday"),
        (["metric", "tickets", "--where", "month"], "切り口=値"),
        (["metric", "tickets", "--where", "hour=1", "--where", "hour=2"], "hour=a,b"),
        (["metric", "tickets", "--where", "department=市民か"], "市民課"),
        (["sql", "DROP TABLE core_ticket"], "読み取り専用"),
        (["sql", "SELECT 1 AS a; DROP TABLE core_ticket"], "読み取り専用"),
        (["sql", "COPY core_ticket TO 'x.csv'"], "読み取り専用"),
        (["sql", "SELECT * FROM nothing_here"], "nothing_here"),
        (["sql", "SELECT * FROM read_csv('/etc/hosts')"], "disabled"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("エラー: ") and told in err and err.count("\n") == 1


def test_arguments_that_are_missing_are_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["metric"])
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_sql_reads_the_release(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", "SELECT counter, wait_seconds FROM core_ticket ORDER BY ALL"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "counter  wait_seconds",
        "1                 360",
        "2                 960",
    ]
    assert "2行" in err


def test_before_anything_is_published_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADO_HOME", str(tmp_path / "empty"))
    assert main(["metric", "tickets"]) == 2
    assert "python -m pipelines publish" in capsys.readouterr().err


def test_shares_are_percent_for_people_and_fractions_for_programs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of two waits is above fifteen minutes."""
    main(["metric", "wait_over_share"])
    out, err = capsys.readouterr()
    assert "50.0%" in out and "単位 %" in err
    main(["metric", "wait_over_share", "--format", "csv"])
    out, err = capsys.readouterr()
    assert out == "value,n\n0.5,2\n" and "単位 割合（0～1）" in err
    main(["metric", "wait_over_share", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["value"], told["unit"]) == (0.5, "割合（0～1）")
