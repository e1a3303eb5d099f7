"""JSON files that hold one list of records: the records become the rows of a table.

A member within a member becomes a column of both names (`old.code`). The list may stand by itself
or be a member of the outermost object, beside notes on where it comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.errors import Refused
from pipelines.read import CHUNK_ROWS, HEAD_ROWS, Sheet
from pipelines.scan import MOST_CELLS

LARGEST = 64 << 20
"""Bytes; JSON is read as a whole."""

_START = re.compile(rb"^(\xef\xbb\xbf)?\s*(\{\s*\"|\[\s*\{)")


def looks_like_json(start: bytes) -> bool:
    """True for the beginning of an object, or of a list of objects."""
    return bool(_START.match(start))


class JsonSheet(Sheet):
    """The records of a JSON file, below a row of their members' names. source_row counts both."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        flat = [_flat(record) for record in records]
        self._names = list(dict.fromkeys(name for record in flat for name in record))
        if len(self._names) * len(flat) > MOST_CELLS:
            raise Refused(
                "JSON の項目名が多すぎます。記録ごとに同じ項目名にするか、CSV で用意してください",
                "too many names of members; use the same in all records, or provide CSV",
            )
        self._rows = [[record.get(name, "") for name in self._names] for record in flat]
        self.head = [self._names, *self._rows[: HEAD_ROWS - 1]]

    def rows(self) -> list[list[str]]:
        """The names, then one row per record."""
        return [self._names, *self._rows]

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        """See Sheet.chunks."""
        rows = islice(self.rows(), skip, None)
        number = skip + 1
        while block := list(islice(rows, CHUNK_ROWS)):
            cells = [(row + [""] * width)[:width] for row in block]
            columns = {
                f"c{index}": pa.array(column, pa.string())
                for index, column in enumerate(zip(*cells, strict=True))
            }
            numbers = pa.array(range(number, number + len(block)), pa.int64())
            fields = pa.array([width] * len(block), pa.int32())
            yield pa.table({**columns, "source_row": numbers, "fields": fields})
            number += len(block)


def _flat(record: dict[str, Any]) -> dict[str, str]:
    members = list(_members(record))
    flat = dict(members)
    if len(flat) < len(members):
        raise Refused(
            "JSON の1件の中に、同じ名前の項目が2つあります。項目名を直してください",
            "a record of the JSON has two members of one name; rename one",
        )
    return flat


def _members(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _members(value, f"{prefix}{name}.")
        elif value is None or isinstance(value, list):
            yield _sound(f"{prefix}{name}"), ""
        else:
            text = json.dumps(value) if isinstance(value, bool) else str(value)
            yield _sound(f"{prefix}{name}"), _sound(text)


def _sound(text: str) -> str:
    """A text without half letters (\\ud800 alone), which JSON can write and nothing can store."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def open_json(path: Path) -> JsonSheet:
    """Open a JSON file. Raises Refused where it is damaged, too large, or no list of records."""
    if path.stat().st_size > LARGEST:
        raise Refused(
            f"JSON は {LARGEST >> 20}MB までです。CSV で用意してください",
            f"a JSON file may have {LARGEST >> 20} MB; provide the table as CSV",
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(
            "JSON として読めません。途中で切れていないか確かめ、取得し直してください",
            "not readable as JSON; it may be cut off; fetch it again",
        ) from error
    members = content.values() if isinstance(content, dict) else [content]
    lists = [m for m in members if isinstance(m, list) and any(isinstance(r, dict) for r in m)]
    if len(lists) != 1 or not all(isinstance(record, dict) for record in lists[0]):
        raise Refused(
            "JSON の中に、表になる1つの一覧がありません。CSV か Excel で用意してください",
            "the JSON does not hold one list of records; provide the table as CSV or Excel",
        )
    return JsonSheet(lists[0])
