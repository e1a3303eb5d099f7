"""The sections of a proposed profile: what is decided as YAML, what is not as comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import yaml

from pipelines import rows
from pipelines.headers import factor_of
from pipelines.lookup import dictionary
from pipelines.plain import plain_word
from pipelines.profile import standard
from pipelines.propose.assign import FITS, Assignment, Choice, fitness, moments
from pipelines.propose.evidence import SAMPLE_WORDS, Cell, Evidence
from pipelines.propose.forms import Forms, find_forms, today
from pipelines.recognise import HEADLESS
from pipelines.refusals import units_text
from pipelines.sources import Column
from pipelines.typed import DATED

FEW_WORDS = 8
"""A column with fixed values has hardly more different words."""

SHOWN = 12
"""So many words are listed at most."""

_SUMMARY = re.compile(
    r"[計均]$|最大|最小|件数|構成比|割合|total|average|sum|max|min", re.IGNORECASE
)
"""Words of rows that sum up others; rows that say nothing but 合計 need no mention."""


def quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    dumped: str = yaml.safe_dump(text, allow_unicode=True, default_style='"', width=float("inf"))
    return dumped.strip()


def listed(words: Iterable[str]) -> str:
    """A list of texts as YAML."""
    return f"[{', '.join(map(quoted, words))}]"


def said(text: str) -> str:
    """A text of the file inside a comment: one line, nothing unprintable."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))[:60]


@dataclass
class Section:
    """A key with its lines. open: comments on what could not be decided."""

    key: str
    lines: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def text(self) -> list[str]:
        """The section as lines of YAML; one that holds nothing decided is all comment."""
        head = [f"{self.key}:"] if self.lines else [f"# {self.key}:"] if self.open else []
        return [*head, *(f"  {line}" for line in self.lines), *(f"  # {o}" for o in self.open)]


def name_of(cell: Cell) -> str:
    """How a cell is called in comments."""
    return f"「{said(cell.header)}」" if cell.header else f"{cell.at + 1}列目"


def kind(found: Assignment) -> str:
    """The question that a source leaves open which was chosen for its moments."""
    names = "・".join(map(name_of, moments(found)))
    label = found.source.label.ja
    return (
        f"要確認 source: 列名からは種類が分かりません。{names}がどの行でも順に並ぶ日時なので"
        f"「{label}」とみなしました。違うときは --source で指定してください"
    )


def columns(evidence: Evidence, found: Assignment) -> Section:
    """`columns`, or `positions` where there is no header."""
    headless = evidence.header == HEADLESS
    section = Section("positions" if headless else "columns")
    for name, choice in found.choices.items():
        if headless:
            section.lines.append(f"{name}: {choice.cell.at + 1}  # {choice.ja}")
        elif choice.ja:
            section.lines.append(f"{name}: {listed([choice.cell.header])}  # {choice.ja}")
    for name, cells in found.doubts.items():
        if name not in found.choices and name in {c.name for c in found.source.read_columns}:
            label = found.source.column(name).label.ja
            which = "か".join(map(name_of, cells[:SHOWN]))
            doubt = "かもしれません" if len(cells) == 1 else "か分かりません"
            section.open.append(f"要確認 {name}: 「{label}」は{which}{doubt}")
    return section


def with_values(cell: Cell) -> str:
    """How a cell is called, with its first values; free text stays out of a profile."""
    if len(cell.words) > FEW_WORDS and cell.shares.get("float", 0.0) < FITS:
        return name_of(cell)
    words = "・".join(said(word)[:20] for word in list(cell.words)[:3])
    return f"{name_of(cell)}（{words}{' など' if len(cell.words) > 3 else ''}）"


def may_be(cell: Cell, column: Column, found: Assignment) -> bool:
    """True where a cell's values do not speak against a column that its name does not tell.

    Words of a fixed list are few. A text that is a number, as the number of a ticket, looks like
    the example that the source gives; one that is none does not.
    """
    if column.values:
        return len(cell.words) <= FEW_WORDS
    if fitness(cell, column, found.source) < FITS:
        return False
    numbers = cell.shares.get("float", 0.0) >= FITS
    return column.type != "text" or not column.example or column.example.isdigit() == numbers


