"""Which source a file belongs to; a doubtful file asks instead of being guessed at."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from pipelines import ingest
from pipelines.errors import PipelineError
from pipelines.headers import match_header
from pipelines.personal_shapes import is_my_number
from pipelines.plain import plain_header
from pipelines.profile import load_profiles, standard
from pipelines.results import LoadResult
from pipelines.sources import Source, load_sources
from warehouse.home import Home

ROOT = Path(__file__).parents[3]
CITY = "272060"
TICKET = "市民課,1,7,2026/10/01 9:00"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def check(path: Path, home: Path, **options: str) -> LoadResult:
    given = {"municipality": CITY, **options}
    (result,) = ingest.load([path], Home(home), store=False, **given)  # type: ignore[arg-type]
    return result


def profile(home: Path, name: str, *lines: str) -> None:
    (home / "profiles").mkdir(parents=True, exist_ok=True)
    write(home / "profiles" / f"{name}.yml", *lines)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1件当たり\n分", "1件当たり分"),
        ("　窓口 番号＊", "窓口番号"),
        ("受付Ｎｏ．", "受付no"),
        ("件数（件）", "件数(件)"),
    ],
)
def test_headers_are_compared_without_what_makers_vary(written: str, plain: str) -> None:
    assert plain_header(written) == plain


def test_a_unit_behind_a_name_does_not_hide_it() -> None:
    source = load_sources()["applications"]
    row = ["対象月", "手続名", "受付方法", "処理方法", "件数（件）", "1件当たり時間（分）"]
    match = match_header(row, source, standard(source))
    assert not match.missing and not match.other
    assert match.cells["applications"] == 4 and match.cells["minutes_per_case"] == 5


def test_the_nearest_source_says_what_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "課,受付番号,発券時刻", "市民課,7,2026/10/01 9:00")
    result = check(path, tmp_path)
    assert result.status == "refused"
    assert "発券機ログ" in result.message and "「窓口番号」" in result.message


def test_rows_above_the_header_are_no_rows_read(tmp_path: Path) -> None:
    """As the guide says: only what stands below the header is counted."""
    head = ("発券機データ", "出力日：R8.11.1", "", "課,窓口番号,受付番号,発券時刻")
    result = check(write(tmp_path / "log.csv", *head, TICKET, "", "合計,,1,"), tmp_path)
    assert (result.rows_read, result.accepted, result.ignored) == (3, 1, 2)
    assert "見出しより下の行" in (ROOT / "docs/guide-ja.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["localgov_sjis.csv", "localgov_utf8.csv"])
def test_a_public_list_of_municipalities_is_named_with_what_it_lacks(
    realdata: Path, tmp_path: Path, name: str
) -> None:
    result = check(realdata / name, tmp_path)
    assert result.status == "refused"
    assert "「市区町村の一覧」として読むには「種別」の列が足りません" in result.message


def test_a_list_of_municipalities_under_short_english_names(tmp_path: Path) -> None:
    """The names of a list that many use; with its kinds it is read."""
    head, line = "pid,pref,cid,city,citykana", "1,大阪府,27206,泉大津市,いずみおおつし"
    result = check(write(tmp_path / "a.csv", head, line), tmp_path)
    assert "「市区町村の一覧」" in result.message and "「種別」" in result.message
    result = check(write(tmp_path / "b.csv", f"{head},種別", f"{line},市"), tmp_path)
    assert (result.status, result.source, result.accepted) == ("checked", "municipality", 1)


def test_a_sheet_each_of_two_sources_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        staff = book.add_worksheet("職員")
        staff.write_row(0, 0, ["基準日", "年齢", "職員区分"])
        staff.write_row(1, 0, ["2026-04-01", 30, "常勤"])
        log = book.add_worksheet("発券")
        log.write_row(0, 0, ["課", "窓口番号", "受付番号", "発券時刻"])
        log.write_row(1, 0, ["市民課", 1, 7, "2026/10/01 9:00"])
    doubtful = check(path, tmp_path)
    assert doubtful.status == "refused"
    assert "--source staff_age" in doubtful.message and "--source ticket_log" in doubtful.message
    told = check(path, tmp_path, source="ticket_log")
    assert (told.source, told.accepted) == ("ticket_log", 1)
    assert "職員" in told.message, "says which sheet it does not read"


def test_a_profile_explains_other_names_and_fixes_values(tmp_path: Path) -> None:
    profile(
        tmp_path,
        "kita",
        "source: ticket_log",
        "label: {ja: 北支所の発券機, en: North branch}",
        "columns: {ticket_number: [おまかせ番号]}",
        "constants: {office: 北支所, department: 市民課, counter: '1'}",
        "values: {state: {served: [おわり]}}",
    )
    path = write(tmp_path / "log.csv", "おまかせ番号,発券時刻,状態", "7,2026/10/01 9:00,おわり")
    result = check(path, tmp_path)
    assert (result.source, result.accepted) == ("ticket_log", 1)


def test_the_constants_of_a_profile_hold_for_files_with_an_adapter_too(tmp_path: Path) -> None:
    profile(tmp_path, "survey", "source: workload_survey", f"constants: {{municipality: '{CITY}'}}")
    path = write(
        tmp_path / "業務量調査2025年度.csv",
        "調査年度,課,係,業務,作業,事務分類,職員区分,年間件数,1件当たり分,年間時間",
        "2025,市民課,窓口係,住民記録,転入届の入力,入力,常勤,1200,6,120",
    )
    (result,) = ingest.load([path], Home(tmp_path), store=False, profile="survey")
    assert (result.source, result.accepted) == ("workload_survey", 1)


def test_two_profiles_that_fit_alike_ask_which(tmp_path: Path) -> None:
    for office in ("北支所", "港支所"):
        profile(tmp_path, office, "source: ticket_log", f"constants: {{office: {office}}}")
    path = write(tmp_path / "北支所10月.csv", "課,窓口番号,受付番号,発券時刻", TICKET)
    doubtful = check(path, tmp_path)
    assert "--profile 北支所" in doubtful.message and "--profile 港支所" in doubtful.message
    assert check(path, tmp_path, profile="北支所").accepted == 1
    profile(tmp_path, "北支所", "source: ticket_log", "file: '北支所*.csv'")
    profile(tmp_path, "港支所", "source: ticket_log", "file: '港支所*.csv'")
    assert check(path, tmp_path).accepted == 1, "the pattern of the file's name settles it"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("source: nothing", "nothing"),
        ("colour: blue", "colour"),
        ("source: ticket_log\ncolour: blue", "colour"),
        ("source: ticket_log\ncolumns: {moon: [月]}", "moon"),
        ("source: ticket_log\nsettings: {moon: '1'}", "moon"),
        ("source: [", "YAML"),
    ],
)
def test_a_wrong_profile_names_itself_and_the_key(tmp_path: Path, line: str, says: str) -> None:
    profile(tmp_path, "mine", line)
    (broken,) = load_profiles(tmp_path / "profiles").broken
    assert "mine.yml" in broken.error.ja and says in broken.error.ja


@pytest.mark.parametrize("option", ["source", "profile", "municipality"])
def test_an_unknown_name_in_the_options_is_an_error(tmp_path: Path, option: str) -> None:
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻", TICKET)
    with pytest.raises(PipelineError, match="moon"):
        check(path, tmp_path, **{option: "moon"})


def test_without_any_code_the_file_is_refused_and_says_how_to_give_one(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻", TICKET)
    (result,) = ingest.load([path], Home(tmp_path / "home"), store=False)
    assert result.status == "refused" and "--municipality" in result.message
    (tmp_path / "home").mkdir()
    write(tmp_path / "home/config.toml", f'municipality = "{CITY}"')
    (result,) = ingest.load([path], Home(tmp_path / "home"), store=False)
    assert result.accepted == 1


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻", ",,,", "")
    assert "データの行がありません" in check(path, tmp_path).message


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻,受付番号", TICKET + ",8")
    assert "「受付番号」という列が2つ" in check(path, tmp_path).message


@pytest.mark.parametrize("header", ["氏名", "生年月日", "電話番号", "住所", "個人番号"])
def test_a_personal_header_refuses_the_file(tmp_path: Path, header: str) -> None:
    path = write(tmp_path / "log.csv", f"課,窓口番号,受付番号,発券時刻,{header}", TICKET + ",秘密")
    result = check(path, tmp_path)
    assert result.status == "refused"
    assert header in result.message and "秘密" not in result.message


@pytest.mark.parametrize(
    "value", ["03-1234-567{0}", "0901234567{0}", "hanako{0}@example.jp", "12345678901{1}"]
)
def test_personal_values_under_a_harmless_header_refuse_the_file(
    tmp_path: Path, value: str
) -> None:
    values = [value.format(n, 8) for n in range(8)]
    rows = [f"市民課,1,{n},2026/10/01 9:0{n},{text}" for n, text in enumerate(values)]
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻,備考", *rows)
    result = check(path, tmp_path)
    assert result.status == "refused" and "備考" in result.message
    assert not any(text in result.message for text in values)


def test_numbers_that_only_look_long_are_no_my_numbers(tmp_path: Path) -> None:
    numbers = [f"1000000000{n:02d}" for n in range(40)]
    assert 1 <= sum(map(is_my_number, numbers)) < 12, "about one in ten fits by chance"
    rows = [f"市民課,1,{n},2026/10/01 9:{n % 60:02d},{text}" for n, text in enumerate(numbers)]
    path = write(tmp_path / "log.csv", "課,窓口番号,受付番号,発券時刻,管理番号", *rows)
    assert check(path, tmp_path).accepted == 40


def test_my_number_check_digit() -> None:
    # By hand: digits 1…1 eleven times, weights 2–7 and 2–6 add to 27 + 20 = 47; 47 mod 11 = 3.
    assert is_my_number("111111111118") and not is_my_number("111111111117")


PLAIN = [source for source in load_sources().values() if source.adapter is None]


@pytest.mark.parametrize("source", PLAIN, ids=lambda source: source.id)
def test_a_file_with_a_source_s_own_labels_is_that_source(source: Source) -> None:
    row = [column.headers[0] for column in source.read_columns]
    fits = [s.id for s in PLAIN if not match_header(row, s, standard(s)).missing]
    assert source.id in fits
    assert not match_header(row, source, standard(source)).other
