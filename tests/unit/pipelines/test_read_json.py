"""JSON with one list of records opens as a table; everything else is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import read_json
from pipelines.errors import Refused
from pipelines.read import open_document

RECORDS = [
    {"date": "2018-10-01", "old": {"code": "40305", "name": "那珂川町"}, "kept": True},
    {"date": "2024-01-01", "old": {"code": "22131"}, "n": 1.5, "notes": ["a", "b"], "gone": None},
]


def write(path: Path, content: Any, encoding: str = "utf-8") -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("wrap", [lambda r: r, lambda r: {"source": "x", "changes": r, "more": {}}])
def test_records_become_rows(tmp_path: Path, encoding: str, wrap: Any) -> None:
    document = open_document(write(tmp_path / "a.txt", wrap(RECORDS), encoding))
    (sheet,) = document.sheets
    assert document.kind == "json"
    assert sheet.rows() == [
        ["date", "old.code", "old.name", "kept", "n", "notes", "gone"],
        ["2018-10-01", "40305", "那珂川町", "true", "", "", ""],
        ["2024-01-01", "22131", "", "", "1.5", "", ""],
    ]
    assert sheet.head == sheet.rows()
    table = pa.concat_tables(sheet.chunks(1, 2))
    assert table.to_pydict() == {
        "c0": ["2018-10-01", "2024-01-01"],
        "c1": ["40305", "22131"],
        "source_row": [2, 3],
        "fields": [2, 2],
    }


@pytest.mark.parametrize(
    "content",
    [
        {"a": 1},
        {"a": [1, 2], "b": "x"},
        {"a": [{"x": 1}], "b": [{"y": 1}]},
        [{"x": 1}, 2],
    ],
)
def test_what_is_no_list_of_records_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(Refused) as refused:
        open_document(write(tmp_path / "a.json", content))
    assert "一覧" in refused.value.ja and "list of records" in refused.value.en


@pytest.mark.parametrize("text", ['{"a": [{"x": 1}', '[{"x": ' * 5000, '{"a": \udcff}'])
def test_broken_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Refused) as refused:
        open_document(tmp_path / "a.json")
    assert "JSON" in refused.value.ja and "JSON" in refused.value.en


def test_members_that_would_hide_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        open_document(write(tmp_path / "a.json", [{"old": {"code": 1}, "old.code": 2}]))
    assert "同じ名前" in refused.value.ja and "two members" in refused.value.en


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.json", RECORDS)
    monkeypatch.setattr(read_json, "LARGEST", path.stat().st_size - 1)
    with pytest.raises(Refused):
        open_document(path)


@pytest.mark.parametrize("text", ["[北支所],1\r\n", "{x},y\r\n", "[1],[2]\r\n"])
def test_a_table_that_begins_with_a_bracket_stays_a_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert open_document(path).kind == "text"


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NAMES = st.text("abcxyz", max_size=3)
RECORD = st.dictionaries(NAMES, SCALARS | st.dictionaries(NAMES, SCALARS))


def leaves(record: dict[str, Any]) -> Iterator[Any]:
    """Values that a cell would show."""
    for value in record.values():
        if isinstance(value, dict):
            yield from leaves(value)
        elif value is not None and value != "":
            yield value


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(RECORD.filter(bool), min_size=1, max_size=20))
def test_no_record_is_lost(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    sheet = read_json.open_json(write(tmp_path / "a.json", records))
    names, *rows = sheet.rows()
    assert len(rows) == len(records) and all(len(row) == len(names) for row in rows)
    assert len(set(names)) == len(names)
    filled = sum(cell != "" for row in rows for cell in row)
    assert filled == sum(len(list(leaves(record))) for record in records)
