"""YAML read with its line numbers, so that a slip is named where it stands.

Profiles and sources are written by people. Everything they can get wrong ends in one SchemaError
that says which file, which line, which key, and what would be right. A text is taken as it is
written: `01`, `17:15` and `no` stay what they are, which YAML alone would turn into 1, 1035 and
false.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

import yaml

from pipelines.errors import PipelineError

LISTED = 15
"""A list of what is allowed is spelt out up to this length."""

ALIKE = 0.7
"""Names less alike than this (0 to 1) are not thought to be a slip of the pen."""

_KINDS = {"profile": "プロファイル", "source": "取込元の定義"}


class SchemaError(PipelineError):
    """A YAML file says something that cannot be. line: from 1, 0 where no line can be named."""

    def __init__(self, kind: str, file: str, line: int, path: str, ja: str, en: str) -> None:
        where = f"{line}行目" if line else ""
        place = f"line {line}" if line else ""
        super().__init__(
            " ".join(filter(None, [_KINDS[kind], file, where, path])) + f": {ja}",
            " ".join(filter(None, [kind, file, place, path])) + f": {en}",
        )
        self.file, self.line, self.path = file, line, path


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """At most two of the known names that are spelt much like this one, the nearest first."""
    by_fold = {one.casefold(): one for one in known}
    near = get_close_matches(name.casefold(), list(by_fold), n=2, cutoff=ALIKE)
    return [by_fold[one] for one in near]


def choice(name: str, known: Collection[str]) -> tuple[str, str]:
    """What to write in place of an unknown name, in Japanese and English."""
    if near := nearest(name, known):
        return (
            f"「{'」か「'.join(near)}」のことですか",
            f"did you mean {' or '.join(near)}?",
        )
    if 0 < len(known) <= LISTED:
        return f"使える名前: {'、'.join(known)}", f"known are {', '.join(known)}"
    return "名前を確かめてください", "check the name"


@dataclass(frozen=True)
class Marked:
    """A node of a YAML file and its place. path: keys from the top, joined by dots."""

    node: yaml.Node
    path: str
    file: str
    kind: str

    @property
    def line(self) -> int:
        """The line on which it starts, from 1."""
        return int(self.node.start_mark.line) + 1

    def error(self, ja: str, en: str) -> SchemaError:
        """A SchemaError at this place."""
        return SchemaError(self.kind, self.file, self.line, self.path, ja, en)

    def _inner(self, node: yaml.Node, key: str) -> Marked:
        return Marked(node, f"{self.path}.{key}" if self.path else key, self.file, self.kind)

    @property
    def is_text(self) -> bool:
        """True for a single value."""
        return isinstance(self.node, yaml.ScalarNode)

    def text(self, *, blank: bool = False) -> str:
        """A value as it is written, "" only where it may be blank. Raises SchemaError."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(
                "値を1つだけ書いてください", "needs a single value, not a list or mapping"
            )
        if blank and self.node.value == "":
            return ""
        if self.node.tag.endswith(":null") or not self.node.value.strip():
            raise self.error("値がありません", "has no value")
        return str(self.node.value).strip()

    def texts(self) -> tuple[str, ...]:
        """A list of texts, none of them twice. Raises SchemaError."""
        found: list[str] = []
        for item in self.items():
            text = item.text()
            if text in found:
                raise item.error(f"「{text}」が2回書かれています", f"{text} stands twice")
            found.append(text)
        return tuple(found)

    def items(self) -> list[Marked]:
        """The items of a list that has at least one. Raises SchemaError."""
        if not isinstance(self.node, yaml.SequenceNode):
            self._filled()
            example = f"[{self.node.value}]" if self.is_text and self.node.value else "[…, …]"
            raise self.error(
                f"リストで書いてください（例: {example}）", f"needs a list, such as {example}"
            )
        if not self.node.value:
            raise self.error("リストが空です", "the list is empty")
        return [self._inner(item, str(at)) for at, item in enumerate(self.node.value, 1)]

    def _filled(self) -> None:
        """Raise SchemaError where a key of a profile has nothing but comments below it: a draft
        that still has its questions."""
        if self.kind == "profile" and self.path and self.node.tag.endswith(":null"):
            raise self.error(
                "まだ書かれていません。その下の「# 要確認」の行に従って、値を書き足してください",
                "is not filled in yet; write its values as the lines below it that begin with"
                " # 要確認 ask",
            )

    def mapping(
        self, known: Collection[str] | None = None, needed: Collection[str] = ()
    ) -> dict[str, Marked]:
        """The values of a mapping by key. known: the keys that may stand (None: any).

        Raises SchemaError where it is no mapping, or a key is unknown, missing or stands twice.
        """
        if not isinstance(self.node, yaml.MappingNode):
            self._filled()
            raise self.error(
                "「名前: 値」の形で書いてください", "needs a mapping of the form name: value"
            )
        found: dict[str, Marked] = {}
        for key, value in self.node.value:
            name = Marked(key, self.path, self.file, self.kind).text()
            inner = Marked(value, self._inner(value, name).path, self.file, self.kind)
            at_key = Marked(key, inner.path, self.file, self.kind)
            if name in found:
                raise at_key.error(
                    f"「{name}」が2回書かれています（{found[name].line}行目にもあります）",
                    f"{name} stands twice (also on line {found[name].line})",
                )
            if known is not None and name not in known:
                ja, en = choice(name, known)
                raise at_key.error(f"「{name}」という項目はありません。{ja}", f"unknown key; {en}")
            found[name] = inner
        for name in needed:
            if name not in found:
                raise self.error(f"「{name}」がありません", f"{name} is missing")
        return found

    def one_of(self, known: Collection[str], what_ja: str, what_en: str) -> str:
        """A text that must be one of the known names. Raises SchemaError."""
        text = self.text()
        if text not in known:
            ja, en = choice(text, known)
            raise self.error(
                f"「{text}」という{what_ja}はありません。{ja}",
                f"there is no {what_en} {text}; {en}",
            )
        return text

    def whole(self, least: int, most: int) -> int:
        """A whole number within bounds. Raises SchemaError."""
        text = self.text()
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise self.error(
                f"整数で書いてください（「{text}」ではなく 例: {least}）",
                f"needs a whole number such as {least}, not {text}",
            )
        if not least <= int(text) <= most:
            raise self.error(
                f"{least} から {most} までの数で書いてください（{text} とあります）",
                f"must be between {least} and {most}, not {text}",
            )
        return int(text)

    def number(self) -> float:
        """A number, which may be written as a fraction (1/60). Raises SchemaError."""
        text = self.text()
        try:
            value = float(Fraction(text.replace(" ", "")))
        except (ValueError, ZeroDivisionError, OverflowError):
            value = math.nan
        if not math.isfinite(value):
            raise self.error(
                f"数で書いてください（「{text}」ではなく 例: 0.5、1/60）",
                f"needs a number such as 0.5 or 1/60, not {text}",
            )
        return value

    def flag(self) -> bool:
        """true or false. Raises SchemaError."""
        text = self.text()
        if text not in ("true", "false"):
            raise self.error(
                f"true か false で書いてください（「{text}」とあります）",
                f"needs true or false, not {text}",
            )
        return text == "true"


