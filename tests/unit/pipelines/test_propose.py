"""A profile is proposed from a file; saved, it makes the file loadable. What is open is asked."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import ingest
from pipelines.__main__ import main
from pipelines.errors import PipelineError, Refused
from pipelines.marked import SchemaError, read
from pipelines.profile import Profile
from pipelines.profile_schema import parse
from pipelines.propose import Proposal, pattern, propose, write
from pipelines.propose.forms import find_forms, today
from warehouse.engine import Engine
from warehouse.home import Home

CITY = "272060"


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def profile_of(proposal: Proposal) -> Profile:
    return parse(read(proposal.text, "proposal.yml", "profile"), "proposal")


def counts(home: Path, path: Path) -> tuple[str, int, int, int]:
    (result,) = ingest.load([path], Home(home), municipality=CITY)
    return result.status, result.accepted, result.quarantined, result.ignored


def rows(home: Path, columns: str, source: str = "ticket_log") -> list[tuple[object, ...]]:
    (path,) = (home / "lake" / source).glob("*.parquet")
    sql = f"SELECT {columns} FROM read_parquet('{path}') ORDER BY source_row"
    return Engine.memory().execute(sql)


def strange_log(folder: Path, name: str = "北支所_202610.csv") -> Path:
    lines = [
        "発券機データ　北支所",
        "出力日：R8.11.1",
        "担当部署名,受付窓口,札番号,発券機時刻,お呼出し時刻,終わりの時刻",
    ]
    for n in range(60):
        day, minute = 1 + n // 20, n % 60
        lines.append(
            f"市民課,{1 + n % 3},{n},R8.10.{day} 9:{minute:02d},R8.10.{day} 10:{minute:02d},"
        )
    return written(folder / name, *lines, "合計,,60,,,", encoding="cp932")


def test_a_maker_s_file_becomes_a_profile_that_loads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command line: refused, proposed, saved, loaded."""
    monkeypatch.setenv("MADO_HOME", str(tmp_path))
    path = strange_log(tmp_path)
    assert main(["check", str(path), "--municipality", CITY]) == 2
    assert "python -m pipelines profile" in capsys.readouterr().err
    out = tmp_path / "profiles/kita.yml"
    assert main(["profile", str(path), "--out", str(out)]) == 0
    shown = capsys.readouterr()
    assert shown.out == shown.err == "", "nothing is open"
    assert main(["load", str(path), "--municipality", CITY, "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["status"], result["accepted"], result["ignored"]) == ("stored", 60, 1)
    first, *_ = rows(tmp_path, "department, counter, ticket_number, CAST(issued_at AS VARCHAR)")
    assert first == ("市民課", "1", "0", "2026-10-01 09:00:00")
    assert rows(tmp_path, "DISTINCT wait_seconds, source_row % 1")[0][0] == 3600


def test_the_proposal_says_what_it_saw_and_why(tmp_path: Path) -> None:
    found = propose(strange_log(tmp_path), Home(tmp_path))
    assert found.open == () and found.source == "ticket_log"
    assert "見出し 3行目、文字コード cp932、区切り コンマ" in found.text
    assert '["お呼出し時刻"]  # 名前が「呼出し時刻」に近い' in found.text
    assert "--municipality" in found.text, "no column holds the code"
    assert profile_of(found).columns["counter"] == ("受付窓口",)
    assert profile_of(found).file is None, "names alone need no pattern"


def test_a_proposal_is_printed_and_an_existing_file_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADO_HOME", str(tmp_path))
    path = strange_log(tmp_path)
    assert main(["profile", str(path)]) == 0
    assert capsys.readouterr().out.startswith("# 「北支所_202610.csv」")
    written(tmp_path / "mine.yml", "mine")
    assert main(["profile", str(path), "--out", str(tmp_path / "mine.yml")]) == 2
    assert "上書きしません" in capsys.readouterr().err
    assert (tmp_path / "mine.yml").read_text(encoding="utf-8") == "mine\n"


def test_days_and_times_apart_are_found_by_their_values(tmp_path: Path) -> None:
    lines = [f"{20261001 + n // 20},{900 + n % 20:04d},市民課,{1 + n % 3},{n}" for n in range(60)]
    path = written(tmp_path / "b.csv", "ひ,とき,課,窓口,番号", *lines)
    found = propose(path, Home(tmp_path))
    its = profile_of(found)
    assert found.open == ()
    assert its.date_columns == {"issued_at": ("ひ",)} and its.columns["issued_at"] == ("とき",)
    write(found, tmp_path / "profiles/b.yml")
    assert counts(tmp_path, path) == ("stored", 60, 0, 0)
    assert rows(tmp_path, "CAST(issued_at AS VARCHAR)")[0] == ("2026-10-01 09:00:00",)


def test_moments_without_names_are_told_by_their_order(tmp_path: Path) -> None:
    lines = [
        f"市民課,1,{n},2026/10/01 {11 + n % 3}:{n:02d},2026/10/01 {9 + n % 2}:{n:02d},"
        f"2026/10/01 14:{n:02d}"
        for n in range(50)
    ]
    path = written(tmp_path / "c.csv", "課,窓口,番号,T2,T1,T3", *lines)
    found = propose(path, Home(tmp_path))
    assert found.open == ()
    assert {k: v[0] for k, v in profile_of(found).columns.items()} == {
        "issued_at": "T1",
        "called_at": "T2",
        "finished_at": "T3",
    }
    write(found, tmp_path / "profiles/c.yml")
    assert counts(tmp_path, path) == ("stored", 50, 0, 0)


def test_a_log_under_names_that_nobody_knows_is_told_by_its_moments(tmp_path: Path) -> None:
    """拠点名称 is near 名称 of the names of municipalities; the values say what the file is."""
    lines = [
        f"本庁,証明{n % 20},{100 + n},2026/10/01 9:{n:02d},2026/10/01 10:{n:02d},メモ{n}"
        for n in range(40)
    ]
    path = written(tmp_path / "u.csv", "拠点名称,用途,チケット,入庫,応対,覚え", *lines)
    found = propose(path, Home(tmp_path))
    its = profile_of(found)
    assert found.source == "ticket_log"
    assert its.columns == {"office": ("拠点名称",), "issued_at": ("入庫",)}
    kind, *rest = found.open
    assert "「入庫」・「応対」がどの行でも順に並ぶ日時なので「発券機ログ」とみなしました" in kind
    asked = {line.split()[1].rstrip(":"): line for line in rest}
    assert {"department", "counter", "ticket_number", "called_at"} <= set(asked)
    assert "「チケット」（100・101・102 など）" in asked["ticket_number"]
    assert "チケット" not in asked["department"] and "「用途」" in asked["department"]
    assert "メモ1" not in found.text, "free text stays out of a profile"
    text = found.text.replace("columns:", "columns:\n  ticket_number: [チケット]", 1)
    text += "constants: {department: 市民課, counter: 1}\n"
    write(Proposal(found.name, found.source, text, ()), tmp_path / "profiles/u.yml")
    assert counts(tmp_path, path) == ("stored", 40, 0, 0)


def test_one_near_name_makes_no_table_of_names(tmp_path: Path) -> None:
    """Without codes a list of names says nothing about municipalities."""
    path = written(tmp_path / "n.csv", "名称,面積", "中央図書館,120", "北図書館,80")
    (result,) = ingest.load([path], Home(tmp_path), municipality=CITY, store=False)
    assert result.status == "refused" and "どの種類のファイルか分かりません" in result.message
    with pytest.raises(PipelineError, match="どの種類のファイルか決められません"):
        propose(path, Home(tmp_path))


def test_moments_that_follow_no_order_are_not_guessed(tmp_path: Path) -> None:
    lines = [
        f"市民課,1,{n},2026/10/1 {9 + n % 5}:00,2026/10/1 {9 + n % 7}:30,2026/10/1 {9 + n % 3}:10"
        for n in range(50)
    ]
    found = propose(
        written(tmp_path / "c.csv", "課,窓口,番号,A,B,C", *lines), Home(tmp_path), "ticket_log"
    )
    assert "issued_at" not in profile_of(found).columns
    assert any("「A」か「B」か「C」か分かりません" in line for line in found.open)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%y/%m/%d %H:%M", "26/10/{day:02d} 9:{minute:02d}"),
        ("%Y%m%d_%H%M", "202610{day:02d}_09{minute:02d}"),
        ("%d/%m/%Y %H:%M", "{day:02d}/10/2026 9:{minute:02d}"),
        ("%EY%m%d %H%M", "R0810{day:02d} 09{minute:02d}"),
    ],
)
def test_forms_of_moments_are_found(tmp_path: Path, form: str, text: str) -> None:
    lines = [f"市民課,1,{n},{text.format(day=1 + n // 5, minute=n % 60)}" for n in range(5 * 28)]
    path = written(tmp_path / "d10.csv", "課,窓口番号,受付番号,発券時刻", *lines)
    found = propose(path, Home(tmp_path))
    assert found.open == () and profile_of(found).formats == {"issued_at": form}
    assert profile_of(found).file == "d*.csv", "else the standard profile would fit as well"
    write(found, tmp_path / "profiles/d.yml")
    assert counts(tmp_path, path) == ("stored", 140, 0, 0)
    assert rows(tmp_path, "CAST(issued_at AS VARCHAR)")[-1] == ("2026-10-28 09:19:00",)


