"""Staff, workload survey, opening days and decisions of the city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from pipelines.demo import organisation, staff, survey
from pipelines.demo.world import CITY_CODE, WATERMARK

Read = Callable[[Path], list[list[str]]]
CLERICAL = {"申請受付", "入力", "確認", "帳票作成", "データ抽出/加工", "交付/通知", "徴収・支払"}
CLERICAL |= {"書類整理", "統計/集計"}
PEOPLE_AND_PLANNING = {"相談/面談", "訪問・調査", "事業計画等"}
SEED = 2040


def workbook(path: Path) -> list[list[object]]:
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_390_staff_with_the_second_baby_boom_and_few_young() -> None:
    now, _ = staff.persons(SEED)
    own = [person for person in now if person.kind != staff.FIXED_TERM]
    assert len(own) == 390
    ages = Counter(person.age for person in own)
    assert min(ages) == 18
    assert max(ages) == 64
    bulge = sum(ages[age] for age in range(52, 56)) / 4
    assert bulge > 2 * sum(ages[age] for age in range(30, 40)) / 10
    assert sum(ages[age] for age in range(20, 25)) / 5 < bulge / 3
    rehired = {person.age for person in now if person.kind == staff.REHIRED}
    regular = {person.age for person in now if person.kind == staff.REGULAR}
    assert rehired == {62, 63, 64}
    assert max(regular) == 61


def test_the_year_before_is_the_same_people_one_year_younger() -> None:
    now, before = staff.persons(SEED)
    regular_now = Counter(
        (person.department, person.age) for person in now if person.kind == staff.REGULAR
    )
    regular_before = Counter(
        (person.department, person.age + 1) for person in before if person.kind == staff.REGULAR
    )
    assert (regular_now - regular_before).total() <= staff._HIRES + 1
    assert (regular_before - regular_now).total() <= staff._LEAVERS
    assert max(person.age for person in before if person.kind == staff.REGULAR) == 60


def test_staff_files_hold_all_persons(city_folder: Path, read_rows: Read) -> None:
    now, before = staff.persons(SEED)
    title, _, header, *rows = workbook(city_folder / "年齢別職員数_2026年4月1日.xlsx")
    assert WATERMARK in str(title[0])
    assert header == staff.HEADER
    assert sum(int(str(row[6]).split(".")[0]) for row in rows) == len(now)
    assert {row[0] for row in rows} == {CITY_CODE}
    title_cells, heads, *cells = read_rows(city_folder / "年齢別職員数_2025年4月1日.csv")
    assert WATERMARK in title_cells[0]
    assert sum(int(row[heads.index("職員数")]) for row in cells) == len(before)


def cross_table(folder: Path) -> tuple[list[str], list[list[object]]]:
    sheet = workbook(folder / "業務量調査_2025年度_クロス集計.xlsx")
    assert WATERMARK in str(sheet[0][0])
    return [str(cell) for cell in sheet[3]], sheet[4:]


def hours(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Hours by category and by department of both files, subtotals left out."""
    categories: Counter[str] = Counter()
    departments: Counter[str] = Counter()
    names, rows = cross_table(folder)
    department = ""
    for row in rows:
        department = str(row[0]) or department
        if department == "合計" or department.endswith("小計"):
            continue
        for name, value in zip(names[4:22], row[4:22], strict=True):
            categories[name] += float(str(value))
            departments[department] += float(str(value))
    for row in workbook(folder / "業務量調査_2025年度_市民課.xlsx")[3:]:
        categories[str(row[6])] += float(str(row[10]))
        departments[str(row[2])] += float(str(row[10]))
    return categories, departments


def test_about_half_of_the_hours_are_clerical(city_folder: Path) -> None:
    categories, _ = hours(city_folder)
    total = sum(categories.values())
    assert 0.45 <= sum(categories[name] for name in CLERICAL) / total <= 0.55
    assert sum(categories[name] for name in PEOPLE_AND_PLANNING) / total < 0.20
    assert set(categories) == set(organisation.categories())


def test_hours_are_what_the_staff_works(city_folder: Path) -> None:
    _, departments = hours(city_folder)
    assert 12 <= len(departments) <= 15
    for department in organisation.DEPARTMENTS:
        fte = department.staff + department.fixed_term * organisation.FIXED_TERM_FTE
        expected = fte * survey.HOURS_PER_FTE + department.outsourced
        assert expected * 0.98 <= departments[department.name] <= expected * 1.12
    assert sum(department.staff for department in organisation.DEPARTMENTS) == 390


def test_departments_work_on_what_they_are_for() -> None:
    shares = {}
    for task in survey.tasks(SEED):
        shares[task.department] = shares.get(task.department, 0) + task.hours
    names = organisation.categories()

    def share(department: str, kinds: set[str]) -> float:
        own = shares[department]
        return float(own[[name in kinds for name in names]].sum() / own.sum())

    assert share("市民課", CLERICAL) > 0.65
    assert share("会計課", CLERICAL) > 0.75
    assert share("企画課", {"事業計画等"}) > 0.15
    assert share("健康推進課", PEOPLE_AND_PLANNING) > 0.25


def test_subtotals_equal_their_parts(city_folder: Path) -> None:
    _, rows = cross_table(city_folder)
    part, whole, found = np.zeros(19), np.zeros(19), 0
    for row in rows:
        values = np.array([float(str(value)) for value in row[4:23]])
        assert values[:18].sum() == values[18]
        if str(row[0]).endswith("小計"):
            assert (values == part).all()
            whole, part, found = whole + part, np.zeros(19), found + 1
        elif row[0] == "合計":
            assert (values == whole).all()
        else:
            part = part + values
    assert found == len(organisation.DEPARTMENTS) - 1


def test_the_listed_department_is_not_in_the_cross_table(city_folder: Path) -> None:
    _, rows = cross_table(city_folder)
    assert survey.LISTED not in {str(row[0]).split(" ")[0] for row in rows}
    for row in workbook(city_folder / "業務量調査_2025年度_市民課.xlsx")[3:]:
        if row[8]:
            volume, minutes, year = (float(str(row[column])) for column in (8, 9, 10))
            assert year == pytest.approx(volume * minutes / 60, abs=0.06)


@pytest.mark.parametrize("total", [0, 1, 7, 390])
def test_apportion_keeps_the_total(total: int) -> None:
    parts = organisation.apportion(total, np.array([1.0, 2.0, 0.5, 0.0]))
    assert parts.sum() == total
    assert (parts >= 0).all()


def test_opening_days_match_the_tickets(city_folder: Path, read_rows: Read) -> None:
    header, *rows = read_rows(city_folder / "窓口開設.csv")
    own = [row for row in rows if row[1] == "本庁" and row[2] == "市民課"]
    assert len({(row[1], row[2], row[3]) for row in rows}) == len(rows)
    assert {row[header.index("終了時刻")] for row in own} == {"12:00", "17:15", "19:00"}
    counters = {row[6] for row in own if row[5] != "12:00"}
    assert counters == {"4", "5"}
    assert 480 <= len(own) <= 520
