"""データ: every row accounted for, what was held back and why, what is old, which release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY
from tests.pages.test_pages import said
from tests.spec.lake import Lake
from warehouse.build import build
from warehouse.inputs import QUARANTINE

Opened = Callable[..., AppTest]
PAGE = "pages/data/overview.py"
HELD = [
    ("発券_10月.csv", 12, "発券時刻", "26:46", "発券時刻を日時として読めません", "not a time"),
    ("発券_10月.csv", 12, "呼出時刻", "", "呼出時刻がありません", "call is missing"),
    ("発券_10月.csv", 30, "発券時刻", "=1+1", "発券時刻を日時として読めません", "not a time"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = Lake(tmp_path_factory.mktemp("data"))
    today = date.today()
    for month, ends in (("2024-01", today - timedelta(days=200)), ("2024-02", today)):
        lake.add(
            "applications",
            f"""
            municipality | month   | procedure | intake | place | processing | applications
            {CITY}       | {month} | 転入届    | online | home  | digital    | 5
            """,
            source_label_ja="申請件数",
            source_label_en="Applications",
            schedule="monthly",
            period_from="2024-01-01",
            period_to=str(ends),
        )
    lake.add(
        "staff_age",
        f"""
        municipality | as_of      | age | kind    | headcount | fte
        {CITY}       | 2020-04-01 | 30  | regular | 5         | 5
        """,
        source_label_ja="職員の年齢別人数",
        source_label_en="Staff by age",
        schedule="yearly",
        period_from="2020-04-01",
        period_to="2020-04-01",
        rows_read=9,
        quarantined=2,
        duplicates=1,
        ignored=5,
    )
    columns: dict[str, list[object]] = {field.name: [] for field in QUARANTINE}
    for file, row, column, value, ja, en in HELD:
        for name, cell in {
            **{"source_sha256": "a" * 64, "source_file": file, "sheet": None, "source_row": row},
            **{"column": column, "value": value, "rule": "type"},
            **{"message_ja": ja, "message_en": en},
        }.items():
            columns[name].append(cell)
    inputs = lake.inputs()
    keys = {key for entry in lake.ledger for key in entry}
    ledger = pa.table({key: [entry.get(key) for entry in lake.ledger] for key in sorted(keys)})
    for _ in range(2):
        build(lake.home, inputs, ledger, pa.table(columns, schema=QUARANTINE), None)
    return lake.home.root


def table(app: AppTest, column: str):  # type: ignore[no-untyped-def]
    (found,) = [one.value for one in app.dataframe if column in one.value.columns]
    return found


def test_every_row_read_is_accounted_for(opened: Opened, home: Path) -> None:
    shown = said(opened(home, PAGE))
    assert "3個のファイルから3行を取り込みました。2行は、確認が必要なため保留しています" in shown
    assert "読んだ11行は、受理3行、保留2行、重複1行、対象外5行に分かれます" in shown


def test_rows_held_back_are_listed_with_value_and_reason(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE)
    held = table(app, "message_ja")
    assert list(held["source_row"]) == [12, 12, 30]
    assert "26:46" in list(held["value"])
    shown = said(app)
    assert "2行を保留しています。最も多い理由は「発券時刻を日時として読めません」です" in shown
    assert "not a time" in list(table(opened(home, PAGE, lang="en"), "message_en")["message_en"])


def test_a_source_is_old_by_its_own_schedule(opened: Opened, home: Path) -> None:
    app = opened(home, PAGE)
    sources = table(app, "files")
    states = dict(zip(sources["source_label"], sources["state"], strict=True))
    assert states == {"申請件数": "● 最新", "職員の年齢別人数": "▲ 古い"}
    english = table(opened(home, PAGE, lang="en"), "files")
    assert list(english["source_label_en"]) == ["Applications", "Staff by age"]
    assert "2種類の資料のうち、1種類は次の分が届いていません" in said(app)


def test_the_release_shown_is_marked_among_those_kept(opened: Opened, home: Path) -> None:
    releases = table(opened(home, PAGE), "built_at")
    assert list(releases["state"]) == ["● 表示中", "− 保存"]


def test_times_are_those_of_japan(opened: Opened, home: Path) -> None:
    files = table(opened(home, PAGE), "sha256")
    assert {f"{at:%Y-%m-%d %H:%M}" for at in files["loaded_at"]} == {"2026-11-02 09:14"}


def test_nothing_held_back_is_said(opened: Opened, empty_home: Path) -> None:
    assert "保留している行はありません" in said(opened(empty_home, PAGE))
