"""Empty files for clerks to fill in: one for each source that a municipality itself may deliver.

They come from the sources' YAML, so that a new source has its template by itself. A CSV has the
header alone; a workbook has beside it a guide (what each column means, what may stand in it, an
example) and checks each cell as it is typed. There is no example row below the header: it could
be loaded by mistake.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from pipelines.errors import PipelineError
from pipelines.sources import Column, Label, Source, load_sources

OWN = "読み込んだ自治体"
"""Named as owner in a source's YAML, alone or beside others, where the municipality that loads it
may have made it itself."""

FORMATS = ("xlsx", "csv")
LAST_ROW = 1_048_575
CODE_LENGTHS = (4, 6)
"""Digits of a municipality code: with or without leading zero and check digit."""

_CELL = {
    "int": "0",
    "long": "0",
    "float": "General",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "timestamp": "yyyy-mm-dd hh:mm:ss",
    "time": "h:mm",
}
"""Number format by type; all others are text, so that codes keep their zeros."""

_EXAMPLE = {
    "int": "1",
    "long": "1",
    "float": "1.5",
    "bool": "1",
    "date": "2026-10-01",
    "month": "2026-10",
    "timestamp": "2026-10-01 09:00:00",
    "time": "09:00",
    "municipality": "272060",
    "area": "272060",
}

_KIND = {
    "text": Label("文字", "text"),
    "int": Label("整数", "whole number"),
    "long": Label("整数", "whole number"),
    "float": Label("数", "number"),
    "bool": Label("はい・いいえ（1・0）", "yes or no (1, 0)"),
    "date": Label("日付", "date"),
    "month": Label("年月", "month"),
    "timestamp": Label("日時", "date and time"),
    "time": Label("時刻", "time of day"),
    "municipality": Label("団体コード（6桁）", "municipality code (six digits)"),
    "area": Label("地域コード（6桁）", "area code (six digits)"),
}


@dataclass(frozen=True)
class Field:
    """One column of a template: its header and the source's column whose values it takes.

    word: the stored word that a wide table's column stands for.
    """

    header: str
    column: Column
    word: str | None = None

    @property
    def required(self) -> bool:
        """True where a row without it would be held back."""
        return self.column.required and self.column.fill is None and self.word is None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that may stand in it; empty where it takes no words."""
        if self.word is not None:
            return ()
        return tuple(written[0] if written else stored for stored, written in self.column.values)

    @property
    def example(self) -> str:
        """A value as a clerk would write it; empty where the column is better left blank."""
        if self.column.example is not None or not self.column.required:
            return self.column.example or ""
        return next(iter(self.words), "") or _EXAMPLE.get(self.column.type, "")

    @property
    def kind(self) -> Label:
        """What is written, in words."""
        return Label("選択", "one of the words") if self.words else _KIND[self.column.type]

    @property
    def bounds(self) -> tuple[Any, Any]:
        """Least and greatest value, None where there is no limit."""
        return self.column.min, self.column.max


@dataclass(frozen=True)
class Template:
    """An empty file of one source. wide: one column per word of the column that it spreads."""

    source: Source
    wide: bool = False

    @property
    def id(self) -> str:
        """Name of the template: the source's, with `-wide` for the wide form."""
        return f"{self.source.id}-wide" if self.wide else self.source.id

    @property
    def label(self) -> Label:
        """The template's name for readers."""
        if not self.wide:
            return self.source.label
        assert self.source.unpivot is not None
        over = self.source.column(self.source.unpivot.name).label
        label = self.source.label
        return Label(f"{label.ja}（{over.ja}を列に並べる形）", f"{label.en} ({over.en} as columns)")

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns to fill in, in the source's order."""
        return tuple(self._fields())

    def _fields(self) -> Iterator[Field]:
        spread = self.source.unpivot if self.wide else None
        for column in self.source.read_columns:
            if spread is not None and column.name == spread.name:
                value = self.source.column(spread.value)
                for stored, written in column.values:
                    yield Field(written[0] if written else stored, value, stored)
            elif spread is None or column.name != spread.value:
                yield Field(column.headers[0] if column.headers else column.name, column)

    def file_name(self, style: str) -> str:
        """Name of the file: `mado-template-<id>.<style>`."""
        return f"mado-template-{self.id}.{style}"


def templates() -> list[Template]:
    """The templates of all sources that a municipality delivers, wide forms after their own."""
    found = []
    for source in load_sources().values():
        if OWN in source.owner:
            found.append(Template(source))
            if source.unpivot is not None:
                found.append(Template(source, wide=True))
    return found


def template(name: str) -> Template:
    """The template of that id. Raises PipelineError naming those that there are."""
    known = {one.id: one for one in templates()}
    if name not in known:
        raise PipelineError(
            f"ひな形「{name}」はありません。使える名前: {'、'.join(known)}",
            f"there is no template {name}; there are: {', '.join(known)}",
        )
    return known[name]


def write(one: Template, style: str) -> bytes:
    """The template as the bytes of a file of one of FORMATS."""
    return as_csv(one) if style == "csv" else as_xlsx(one)


