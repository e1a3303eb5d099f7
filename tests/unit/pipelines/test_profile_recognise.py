"""Profiles decide which files are read, and how; a doubtful file asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import ingest
from pipelines.__main__ import main
from pipelines.errors import PipelineError
from pipelines.results import LoadResult
from warehouse.engine import Engine
from warehouse.home import Home

CITY = "272060"
HEADER = "課,窓口番号,受付番号,発券時刻,呼出時刻"
ROW = "市民課,1,7,2026/10/01 9:00,2026/10/01 9:04"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def profile(home: Path, name: str, text: str) -> None:
    (home / "profiles").mkdir(parents=True, exist_ok=True)
    (home / "profiles" / f"{name}.yml").write_text(text, encoding="utf-8")


def load(path: Path, home: Path, *, store: bool = False, **options: str) -> LoadResult:
    given = {"municipality": CITY, **options}
    (result,) = ingest.load([path], Home(home), store=store, **given)  # type: ignore[arg-type]
    return result


def stored(home: Path, columns: str, source: str = "ticket_log") -> list[tuple[object, ...]]:
    """Columns of the lake's rows of a source, in the order of the file."""
    engine = Engine.memory()
    files = ", ".join(f"'{path}'" for path in sorted((home / "lake" / source).glob("*.parquet")))
    return engine.execute(f"SELECT {columns} FROM read_parquet([{files}]) ORDER BY source_row")


# --- a broken profile stops only what needs it ----------------------------------------------

BROKEN = "source: ticket_log\nfile: '北支所*.csv'\ncolums: {counter: [窓]}\n"


def test_a_broken_profile_stops_the_files_of_its_name_only(tmp_path: Path) -> None:
    profile(tmp_path, "kita", BROKEN)
    other = load(write(tmp_path / "港支所.csv", HEADER, ROW), tmp_path)
    assert other.status == "checked"
    own = load(write(tmp_path / "北支所10月.csv", HEADER, ROW), tmp_path)
    assert own.status == "refused"
    assert "kita.yml 3行目 colums" in own.message and "--profile" in own.message
    assert load(tmp_path / "北支所10月.csv", tmp_path, profile="standard").accepted == 1


def test_a_broken_profile_without_a_pattern_stops_its_source_only(tmp_path: Path) -> None:
    profile(tmp_path, "kita", "source: ticket_log\ncolums: {counter: [窓]}\n")
    event = write(tmp_path / "改革.csv", "実施日,取組", "2026-10-01,書かない窓口")
    assert load(event, tmp_path).status == "checked"
    log = load(write(tmp_path / "log.csv", HEADER, ROW), tmp_path)
    assert log.status == "refused" and "kita.yml 2行目" in log.message
    unknown = load(write(tmp_path / "x.csv", "ア,イ", "1,2"), tmp_path)
    assert unknown.status == "refused" and "kita.yml 2行目" in unknown.message


@pytest.mark.parametrize(
    "text",
    ["source: ticket_log\nfile: [", "source: ticket_lgo\n", 'id: "北\nsource: ticket_log\n'],
)
def test_what_a_broken_profile_is_for_is_read_as_far_as_it_can_be(
    tmp_path: Path, text: str
) -> None:
    profile(tmp_path, "kita", text)
    assert load(write(tmp_path / "log.csv", HEADER, ROW), tmp_path).status == "refused"
    event = write(tmp_path / "改革.csv", "実施日,取組", "2026-10-01,書かない窓口")
    assert load(event, tmp_path).status == "checked"


def test_asking_for_a_broken_profile_is_an_error_of_one_line(tmp_path: Path) -> None:
    profile(tmp_path, "kita", BROKEN)
    with pytest.raises(PipelineError, match=r"kita\.yml 3行目") as raised:
        load(write(tmp_path / "log.csv", HEADER, ROW), tmp_path, profile="kita")
    assert "\n" not in raised.value.ja + raised.value.en


