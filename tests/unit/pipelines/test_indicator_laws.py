"""Whatever stands in an indicator table: every row is accounted for, every cell says one thing."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters import dx_dashboard, dx_overview, mynumber_card
from pipelines.adapters.answers import YES_NO, Answers
from pipelines.adapters.base import Adapted, Context
from pipelines.adapters.indicators import column_letter
from pipelines.adapters.municipal import column_of_codes
from pipelines.places import shipped
from pipelines.profile import standard
from pipelines.read import HEAD_ROWS, Merged, Sheet
from pipelines.sources import load_sources


class Grid(Sheet):
    """Cells in memory, as a workbook gives them."""

    def __init__(self, cells: list[list[str]], name: str, merged: tuple[Merged, ...] = ()) -> None:
        self.name, self.merged = name, merged
        width = max(map(len, cells))
        self._cells = [(row + [""] * width)[:width] for row in cells]
        self.head = self._cells[:HEAD_ROWS]

    def rows(self) -> list[list[str]]:
        return self._cells

    def chunks(self, skip: int, width: int) -> Iterator[pa.Table]:
        raise AssertionError("adapters of indicators read whole sheets")


CELL = st.sampled_from(
    ["", "", "済", "未", "-", "未回答", "12", "45.3%", "△1.5", "函館市", "12025", "合計", "たぶん"]
)


def rows_of(width: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(CELL, max_size=width), max_size=12)


OVERVIEW = [[""] * 12 for _ in range(7)] + [
    ["", "012025", "", "北海道函館市", "", "", "済", "", "", "", "", "未"]
]
OVERVIEW[3][6], OVERVIEW[3][11] = "転出届", "転入届"
DASHBOARD = [["", "", "函館市", "泉大津市"]]
DASHBOARD += [["窓口", f"待ち時間{number}", "1", "2"] for number in range(14)]
CARDS = [
    ["都道府県名", "市区町村名", "総数（人口）", "交付枚数", "団体コード"],
    ["北海道", "函館市", "100", "50", "12025"],
]
NAMED = "as_of_20250401.csv"


def adapted(module: ModuleType, source: str, cells: list[list[str]]) -> Adapted:
    of = load_sources()[source]
    sheets = [Grid(cells, "市町村")]
    assert module.recognise(sheets, of)
    found: Adapted = module.adapt(sheets, of, Context(NAMED, standard(of)))
    return found


@pytest.mark.parametrize(
    ("module", "source", "base", "header"),
    [
        (dx_overview, "dx_overview", OVERVIEW, 7),
        (dx_dashboard, "dx_dashboard", DASHBOARD, 1),
        (mynumber_card, "mynumber_card", CARDS, 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@given(data=st.data())
def test_every_row_is_accounted_for(
    module: ModuleType, source: str, base: list[list[str]], header: int, data: st.DataObject
) -> None:
    more = data.draw(rows_of(len(base[0])))
    found = adapted(module, source, [*base, *more])
    stored = set(found.records["source_row"].to_pylist())
    ignored = [one.row for one in found.ignored]
    rejected = {one.row for one in found.rejected}
    assert found.rows_read == len(base) + len(more) - header
    assert len(ignored) == len(set(ignored))
    parts = (stored, set(ignored), rejected)
    assert sum(map(len, parts)) == len(set().union(*parts)) == found.rows_read
    statuses = found.records["status"].to_pylist()
    values = found.records["value"].to_pylist()
    assert all((s == "reported") == (v is not None) for s, v in zip(statuses, values, strict=True))


SOURCE = load_sources()["dx_dashboard"]
ANSWERS = Answers(SOURCE, standard(SOURCE), blank="no_answer")


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("45.3%", ("45.3", "reported", "%")),
        ("１，２３４人", ("1234", "reported", "人")),
        ("△1.5", ("-1.5", "reported", None)),
        ("○", ("1", "reported", YES_NO)),
        ("未実施", (None, "not_done", YES_NO)),
        ("検討中", (None, "planned", YES_NO)),
        ("－", (None, "not_applicable", None)),
        ("未公表", (None, "unpublished", None)),
        ("未回答", (None, "no_answer", None)),
        ("　", (None, "no_answer", None)),
        ("たぶん", (None, None, None)),
    ],
)
def test_what_a_cell_says(cell: str, answer: tuple[str | None, ...]) -> None:
    assert ANSWERS.read(cell) == answer


@given(st.text(max_size=10))
def test_a_cell_says_a_value_or_why_there_is_none(cell: str) -> None:
    answer = ANSWERS.read(cell)
    assert (answer.value is not None) == (answer.status == "reported")
    if answer.value is not None:
        float(answer.value)


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3)))
def test_numbers_keep_their_value(number: float) -> None:
    for written in (f"{number:.3f}", f"{number:,.3f}", f"{number:.3f}%".replace("-", "△")):
        assert float(ANSWERS.read(written).value or "x") == number


def test_a_column_of_codes_is_read_in_one_form() -> None:
    """12238 is 012238 (根室市) without its zero and 122386 (いすみ市) without its check digit."""
    assert {"012238", "122386"} <= set(shipped())
    with_digits, without = ["12238", "272060", "131016"], ["12238", "27206", "13101", "1202"]
    assert column_of_codes(with_digits, shipped()) == ["012238", "272060", "131016"]
    assert column_of_codes(without, shipped()) == ["122386", "272060", "131016", "012025"]
    assert column_of_codes(["x", "", "999999"], shipped()) == [None, None, None]


@pytest.mark.parametrize(
    ("at", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_named_as_in_a_spreadsheet(at: int, letters: str) -> None:
    assert column_letter(at) == letters


def test_headings_name_the_indicators_and_common_ones_do_not() -> None:
    cells = [[""] * 17 for _ in range(8)]
    cells[0][1] = "オンライン化の状況"
    cells[2][6] = "子育て"
    cells[3][6], cells[3][11], cells[3][16] = "認定請求", "現況届", "現況届"
    for at in (6, 11, 16):
        cells[4][at] = "状況"
    merged = (Merged(0, 1, 0, 16), Merged(2, 6, 2, 15))
    assert dx_overview.indicators(Grid(cells, "市町村", merged), 17) == {
        6: "子育て／認定請求",
        11: "子育て／現況届",
        16: "現況届",
    }
    same = (Merged(0, 1, 0, 16), Merged(2, 6, 2, 16))
    names = dx_overview.indicators(Grid(cells, "市町村", same), 17)
    assert names == {6: "認定請求", 11: "現況届（L列）", 16: "現況届（Q列）"}
