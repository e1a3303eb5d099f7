"""What personal data looks like: one test per kind, over text in NFKC without blanks around it.

A shape is found by the share of a column's values that have it, never by one value: a municipal
table is full of words and numbers that look like a name or a telephone number by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.sources import Label

_WORDS = [
    line
    for line in (Path(__file__).parent / "family_names.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
_READINGS = [word for word in _WORDS if re.fullmatch("[ァ-ヶー]+", word)]
SURNAMES = frozenset(_WORDS).difference(_READINGS)
"""The commonest family names; together they are those of some four in ten people."""

_PREFECTURES = {"石川", "福島", "千葉", "宮崎", "山口", "福井"}
"""Family names that stand for a prefecture where 県 is left out."""

_NO_GIVEN_NAME = (
    "課係室部局署所館院校園区市町村県府都郡支店社号線駅場庁窓口業届証丁番東西南北通台丘橋寺城港"
    "駐様式票簿庫団会議費税"
)
"""Letters of offices, places and papers that follow a word such as 中村 or 小川."""

_GIVEN = rf"(?:(?:(?![{_NO_GIVEN_NAME}])[一-龥々]){{1,3}}|[ぁ-ん]{{2,4}}|[ァ-ヶー]{{2,5}})"
_LONG = "|".join(sorted((n for n in SURNAMES if len(n) > 1), key=len, reverse=True))
_SHORT = "|".join(sorted(n for n in SURNAMES if len(n) == 1))
_FULL_NAME = re.compile(
    rf"(?:(?:{_LONG})[ ・]?|(?:{_SHORT})[ ・]){_GIVEN}(?: ?(?:様|さん|氏|殿))?"
    rf"|(?:{'|'.join(_READINGS)}) [ァ-ヶー]{{2,6}}"
)
LONGEST_NAME = 16
"""Letters of a name with its blank and the word of respect behind it."""

_HIRAGANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}

_PHONE = re.compile(
    r"(?<!\d)(?:0\d{1,4}-\d{1,4}-\d{3,4}|\(0\d{1,4}\) ?\d{1,4}-\d{4}|0\d{1,4}\(\d{1,4}\)\d{4}"
    r"|0[5789]0[- ]?\d{4}[- ]?\d{4}|\+81[- ]?\d{1,2}[- ]?\d{1,4}[- ]?\d{4})(?!\d)"
)
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[A-Za-z]{2,}")
_NUMBER = r"[\d一二三四五六七八九十〇]+"
_DASH = r"[-‐‑–—−ー]"
_ADDRESS = re.compile(
    rf"丁目 ?{_NUMBER}|[町村字条]{_NUMBER}番|{_NUMBER}番地|{_NUMBER}番 ?{_NUMBER}号|〒 ?\d{{3}}"
    rf"|[市区町村郡字].*\d{_DASH}\d+{_DASH}\d|[町村字条丁]\d+{_DASH}\d"
)
_DAY = re.compile(
    r"(?:(?P<year>(?:18|19|20)\d\d)"
    r"(?:[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r"|(?P<era>[MTSHR]|明治|大正|昭和|平成|令和)\.?(?P<of_era>\d{1,2}|元)[-/.年]"
    r"\d{1,2}[-/.月]\d{1,2}日?)(?:[T ]0?0:00(?::00)?)?"
)
_ERA_BEFORE = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
_ERA_LETTER = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
_MY_NUMBER = re.compile(r"\d{4}([- ]?)\d{4}\1\d{4}")


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


def is_phone(text: str) -> bool:
    """True where a telephone number of ten or eleven digits stands in the text."""
    return any(
        sum(letter.isdigit() for letter in found.replace("+81", "0")) in (10, 11)
        for found in _PHONE.findall(text)
    )


def is_mail(text: str) -> bool:
    """True where a mail address stands in the text."""
    return "@" in text and _MAIL.search(text) is not None


def is_address(text: str) -> bool:
    """True for an address down to the house; names of municipalities and towns are none."""
    return _ADDRESS.search(text) is not None


def is_full_name(text: str) -> bool:
    """True for a common family name with a given name, in kanji or in kana."""
    if len(text) > LONGEST_NAME:
        return False
    return bool(_FULL_NAME.fullmatch(text) or _FULL_NAME.fullmatch(text.translate(_HIRAGANA)))


def is_surname(text: str) -> bool:
    """True for a common family name alone that is not a prefecture's too."""
    name = text.removesuffix("様").removesuffix("さん").removesuffix("氏").strip()
    return name in SURNAMES and name not in _PREFECTURES


def year_of_day(text: str) -> int | None:
    """The Western year of a text that is a day without a time; None for any other."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    if match["year"]:
        return int(match["year"])
    era = _ERA_LETTER.get(match["era"], match["era"])
    return _ERA_BEFORE[era] + (1 if match["of_era"] == "元" else int(match["of_era"]))


def twelve_digits(text: str) -> str | None:
    """The digits of a text that is twelve of them, in groups of four or not."""
    return text.replace("-", "").replace(" ", "") if _MY_NUMBER.fullmatch(text) else None


@dataclass(frozen=True)
class Kind:
    """A kind of personal data that each value shows by itself.

    share: part of a column's filled values from which the column holds it, and fewest: how many
    of them must be different. Under a header that speaks of a person those of_person hold.
    different: so many different values do, whatever their share.
    trace: what a text of several lines has where one of them may fit; the quick test.
    """

    label: Label
    fits: Callable[[str], bool]
    trace: re.Pattern[str]
    share: float
    fewest: int
    share_of_person: float
    fewest_of_person: int
    different: int | None = None


_PHONES = Label("電話番号", "telephone numbers")
_MAILS = Label("メールアドレス", "mail addresses")
_KANJI = re.compile("[一-龥ァ-ヶぁ-ん]")
KINDS = (
    Kind(_PHONES, is_phone, _PHONE, 0.5, 3, 0.5, 3, different=20),
    Kind(_MAILS, is_mail, re.compile("@"), 0.5, 3, 0.5, 3, different=20),
    Kind(Label("番地までの住所", "street addresses"), is_address, _ADDRESS, 0.3, 3, 0.3, 3),
    Kind(Label("氏名", "names of persons"), is_full_name, _KANJI, 0.15, 3, 0.1, 3),
    Kind(Label("名字", "family names"), is_surname, _KANJI, 0.35, 10, 0.2, 3),
)
BIRTHDAYS = Label("生年月日", "birthdays")
MY_NUMBERS = Label("マイナンバー", "My Numbers")
