"""What a clerk is told about a row that is held back."""

from __future__ import annotations

from pipelines.lookup import dictionary
from pipelines.profile import Profile
from pipelines.sources import Column, Label

FAULTS = {
    "quote": Label(
        '引用符（"）が閉じていません。この行の " を直してください',
        "a quotation mark is left open; correct the row",
    ),
    "short_row": Label(
        "列の数が見出しより足りません。行が途中で切れていないか確かめてください",
        "fewer fields than the header has; check whether the row is cut off",
    ),
    "long_row": Label(
        "列の数が見出しより多い行です。値の中の区切り文字を確かめてください",
        "more fields than the header has; look for a separator inside a value",
    ),
    "encoding": Label(
        "読めない文字があります。元のシステムから出力し直してください",
        "there are characters that cannot be read; export the file again",
    ),
}
"""Faults of a row as a whole, by the name that staging gives them."""

CODE_PROBLEMS = {
    "check_digit": Label(
        "団体コードの検査数字が合いません。6桁のコードを確かめてください",
        "the check digit of the code is wrong; check the six digits",
    ),
    "not_a_code": Label(
        "団体コードではありません。6桁の数字で書いてください",
        "not a municipality code; write six digits",
    ),
    "unknown_municipality": Label(
        "この団体コードの市区町村はありません。コードを確かめてください",
        "there is no municipality with this code; check it",
    ),
    "doubtful_code": Label(
        "団体コードが二通りに読めます。検査数字を含む6桁で書いてください",
        "the code can be read in two ways; write all six digits",
    ),
    "unknown_name": Label(
        "この名前の市区町村はありません。名前を確かめるか、市区町村名の対応表"
        "（表記・都道府県名・団体コード）を読み込んでください",
        "there is no municipality of this name; correct it, or load a mapping of names"
        " (name as written, prefecture, code)",
    ),
    "ambiguous_name": Label(
        "同じ名前の市区町村が複数あり、どれか決められません。都道府県名の列を加えるか、"
        "市区町村名の対応表（表記・都道府県名・団体コード）を読み込んでください",
        "several municipalities have this name; add a column of prefectures, or load a mapping of"
        " names (name as written, prefecture, code)",
    ),
    "split_code": Label(
        "この団体コードは、この日付より前に複数の団体に分かれています。分かれた後のコードごとの"
        "数値に直してください",
        "this code was split into several before this day; give the figures by the codes of today",
    ),
    "ended_code": Label(
        "この団体コードは、この日付より前に廃止されています。今のコードに直すか、市区町村の変更"
        "（施行日・変更前・変更後のコード）を読み込んでください",
        "this code had ended before this day; write the code of today, or load the changes of"
        " municipalities (day, code before, code after)",
    ),
}

CONFLICT = Label(
    "同じ{key}の行（{file}の{row}行目）と内容が違います。正しいほうだけを残してください",
    "differs from a row with the same {key} (row {row} of {file}); keep the right one only",
)

_TYPES = {
    "int": Label("整数として読めません（例: 12）", "not a whole number (such as 12)"),
    "long": Label("整数として読めません（例: 12）", "not a whole number (such as 12)"),
    "float": Label("数として読めません（例: 12.5）", "not a number (such as 12.5)"),
    "bool": Label("はい・いいえとして読めません（例: 1、0）", "not yes or no (such as 1 or 0)"),
    "date": Label(
        "日付として読めないか、ない日付です（例: 2026/10/01、令和8年10月1日）",
        "not a date, or a day that never was (such as 2026-10-01)",
    ),
    "month": Label(
        "年月として読めません（例: 2026-10、令和8年10月）", "not a month (such as 2026-10)"
    ),
    "timestamp": Label(
        "日時として読めないか、ない日時です（例: 2026/10/01 9:00、令和8年10月1日 9時00分。"
        "24時以降は翌日の日付で、時差のない日本の時刻で書いてください）",
        "not a moment, or one that never was (such as 2026-10-01 09:00; from 24:00 on write the"
        " next day, and the time of Japan without an offset)",
    ),
    "time": Label("時刻として読めません（例: 9:00）", "not a time of day (such as 9:00)"),
}


def required(column: Column) -> Label:
    """A value that must be there is not."""
    return Label(f"{column.label.ja}がありません", f"{column.label.en} is missing")


def unreadable(column: Column) -> Label:
    """A value is not of the column's type."""
    why = _TYPES[column.type]
    return Label(f"{column.label.ja}を{why.ja}", f"{column.label.en}: {why.en}")


def unknown_value(column: Column, profile: Profile) -> Label:
    """A word is none of those that the column knows."""
    words: dict[str, str] = {}
    for stored, written in column.values:
        words[stored] = written[0] if written else stored
    usable = [*words.values()]
    stored_values = sorted(set(dictionary(column, profile).values()))
    return Label(
        f"{column.label.ja}に使えない値です。使える値: {'、'.join(usable)}",
        f"{column.label.en}: unknown value; known are {', '.join(stored_values)}",
    )


def out_of_range(column: Column) -> Label:
    """A value is below the least or above the greatest that can be."""
    least = "" if column.min is None else str(column.min)
    most = "" if column.max is None else str(column.max)
    return Label(
        f"{column.label.ja}がありえない値です（{least}～{most}）",
        f"{column.label.en} is out of range ({least} to {most})",
    )
