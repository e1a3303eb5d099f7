"""My Number cards by municipality: the tables that 総務省 publishes (マイナンバーカード交付状況).

One row per municipality with population, cards and their rate; in the same table may stand the
nation, the prefectures and kinds of cities, which are checked against their municipalities and not
loaded. The rate is checked and not loaded: it is a ratio, and is computed from sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipelines.adapters.answers import Answer
from pipelines.adapters.as_of import ask, day_in
from pipelines.adapters.base import Adapted, Context, Finding, Ignored
from pipelines.adapters.indicators import Records
from pipelines.adapters.municipal import column_of_codes, held_back
from pipelines.adapters.words import plain
from pipelines.errors import Refused
from pipelines.headers import plain_header
from pipelines.read import Sheet
from pipelines.sources import Source

HEADERS = {
    "code": ("団体コード", "市区町村コード"),
    "prefecture": ("都道府県名", "都道府県"),
    "name": ("市区町村名", "市区町村"),
    "population": ("総数（人口）", "人口"),
    "cards": ("交付枚数",),
    "rate": ("人口に対する交付枚数率", "交付率"),
    "as_of": ("交付件数基準日", "算出基準日"),
}
CATEGORY = "マイナンバーカード"
NEEDED = frozenset({"prefecture", "name", "population", "cards"})
NATION = frozenset({"全国", "合計", "総計", "総数", "計"})
WHOLE = frozenset({"", "-", "計", "合計", "県計", "都計", "道計", "府計"})
"""What stands for a name in the row of a whole prefecture."""

RATE_WITHIN = 0.06
"""A rate in per cent with one decimal differs from the exact one by no more."""


@dataclass(frozen=True)
class _Row:
    number: int
    code: str | None
    prefecture: str
    name: str
    cells: dict[str, str]
    population: int | None
    cards: int | None


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for at, row in enumerate(sheet.head):
        found: dict[str, int] = {}
        texts = [plain_header(text) for text in row]
        for name, headers in HEADERS.items():
            position = next(
                (texts.index(h) for h in map(plain_header, headers) if h in texts), None
            )
            if position is not None:
                found[name] = position
        if found.keys() >= NEEDED:
            return at, found
    return None


def recognise(sheets: Sequence[Sheet], source: Source) -> bool:
    """True where a sheet has prefecture, name, population and 交付枚数 side by side."""
    return any(_header(sheet) for sheet in sheets)


def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
    """Two records per municipality: cards issued, and the population that the rate divides by.

    Raises Refused where no sheet has the columns, or nothing says what day the numbers are of.
    """
    found = [(sheet, header) for sheet in sheets if (header := _header(sheet))]
    if not found:
        raise Refused(
            "都道府県名・市区町村名・総数（人口）・交付枚数の列が見つかりません。"
            "公表されたままの表を読み込んでください",
            "no columns of prefecture, name, population and cards; load the table as published",
        )
    records, adapted = Records(), Adapted(pa.table({}))
    for sheet, (at, columns) in found:
        titles = [text for row in sheet.head[:at] for text in row]
        day = day_in([*titles, sheet.name, context.file_name])
        if day is None and "as_of" not in columns:
            ask(context, "mynumber_20221231.csv")
        rows = _rows(sheet, at, columns, context, adapted)
        for row in rows:
            written = row.cells.get("as_of") or (day.isoformat() if day else None)
            if finding := _fault(row, rows, context, sheet.name):
                adapted.rejected.append(finding)
            elif _is_sum(row, context):
                reason = "total" if plain(row.prefecture) in NATION else "subtotal"
                adapted.ignored.append(Ignored(row.number, reason, sheet.name))
            else:
                _keep(row, written, sheet.name, records)
    adapted.records = records.table()
    return adapted


def _rows(
    sheet: Sheet, header: int, columns: dict[str, int], context: Context, adapted: Adapted
) -> list[_Row]:
    """The rows below the header; blank ones and notes are ignored."""
    kept: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(sheet.rows()[header + 1 :], start=header + 2):
        adapted.rows_read += 1
        row = {n: cells[at].strip() if at < len(cells) else "" for n, at in columns.items()}
        written = sum(bool(cell.strip()) for cell in cells)
        if written <= 1 or not any(row.values()):
            reason = "title" if written else "blank"
            adapted.ignored.append(Ignored(number, reason, sheet.name))
        else:
            kept.append((number, row))
    found = column_of_codes([row.get("code", "") for _, row in kept], context.places)
    return [
        _Row(number, code, row["prefecture"], row["name"], row, *map(_count, _numbers(row)))
        for (number, row), code in zip(kept, found, strict=True)
    ]


def _numbers(row: dict[str, str]) -> tuple[str, str]:
    return row["population"], row["cards"]


def _count(text: str) -> int | None:
    word = plain(text).replace(",", "").removesuffix(".0")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 10 else None


def _is_sum(row: _Row, context: Context) -> bool:
    """True for the nation and the prefectures."""
    is_prefecture = row.code is not None and context.places[row.code] == "prefecture"
    return is_prefecture or plain(row.prefecture) in NATION or plain(row.name) in WHOLE


def _fault(row: _Row, rows: list[_Row], context: Context, sheet: str) -> Finding | None:
    for name, number in (("population", row.population), ("cards", row.cards)):
        if number is None:
            return Finding(
                row.number,
                HEADERS[name][0],
                row.cells[name],
                "not_a_count",
                "0以上の整数で書いてください。元の表を確かめてください",
                "must be a whole number, 0 or more; check the original",
                sheet,
            )
    if _is_sum(row, context):
        return _differs(row, rows, context, sheet)
    code = row.cells.get("code", "")
    if row.code is None and any(map(str.isdigit, code)):
        return held_back(row.number, "団体コード", code, "unknown_municipality", sheet)
    return _rate_fault(row, sheet)


def _differs(row: _Row, rows: list[_Row], context: Context, sheet: str) -> Finding | None:
    """A sum that is not that of its municipalities."""
    nation = plain(row.prefecture) in NATION
    parts = [
        one
        for one in rows
        if not _is_sum(one, context) and (nation or plain(one.prefecture) == plain(row.prefecture))
    ]
    sums = (sum(p.population or 0 for p in parts), sum(p.cards or 0 for p in parts))
    if sums == (row.population, row.cards):
        return None
    return Finding(
        row.number,
        "交付枚数",
        row.cells["cards"],
        "sum_differs",
        f"市区町村の合計（人口 {sums[0]:,}、交付枚数 {sums[1]:,}）と違います。"
        "抜けている行がないか確かめてください",
        f"differs from the sum of its municipalities (population {sums[0]}, cards {sums[1]});"
        " look for missing rows",
        sheet,
    )


def _rate_fault(row: _Row, sheet: str) -> Finding | None:
    """A published rate that does not follow from its cards and population."""
    written = plain(row.cells.get("rate", "")).removesuffix("%")
    try:
        rate = float(written)
    except ValueError:
        return None
    exact = 100 * (row.cards or 0) / row.population if row.population else 0.0
    if abs(rate - exact) <= RATE_WITHIN or abs(100 * rate - exact) <= RATE_WITHIN:
        return None
    return Finding(
        row.number,
        HEADERS["rate"][0],
        row.cells["rate"],
        "rate_differs",
        "交付枚数 ÷ 人口 と違う率です。3つの値を元の表と見比べてください",
        "not cards ÷ population; compare the three values with the original",
        sheet,
    )


def _keep(row: _Row, as_of: str | None, sheet: str, records: Records) -> None:
    """Both numbers of a municipality; one without a code is looked up by its name later on."""
    municipality = row.code or f"{row.prefecture} {row.name}"
    for indicator, number, unit in (
        ("mynumber_cards", row.cards, "枚"),
        ("mynumber_population", row.population, "人"),
    ):
        answer = Answer(str(number), "reported", unit)
        records.add(municipality, indicator, as_of, answer, CATEGORY, row.number, sheet)
