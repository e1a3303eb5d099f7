"""Work surveys: merged labels, sums that are checked and left out, what is held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, groupby
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import ingest
from pipelines.adapters import workload_survey
from pipelines.adapters.base import Adapted, Context
from pipelines.errors import Refused
from pipelines.profile import Profile, standard
from pipelines.read import open_document
from pipelines.sources import load_sources
from tests.fixtures.survey import (
    CATEGORIES,
    IDS,
    LIST_HEADER,
    TASKS,
    hours,
    write_cross,
    write_list,
)
from warehouse.home import Home

SOURCE = load_sources()["workload_survey"]
CITY = "272060"
Row = dict[str, str]


def adapt(path: Path, profile: Profile | None = None) -> Adapted:
    document = open_document(path)
    assert workload_survey.recognise(document.sheets, SOURCE)
    context = Context(document.name, profile or standard(SOURCE), CITY)
    adapted = workload_survey.adapt(document.sheets, SOURCE, context)
    with_records = set(adapted.records["source_row"].to_pylist())
    held = {finding.row for finding in adapted.rejected}
    left_out = {row.row for row in adapted.ignored}
    assert adapted.rows_read == len(with_records | held) + len(left_out)
    assert not left_out & (with_records | held)
    return adapted


def records(adapted: Adapted) -> list[Row]:
    """Records of the rows that are not held back."""
    held = {finding.row for finding in adapted.rejected}
    return [row for row in adapted.records.to_pylist() if row["source_row"] not in held]


def reasons(adapted: Adapted) -> Counter[str]:
    return Counter(row.reason for row in adapted.ignored)


# --- cross table ------------------------------------------------------------------------------


def test_a_cross_table_gives_a_record_per_task_and_category(tmp_path: Path) -> None:
    adapted = adapt(write_cross(tmp_path / "x.xlsx"))
    assert adapted.rejected == []
    assert reasons(adapted) == {"subtotal": 5, "total": 1, "blank": 1, "title": 1}
    assert adapted.rows_read == 13
    tasks = [
        (department, section, task)
        for department, sections in TASKS.items()
        for section, names in sections.items()
        for task in names
    ]
    expected = {
        (*labels, category): float(hours(task, number))
        for task, labels in enumerate(tasks)
        for number, category in enumerate(IDS)
    }
    found = {
        (row["department"], row["section"], row["task"], row["category"]): float(row["hours"])
        for row in records(adapted)
    }
    assert found == expected
    assert len(records(adapted)) == len(expected)
    assert {(row["municipality"], row["survey"]) for row in records(adapted)} == {(CITY, "2025")}


SECTION_SUM, DEPARTMENT_SUM, TOTAL = 7, 10, 15
"""Rows of the fixture: 小計 of 住民係, 市民課 計, 合計."""


@pytest.mark.parametrize(
    ("row", "label", "parts"),
    [
        (SECTION_SUM, "小計", hours(0, 2) + hours(1, 2)),
        (DEPARTMENT_SUM, "市民課 計", sum(hours(task, 2) for task in range(3))),
        (TOTAL, "合計", sum(hours(task, 2) for task in range(5))),
    ],
)
def test_a_sum_that_does_not_equal_its_parts_names_both(
    tmp_path: Path, row: int, label: str, parts: int
) -> None:
    """Only the sum is held back; its parts are loaded."""
    adapted = adapt(write_cross(tmp_path / "x.xlsx", {(row, 6): parts + 1}))
    (finding,) = adapted.rejected
    assert (finding.row, finding.column, finding.rule) == (row, "入力", "subtotal")
    assert finding.value == str(parts + 1)
    assert f"「{label}」の {parts + 1} が内訳の合計 {parts} と" in finding.message_ja
    assert len(records(adapted)) == 5 * 18


def test_a_row_whose_total_is_wrong_is_held_back(tmp_path: Path) -> None:
    stated = sum(hours(0, category) for category in range(18))
    adapted = adapt(write_cross(tmp_path / "x.xlsx", {(5, 22): stated - 5}))
    rules = {(finding.row, finding.rule) for finding in adapted.rejected}
    assert (5, "row_total") in rules
    message = next(f.message_ja for f in adapted.rejected if f.row == 5)
    assert f"合計 {stated - 5:,} が事務分類の和 {stated:,} と" in message
    assert 5 not in {row["source_row"] for row in records(adapted)}


@pytest.mark.parametrize("value", ["約10", "#REF!", "?"])
def test_an_unreadable_cell_holds_back_its_row_but_not_the_sums(tmp_path: Path, value: str) -> None:
    adapted = adapt(write_cross(tmp_path / "x.xlsx", {(5, 6): value, (5, 22): ""}))
    assert {(f.row, f.column, f.rule) for f in adapted.rejected if f.row == 5} == {
        (5, "入力", "not_a_number")
    }
    assert len(records(adapted)) == 4 * 18


def test_blank_and_dash_state_nothing_and_zero_does(tmp_path: Path) -> None:
    overrides: dict[tuple[int, int], object] = {(row, 22): "" for row in range(5, 16)}
    overrides |= {(row, 6): "" for row in range(5, 16)} | {(5, 6): "－", (6, 6): 0}
    adapted = adapt(write_cross(tmp_path / "x.xlsx", overrides))
    assert adapted.rejected == []
    data_entry = [row for row in records(adapted) if row["category"] == "data_entry"]
    assert [(row["task"], row["hours"]) for row in data_entry] == [("証明交付", "0")]


def test_sums_of_rounded_parts_may_be_rounded(tmp_path: Path) -> None:
    """10.24 + 20.24 shown as 30.5 is rounding; shown as 30.6 it is not."""
    parts = {(5, 4): 10.24, (6, 4): 20.24, **{(row, 22): "" for row in range(5, 16)}}
    rest = {(DEPARTMENT_SUM, 4): "", (TOTAL, 4): ""}
    fits = adapt(write_cross(tmp_path / "a.xlsx", {**parts, **rest, (SECTION_SUM, 4): 30.5}))
    assert fits.rejected == []
    wrong = adapt(write_cross(tmp_path / "b.xlsx", {**parts, **rest, (SECTION_SUM, 4): 30.6}))
    assert [finding.row for finding in wrong.rejected] == [SECTION_SUM]


@pytest.mark.parametrize(
    ("title", "survey"),
    [("業務量調査 平成30年度", "2018"), ("業務量調査（２０２４年度）", "2024")],
)
def test_the_survey_is_named_by_its_fiscal_year(tmp_path: Path, title: str, survey: str) -> None:
    adapted = adapt(write_cross(tmp_path / "x.xlsx", title=title))
    assert {row["survey"] for row in records(adapted)} == {survey}


def test_without_a_year_the_file_name_may_say_it(tmp_path: Path) -> None:
    adapted = adapt(write_cross(tmp_path / "業務量調査_R6年度.xlsx", title="業務量調査"))
    assert {row["survey"] for row in records(adapted)} == {"2024"}


def test_without_any_year_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="年度が分かりません"):
        adapt(write_cross(tmp_path / "x.xlsx", title="業務量調査"))


def test_amounts_in_minutes_become_hours(tmp_path: Path) -> None:
    adapted = adapt(write_cross(tmp_path / "x.xlsx", title="R7年度 業務量調査（単位：分）"))
    first = records(adapted)[0]
    assert float(first["hours"]) == pytest.approx(hours(0, 0) / 60)


def test_amounts_in_days_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="単位が「人日」の表は読み込めません"):
        adapt(write_cross(tmp_path / "x.xlsx", title="R7年度 業務量調査（単位：人日）"))


def table(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("R7年度")
    for number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if value is not None:
                sheet.write(number, column, value)
    book.close()
    return path


def test_categories_may_stand_once_per_kind_of_staff(tmp_path: Path) -> None:
    names = ("申請受付", "入力", "確認", "審査／決裁", "その他")
    rows = [
        [None] * 3 + ["常勤職員", *[None] * 5, "会計年度任用職員"],
        ["課", "係", "業務", *names, "小計", *names, "小計", "合計"],
        ["市民課", "住民係", "住民異動", 1, 2, 3, 4, 5, 15, 10, 20, 30, 40, 50, 150, 165],
    ]
    adapted = adapt(table(tmp_path / "x.xlsx", rows))
    assert adapted.rejected == []
    found = {(r["category"], r["staff_kind"]): r["hours"] for r in records(adapted)}
    assert found["review_approval", "regular"] == "4"
    assert found["review_approval", "fixed_term"] == "40"
    assert len(found) == 10


def test_a_category_that_stands_twice_is_refused(tmp_path: Path) -> None:
    names = ["申請受付", "入力", "確認", "連携", "その他", "入力"]
    rows = [["課", "係", "業務", *names], ["市民課", "住民係", "住民異動", 1, 2, 3, 4, 5, 6]]
    with pytest.raises(Refused, match="「入力」の列が2つ"):
        adapt(table(tmp_path / "x.xlsx", rows))


def test_an_unknown_category_is_refused_and_a_profile_may_explain_it(tmp_path: Path) -> None:
    names = ["申請受付", "入力", "確認", "電話番", "連携", "その他"]
    rows = [["課", "係", "業務", *names], ["市民課", "住民係", "住民異動", 1, 2, 3, 4, 5, 6]]
    path = table(tmp_path / "x.xlsx", rows)
    with pytest.raises(Refused, match="列「電話番」は18の事務分類にありません"):
        adapt(path)
    profile = replace(standard(SOURCE), values={"category": {"inquiry": ("電話番",)}})
    document = open_document(path)
    context = Context(document.name, profile, CITY)
    adapted = workload_survey.adapt(document.sheets, SOURCE, context)
    assert {r["category"]: r["hours"] for r in records(adapted)}["inquiry"] == "4"


def test_labels_written_once_hold_for_the_blanks_below(tmp_path: Path) -> None:
    """A section does not reach into the next department."""
    names = ["申請受付", "入力", "確認", "連携", "その他"]
    rows = [
        ["課", "係", "業務", *names],
        ["市民課", "住民係", "異動", 1, 1, 1, 1, 1],
        [None, None, "証明", 1, 1, 1, 1, 1],
        ["税務課", None, "賦課", 1, 1, 1, 1, 1],
        [None, "納税係", "収納", 1, 1, 1, 1, 1],
        ["総計", None, None, 4, 4, 4, 4, 4],
    ]
    adapted = adapt(table(tmp_path / "x.xlsx", rows))
    assert (adapted.rejected, reasons(adapted)) == ([], {"total": 1})
    labels = dict.fromkeys((r["department"], r["section"], r["task"]) for r in records(adapted))
    assert list(labels) == [
        ("市民課", "住民係", "異動"),
        ("市民課", "住民係", "証明"),
        ("税務課", None, "賦課"),
        ("税務課", "納税係", "収納"),
    ]


def test_a_column_of_names_is_refused(tmp_path: Path) -> None:
    names = ["申請受付", "入力", "確認", "連携", "その他"]
    rows = [["課", "業務", *names, "担当者氏名"], ["市民課", "異動", 1, 1, 1, 1, 1, "窓口 花子"]]
    with pytest.raises(Refused, match="個人情報の列「担当者氏名」"):
        adapt(table(tmp_path / "x.xlsx", rows))


@st.composite
def surveys(draw: st.DrawFn) -> list[tuple[str, str, tuple[float, ...]]]:
    """Details (課, 係, amounts of the five categories) of one to three departments."""
    amounts = st.tuples(*[st.integers(0, 2000).map(lambda tenths: tenths / 10)] * 5)
    details = []
    for department in range(draw(st.integers(1, 3))):
        for section in range(draw(st.integers(1, 3))):
            for _ in range(draw(st.integers(1, 3))):
                details.append((f"{department}課", f"{section}係", draw(amounts)))
    return details


def with_sums(
    details: Sequence[tuple[str, str, tuple[float, ...]]], named: bool
) -> list[list[object]]:
    """The details as rows, each 係 and 課 followed by its sum, 総計 at the end."""

    def total(parts: Sequence[tuple[str, str, tuple[float, ...]]]) -> list[float]:
        return [round(sum(part[2][column] for part in parts), 1) for column in range(5)]

    rows: list[list[object]] = []
    number = count()
    for department, of_department in groupby(details, lambda detail: detail[0]):
        lines = list(of_department)
        for section, of_section in groupby(lines, lambda detail: detail[1]):
            parts = list(of_section)
            rows += [[d, s, f"業務{next(number)}", *a] for d, s, a in parts]
            rows.append([department, section, f"{section}計" if named else "小計", *total(parts)])
        label = f"{department} 計" if named else "計"
        rows.append([label, None, None, *total(lines)])
    return [*rows, ["総計", None, None, *total(details)]]


@settings(max_examples=25, deadline=None)
@given(surveys(), st.booleans(), st.data())
def test_right_sums_are_left_out_and_a_wrong_one_is_held_back(
    tmp_path_factory: pytest.TempPathFactory,
    details: list[tuple[str, str, tuple[float, ...]]],
    named: bool,
    data: st.DataObject,
) -> None:
    names = ["申請受付", "入力", "確認", "連携", "その他"]
    rows = with_sums(details, named)
    folder = tmp_path_factory.mktemp("sums")
    right = adapt(table(folder / "right.xlsx", [["課", "係", "業務", *names], *rows]))
    assert right.rejected == []
    sums = [at for at, row in enumerate(rows) if not str(row[2] or "").startswith("業務")]
    assert right.records.num_rows == 5 * len(details)
    assert len(right.ignored) == len(sums)

    wrong, column = data.draw(st.sampled_from(sums)), data.draw(st.integers(3, 7))
    rows[wrong][column] += 5000
    damaged = adapt(table(folder / "wrong.xlsx", [["課", "係", "業務", *names], *rows]))
    assert [finding.row for finding in damaged.rejected] == [wrong + 2]
    assert damaged.records.num_rows == right.records.num_rows


# --- long list --------------------------------------------------------------------------------

ROWS = (
    ("市民課", "住民係", "住民異動", "受付", "申請受付", "常勤", 7000, 12, 1400),
    (None, None, None, "入力", "入力", "会計年度任用職員", 7000, 6, 700),
    (None, None, None, "小計", None, None, None, None, 2100),
    (None, None, "証明交付", "交付", "交付／通知", "委託", "33,600", 3, 1680),
    ("税務課", None, "賦課", "確認", "確認", None, None, None, 250.5),
    ("合計", None, None, None, None, None, None, None, 4030.5),
)


def test_a_long_list_gives_a_record_per_row(tmp_path: Path) -> None:
    adapted = adapt(write_list(tmp_path / "x.xlsx", ROWS))
    assert adapted.rejected == []
    assert reasons(adapted) == {"subtotal": 1, "total": 1}
    found = [
        tuple(row.get(name) for name in ("task", "work", "category", "staff_kind", "hours"))
        for row in records(adapted)
    ]
    assert found == [
        ("住民異動", "受付", "reception", "regular", "1400"),
        ("住民異動", "入力", "data_entry", "fixed_term", "700"),
        ("証明交付", "交付", "issuance", "outsourced", "1680"),
        ("賦課", "確認", "verification", None, "250.5"),
    ]
    assert [row["volume"] for row in records(adapted)] == ["7000", "7000", "33,600", None]
    assert [row["department"] for row in records(adapted)] == ["市民課"] * 3 + ["税務課"]


def test_a_wrong_total_of_a_list_names_both(tmp_path: Path) -> None:
    rows = [*ROWS[:-1], (*ROWS[-1][:-1], 5000)]
    adapted = adapt(write_list(tmp_path / "x.xlsx", rows))
    (finding,) = adapted.rejected
    assert (finding.row, finding.column) == (9, "年間時間")
    assert "5,000 が内訳の合計 4,030.5" in finding.message_ja


def test_hours_left_blank_follow_from_volume_and_minutes(tmp_path: Path) -> None:
    rows = [(*ROWS[0][:-1], None), (*ROWS[1][:-1], None), ROWS[2]]
    adapted = adapt(write_list(tmp_path / "x.xlsx", rows))
    assert adapted.rejected == []
    assert [row["hours"] for row in records(adapted)] == ["1400", "700"]


def test_merged_labels_of_a_list(tmp_path: Path) -> None:
    rows = [
        ("市民課", "住民係", "住民異動", "受付", "申請受付", "常勤", 1, 60, 1),
        ("", "", "", "入力", "入力", "常勤", 1, 60, 1),
        ("", "戸籍係", "届出", "受付", "申請受付", "常勤", 1, 60, 1),
    ]
    path = write_list(tmp_path / "x.xlsx", rows, merged=[(4, 1, 6, 1), (4, 2, 5, 2), (4, 3, 5, 3)])
    found = [(r["department"], r["section"], r["task"]) for r in records(adapt(path))]
    assert found == [
        ("市民課", "住民係", "住民異動"),
        ("市民課", "住民係", "住民異動"),
        ("市民課", "戸籍係", "届出"),
    ]


def test_a_list_may_name_municipality_and_survey_in_its_rows(tmp_path: Path) -> None:
    header = ("団体コード", "調査年度", *LIST_HEADER)
    rows = [("271004", "令和6年度", *ROWS[0]), ("272060", "2025", *ROWS[0])]
    adapted = adapt(write_list(tmp_path / "x.xlsx", rows, header=header, title=""))
    found = [(row["municipality"], row["survey"]) for row in records(adapted)]
    assert found == [("271004", "2024"), ("272060", "2025")]


def test_a_header_printed_again_is_no_row(tmp_path: Path) -> None:
    adapted = adapt(write_list(tmp_path / "x.xlsx", [ROWS[0], LIST_HEADER, ROWS[1]]))
    assert reasons(adapted) == {"header": 1}
    assert len(records(adapted)) == 2


def test_other_tables_are_not_work_surveys(tmp_path: Path) -> None:
    header = ("年月", "手続", "受付方法", "件数")
    path = write_list(tmp_path / "x.xlsx", [("2026-10", "転入", "窓口", 10)], header=header)
    assert not workload_survey.recognise(open_document(path).sheets, SOURCE)


def test_the_categories_are_the_eighteen_of_the_reference() -> None:
    stored = [value for value, _ in SOURCE.column("category").values]
    assert stored == list(IDS)
    words = {word for _, written in SOURCE.column("category").values for word in written}
    assert set(CATEGORIES) <= words


def test_a_column_of_amounts_right_of_the_categories_is_not_lost(tmp_path: Path) -> None:
    """Hours of an unknown category at the right edge: the file is refused, naming the column."""
    known = ["申請受付", "入力", "確認", "交付/通知", "審査/決裁", "相談/面談"]
    head = ["課", "業務", *known, "庶務", "備考"]
    path = tmp_path / "業務量調査_2025年度.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([head, ["市民課", "証明", *[100] * 6, 7000, "繁忙期あり"]]):
            sheet.write_row(number, 0, row)
    (refused,) = ingest.load([path], Home(tmp_path / "home"), municipality="272060")
    assert refused.status == "refused" and "庶務" in refused.message

    remarks = tmp_path / "業務量調査_2024年度.xlsx"
    with xlsxwriter.Workbook(remarks) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["課", "業務", *known, "備考"])
        sheet.write_row(1, 0, ["市民課", "証明", *[100] * 6, "繁忙期あり"])
    (stored,) = ingest.load([remarks], Home(tmp_path / "home"), municipality="272060")
    assert (stored.status, stored.accepted) == ("stored", 1)