def test_a_form_that_the_values_do_not_settle_is_asked(tmp_path: Path) -> None:
    lines = [f"市民課,1,{n},0{1 + n}/0{1 + n}/2026 9:00" for n in range(3)]
    path = written(tmp_path / "d.csv", "課,窓口番号,受付番号,発券時刻", *lines)
    found = propose(path, Home(tmp_path))
    (line,) = found.open
    assert '"%d/%m/%Y %H:%M"' in line and '"%m/%d/%Y %H:%M"' in line
    assert profile_of(found).formats == {}


def test_units_sums_and_unknown_words(tmp_path: Path) -> None:
    lines = [
        f"2025-{1 + n:02d},転入届,{'オンライン' if n % 2 else 'ネット'},紙,{n},300"
        for n in range(12)
    ]
    path = written(
        tmp_path / "申請2026.csv",
        "年月,手続名,受付方法,処理,件数（千件）,処理時間（秒）",
        *lines,
        "平均,,,,5,300",
    )
    found = propose(path, Home(tmp_path))
    its = profile_of(found)
    assert its.units == {"applications": 1000, "minutes_per_case": pytest.approx(1 / 60)}
    assert [(one.column, one.values) for one in its.ignore] == [("month", ("平均",))]
    (line,) = found.open
    assert line.startswith("要確認 intake: ネット の意味")
    # As its reader completes it: the word goes where the comment says.
    text = found.text.replace("# values:", "values:\n  intake: {online: [ネット]}")
    write(Proposal(found.name, found.source, text, ()), tmp_path / "profiles/a.yml")
    assert counts(tmp_path, path) == ("stored", 12, 0, 1)
    assert rows(tmp_path, "intake, applications, minutes_per_case", "applications")[1] == (
        "online",
        1000,
        5.0,
    )


