"""Six-digit codes of local governments: check digit and normal form.

The code is five digits (two of the prefecture, three of the municipality) and a check digit:
S = 6·d1 + 5·d2 + 4·d3 + 3·d4 + 2·d5; the digit is the last of 11 − S where S < 11, else of
11 − (S mod 11). Source: 総務省「全国地方公共団体コード」仕様.
"""

from __future__ import annotations

import unicodedata

FIRST_FICTIONAL_PREFECTURE = 51
"""Real prefectures are 01–47; fictional ones of the demo begin here."""


def check_digit(five: str) -> str:
    """Return the check digit of a five-digit code."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total if total < 11 else 11 - total % 11) % 10)


def is_valid(code: str) -> bool:
    """True for six digits whose last is the check digit of the first five."""
    return len(code) == 6 and code.isascii() and code.isdigit() and check_digit(code[:5]) == code[5]


def normalise(value: object, *, check_digit_given: bool | None = None) -> str | None:
    """Return the six-digit code meant by `value`, or None where it cannot be one.

    Takes text or numbers: full-width digits, a lost leading zero, `27206.0`, five digits without
    check digit. `check_digit_given` tells whether the source writes the check digit: only then
    can 4 and 5 digits be told apart from a lost zero; None accepts whichever reading is valid and
    prefers six digits.
    """
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if text.endswith(".0"):
        text = text[:-2]
    if not (text.isascii() and text.isdigit()) or not 4 <= len(text) <= 6:
        return None
    if check_digit_given is not False:
        code = text.zfill(6)
        if is_valid(code) and (len(text) == 6 or check_digit_given):
            return code
    if check_digit_given is not True and len(text) <= 5:
        five = text.zfill(5)
        return five + check_digit(five)
    return None
