"""A slip in a YAML ends in one line that names file, line, key and what would be right."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.marked import SchemaError, choice, nearest, read
from pipelines.profile import SHIPPED, Events, Ignore, Profile, Queue, load_profiles
from pipelines.profile_schema import KEYS, parse
from pipelines.sources import load_sources
from pipelines.sources import schema as source_schema

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/profiles-ja.md").read_text(encoding="utf-8")


def profile(text: str) -> Profile:
    return parse(read(text, "mine.yml", "profile"), "mine")


def error(text: str) -> SchemaError:
    with pytest.raises(SchemaError) as raised:
        profile(text)
    return raised.value


FULL = """\
id: kita
source: ticket_log
label: {ja: 北支所, en: North}
file: 北支所_*.csv
encoding: cp932
header_row: 3
columns:
  counter: [受付口]
constants: {office: 北支所, municipality: 272060}
values:
  state: {served: [おわり], no_show: [いない]}
formats: {issued_at: "%y/%m/%d %H:%M"}
date_columns: {called_at: [営業日]}
ignore:
  - {column: department, values: [平均]}
  - {header: 備考, values: [試験, 01]}
settings: {closing_time: 17:15}
dates: "1904"
replace: period
"""


def test_a_full_profile_is_read_as_it_is_written() -> None:
    assert profile(FULL) == Profile(
        id="kita",
        source="ticket_log",
        label_ja="北支所",
        label_en="North",
        file="北支所_*.csv",
        encoding="cp932",
        header_row=3,
        columns={"counter": ("受付口",)},
        constants={"office": "北支所", "municipality": "272060"},
        values={"state": {"served": ("おわり",), "no_show": ("いない",)}},
        formats={"issued_at": "%y/%m/%d %H:%M"},
        date_columns={"called_at": ("営業日",)},
        ignore=(
            Ignore("department", None, ("平均",)),
            Ignore(None, "備考", ("試験", "01")),
        ),
        settings={"closing_time": "17:15"},
        dates="1904",
        replace="period",
    )


def test_an_event_log_is_read_as_it_is_written() -> None:
    found = profile(
        "source: ticket_log\nadapter: ticket_events\nevents:\n"
        "  codes: {issued: [0], called: ['1', 11]}\n"
        "  queues: [{id: 01, counter: 1, department: 市民課, office: 北, from: 1, to: 199}]\n"
    )
    assert found.adapter == "ticket_events"
    assert found.events == Events(
        {"issued": ("0",), "called": ("1", "11")},
        (Queue("01", "1", "市民課", "北", None, 1, 199),),
        2,
    )


def test_units_may_be_fractions() -> None:
    found = profile("source: applications\nunits: {minutes_per_case: 1/60, applications: 1000}")
    assert found.units == {"minutes_per_case": pytest.approx(1 / 60), "applications": 1000.0}


def test_text_stays_what_was_written() -> None:
    """YAML alone would read 8, 1035, false and a date."""
    found = profile(
        "source: ticket_log\nconstants: {counter: 010, department: no, office: 2026-10-01}\n"
        "settings: {closing_time: 17:15}\nlabel: {ja: 1_000}"
    )
    assert found.constants == {"counter": "010", "department": "no", "office": "2026-10-01"}
    assert found.settings == {"closing_time": "17:15"}
    assert (found.label_ja, found.label_en, found.id) == ("1_000", "mine", "mine")


HEAD = "source: ticket_log\n"

SLIPS = [
    # (text, line, path, a part of the Japanese, a part of the English)
    ("", 1, "", "何も書かれていません", "empty"),
    ("source: [", 1, "", "YAML として", "YAML"),
    ("source: ticket_log\nfile: 'a\nlabel: 1", 3, "", "YAML として", "YAML"),
    ("source: ticket_log\nfile: a\x01", 2, "", "YAML として", "YAML"),
    ("- source", 1, "", "名前: 値", "mapping"),
    ("id: a", 1, "", "「source」がありません", "source is missing"),
    ("source: ticket_lgo", 1, "source", "「ticket_log」のことですか", "did you mean ticket_log"),
    ("source: [ticket_log]", 1, "source", "1つだけ", "single value"),
    ("source:", 1, "source", "値がありません", "no value"),
    (HEAD + "colums: {}", 2, "colums", "「columns」", "did you mean columns"),
    (HEAD + "file: a\n\nfile: b", 4, "file", "2回書かれています（2行目", "also on line 2"),
    (HEAD + "columns:\n  countr: [窓]", 3, "columns.countr", "「counter」", "counter"),
    (HEAD + "columns:\n  counter: 窓", 3, "columns.counter", "[窓]", "list"),
    (HEAD + "columns:\n  counter: []", 3, "columns.counter", "リストが空", "empty"),
    (HEAD + "columns:\n  counter: [窓, {a: b}]", 3, "columns.counter.2", "1つだけ", "single"),
    (HEAD + "columns:\n  counter: [窓, 窓]", 3, "columns.counter.2", "2回", "twice"),
    (
        HEAD + "columns:\n  counter: [窓]\n  office: [ 窓 ]",
        4,
        "columns.office.1",
        "counter にも",
        "counter too",
    ),
    (HEAD + "columns:\n  counter: [窓]\n  counter: [口]", 4, "columns.counter", "2回", "twice"),
    (HEAD + "columns: [窓]", 2, "columns", "名前: 値", "mapping"),
    (HEAD + "columns: {wait_seconds: [待ち]}", 2, "columns.wait_seconds", "ありません", "unknown"),
    (HEAD + "header_row: 三", 2, "header_row", "整数", "whole number"),
    (HEAD + "header_row: 0", 2, "header_row", "1 から 60", "between 1 and 60"),
    (HEAD + "header_row: 1.5", 2, "header_row", "整数", "whole number"),
    (HEAD + "encoding: cp923", 2, "encoding", "「cp932」のことですか", "cp932"),
    (HEAD + "encoding: rot13", 2, "encoding", "文字コード", "encoding"),
    (HEAD + 'file: "北支所.*\\\\.csv"', 2, "file", "正規表現ではありません", "regular"),
    (HEAD + "file: log/*.csv", 2, "file", "フォルダー", "folder"),
    (HEAD + 'file: "a[0.csv"', 2, "file", "括弧", "bracket"),
    (HEAD + "id: standard", 2, "id", "standard 以外", "standard"),
    (HEAD + "id: a b", 2, "id", "空白", "blank"),
    (HEAD + "values: {office: {a: [b]}}", 2, "values.office", "決まった値", "fixed values"),
    (
        HEAD + "values:\n  state:\n    done: [了]",
        4,
        "values.state.done",
        "使える名前: served",
        "served",
    ),
    (
        HEAD + "values:\n  state:\n    served: [了]\n    called: [了]",
        5,
        "values.state.called",
        "served にも",
        "served too",
    ),
    (HEAD + "values: {state: {served: 了}}", 2, "values.state.served", "[了]", "list"),
    (HEAD + "constants: {state: 了}", 2, "constants.state", "使える名前", "served"),
    (HEAD + "constants: {municipality: 272061}", 2, "constants.municipality", "検査数字", "six"),
    (HEAD + "constants: {issued_at: 10月}", 2, "constants.issued_at", "2026-10-01 09:00", "such"),
    ("source: staff_age\nconstants: {as_of: 2026-02-30}", 2, "constants.as_of", "の形で", "such"),
    ("source: staff_age\nconstants: {age: 三十}", 2, "constants.age", "12 の形", "12"),
    (HEAD + "settings: {closing: 1}", 2, "settings.closing", "closing_time", "closing_time"),
    (HEAD + "settings: {closing_time: 5時}", 2, "settings.closing_time", "17:00", "17:00"),
    (HEAD + 'formats: {office: "%Y"}', 2, "formats.office", "日付・時刻ではない", "dates"),
    (HEAD + 'formats: {issued_at: "%Y-%q"}', 2, "formats.issued_at", "「%q」", "%q"),
    (HEAD + 'formats: {issued_at: "%Y%m%d %H%"}', 2, "formats.issued_at", "「%」", "%"),
    (HEAD + 'formats: {issued_at: "%Y/%m/%d"}', 2, "formats.issued_at", "%H がありません", "%H"),
    (HEAD + 'formats: {issued_at: "%m%d%H"}', 2, "formats.issued_at", "%Y がありません", "%Y"),
    (HEAD + 'formats: {issued_at: "%Y%y%m%d%H"}', 2, "formats.issued_at", "年が2つ", "twice"),
    (HEAD + 'formats: {issued_at: "%Y%m%m%d%H"}', 2, "formats.issued_at", "2回", "twice"),
    (HEAD + "date_columns: {office: [日]}", 2, "date_columns.office", "日時ではない", "moments"),
    (HEAD + "units: {issued_at: 2}", 2, "units.issued_at", "数ではない", "numbers"),
    ("source: applications\nunits: {applications: 千}", 2, "units.applications", "1/60", "1/60"),
    ("source: applications\nunits: {applications: 1/0}", 2, "units.applications", "数で", "number"),
    ("source: applications\nunits: {applications: -1}", 2, "units.applications", "0 より", "0"),
    (HEAD + "dates: 1905", 2, "dates", "1904", "1904"),
    (HEAD + "replace: month", 2, "replace", "period", "period"),
    (HEAD + "ignore: {column: office}", 2, "ignore", "リスト", "list"),
    (HEAD + "ignore:\n  - {values: [a]}", 3, "ignore.1", "どちらか1つ", "either"),
    (HEAD + "ignore:\n  - {column: office}", 3, "ignore.1", "values", "values"),
    (HEAD + "ignore:\n  - {column: o, values: [a]}", 3, "ignore.1.column", "列はありません", "no"),
    (HEAD + "positions: {issued_at: 0}", 2, "positions.issued_at", "1 から", "between"),
    (HEAD + "positions: {issued_at: 1, counter: 1}", 2, "positions.counter", "issued_at に", "too"),
    (HEAD + "positions: {office: 1}\nheader_row: 1", 3, "header_row", "positions", "positions"),
    (HEAD + "positions: {office: 1}\ncolumns: {counter: [a]}", 3, "columns", "一緒に", "beside"),
    (
        HEAD + "positions: {issued_at: 2}\ndate_columns: {issued_at: [日付]}",
        3,
        "date_columns.issued_at.1",
        "整数",
        "whole",
    ),
    (
        HEAD + "positions: {counter: 2}\ndate_columns: {issued_at: [1]}",
        3,
        "date_columns.issued_at",
        "positions に issued_at",
        "names no cell",
    ),
    (
        HEAD + "positions: {counter: 2}\nignore: [{header: 課, values: [a]}]",
        3,
        "ignore.1.header",
        "見出しがありません",
        "no header",
    ),
    (HEAD + "adapter: ipss", 2, "adapter", "アダプター", "adapter"),
    (HEAD + "adapter: ticket_events", 2, "adapter", "events", "events"),
    (HEAD + "events: {codes: {}}", 2, "events", "adapter: ticket_events", "adapter"),
    (
        "source: workload_survey\nheader_row: 2",
        2,
        "header_row",
        "アダプター workload_survey",
        "no effect",
    ),
]


@pytest.mark.parametrize(("text", "line", "path", "ja", "en"), SLIPS)
def test_a_slip_in_a_profile(text: str, line: int, path: str, ja: str, en: str) -> None:
    slip = error(text)
    assert (slip.line, slip.path) == (line, path), slip.ja
    where = " ".join(filter(None, [f"プロファイル mine.yml {line}行目", path]))
    assert slip.ja.startswith(f"{where}: ") and ja in slip.ja
    assert slip.en.startswith("profile mine.yml line") and en in slip.en
    assert "\n" not in slip.ja + slip.en


EVENTS = HEAD + "adapter: ticket_events\nevents:\n"
QUEUE = "  queues:\n    - {id: 1, counter: 1, department: 課}\n"
CODES = "  codes: {issued: [0], called: [1]}\n"


@pytest.mark.parametrize(
    ("text", "line", "path", "ja"),
    [
        (CODES, 4, "events", "「queues」がありません"),
        (CODES + "  queues:\n    # 要確認\n", 5, "events.queues", "「# 要確認」の行"),
        (QUEUE + "  codes:\n", 6, "events.codes", "「# 要確認」の行"),
        (QUEUE, 4, "events", "「codes」がありません"),
        (QUEUE + "  codes: {issued: [0]}\n", 6, "events.codes", "「called」がありません"),
        (QUEUE + "  codes: {issued: [0], call: [1]}\n", 6, "events.codes.call", "「called」"),
        (
            QUEUE + "  codes: {issued: [0], called: [0]}\n",
            6,
            "events.codes.called",
            "issued にも",
        ),
        (CODES + "  queues: [{id: 1}]\n", 5, "events.queues.1", "「counter」がありません"),
        (
            CODES + QUEUE + "    - {id: 1, counter: 2, department: 課}\n",
            7,
            "events.queues.2",
            "2回",
        ),
        (
            CODES + "  queues: [{id: 1, counter: 1, department: 課, from: 1}]\n",
            5,
            "events.queues.1",
            "両方",
        ),
        (
            CODES + "  queues: [{id: 1, counter: 1, department: 課, from: 9, to: 1}]\n",
            5,
            "events.queues.1.to",
            "小さい",
        ),
        (CODES + QUEUE + "  reliable_laps: 0\n", 7, "events.reliable_laps", "1 から"),
    ],
)
def test_a_slip_in_the_events(text: str, line: int, path: str, ja: str) -> None:
    slip = error(EVENTS + text)
    assert (slip.line, slip.path) == (line, path), slip.ja
    assert ja in slip.ja


def test_every_key_of_a_profile_is_explained_in_the_guide() -> None:
    known = {one.name for one in fields(Profile)} - {"label_ja", "label_en"} | {"label"}
    assert set(KEYS) == known
    rows = re.findall(r"(?m)^\| `(\w+)` \|", GUIDE)
    assert [key for key in KEYS if key not in rows] == []


def test_the_examples_of_the_guide_are_profiles() -> None:
    examples = re.findall(r"(?s)```yaml\n(.*?)```", GUIDE)
    assert len(examples) == 3
    for example in examples:
        assert profile(example).source == "ticket_log"


def test_shipped_profiles_are_right_and_stand_in_the_guide() -> None:
    shipped = load_profiles(Path("nowhere"))
    assert not shipped.broken
    assert len(shipped) == len(list(SHIPPED.glob("*.yml"))) > 0
    assert [one.id for one in shipped if f"| `{one.id}` |" not in GUIDE] == []


def test_two_profiles_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("source: ticket_log\nid: kita", encoding="utf-8")
    (tmp_path / "b.yml").write_text("source: ticket_log\n\nid: kita", encoding="utf-8")
    found = load_profiles(tmp_path)
    (broken,) = found.broken
    assert "kita" in [one.id for one in found]
    assert "b.yml 3行目 id" in broken.error.ja and "a.yml" in broken.error.ja


def test_both_endings_of_yaml_count_and_hidden_files_do_not(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("source: ticket_log", encoding="utf-8")
    (tmp_path / "._a.yml").write_bytes(b"\x00\x05\x16\x07")
    found = load_profiles(tmp_path)
    assert "a" in [one.id for one in found] and not found.broken


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes("source: ticket_log\nid: 北".encode("cp932"))
    (broken,) = load_profiles(tmp_path).broken
    assert "a.yml 2行目" in broken.error.ja and "UTF-8" in broken.error.ja
    (tmp_path / "a.yml").write_bytes("source: ticket_log\nid: 北".encode("utf-8-sig"))
    assert not load_profiles(tmp_path).broken, "the mark that some editors write is no fault"


def test_deeply_nested_text_is_a_slip_and_no_crash() -> None:
    assert "YAML" in error("source: " + "[" * 20_000).ja


WORDS = st.sampled_from(
    [*KEYS, "ja", "issued_at", "state", "served", "%Y", "[", "]", "{", "}", ":", "-", "&a", "*a"]
)


@settings(max_examples=300)
@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12), st.sampled_from("\n ,:"))
def test_no_text_does_anything_but_a_profile_or_a_slip(words: list[str], joint: str) -> None:
    try:
        profile(HEAD + joint.join(words))
    except SchemaError as slip:
        assert slip.ja.startswith("プロファイル mine.yml") and slip.en.startswith("profile mine")


@settings(max_examples=200)
@given(st.data())
def test_a_profile_with_a_line_left_out_or_twice_is_right_or_names_a_line(
    data: st.DataObject,
) -> None:
    lines = FULL.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    again = data.draw(st.booleans())
    text = "\n".join([*lines[:at], *([lines[at]] * 2 if again else []), *lines[at + 1 :]])
    try:
        profile(text)
    except SchemaError as slip:
        assert 1 <= slip.line <= len(text.splitlines())


@given(st.text(min_size=1, max_size=8), st.lists(st.text(min_size=1, max_size=8), max_size=20))
def test_only_known_names_are_suggested(name: str, known: list[str]) -> None:
    assert set(nearest(name, known)) <= set(known)
    assert all(choice(name, known))


# --- the YAML of sources -------------------------------------------------------------------

SOURCE = """\
id: letters
label: {ja: 手紙, en: Letters}
owner: 市
licence: 内部
landing_page: ""
schedule: monthly
columns:
  - {name: day, type: date, label: {ja: 日, en: Day}, headers: [日], required: true}
  - {name: kind, type: text, label: {ja: 種, en: Kind}, values: {a: [あ], b: [い]}}
  - {name: pages, type: int, label: {ja: 枚, en: Pages}, min: 0, max: 9}