def test_what_no_cell_holds_is_asked_with_the_cells_that_may(tmp_path: Path) -> None:
    lines = [f"{1 + n % 3},{n},2026/10/01 9:{n:02d},甲" for n in range(20)]
    path = written(tmp_path / "e.csv", "窓口番号,受付番号,発券時刻,ほか", *lines)
    found = propose(path, Home(tmp_path))
    (line,) = found.open
    assert line.startswith("要確認 department: 「課」の列が見つかりません") and "「ほか」" in line
    assert "発券時刻" not in line, "moments are no department"
    assert "  # department: " in found.text
    text = found.text.replace("# constants:", "constants: {department: 市民課}")
    write(Proposal(found.name, found.source, text, ()), tmp_path / "profiles/e.yml")
    (result,) = ingest.load([path], Home(tmp_path), municipality=CITY, profile=found.name)
    assert result.accepted == 20


def test_a_file_without_a_header_gets_places_and_questions(tmp_path: Path) -> None:
    lines = [
        f"市民課,1,{n},26/10/{1 + n // 5:02d} 9:{n % 60:02d},26/10/{1 + n // 5:02d} 10:{n % 60:02d}"
        for n in range(100)
    ]
    path = written(tmp_path / "T10.csv", *lines)
    told = propose(path, Home(tmp_path))
    assert told.source == "ticket_log" and told.open[0].startswith("要確認 source: ")
    found = propose(path, Home(tmp_path), "ticket_log")
    assert found.open == told.open[1:], "the kind was told, all else is as open"
    its = profile_of(found)
    assert its.positions == {"issued_at": 4} and its.formats == {"issued_at": "%y/%m/%d %H:%M"}
    assert its.file == "T*.csv"
    asked = {line.split()[1].rstrip(":") for line in found.open}
    assert {"department", "counter", "ticket_number", "called_at"} <= asked
    text = found.text.replace(
        "positions:", "positions:\n  department: 1\n  counter: 2\n  ticket_number: 3", 1
    )
    write(Proposal(found.name, found.source, text, ()), tmp_path / "profiles/T.yml")
    assert counts(tmp_path, path) == ("stored", 100, 0, 0)


