"""Everything that Mado says, in Japanese and English, from ui/text/<lang>/<file>.yml.

A key is the file's name and the path inside it, joined by dots: `common.filter.period` stands in
common.yml under filter → period. Both languages hold the same keys with the same placeholders;
a test compares them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

LANGUAGES = ("ja", "en")
DEFAULT = "ja"
FOLDER = Path(__file__).parent


class TextError(Exception):
    """A text is asked for that does not exist, or a file of texts is malformed."""


def _flatten(node: Any, prefix: str, file: Path) -> dict[str, str]:
    if isinstance(node, str):
        return {prefix: node}
    if not isinstance(node, dict):
        raise TextError(f"{file}: 「{prefix}」は文字列で書いてください")
    found: dict[str, str] = {}
    for key, value in node.items():
        found |= _flatten(value, f"{prefix}.{key}", file)
    return found


@cache
def texts(lang: str) -> dict[str, str]:
    """Return every text of one language by its full key. Raises TextError for another language."""
    if lang not in LANGUAGES:
        raise TextError(f"言語「{lang}」はありません（{'・'.join(LANGUAGES)}）")
    found: dict[str, str] = {}
    for file in sorted((FOLDER / lang).glob("*.yml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        found |= _flatten(content, file.stem, file)
    return found


def placeholders(template: str) -> set[str]:
    """Return the names in braces that a text expects."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def has(key: str, lang: str = DEFAULT) -> bool:
    """True where the key exists, for texts that are optional (a note of one page)."""
    return key in texts(lang)


def t(key: str, lang: str, **values: Any) -> str:
    """Return the text `key` in `lang` with its placeholders filled.

    Raises TextError where the key or one of its values is missing: a page never shows a bare key.
    """
    try:
        return texts(lang)[key].format(**values)
    except KeyError as error:
        raise TextError(f"ui/text/{lang}: 「{key}」がないか、{error} が渡されていません") from error