def missing(evidence: Evidence, found: Assignment) -> Section:
    """`constants`: columns that a file must have and that no cell holds."""
    section = Section("constants")
    for column in found.missing:
        if column.name in found.doubts:
            continue
        texts = [
            cell
            for cell in found.left
            if cell.filled and cell.at not in evidence.unnamed and may_be(cell, column, found)
        ]
        where = "positions" if evidence.header == HEADLESS else "columns"
        others = (
            f"{'・'.join(map(with_values, texts[:SHOWN]))} のどれかなら {where} に、"
            if texts
            else ""
        )
        section.open.append(
            f"要確認 {column.name}: 「{column.label.ja}」の列が見つかりません。{others}"
            "ファイル全体で同じ値なら次のように書いてください"
        )
        section.open.append(f"{column.name}: {column.example or '（値）'}")
    return section


def dates(evidence: Evidence, found: Assignment) -> Section:
    """`date_columns`: which cell holds the date of a time."""
    section = Section("date_columns")
    by_header = found.match.dates
    for name, cell in found.dates.items():
        if evidence.header == HEADLESS:
            section.lines.append(f"{name}: [{cell.at + 1}]")
        elif name not in by_header:
            section.lines.append(f"{name}: {listed([cell.header])}")
    for name, choice in found.choices.items():
        if choice.column.type != "timestamp" or name in found.dates:
            continue
        cell = choice.cell
        dated = max(cell.shares.get("timestamp", 0.0), cell.forms("timestamp").share)
        if cell.filled and dated < FITS:
            others = found.doubts.get(f"{name} の日付", [])
            where = (
                f"{'か'.join(map(name_of, others))}か分かりません" if others else "見つかりません"
            )
            section.open.append(f"要確認 {name}: {name_of(cell)}は時刻だけで、日付の列が{where}")
    return section


def _joined(evidence: Evidence, choice: Choice, day: Cell) -> list[str]:
    """Moments as staging reads them: the date, a blank, the time."""
    pairs = zip(evidence.column(day.at), evidence.column(choice.cell.at), strict=True)
    words = dict.fromkeys(f"{d.strip()} {t.strip()}" for d, t in pairs if t.strip())
    return list(words)[:SAMPLE_WORDS]


def formats(evidence: Evidence, found: Assignment) -> Section:
    """`formats`: where the usual reading does not understand dates and times."""
    section = Section("formats")
    for name, choice in found.choices.items():
        kind = choice.column.type
        if kind not in ("timestamp", "date", "month", "time") or not choice.cell.filled:
            continue
        if name in found.dates:
            words = _joined(evidence, choice, found.dates[name])
            share = evidence.reader.share(words, kind)
            forms = Forms(()) if share >= FITS else find_forms(words, kind, today())
        else:
            words = list(choice.cell.words)[:SAMPLE_WORDS]
            share, forms = choice.cell.shares[kind], choice.cell.forms(kind)
        example = said(words[0])
        if forms.sure and share < FITS:
            section.lines.append(f"{name}: {quoted(forms.sure)}  # 例 {example}")
        elif forms.forms and share < FITS:
            ways = " か ".join(map(quoted, forms.forms[:SHOWN]))
            section.open.append(f"要確認 {name}: {ways} か分かりません（例 {example}）")
        elif share < FITS and name not in found.doubts:
            dates_lack = kind == "timestamp" and name not in found.dates
            if not dates_lack or not choice.cell.shares.get("time"):
                section.open.append(f"要確認 {name}: 書き方が分かりません（例 {example}）")
    return section


def units(found: Assignment) -> Section:
    """`units`: where a header's unit is another than the column's."""
    section = Section("units")
    for name, choice in found.choices.items():
        factor = factor_of(choice.cell.header, choice.column)
        if factor is not None:
            turned = f"{name_of(choice.cell)}から「{choice.column.label.ja}」へ"
            section.lines.append(f"{name}: {units_text(factor)}  # {turned}")
    return section