def test_an_event_log_gets_a_table_to_fill_in(tmp_path: Path) -> None:
    lines = []
    for n in range(30):
        queue, number = ("01", 101 + n) if n % 2 else ("02", 501 + n)
        lines += [
            f"20261001,09:{n:02d},0,{queue},{number}",
            f"20261001,10:{n:02d},1,{queue},{number}",
        ]
    path = written(tmp_path / "EV1001.csv", *lines, "20261001,11:00,7,01,102")
    found = propose(path, Home(tmp_path))
    assert [line for line in found.open if "イベント 7" in line]
    assert "業務 01" in found.text and "番号 102～130" in found.text
    with pytest.raises(SchemaError, match=r"events\.queues: まだ書かれていません.*要確認"):
        parse(read(found.text, "ev.yml", "profile"), "ev")  # its questions are open
    text = found.text.replace("（窓口番号）", "3").replace("（課）", "市民課")
    text = text.replace("    # - {id", "    - {id")
    its = parse(read(text, "ev.yml", "profile"), "ev")
    assert its.file == "EV*.csv" and its.events is not None
    assert [(one.id, one.first, one.last) for one in its.events.queues] == [
        ("01", 102, 130),
        ("02", 501, 529),
    ]
    write(Proposal("ev", "ticket_log", text, ()), tmp_path / "profiles/ev.yml")
    (result,) = ingest.load([path], Home(tmp_path), municipality=CITY)
    assert (result.source, result.accepted, result.quarantined) == ("ticket_log", 30, 1)


def test_a_file_that_is_read_by_itself_says_so(tmp_path: Path) -> None:
    lines = [f"市民課,1,{n},2026/10/01 9:{n:02d}" for n in range(9)]
    found = propose(
        written(tmp_path / "plain.csv", "課,窓口番号,受付番号,発券時刻", *lines), Home(tmp_path)
    )
    assert found.open == () and "プロファイルは要りません" in found.text
    assert profile_of(found).columns == {}


