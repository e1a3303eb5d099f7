"""Personal data does not belong in any source: find it by header and by what values look like.

Messages name the column and a count, never a value.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.arrays import whole
from pipelines.errors import Refused
from pipelines.headers import plain_header
from pipelines.personal_shapes import (
    BIRTHDAYS,
    KINDS,
    MY_NUMBERS,
    is_my_number,
    twelve_digits,
    year_of_day,
)
from pipelines.sources import Label

_HEADER = re.compile(
    r"氏名|姓名|名前|フリガナ|ふりがな|生年月日|誕生日|電話番号|携帯番号|携帯電話|連絡先|^電話$|^tel$"
    r"|住所(?!変更|異動|地特例|の?移転)|本籍(?!変更|数)|メールアドレス|email|e-mail"
    r"|個人番号(?!カード)|マイナンバー(?!カード)|職員番号|宛名番号|世帯主(?!変更|数)|世帯番号"
    r"|口座番号|被保険者番号|基礎年金番号|免許証番号|在留カード番号|旅券番号"
)
_PERSON = re.compile(r"担当|記入者|作成者|対応者|職員|申請者|届出人|受付者|報告者|承認者")
"""Headers that speak of a person: few names are enough there."""

SAMPLE = 300
"""Values of a column that are looked at in one chunk: shares above one in seven show in as many."""

LONGEST_SHOWN = 60
"""A longer header is named by its position."""

FEWEST = 3
"""Fewer My Numbers say nothing about a column."""

MY_NUMBER_SHARE = 0.5
"""Share of a column's twelve-digit values that must be My Numbers: one in ten random numbers has
a check digit that fits, so a few prove nothing; below TEN values all must be."""

TEN = 10
_TWELVE = r"^\d{4}[- ]?\d{4}[- ]?\d{4}$"

BIRTHDAY_SHARE, BIRTHDAY_DAYS, BIRTHDAY_YEARS, BIRTHDAY_SPAN = 0.5, 10, 8, 20
"""A column of days is one of birthdays where at least half of its values are days, so many of them
different, in so many different years that lie so far apart."""


def is_waived(name: str, waived: Collection[str]) -> bool:
    """True where config.toml waives the check of a column, whatever makers vary in its name."""
    return bool(waived) and plain_header(name) in {plain_header(one) for one in waived}


def refuse_headers(
    names: Iterable[str], waived: Collection[str] = (), *, whole: bool = False
) -> None:
    """Raise Refused where a header names personal data and is not waived.

    whole: the header must say nothing else; for cells that may be no headers at all.
    """
    for name in names:
        plain = plain_header(name)
        personal = _HEADER.fullmatch(plain) if whole else _HEADER.search(plain)
        if personal and not is_waived(name, waived):
            shown = " ".join(name.split())
            raise Refused(
                f"個人情報の列「{shown}」があります。この列を除いてから読み込んでください"
                "（何も保存していません）",
                f"the column {shown} holds personal data; remove it and load again"
                " (nothing was kept)",
            )


@dataclass
class _Seen:
    """What was looked at of one kind in one column, over the file so far.

    values: hashes of the different values that fit, at most as many as a rule asks for.
    """

    looked_at: int = 0
    fitting: int = 0
    values: set[int] = field(default_factory=set)


class Watcher:
    """Looks at each chunk of a table for columns that hold personal data.

    names: position → header of the columns `c<position>`. waived: headers that config.toml waives;
    My Numbers are looked for there too. dates: positions whose days are no birthdays, because the
    source reads them. sheet: its name, where messages need it.

    In each chunk SAMPLE filled values of a column are looked at. Shares count within a chunk and
    over the file so far, so that personal data that begins late is found as well.
    """

    def __init__(
        self,
        names: Mapping[int, str],
        waived: Collection[str] = (),
        dates: Collection[int] = (),
        sheet: str = "",
    ) -> None:
        self._names, self._dates, self._sheet = dict(names), frozenset(dates), sheet
        self._waived = {at for at, name in names.items() if is_waived(name, waived)}
        self._person = {at for at, name in names.items() if _PERSON.search(plain_header(name))}
        self._seen: dict[tuple[int, Label], _Seen] = {}

    def see(self, chunk: pa.Table) -> None:
        """Look at the next chunk. Raises Refused, naming column, kind and count."""
        for position in self._names:
            column = chunk.column(f"c{position}")
            words, wide = _words(_take(column, _mask(column, _filled)))
            twelve = _take(column, _mask(column, _of_twelve_digits))
            self._my_numbers(position, [*twelve, *(words if wide else ())])
            if words and position not in self._waived:
                self._shapes(position, words, column)
                if position not in self._dates:
                    self._birthdays(position, words, column)

    def _my_numbers(self, position: int, values: Iterable[str]) -> None:
        digits = [found for value in values if (found := twelve_digits(value))]
        fitting = sum(map(is_my_number, digits))
        share = 1.0 if len(digits) < TEN else MY_NUMBER_SHARE
        if fitting >= max(FEWEST, share * len(digits)):
            raise self._refused(position, MY_NUMBERS, fitting)

    def _shapes(self, position: int, words: Mapping[str, int], column: pa.ChunkedArray) -> None:
        """The kinds that a value shows by itself."""
        lines = "\n".join(words)
        if _only_figures(lines):
            return
        for kind in KINDS:
            fitting: dict[str, int] = {}
            if kind.trace.search(lines):
                fitting = {word: count for word, count in words.items() if kind.fits(word)}
            elif (position, kind.label) not in self._seen:
                continue
            share, fewest = kind.share, kind.fewest
            if position in self._person:
                share, fewest = kind.share_of_person, kind.fewest_of_person
            seen = self._add(position, kind.label, words, fitting)
            here = sum(fitting.values()) >= share * sum(words.values()) and len(fitting) >= fewest
            so_far = seen.fitting >= share * seen.looked_at and len(seen.values) >= fewest
            many = kind.different is not None and len(seen.values) >= kind.different
            if here or so_far or many:
                filled = (_plain(value) for value in column.to_pylist() if value)
                raise self._refused(position, kind.label, sum(map(kind.fits, filled)))

    def _birthdays(self, position: int, words: Mapping[str, int], column: pa.ChunkedArray) -> None:
        """Days that lie as far apart as the ages of people do."""
        days = {word: year for word in words if (year := year_of_day(word)) is not None}
        share = sum(words[word] for word in days) / sum(words.values())
        years = set(days.values())
        if (
            share >= BIRTHDAY_SHARE
            and len(days) >= BIRTHDAY_DAYS
            and len(years) >= BIRTHDAY_YEARS
            and max(years) - min(years) >= BIRTHDAY_SPAN
        ):
            filled = (value for value in column.to_pylist() if value)
            count = sum(1 for value in filled if year_of_day(_plain(value)) is not None)
            raise self._refused(position, BIRTHDAYS, count)

    def _add(
        self, position: int, label: Label, words: Mapping[str, int], fitting: Mapping[str, int]
    ) -> _Seen:
        seen = self._seen.setdefault((position, label), _Seen())
        seen.looked_at += sum(words.values())
        seen.fitting += sum(fitting.values())
        if len(seen.values) < SAMPLE:
            seen.values.update(hash(word) for word in fitting)
        return seen

    def _refused(self, position: int, kind: Label, count: int) -> Refused:
        name = " ".join(self._names[position].split())
        if len(name) > LONGEST_SHOWN or looks_personal(name):
            name = f"{position + 1}列目"
        place_ja = f"シート「{self._sheet}」の" if self._sheet else ""
        place_en = f" of the sheet {self._sheet}" if self._sheet else ""
        waiver_ja = waiver_en = ""
        if kind is not MY_NUMBERS:
            waiver_ja = "。個人情報でなければ config.toml の waiver に列と理由を書いてください"
            waiver_en = "; if it is none, waive the column in config.toml with a reason"
        return Refused(
            f"{place_ja}列「{name}」に{kind.ja}と見られる値が{count:,}件あります。"
            f"この列を除いてから読み込んでください（何も保存していません）{waiver_ja}",
            f"the column {name}{place_en} has {count} values that look like {kind.en};"
            f" remove it and load again (nothing was kept){waiver_en}",
        )


def looks_personal(text: str) -> bool:
    """True for a text that is personal data by itself, such as the first row of a file without
    a header: it must not stand in a message."""
    plain = _plain(text)
    digits = twelve_digits(plain)
    return (
        any(kind.fits(plain) for kind in KINDS)
        or year_of_day(plain) is not None
        or (digits is not None and is_my_number(digits))
    )


def _plain(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _only_figures(lines: str) -> bool:
    """True for numbers, days and times of which none begins as a telephone number does."""
    if not lines.isascii():
        return False
    raw = lines.encode("ascii")
    return not raw.translate(None, b"0123456789:/-.,T \n") and b"\n0" not in b"\n" + raw


def _words(values: list[str]) -> tuple[dict[str, int], bool]:
    """Different values in plain spelling with their counts, and whether any is beyond ASCII."""
    counts = Counter(values)
    if "".join(counts).isascii():
        return counts, False
    words: Counter[str] = Counter()
    for value, count in counts.items():
        words[_plain(value)] += count
    return words, True


Mask = npt.NDArray[np.bool_]


def _mask(column: pa.ChunkedArray, which: Callable[[pa.Array], Mask]) -> Mask:
    """`which` for each value of a column; of a dictionary-encoded one for each different value."""
    parts = []
    for values in column.chunks:
        if pa.types.is_dictionary(values.type):
            words = which(values.dictionary)
            codes = values.indices.to_numpy(zero_copy_only=False)
            parts.append(words[codes] if len(words) else np.zeros(len(codes), np.bool_))
        else:
            parts.append(which(values))
    return np.concatenate(parts) if parts else np.array([], np.bool_)


def _lengths(values: pa.Array) -> npt.NDArray[np.int32]:
    """Bytes of each value, without making a text of any."""
    offsets = np.frombuffer(values.buffers()[1], np.int32)
    return np.diff(offsets[values.offset : values.offset + len(values) + 1])


def _filled(values: pa.Array) -> Mask:
    return _lengths(values) > 0


def _of_twelve_digits(values: pa.Array) -> Mask:
    """Twelve digits in ASCII, in groups of four or not."""
    lengths = _lengths(values)
    fits: Mask = (lengths == 12) | (lengths == 14)
    if fits.any():
        found = pc.match_substring_regex(values.filter(pa.array(fits)), _TWELVE)
        fits[fits] = found.to_numpy(zero_copy_only=False)
    return fits


def _take(column: pa.ChunkedArray, which: Mask) -> list[str]:
    """At most SAMPLE of the values that are meant, evenly spaced."""
    count = int(np.count_nonzero(which))
    if not count:
        return []
    at = np.arange(len(which)) if count == len(which) else np.flatnonzero(which)
    if count > SAMPLE:
        at = at[np.linspace(0, count - 1, SAMPLE, dtype=np.int64)]
    return [value for value in whole(column).take(pa.array(at)).to_pylist() if value]