def values(found: Assignment) -> Section:
    """`values`: words of columns with fixed values that nobody knows."""
    section = Section("values")
    for choice in found.choices.values():
        if choice.column.values:
            known = dictionary(choice.column, standard(found.source))
            strange = [word for word in choice.cell.words if plain_word(word) not in known]
            _ask_words(section, choice.column, strange, "の行は保留されます")
    unpivot = found.source.unpivot
    if found.match.spread and unpivot:
        numbers = [
            cell.header
            for cell in found.left
            if cell.shares.get("float", 0.0) >= FITS and not _SUMMARY.search(cell.header)
        ]
        _ask_words(section, found.source.column(unpivot.name), numbers, "の列は読みません")
    return section


def _ask_words(section: Section, column: Column, strange: list[str], otherwise: str) -> None:
    """Ask what words mean. otherwise: what becomes of them until somebody says it."""
    if not strange:
        return
    words = "・".join(map(said, strange[:SHOWN]))
    rest = f" ほか{len(strange) - SHOWN}語" if len(strange) > SHOWN else ""
    section.open.append(
        f"要確認 {column.name}: {words}{rest} の意味が分かりません。当てはまる行の # を外して"
        f"書いてください（書かない語{otherwise}）"
    )
    section.open.append(f"{column.name}:")
    for stored, listed_words in column.values:
        meaning = listed_words[0] if listed_words else stored
        near = [word for word in strange if _like(word, (stored, *listed_words))]
        section.open.append(f"  {stored}: {listed(near[:SHOWN])}  # {meaning}")


def _like(word: str, known: Iterable[str]) -> bool:
    """True where a word contains a known one, so that it may mean the same."""
    plain = plain_word(word)
    return any(len(one) > 1 and plain_word(one) in plain for one in known)


def ignored(evidence: Evidence, found: Assignment) -> Section:
    """`ignore`: words of rows that sum up others and hold no values of their own."""
    section = Section("ignore")
    needed = [
        choice.cell.at
        for choice in found.choices.values()
        if choice.column.required and choice.column.type in DATED
    ]
    if not needed:
        return section
    own = [evidence.column(at) for at in needed]
    bare = [
        all(not value.strip() or _SUMMARY.search(value) for value in cells)
        for cells in zip(*own, strict=True)
    ]
    by_at = {choice.cell.at: name for name, choice in found.choices.items()}
    for cell in evidence.cells:
        words = [word for word in cell.words if _SUMMARY.search(word)]
        if not words:
            continue
        usual = rows.telling(pa.array(words, pa.string()), cell.header)
        column = [value.strip() for value in evidence.column(cell.at)]
        only = [
            word
            for word, is_usual in zip(words, usual.tolist(), strict=True)
            if not is_usual
            and all(b for value, b in zip(column, bare, strict=True) if value == word)
        ]
        where = (
            f"column: {by_at[cell.at]}" if cell.at in by_at else f"header: {quoted(cell.header)}"
        )
        if only and (cell.at in by_at or cell.header):
            section.lines.append(f"- {{{where}, values: {listed(only)}}}  # 集計の行")
    return section


def unreadable(found: Assignment) -> list[str]:
    """Comments on values that some rows have and that cannot be read."""
    notes = []
    for name, choice in found.choices.items():
        column: Column = choice.column
        if column.values or column.type in ("text", "timestamp", "date", "month", "time"):
            continue
        share = choice.cell.shares.get(column.type, 1.0)
        if choice.cell.filled and share < 1:
            where = name_of(choice.cell)
            notes.append(f"{name}: {where}の値の {1 - share:.0%} は読めず、その行は保留されます")
    return notes


def perhaps_words(found: Assignment) -> list[str]:
    """Comments on unused cells with few words, which may be a column with fixed values."""
    coded = [c for c in found.source.read_columns if c.values and c.name not in found.choices]
    if not coded:
        return []
    names = "・".join(f"{column.label.ja}（{column.name}）" for column in coded)
    return [
        f"{name_of(cell)}の語は {'・'.join(map(said, cell.words))} です。{names}のどれかなら、"
        "columns と values に書いてください"
        for cell in found.left
        if 0 < len(cell.words) <= FEW_WORDS
        and len(cell.words) * 3 <= cell.filled
        and not any(share >= FITS for share in cell.shares.values())
    ]