def test_a_file_that_another_way_reads_says_which(tmp_path: Path) -> None:
    survey = written(
        tmp_path / "業務量調査2025年度.csv",
        "調査年度,課,係,業務,作業,事務分類,職員区分,年間件数,1件当たり分,年間時間",
        "2025,市民課,窓口係,住民記録,転入届の入力,入力,常勤,1200,6,120",
    )
    found = propose(survey, Home(tmp_path))
    assert found.source == "workload_survey" and "「業務量調査」として読めます" in found.text
    assert profile_of(found).source == "workload_survey"
    path = strange_log(tmp_path)
    write(propose(path, Home(tmp_path), name="kita"), tmp_path / "profiles/kita.yml")
    assert "プロファイル「kita」で「発券機ログ」" in propose(path, Home(tmp_path)).text


def test_numbers_are_no_codes(tmp_path: Path) -> None:
    """Any five digits may be a code without check digit; populations are not codes."""
    lines = [f"2026-04-01,{30 + n % 20},常勤,{12025 + 100 * n}" for n in range(60)]
    path = written(tmp_path / "s.csv", "基準日,年齢,職員区分,ひと", *lines)
    assert "municipality" not in profile_of(propose(path, Home(tmp_path))).columns
    lines = [f"2026-04-01,{30 + n % 20},常勤,{CITY}" for n in range(60)]
    path = written(tmp_path / "t.csv", "基準日,年齢,職員区分,ひと", *lines)
    assert profile_of(propose(path, Home(tmp_path))).columns == {"municipality": ("ひと",)}


def test_cells_without_a_name_of_their_own_are_told_and_not_used(tmp_path: Path) -> None:
    lines = [f"市民課,1,{n},,2026/10/01 9:{n:02d},2026/10/01 9:{n:02d}" for n in range(20)]
    path = written(tmp_path / "n.csv", "課,窓口,番号,,時点,時点", *lines)
    found = propose(path, Home(tmp_path), "ticket_log")
    assert "同じ見出しが2つあるので使えない列: 5列目、6列目" in found.text
    assert profile_of(found).columns == {}
    assert [line for line in found.open if line.startswith("要確認 issued_at")]


def test_a_wide_table_asks_what_its_other_columns_of_numbers_are(tmp_path: Path) -> None:
    lines = [f"2025-{1 + n:02d},転入届,紙,{n},{n},{n},{2 * n},{4 * n}" for n in range(12)]
    head = "対象の月,手続き名称,処理の方法,オンライン,窓口（紙）,郵送,リモート相談,合計"
    path = written(tmp_path / "wide.csv", head, *lines)
    found = propose(path, Home(tmp_path))
    (line,) = found.open
    assert line.startswith("要確認 intake: リモート相談 の意味") and "合計" not in line
    assert '  #   remote: ["リモート相談"]' in found.text
    text = found.text.replace("# values:", "values: {intake: {remote: [リモート相談]}}")
    write(Proposal(found.name, found.source, text, ()), tmp_path / "profiles/w.yml")
    assert counts(tmp_path, path) == ("stored", 12, 0, 0)
    assert ("remote", 11) in rows(tmp_path, "intake, applications // 2", "applications")


def test_unused_cells_with_few_words_may_be_a_column_of_words(tmp_path: Path) -> None:
    words = ("おわり", "いない")
    lines = [f"市民課,1,{n},2026/10/01 9:{n:02d},{words[n % 2]},メモ{n}" for n in range(20)]
    path = written(tmp_path / "w.csv", "課,窓口,番号,発券時刻,その他,メモ", *lines)
    text = propose(path, Home(tmp_path)).text
    assert "「その他」の語は おわり・いない です。" in text and "状態（state）" in text
    assert "「メモ」の語は" not in text