def as_csv(one: Template) -> bytes:
    """The header alone, in UTF-8 with BOM, which Excel opens as it is."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([field.header for field in one.fields])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(one: Template) -> bytes:
    """A workbook: the sheet to fill in, the guide, and hidden lists of the words to choose."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("入力")
        guide = book.add_worksheet("記入の手引き")
        lists = book.add_worksheet("選択肢")
        lists.hide()
        _fill_in(book, sheet, lists, one)
        _guide(book, guide, one)
    return out.getvalue()


def _fill_in(book: Any, sheet: Any, lists: Any, one: Template) -> None:
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "top"}
    needed = book.add_format({**head, "bg_color": "#C5D7FB"})
    optional = book.add_format({**head, "bg_color": "#E6E6E6"})
    for at, field in enumerate(one.fields):
        cells = book.add_format(
            {"num_format": "@" if field.words else _CELL.get(field.column.type, "@")}
        )
        width = max(12, 2 * len(field.header) + 4, 22 if field.column.type == "timestamp" else 0)
        sheet.set_column(at, at, width, cells)
        sheet.write_string(0, at, field.header, needed if field.required else optional)
        if rule := _validation(field, at, lists):
            sheet.data_validation(1, at, LAST_ROW, at, rule)
    sheet.freeze_panes(1, 0)


def _validation(field: Field, at: int, lists: Any) -> dict[str, Any] | None:
    """What Excel checks in the cells of a column, with the words that it says about it."""
    rule = _rule(field, at, lists)
    if rule is None:
        return None
    said = _allowed(field)
    return {
        **rule,
        "ignore_blank": True,
        "error_title": field.header[:32],
        "error_message": f"{field.kind.ja}で入力してください。{said}"[:255],
    }


def _rule(field: Field, at: int, lists: Any) -> dict[str, Any] | None:
    kind = field.column.type
    if field.words:
        for row, word in enumerate(field.words):
            lists.write_string(row, at, word)
        letter = xlsxwriter.utility.xl_col_to_name(at, col_abs=True)
        return {"validate": "list", "source": f"=選択肢!{letter}$1:{letter}${len(field.words)}"}
    if kind in ("municipality", "area"):
        least, most = CODE_LENGTHS
        return {"validate": "length", "criteria": "between", "minimum": least, "maximum": most}
    if kind in ("int", "long", "float"):
        number = "decimal" if kind == "float" else "integer"
        return {"validate": number, **_between(*field.bounds, -(10**9), 10**9)}
    if kind in ("date", "month", "timestamp"):
        first, last = (date.fromisoformat(str(b)) if b else None for b in field.bounds)
        return {"validate": "date", **_between(first, last, date(1900, 1, 1), date(2150, 12, 31))}
    if kind == "time":
        return {"validate": "time", "criteria": "between", "minimum": 0, "maximum": 1}
    return None


def _between(least: Any, most: Any, lowest: Any, highest: Any) -> dict[str, Any]:
    return {
        "criteria": "between",
        "minimum": lowest if least is None else least,
        "maximum": highest if most is None else most,
    }


def _allowed(field: Field) -> str:
    """Which words or values may stand in a column."""
    if field.words:
        return "、".join(field.words)
    least, most = (None if bound is None else str(bound) for bound in field.bounds)
    if least is None and most is None:
        return ""
    return f"{least or ''}～{most or ''}"


_GUIDE = (
    ("列 / Column", 20),
    ("必須 / Required", 12),
    ("種類 / Type", 24),
    ("使える言葉・範囲 / Allowed", 48),
    ("例 / Example", 22),
    ("意味 / Meaning", 60),
    ("ほかの列名でも読めます / Other names", 40),
)


def _guide(book: Any, sheet: Any, one: Template) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8F1FE", "border": 1})
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"{one.label.ja}　{one.label.en}", title)
    lines = [
        "シート「入力」の2行目から、1行に1件ずつ書きます。青い見出しの列は必ず書きます。灰色の列は空欄のままで構いません。",
        "Write one record a row from row 2 of the first sheet. Blue headers are required.",
        "氏名・住所・電話番号・生年月日・マイナンバーは書かないでください（ファイルを取り込めません）。",
    ]
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line)
    first = len(lines) + 2
    for at, (header, width) in enumerate(_GUIDE):
        sheet.set_column(at, at, width)
        sheet.write_string(first, at, header, bold)
    for row, field in enumerate(one.fields, start=first + 1):
        letter = xlsxwriter.utility.xl_col_to_name(row - first - 1)
        for at, text in enumerate(_explained(field, letter)):
            sheet.write_string(row, at, text, wrap)
    sheet.freeze_panes(first + 1, 1)


def _explained(field: Field, letter: str) -> tuple[str, ...]:
    """A row of the guide. The header stands beside its letter, so that no row reads as a header."""
    column = field.column
    label = f"{column.label.ja} / {column.label.en}"
    note = f"\n{column.note.ja}\n{column.note.en}" if column.note else ""
    if field.word is not None:
        label, note = f"{field.header}の{column.label.ja}", ""
    others = "" if field.word is not None else "、".join(column.headers[1:])
    return (
        f"{letter}列　{field.header}",
        "必須" if field.required else "",
        f"{field.kind.ja} / {field.kind.en}",
        _allowed(field),
        field.example,
        label + note,
        others,
    )