def _line_of(error: Exception, text: str) -> int:
    """The line that a YAML error is about, 0 where it names none."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    if mark is None and isinstance(position, int):
        return text.count("\n", 0, position) + 1
    return min(mark.line + 1, len(text.splitlines())) if mark else 0


def read(text: str, file: str, kind: str) -> Marked:
    """The top of a YAML text. kind: `profile` or `source`, for messages. Raises SchemaError.

    The parser written in C is ten times faster, but deeply nested text brings down the process: it
    reads what the product ships, never what users write.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if kind == "source" else yaml.SafeLoader
    try:
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise SchemaError(
            kind,
            file,
            _line_of(error, text),
            "",
            "YAML として読めません。この行かその前の行の括弧・引用符・字下げを確かめてください",
            "is not readable as YAML; check brackets, quotation marks and indentation here",
        ) from error
    if node is None:
        raise SchemaError(kind, file, 1, "", "何も書かれていません", "is empty")
    return Marked(node, "", file, kind)


def read_file(path: Path, kind: str) -> Marked:
    """The top of a YAML file in UTF-8. Raises SchemaError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SchemaError(
            kind,
            path.name,
            0,
            "",
            f"開けません（{error.strerror}）。場所と権限を確かめてください",
            f"cannot be opened ({error.strerror}); check its place and permissions",
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemaError(
            kind,
            path.name,
            content.count(b"\n", 0, error.start) + 1,
            "",
            "UTF-8 ではありません。文字コードを UTF-8 にして保存し直してください",
            "is not UTF-8; save it again as UTF-8",
        ) from error
    return read(text, path.name, kind)