VALUES = st.sampled_from(
    [
        *("", "市民課", "1", "12,345", "2026/10/01 9:00", "9:05", "20261001", "26.10.1", "完了"),
        *("合計", "平均", "オンライン", CITY, "#REF!", "R8.10.1", "※注", '"', "a: b", "[x]"),
    ]
)
HEADERS = st.one_of(
    st.sampled_from(
        ["課", "窓口", "番号", "発券", "呼出時間", "日", "状態", "件数（千件）", "年月"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters=",\r\n"), max_size=5),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_file_holds_the_proposal_is_a_profile(
    tmp_path: Path, data: st.DataObject
) -> None:
    width = data.draw(st.integers(2, 6))
    row = st.lists(VALUES, min_size=width, max_size=width)
    head = data.draw(st.lists(HEADERS, min_size=width, max_size=width))
    path = tmp_path / "x1.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *data.draw(st.lists(row, min_size=1, max_size=8))])
    source = data.draw(st.sampled_from(["ticket_log", "applications", "event"]))
    try:
        found = propose(path, Home(tmp_path / "home"), source)
    except Refused:
        return
    assert profile_of(found).source == source
    assert all(line.startswith("要確認") and "\n" not in line for line in found.open)


@pytest.mark.parametrize("header", ["氏名", "備考"])
def test_personal_data_does_not_get_into_a_profile(tmp_path: Path, header: str) -> None:
    lines = [f"市民課,1,{n},2026/10/01 9:{n:02d},090-1234-56{n:02d}" for n in range(20)]
    path = written(tmp_path / "x.csv", f"課,窓口番号,受付番号,発券時刻,{header}", *lines)
    with pytest.raises(Refused, match=header) as raised:
        propose(path, Home(tmp_path))
    assert "090" not in raised.value.ja


def test_a_file_of_no_kind_names_the_kinds(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", "ア,イ", *(f"あ,{n}" for n in range(5)))
    with pytest.raises(PipelineError, match="--source") as raised:
        propose(path, Home(tmp_path))
    assert "ipss" not in raised.value.ja, "layouts have no names to map"
    with pytest.raises(PipelineError, match="表の形から読む"):
        propose(path, Home(tmp_path), "ipss_r5_suikei")
    with pytest.raises(PipelineError, match="「event」のことですか"):
        propose(path, Home(tmp_path), "events")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("北支所_202610.csv", "北支所_*.csv"),
        ("令和8年10月.csv", "令和*年*月.csv"),
        ("20261001.csv", "*.csv"),
        ("a[1]?.csv", "a?*??.csv"),
        ("log１０月.csv", "log*月.csv"),
    ],
)
def test_numbers_of_a_file_s_name_may_change(name: str, plain: str) -> None:
    assert pattern(name) == plain


@pytest.mark.parametrize("text", ['見出し"#: {', "'- *&a", "a\\n%", "\u2028x\x85y", "：コロン、"])
def test_any_header_can_be_written_down(tmp_path: Path, text: str) -> None:
    """A header with marks of YAML is found again as it stands in the file."""
    lines = [f"1,{n},2026/10/01 9:{n:02d},市民課" for n in range(9)]
    head = f"窓口番号,受付番号,発券時刻,{'課名' + text}"
    path = tmp_path / "x.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8", newline="")
    found = propose(path, Home(tmp_path), "ticket_log")
    its = profile_of(found)
    if found.open:
        assert "department" in found.open[0]
    else:
        write(found, tmp_path / "profiles/x.yml")
        assert "department" in its.columns
        assert counts(tmp_path, path) == ("stored", 9, 0, 0)


def test_forms_need_enough_days_to_tell_by_their_span() -> None:
    few = [f"0{n}/0{n + 1}/2026" for n in range(1, 4)]
    assert len(find_forms(few, "date", today()).forms) == 2
    many = [f"{n:02d}/10/2026" for n in range(1, 13)]
    assert find_forms(many, "date", today()).sure == "%d/%m/%Y"
    assert find_forms(["0905", "1730"], "time", today()).sure == "%H%M"
    assert find_forms(["なし"], "date", today()).forms == ()