key: [day, kind]
period: {from: min(day), to: max(day)}
rules:
  - id: empty
    column: pages
    bad: given_pages AND pages = 0
    message: {ja: 空, en: empty}
"""


def source_error(text: str) -> SchemaError:
    with pytest.raises(SchemaError) as raised:
        source_schema.parse(read(text, "letters.yml", "source"))
    return raised.value


def test_a_source_is_read() -> None:
    found = source_schema.parse(read(SOURCE, "letters.yml", "source"))
    assert found.column("kind").values == (("a", ("あ",)), ("b", ("い",)))
    assert (found.column("pages").min, found.column("pages").max) == (0, 9)
    assert found.rules[0].bad == "given_pages AND pages = 0"
    assert len(load_sources()) > 10


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "ja"),
    [
        ("owner: 市\n", "", 1, "", "「owner」がありません"),
        ("owner:", "ower:", 3, "ower", "「owner」"),
        ("label: {ja: 手紙, en: Letters}", "label: {ja: 手紙}", 2, "label", "「en」"),
        ("schedule: monthly", "schedule: daily", 6, "schedule", "周期"),
        ("type: date", "type: dat", 8, "columns.1.type", "「date」"),
        ("name: day", "name: Day", 8, "columns.1.name", "英小文字"),
        ("headers: [日]", "headers: 日", 8, "columns.1.headers", "[日]"),
        ("required: true", "required: はい", 8, "columns.1.required", "true か false"),
        ("required: true", "min: 2000", 8, "columns.1.min", "2000-01-01"),
        ("required: true", "fil: x", 8, "columns.1.fil", "「fill」"),
        ("values: {a: [あ], b: [い]}", "values: {a: [あ], b: [あ]}", 9, "columns.2.values.b", "a"),
        ("values: {a: [あ], b: [い]}", "date_headers: [日]", 9, "columns.2.date_headers", "日時"),
        ("values: {a: [あ], b: [い]}", "min: 3", 9, "columns.2.min", "text"),
        ("max: 9", "derive: kind, headers: [枚]", 10, "columns.3.headers", "derive"),
        ("max: 9", "fill: setting_x", 10, "columns.3.fill", "setting_x"),
        ("max: 9", "derive: fact_x", 10, "columns.3.derive", "fact_x"),
        ("name: pages", "name: kind", 10, "columns.3", "2回"),
        ("key: [day, kind]", "key: [day, kinds]", 11, "key.2", "「kind」"),
        ("key: [day, kind]", "key: day", 11, "key", "リスト"),
        ("to: max(day)", "till: max(day)", 12, "period.till", "till"),
        ("column: pages", "column: page", 15, "rules.1.column", "「pages」"),
        ("given_pages", "given_page", 16, "rules.1.bad", "given_page"),
        ("message: {ja: 空, en: empty}", "message: 空", 17, "rules.1.message", "名前: 値"),
    ],
)
def test_a_slip_in_a_source(old: str, new: str, line: int, path: str, ja: str) -> None:
    assert old in SOURCE
    slip = source_error(SOURCE.replace(old, new, 1))
    assert (slip.line, slip.path) == (line, path), slip.ja
    assert slip.ja.startswith("取込元の定義 letters.yml") and ja in slip.ja
    assert slip.en.startswith("source letters.yml line")
