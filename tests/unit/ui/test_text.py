"""Both languages say the same things, and pages ask only for what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ui import text
from ui.text import TextError, placeholders, t, texts

ROOT = Path(__file__).parents[3]


def test_both_languages_hold_the_same_keys() -> None:
    assert set(texts("ja")) == set(texts("en"))


def test_both_languages_expect_the_same_values() -> None:
    differing = {
        key: (placeholders(texts("ja")[key]), placeholders(texts("en")[key]))
        for key in texts("ja")
        if placeholders(texts("ja")[key]) != placeholders(texts("en")[key])
    }
    assert differing == {}


def test_files_stand_in_pairs() -> None:
    names = [{path.name for path in (text.FOLDER / lang).glob("*.yml")} for lang in ("ja", "en")]
    assert names[0] == names[1]


def test_no_exclamation_and_no_empty_japanese() -> None:
    may_be_empty = {"common.sentence_space"}
    assert [key for key, said in texts("ja").items() if re.search("[!！]", said)] == []
    assert {key for key, said in texts("ja").items() if not said} <= may_be_empty


def test_values_fill_a_text() -> None:
    assert t("common.chip.as_of", "ja", value="10月31日") == "時点 10月31日"
    assert t("common.chip.as_of", "en", value="31 October") == "As of 31 October"


def test_a_missing_key_is_named() -> None:
    with pytest.raises(TextError, match=r"common\.nothing_of_the_kind"):
        t("common.nothing_of_the_kind", "ja")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(TextError, match="value"):
        t("common.chip.as_of", "ja")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(TextError, match="fr"):
        texts("fr")


def asked(path: Path) -> set[str]:
    """Every key that a file asks for literally; a relative one with the page's name before it."""
    source = path.read_text(encoding="utf-8")
    page = re.search(r'start\(\s*"([a-z_]+\.[a-z_]+)"', source)
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        first = node.args[0]
        if name != "t" or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        if first.value.startswith("."):
            if page:
                found.add(page.group(1) + first.value)
        else:
            found.add(first.value)
    return found


def test_every_text_asked_for_exists() -> None:
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    missing = {f"{path.name}: {key}" for path in files for key in asked(path) - set(texts("ja"))}
    assert missing == set()