def test_on_the_command_line_a_broken_profile_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADO_HOME", str(tmp_path))
    profile(tmp_path, "kita", BROKEN)
    own = str(write(tmp_path / "北支所10月.csv", HEADER, ROW))
    other = str(write(tmp_path / "港支所.csv", HEADER, ROW))
    assert main(["load", own, "--profile", "kita", "--municipality", CITY]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("エラー: プロファイル kita.yml 3行目 colums:")
    assert main(["load", own, other, "--municipality", CITY]) == 2
    shown = capsys.readouterr()
    (line,) = shown.err.splitlines()
    assert line.startswith("拒否") and "kita.yml 3行目" in line
    assert shown.out.startswith("保存") and "港支所.csv" in shown.out
    for command in (["status"], ["quarantine"], ["check", other]):
        assert main(command) == 0


def test_a_profile_of_another_source_than_asked_for_is_an_error(tmp_path: Path) -> None:
    profile(tmp_path, "kita", "source: ticket_log\n")
    path = write(tmp_path / "log.csv", HEADER, ROW)
    with pytest.raises(PipelineError, match=r"kita.*ticket_log のもの"):
        load(path, tmp_path, profile="kita", source="event")
    with pytest.raises(PipelineError, match="「kita」のことですか"):
        load(path, tmp_path, profile="kitta")
    with pytest.raises(PipelineError, match="「ticket_log」のことですか"):
        load(path, tmp_path, source="ticketlog")


# --- files without a header ------------------------------------------------------------------

POSITIONS = """\
source: ticket_log
positions: {issued_at: 2, called_at: 3, counter: 4, ticket_number: 5}
date_columns: {issued_at: [1], called_at: [1]}
formats: {issued_at: "%Y%m%d %H%M", called_at: "%Y%m%d %H%M"}
constants: {department: 市民課}
"""
LINES = [f"20261001,{900 + n:04d},{910 + n:04d},{1 + n % 3},{n}" for n in range(20)]


def test_a_file_without_a_header_is_read_by_its_shape(tmp_path: Path) -> None:
    path = write(tmp_path / "T01.csv", *LINES)
    doubtful = load(path, tmp_path)
    assert doubtful.status == "refused"
    assert "見出しの行がなく" in doubtful.message and "pipelines profile" in doubtful.message
    profile(tmp_path, "machine", POSITIONS)
    assert load(path, tmp_path, store=True).accepted == 20
    first, *_ = stored(tmp_path, "CAST(issued_at AS VARCHAR), wait_seconds, counter, source_row")
    assert first == ("2026-10-01 09:00:00", 600, "1", 1)


def test_a_file_of_another_shape_is_not_read_by_positions(tmp_path: Path) -> None:
    profile(tmp_path, "machine", POSITIONS)
    for lines in (
        ["1,2,3,4,5"] * 5,
        ["20261001,0900,,,"] * 5,  # the ticket's number is needed
        ["日付,時刻,呼出,窓口,番号", *LINES],  # a header of names that nobody knows
        [line.rsplit(",", 2)[0] for line in LINES],  # too few cells
    ):
        result = load(write(tmp_path / "x.csv", *lines), tmp_path)
        assert result.status == "refused", lines[0]
        told = load(tmp_path / "x.csv", tmp_path, profile="machine")
        assert told.status == "refused" and "positions に合いません" in told.message


def test_positions_of_mere_texts_need_a_name(tmp_path: Path) -> None:
    text = "source: event\npositions: {name: 1}\nconstants: {event_date: 2026-10-01}\n"
    path = write(tmp_path / "取組.csv", "書かない窓口,x", "行かない窓口,y")
    profile(tmp_path, "texts", text)
    assert load(path, tmp_path).status == "refused", "any file has texts"
    assert load(path, tmp_path, profile="texts").accepted == 2
    profile(tmp_path, "texts", text + "file: '取組*.csv'\n")
    assert load(path, tmp_path).accepted == 2


def test_two_machines_without_headers_ask_unless_the_name_tells(tmp_path: Path) -> None:
    path = write(tmp_path / "北01.csv", *LINES)
    profile(tmp_path, "kita", POSITIONS)
    profile(tmp_path, "minami", POSITIONS)
    doubtful = load(path, tmp_path)
    assert "--profile kita" in doubtful.message and "--profile minami" in doubtful.message
    profile(tmp_path, "kita", POSITIONS + "file: '北*.csv'\n")
    profile(tmp_path, "minami", POSITIONS + "file: '南*.csv'\n")
    assert load(path, tmp_path).accepted == 20


def test_a_named_file_of_the_wrong_shape_says_which_cell(tmp_path: Path) -> None:
    profile(tmp_path, "kita", POSITIONS + "file: '北*.csv'\n")
    result = load(write(tmp_path / "北01.csv", "a,b,c,d,e", "f,g,h,i,j"), tmp_path)
    assert result.status == "refused"
    assert "kita" in result.message and "2列目が「発券時刻」" in result.message


# --- headers -----------------------------------------------------------------------------------


def test_a_date_in_a_column_of_its_own_is_found_by_the_profile(tmp_path: Path) -> None:
    profile(
        tmp_path,
        "kita",
        "source: ticket_log\ncolumns: {issued_at: [はっけん], called_at: [よびだし]}\n"
        "date_columns: {issued_at: [えいぎょう], called_at: [えいぎょう]}\n",
    )
    path = write(
        tmp_path / "log.csv",
        "えいぎょう,はっけん,よびだし,課,窓口,番号",
        "R8.10.1,9:00,9:05,市民課,1,7",
    )
    assert load(path, tmp_path, store=True).accepted == 1
    assert stored(tmp_path, "CAST(called_at AS VARCHAR)") == [("2026-10-01 09:05:00",)]


def test_a_profile_s_name_is_its_column_s_whatever_else_knows_it(tmp_path: Path) -> None:
    """「番号」 is a name of the ticket number; this maker writes the counter under it."""
    profile(tmp_path, "kita", "source: ticket_log\ncolumns: {counter: [番号], ticket_number: [札]}")
    path = write(tmp_path / "log.csv", "課,番号,札,発券時刻", "市民課,3,77,2026/10/01 9:00")
    assert load(path, tmp_path, store=True).accepted == 1
    assert stored(tmp_path, "counter, ticket_number") == [("3", "77")]


def test_a_profile_that_only_knows_more_names_does_not_make_a_plain_file_doubtful(
    tmp_path: Path,
) -> None:
    profile(tmp_path, "kita", "source: ticket_log\ncolumns: {counter: [受付口]}")
    path = write(tmp_path / "log.csv", HEADER, ROW)
    assert load(path, tmp_path).status == "checked"
    profile(tmp_path, "kita", "source: ticket_log\nconstants: {office: 北支所}")
    assert "--profile kita" in load(path, tmp_path).message, "the office would be another"


def test_shipped_profiles_read_what_they_are_for(tmp_path: Path) -> None:
    short = write(
        tmp_path / "a.csv",
        "営業日,発券,呼出,終了,課,窓口,番号",
        "2026/10/01,9:00,9:05,9:10,市民課,1,7",
    )
    english = write(
        tmp_path / "b.csv",
        "Date,Department,Counter No,Ticket No,Issue Time,Call Time,Status",
        "2026-10-02,Citizens,2,8,9:00,9:05,served",
    )
    assert load(short, tmp_path, store=True).accepted == 1
    assert load(english, tmp_path, store=True).accepted == 1
    found = set(stored(tmp_path, "CAST(issued_at AS VARCHAR), wait_seconds, outcome"))
    assert found == {
        ("2026-10-01 09:00:00", 300, "served"),
        ("2026-10-02 09:00:00", 300, "served"),
    }


@pytest.mark.parametrize(
    ("header", "factor"), [("処理時間（秒）", "1/60"), ("1件当たり処理時間（時間）", "60")]
)
def test_another_unit_in_a_header_is_asked_about(tmp_path: Path, header: str, factor: str) -> None:
    path = write(
        tmp_path / "申請.csv",
        f"月,手続,受付方法,処理方法,件数,{header}",
        "2026-10,転入届,紙,紙,3,120",
    )
    result = load(path, tmp_path)
    assert result.status == "refused"
    assert f"units: {{minutes_per_case: {factor}}}" in result.message
    profile(tmp_path, "a", f"source: applications\nunits: {{minutes_per_case: {factor}}}\n")
    assert load(path, tmp_path, profile="a", store=True).accepted == 1
    minutes = {"1/60": 2.0, "60": 7200.0}[factor]
    assert stored(tmp_path, "minutes_per_case", "applications") == [(pytest.approx(minutes),)]


def test_counts_in_thousands_are_asked_about(tmp_path: Path) -> None:
    path = write(
        tmp_path / "申請.csv", "月,手続,受付方法,処理方法,件数（千件）", "2026-10,転入届,紙,紙,3"
    )
    assert "units: {applications: 1000}" in load(path, tmp_path).message


# --- refusals name no wrong source --------------------------------------------------------------


@pytest.mark.parametrize("header", ["課,備考", "窓口,説明,件数", "団体コード,課", "課,窓口番号"])
def test_few_known_headers_name_no_source(tmp_path: Path, header: str) -> None:
    result = load(write(tmp_path / "x.csv", header, "a,b,c"[: 2 * header.count(",") + 1]), tmp_path)
    assert result.status == "refused"
    assert "どの種類のファイルか分かりません" in result.message
    assert f"「{header.split(',')[-2]}」" in result.message, "the headers that are known are told"
    for wrong in ("改革の記録", "目標", "発券機ログ"):
        assert wrong not in result.message


def test_a_file_as_near_to_two_sources_asks_which(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", "指標,目標値,年齢,職員区分", "wait_p90,10,30,常勤")
    result = load(path, tmp_path)
    assert result.status == "refused"
    assert "--source target" in result.message and "--source staff_age" in result.message
    told = load(path, tmp_path, source="staff_age")
    assert "「基準日」の列が足りません" in told.message


def test_encodings_of_a_profile_hold_for_files_of_its_name(tmp_path: Path) -> None:
    profile(tmp_path, "kita", "source: ticket_log\nfile: '*.txt'\nencoding: euc_jp")
    path = write(tmp_path / "log.txt", HEADER, ROW, encoding="euc_jp")
    assert load(path, tmp_path, store=True).accepted == 1
    assert stored(tmp_path, "department") == [("市民課",)]


# --- loaded already, asked for as something else ------------------------------------------------


def test_loading_again_as_something_else_says_what_it_was_taken_as(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", HEADER, ROW)
    assert load(path, tmp_path, store=True).status == "stored"
    again = load(path, tmp_path, store=True, source="ticket_log")
    assert again.status == "unchanged" and "forget" not in again.message
    other = load(path, tmp_path, store=True, source="event")
    assert other.status == "unchanged"
    assert "ticket_log" in other.message and "pipelines forget" in other.message
    profile(tmp_path, "kita", "source: ticket_log\nconstants: {office: 北支所}")
    other = load(path, tmp_path, store=True, profile="kita")
    assert "プロファイル standard" in other.message and "forget" in other.message
    with pytest.raises(PipelineError, match="moon"):
        load(path, tmp_path, store=True, source="moon")
