"""Official tables of projected population: what is recognised, stored, held back and left out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pipelines.adapters import ipss_suikei, ipss_totals
from pipelines.adapters.base import Adapted, Context
from pipelines.errors import Refused
from pipelines.profile import standard
from pipelines.read import open_document
from pipelines.sources import load_sources
from tests.fixtures.suikei import (
    AREAS,
    BANDS,
    BOTH,
    FEMALE,
    LEAVES,
    MALE,
    YEARS,
    persons,
    write_suikei,
)
from warehouse.codes import check_digit

SOURCES = load_sources()
R5, TOTALS, H30 = (
    SOURCES[name] for name in ("ipss_r5_suikei", "ipss_r5_kekkahyo1", "ipss_h30_suikei")
)


def suikei(path: Path, source=R5) -> Adapted:
    document = open_document(path)
    assert ipss_suikei.recognise(document.sheets, source)
    return ipss_suikei.adapt(document.sheets, source, Context(document.name, standard(source)))


def frame(adapted: Adapted) -> pd.DataFrame:
    found = adapted.records.to_pandas()
    found["population"] = found["population"].astype(int)
    return found


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_suikei(tmp_path_factory.mktemp("ipss") / "suikei_kekka.xlsx")


def test_every_cell_of_both_sexes_is_stored_once(workbook: Path) -> None:
    adapted = suikei(workbook)
    assert adapted.rows_read == len(AREAS) * 7
    assert (adapted.ignored, adapted.rejected) == ([], [])
    stored = frame(adapted).set_index(["area", "year", "sex", "age_from"])["population"].to_dict()
    expected = {
        (
            f"{area.code:05}" + check_digit(f"{area.code:05}"),
            str(year),
            sex,
            str(5 * band),
        ): persons(at, number, (sex == "female"), band)
        for at, area in enumerate(AREAS)
        for number, year in enumerate(YEARS)
        for sex in ("male", "female")
        for band in range(20)
    }
    assert stored == expected


def test_bands_are_five_years_and_one_is_open(workbook: Path) -> None:
    """Neither 再掲 nor the index is taken for an age."""
    bands = frame(suikei(workbook))[["age_from", "age_to"]].drop_duplicates()
    closed = {(str(age), str(age + 4)) for age in range(0, 95, 5)}
    assert set(bands.dropna().itertuples(index=False, name=None)) == closed
    assert bands[bands["age_to"].isna()]["age_from"].tolist() == ["95"]


def test_kinds_names_and_the_nation(workbook: Path) -> None:
    found = frame(suikei(workbook)).drop_duplicates("area").set_index("area_name")
    assert found["area_kind"].to_dict() == {
        "北海道": "prefecture",
        "札幌市": "designated_city",
        "札幌市中央区": "ward",
        "札幌市北区": "ward",
        "函館市": "city",
        "福島県": "prefecture",
        "福島市": "city",
        "桑折町": "town_village",
        "浜通り地域": "hamadori",
        "千代田区": "special_ward",
        "霞野県": "prefecture",
        "見晴市": "city",
    }
    counted = {area.name for area in AREAS if area.kind in LEAVES}
    assert set(found[found["counts_in_nation"] == "true"].index) == counted


def test_source_rows_are_those_of_the_spreadsheet(workbook: Path) -> None:
    found = frame(suikei(workbook))
    hakodate = found[(found["area_name"] == "函館市") & (found["year"] == "2030")]
    assert set(hakodate["source_row"]) == {6 + 4 * 7 + 2}
    assert set(found["sheet"]) == {"Sheet1"}


@pytest.mark.parametrize("dash", ["〜", "~", "－"])
def test_other_dashes(tmp_path: Path, dash: str) -> None:
    adapted = suikei(write_suikei(tmp_path / "x.xlsx", AREAS[:2], dash=dash))
    assert adapted.records.num_rows == 2 * 7 * 40


def lower(rows: list[list[str]]) -> None:
    """コード and its neighbours stand in the second header row, 総数 in the first."""
    for column in range(5):
        rows[4][column], rows[3][column] = rows[3][column], ""
    for column in (BOTH, MALE, FEMALE):
        rows[3][column], rows[4][column] = "総数", ""


def unnamed(rows: list[list[str]]) -> None:
    """Nothing says which block is whose: both sexes, men, women is their order."""
    for column in (BOTH, MALE, FEMALE):
        rows[3][column] = ""


def untitled(rows: list[list[str]]) -> None:
    """Title and blank rows are gone: the header is the first row."""
    del rows[:3]


@pytest.mark.parametrize("edit", [lower, unnamed, untitled])
def test_a_csv_of_the_workbook_with_another_header(
    workbook: Path, tmp_path: Path, edit: Callable[[list[list[str]]], None]
) -> None:
    rows = open_document(workbook).sheets[0].rows()
    edit(rows)
    path = tmp_path / "suikei.csv"
    with path.open("w", encoding="cp932", newline="") as file:
        csv.writer(file).writerows(rows)
    keys = ["area", "year", "sex", "age_from", "population", "counts_in_nation"]
    adapted, original = suikei(path), suikei(workbook)
    assert adapted.rejected == []
    assert frame(adapted)[keys].equals(frame(original)[keys])


def damage(cell: int, value: object, at: int = 8) -> object:
    def change(number: int, cells: dict[int, object]) -> None:
        if number == at:
            cells[cell] = value

    return change


@pytest.mark.parametrize(
    ("cell", "value", "rule", "column", "words"),
    [
        (0, 27999, "unknown_area", "コード", ["一覧にない"]),
        (0, "", "unknown_area", "コード", ["一覧にない"]),
        (1, 7, "unknown_kind", "市などの別", ["a・0・1・2・3・9"]),
        (4, "令和12年", "not_a_year", "年", ["西暦4桁"]),
        (MALE + 3, "-", "not_a_count", "男 10～14歳", ["整数"]),
        (MALE + 3, 12.5, "not_a_count", "男 10～14歳", ["整数"]),
        (BOTH, 9, "bands_and_total", "男女計 総数", ["総数 9 "]),
        (FEMALE, 1, "bands_and_total", "女 総数", ["総数 1 "]),
        (MALE + 20, 0, "bands_and_total", "男 総数", []),
    ],
)
def test_a_bad_row_is_held_back_with_its_reason(
    tmp_path: Path, cell: int, value: object, rule: str, column: str, words: list[str]
) -> None:
    adapted = suikei(write_suikei(tmp_path / "x.xlsx", AREAS[:2], damage(cell, value)))
    assert {(f.row, f.rule, f.column) for f in adapted.rejected} == {(8, rule, column)}
    assert all(word in adapted.rejected[0].message_ja for word in words)
    assert 8 not in set(frame(adapted)["source_row"])
    assert adapted.records.num_rows == 13 * 40
    assert adapted.rows_read == 14


def test_men_and_women_must_make_both(tmp_path: Path) -> None:
    """One person moved between two bands keeps every total and still contradicts both sexes."""

    def change(number: int, cells: dict[int, object]) -> None:
        if number == 8:
            cells[MALE + 1] += 1
            cells[MALE + 2] -= 1

    adapted = suikei(write_suikei(tmp_path / "x.xlsx", AREAS[:2], change))
    (finding,) = adapted.rejected
    men, women = persons(0, 2, 0, 0) + 1, persons(0, 2, 1, 0)
    assert (finding.row, finding.rule, finding.column) == (8, "sexes_and_both", "男女計 0～4歳")
    assert (
        f"男 {men} と女 {women} の和 {men + women} が男女計 {men + women - 1}" in finding.message_ja
    )
    assert "（ほか1列）" in finding.message_ja
    assert finding.value == str(men + women - 1)


def test_blank_rows_and_notes_are_accounted_for(tmp_path: Path) -> None:
    def change(number: int, cells: dict[int, object]) -> None:
        if number == 12:
            cells.clear()
            cells[0] = "資料：国立社会保障・人口問題研究所"
        if number in (9, 10):
            cells.clear()

    adapted = suikei(write_suikei(tmp_path / "x.xlsx", AREAS[:1], change))
    assert [(row.row, row.reason) for row in adapted.ignored] == [
        (9, "blank"),
        (10, "blank"),
        (12, "title"),
    ]
    assert adapted.rejected == []
    assert adapted.records.num_rows == 4 * 40


def test_the_other_round_is_not_taken_for_this_one(workbook: Path) -> None:
    document = open_document(workbook)
    assert not ipss_suikei.recognise(document.sheets, H30)
    assert not ipss_totals.recognise(document.sheets, TOTALS)
    with pytest.raises(Refused, match="2020年から始まります。2015年から"):
        ipss_suikei.adapt(document.sheets, H30, Context("x", standard(H30)))


# --- the flattened file of the round before ---------------------------------------------------

H30_BANDS = [*(f"{age}～{age + 4}歳" for age in range(0, 90, 5)), "90歳以上"]


def h30_csv(path: Path, rows: Sequence[str]) -> Path:
    """Rows of `code,kind,prefecture,name`; men 10 + band, women 20 + band in every year."""
    header = ["コード", "市などの別", "都道府県", "市区町村", "年", "総数"]
    header += [f"{band}/{sex}" for sex in "amf" for band in H30_BANDS]
    men, women = ([base + band for band in range(19)] for base in (10, 20))
    both = [a + b for a, b in zip(men, women, strict=True)]
    lines = [",".join(header)]
    for row in rows:
        for year in range(2015, 2050, 5):
            numbers = [sum(both), *both, *men, *women]
            lines.append(f"{row},{year}年,{','.join(map(str, numbers))}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def test_a_flattened_file_of_the_round_before(tmp_path: Path) -> None:
    rows = [
        "7000,a,福島県,",
        "11000,a,埼玉県,",
        "11100,1,埼玉県,さいたま市",
        "11201,2,埼玉県,川越市",
    ]
    adapted = suikei(h30_csv(tmp_path / "h30.csv", rows), H30)
    found = frame(adapted)
    assert adapted.rows_read == 28
    assert adapted.records.num_rows == 28 * 38
    counted = found[found["counts_in_nation"] == "true"]
    assert set(counted["area_name"]) == {"福島県", "さいたま市", "川越市"}
    oldest = found[(found["age_from"] == "90") & (found["sex"] == "female")]
    assert set(oldest["population"]) == {38}
    assert oldest["age_to"].isna().all()


def test_a_held_back_ward_still_shows_that_its_city_is_published_by_ward(tmp_path: Path) -> None:
    path = h30_csv(
        tmp_path / "h30.csv",
        ["1000,a,北海道,", "1100,1,北海道,札幌市", "1101,0,北海道,札幌市 中央区"],
    )
    text = path.read_text(encoding="utf-8-sig").replace(
        "札幌市 中央区,2015年,", "札幌市 中央区,2015年,1"
    )
    path.write_text(text, encoding="utf-8-sig")
    adapted = suikei(path, H30)
    assert [finding.rule for finding in adapted.rejected] == ["bands_and_total"]
    found = frame(adapted)
    assert set(found[found["counts_in_nation"] == "true"]["area_name"]) == {"札幌市中央区"}


def test_a_file_cut_off_in_a_row(tmp_path: Path) -> None:
    path = h30_csv(tmp_path / "h30.csv", ["11201,2,埼玉県,川越市"])
    path.write_text(path.read_text(encoding="utf-8-sig")[:-30], encoding="utf-8-sig")
    adapted = suikei(path, H30)
    assert [(f.row, f.rule) for f in adapted.rejected] == [(8, "broken_row")]
    assert (adapted.rows_read, adapted.records.num_rows) == (7, 6 * 38)


# --- total population -------------------------------------------------------------------------


def write_totals(path: Path, group: str = "総人口（人）", first: int = 2020) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    sheet.write(0, 0, "結果表1　総人口および指数")
    for column, name in enumerate(("コード", "市などの別", "都道府県", "市区町村")):
        sheet.merge_range(3, column, 4, column, name)
    sheet.merge_range(3, 4, 3, 10, group)
    sheet.merge_range(3, 11, 3, 17, "令和2（2020）年の総人口を100としたときの総人口の指数")
    for start in (4, 11):
        sheet.write_row(4, start, [f"{year}年" for year in range(first, first + 35, 5)])
    for row, area in enumerate(AREAS):
        cells = [area.code, area.kind, area.prefecture, area.name]
        sheet.write_row(5 + row, 0, cells)
        sheet.write_row(5 + row, 4, [1000 + 10 * row + year for year in range(7)])
        sheet.write_row(5 + row, 11, [100.0 + year for year in range(7)])
    book.close()
    return path


def test_totals_are_for_both_sexes_and_without_ages(tmp_path: Path) -> None:
    document = open_document(write_totals(tmp_path / "kekkahyo1.xlsx"))
    assert ipss_totals.recognise(document.sheets, TOTALS)
    assert not ipss_suikei.recognise(document.sheets, R5)
    adapted = ipss_totals.adapt(document.sheets, TOTALS, Context("x", standard(TOTALS)))
    found = frame(adapted)
    assert (adapted.rows_read, len(found), adapted.rejected) == (12, 84, [])
    assert Counter(found["sex"]) == {"both": 84}
    assert found[["age_from", "age_to"]].isna().all(axis=None)
    mihari = found[found["area_name"] == "見晴市"].set_index("year")["population"].to_dict()
    assert mihari == {str(year): 1110 + n for n, year in enumerate(YEARS)}


@pytest.mark.parametrize(("group", "first"), [("0～14歳人口（人）", 2020), ("総人口（人）", 2015)])
def test_other_summary_tables_are_not_the_totals(tmp_path: Path, group: str, first: int) -> None:
    document = open_document(write_totals(tmp_path / "x.xlsx", group, first))
    assert not ipss_totals.recognise(document.sheets, TOTALS)


def test_bands_of_the_fixture_are_those_of_the_publisher() -> None:
    assert BANDS[0] == "0～4歳"
    assert BANDS[-2:] == ("90～94歳", "95歳～")
