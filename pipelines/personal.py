"""Personal data does not belong in any source: find it by header and by what values look like.

Messages name the column, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import Refused
from pipelines.headers import plain_header

_HEADER = re.compile(
    r"氏名|姓名|名前|フリガナ|生年月日|誕生日|電話|携帯|住所|メールアドレス|email|e-mail"
    r"|個人番号|マイナンバー(?!カード)|職員番号"
)
_CONTACT = (
    r"^\s*(0\d{1,4}-\d{1,4}-\d{3,4}|\(0\d{1,4}\)\d{1,4}-\d{4}|0[5789]0\d{8}"
    r"|[^@\s]+@[^@\s]+\.\w+)\s*$"
)

FEWEST_VALUES = 5
"""Fewer values of a kind say nothing about a column."""

SHARE = 0.5
"""Share of a column's values that must look personal: one in ten random numbers has a check digit
that fits, so a few prove nothing."""


def is_my_number(text: str) -> bool:
    """True for twelve digits whose last is the check digit of a My Number.

    P1…P11 are counted from the right of the first eleven digits, Q = n + 1 for n ≤ 6, else n − 5;
    r = ΣP·Q mod 11; the digit is 0 where r ≤ 1, else 11 − r (総務省令第85号 第5条, 2014).
    """
    if len(text) != 12 or not (text.isascii() and text.isdigit()):
        return False
    weights = (n + 1 if n <= 6 else n - 5 for n in range(1, 12))
    rest = sum(int(digit) * w for digit, w in zip(reversed(text[:11]), weights, strict=True)) % 11
    return int(text[11]) == (0 if rest <= 1 else 11 - rest)


def refuse_headers(names: Iterable[str]) -> None:
    """Raise Refused where a header names personal data."""
    for name in names:
        if _HEADER.search(plain_header(name)):
            raise _refused(name)


def refuse_values(chunk: pa.Table, names: dict[int, str]) -> None:
    """Raise Refused where a column's values look like phone numbers, mail addresses or My Numbers.

    chunk: the first chunk of a sheet. names: header of each of its columns `c<position>`.
    """
    for position, name in names.items():
        values = pc.drop_null(chunk.column(f"c{position}"))
        values = values.filter(pc.not_equal(values, ""))
        if len(values) < FEWEST_VALUES:
            continue
        contacts = pc.sum(pc.match_substring_regex(values, _CONTACT)).as_py() or 0
        digits = values.filter(pc.match_substring_regex(values, r"^\d{12}$")).slice(0, 1000)
        numbers = sum(is_my_number(value) for value in digits.to_pylist())
        looks_personal = contacts >= max(FEWEST_VALUES, SHARE * len(values))
        if looks_personal or numbers >= max(FEWEST_VALUES, SHARE * len(digits)):
            raise _refused(name)


def _refused(name: str) -> Refused:
    name = " ".join(name.split())
    return Refused(
        f"個人情報の列「{name}」があります。この列を除いてから読み込んでください（何も保存していません）",
        f"the column {name} holds personal data; remove it and load again (nothing was kept)",
    )
