"""The workload survey (業務量調査) of fiscal 2025, in the two forms in which towns hold it.

A cross table of hours for all departments but 市民課, and a long list with yearly volumes for
市民課. The hours of a department are what its staff works in a year, overtime included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xlsxwriter
from numpy.typing import NDArray

from pipelines.demo.organisation import DEPARTMENTS, FIXED_TERM_FTE, Department, categories
from pipelines.demo.world import CITY, CITY_CODE, WATERMARK, generator
from pipelines.demo.writing import fiscal_year, workbook

SURVEY = 2025
HOURS_PER_FTE = 1860.0
LISTED = "市民課"
"""The department that is surveyed with the long list."""
KINDS = ("常勤", "会計年度任用", "委託")
LIST_HEADER = ["団体コード", "調査年度", "課", "係", "業務", "作業", "事務分類", "職員区分"]
LIST_HEADER += ["年間件数", "1件当たり分", "年間時間"]
_CONCENTRATION = 60.0
_VOLUMES = {
    "住民異動届": 7400,
    "住民票・印鑑証明の交付": 33600,
    "印鑑登録": 3100,
    "マイナンバーカード": 6900,
    "戸籍の届出": 2600,
    "戸籍証明の交付": 9800,
}
_STEPS = {
    "申請受付": "申請書の受領と案内",
    "相談/面談": "手続の相談",
    "入力": "システムへの入力",
    "確認": "本人確認と記載の確認",
    "帳票作成": "帳票の作成",
    "データ抽出/加工": "対象者の抽出",
    "審査/決裁": "審査と決裁",
    "交付/通知": "証明書の交付",
    "徴収・支払": "手数料の収納",
    "書類整理": "申請書の編てつ",
    "連携": "他課と他市への連絡",
    "訪問・調査": "実態調査",
    "統計/集計": "月報の作成",
    "問い合わせ": "電話と窓口の問い合わせ",
    "会議/イベント": "打合せ",
    "事業計画等": "計画の作成",
    "施設管理": "窓口まわりの管理",
    "その他": "その他の事務",
}


@dataclass(frozen=True)
class Task:
    """Hours of one task (業務) and kind of staff by category, shape (18,), whole hours."""

    department: str
    section: str
    name: str
    kind: str
    hours: NDArray[np.float64]


def _department(department: Department, rng: np.random.Generator) -> Iterator[Task]:
    names = [(section, task) for section, tasks in department.sections.items() for task in tasks]
    weights = rng.dirichlet(np.full(len(names), 6.0))
    fte = (department.staff, department.fixed_term * FIXED_TERM_FTE, 0.0)
    hours = np.array(fte) * HOURS_PER_FTE * np.array([1 + department.overtime, 1.0, 1.0])
    hours[2] = department.outsourced
    work = np.array(department.work, dtype=np.float64)
    for (section, name), weight in zip(names, weights, strict=True):
        shares = rng.dirichlet(work / work.sum() * _CONCENTRATION + 1e-9)
        for kind, total in zip(KINDS, hours, strict=True):
            if total:
                yield Task(department.name, section, name, kind, np.rint(total * weight * shares))


def tasks(seed: int) -> list[Task]:
    """Return the hours of all departments, in their order."""
    rng = generator(seed, "survey")
    return [task for department in DEPARTMENTS for task in _department(department, rng)]


def _cross_table(path: Path, surveyed: list[Task]) -> None:
    """課, 係 and 業務 are merged cells; each department ends with its subtotal."""
    names = ["課", "係", "業務", "職員区分", *categories(), "合計"]
    with workbook(path, "業務量調査") as book:
        sheet = book.add_worksheet("業務量調査")
        middle = book.add_format({"valign": "vcenter", "border": 1})
        sheet.write(0, 0, f"{CITY} 業務量調査 {fiscal_year(SURVEY)} クロス集計表（{WATERMARK}）")
        sheet.write(1, 0, "単位：時間（年間）")
        sheet.write_row(3, 0, names, middle)
        line, whole = 4, np.zeros(len(categories()))
        for department in dict.fromkeys(task.department for task in surveyed):
            rows = [task for task in surveyed if task.department == department]
            for column, key in enumerate(
                (
                    [task.department for task in rows],
                    [task.section for task in rows],
                    [f"{task.section} {task.name}" for task in rows],
                )
            ):
                _merged(sheet, line, column, key, middle)
            for offset, task in enumerate(rows):
                sheet.write(line + offset, 3, task.kind, middle)
                _hours(sheet, line + offset, task.hours)
            line += len(rows)
            part = np.sum([task.hours for task in rows], axis=0)
            sheet.merge_range(line, 0, line, 3, f"{department} 小計", middle)
            _hours(sheet, line, part)
            whole += part
            line += 1
        sheet.merge_range(line, 0, line, 3, "合計", middle)
        _hours(sheet, line, whole)


def _merged(
    sheet: xlsxwriter.worksheet.Worksheet,
    first: int,
    column: int,
    values: list[str],
    style: xlsxwriter.format.Format,
) -> None:
    """Write a column in which runs of one value are one merged cell (業務 without its 係)."""
    start = 0
    for position in range(1, len(values) + 1):
        if position == len(values) or values[position] != values[start]:
            text = values[start].split(" ")[-1]
            if position - start == 1:
                sheet.write(first + start, column, text, style)
            else:
                sheet.merge_range(first + start, column, first + position - 1, column, text, style)
            start = position


def _hours(sheet: xlsxwriter.worksheet.Worksheet, line: int, hours: NDArray[np.float64]) -> None:
    for column, value in enumerate(hours, 4):
        sheet.write_number(line, column, float(value))
    sheet.write_number(line, 4 + len(hours), float(hours.sum()))


def list_rows(surveyed: list[Task]) -> list[list[object]]:
    """One row per task, step and kind of staff; with a volume where the task has one.

    The share of a task's cases that each kind of staff handles is its share of the task's hours.
    """
    found: list[list[object]] = []
    for task in surveyed:
        same = [t for t in surveyed if (t.section, t.name) == (task.section, task.name)]
        share = task.hours.sum() / sum(other.hours.sum() for other in same)
        volume = round(_VOLUMES.get(task.name, 0) * float(share))
        for category, hours in zip(categories(), task.hours, strict=True):
            if not hours:
                continue
            cells: list[object] = [CITY_CODE, f"{SURVEY}", task.department, task.section, task.name]
            cells += [_STEPS[category], category, task.kind]
            if volume:
                minutes = round(float(hours) * 60 / volume, 2)
                cells += [volume, minutes, round(volume * minutes / 60, 1)]
            else:
                cells += [None, None, float(hours)]
            found.append(cells)
    return found


def _list(path: Path, surveyed: list[Task]) -> None:
    with workbook(path, "業務量調査") as book:
        sheet = book.add_worksheet("業務一覧")
        title = f"{CITY} 業務量調査 {fiscal_year(SURVEY)} {LISTED}（{WATERMARK}）"
        sheet.write(0, 0, title)
        sheet.write_row(2, 0, LIST_HEADER)
        for line, (code, *rest) in enumerate(list_rows(surveyed), 3):
            sheet.write_string(line, 0, str(code))
            sheet.write_row(line, 1, rest)


def write(folder: Path, seed: int) -> None:
    """Write both workbooks."""
    surveyed = tasks(seed)
    listed = [task for task in surveyed if task.department == LISTED]
    others = [task for task in surveyed if task.department != LISTED]
    _cross_table(folder / f"業務量調査_{SURVEY}年度_クロス集計.xlsx", others)
    _list(folder / f"業務量調査_{SURVEY}年度_{LISTED}.xlsx", listed)
