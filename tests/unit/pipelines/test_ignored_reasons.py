"""Every reason for which rows are ignored has a name, in messages and on the page データ取込."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import adapters, held, rows, stage_tables
from pipelines.adapters import ticket_events
from pipelines.results import IGNORED
from ui.text import LANGUAGES, texts

ADAPTERS = Path(str(adapters.__file__)).parent


def words(node: ast.AST) -> Iterator[str]:
    """The text constants that an expression may become."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def given_by_adapters() -> set[str]:
    """The words that adapters give as a reason: to Ignored() itself or through a variable."""
    found: set[str] = set()
    for path in ADAPTERS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("Ignored", "_leave_out")
            ):
                found |= {word for part in node.args[1:2] for word in words(part)}
            elif isinstance(node, ast.NamedExpr | ast.Assign):
                targets = [node.target] if isinstance(node, ast.NamedExpr) else node.targets
                if any(ast.unparse(target) == "reason" for target in targets):
                    found |= set(words(node.value))
    return found


def given_by_tables() -> set[str]:
    """The kinds of rows that are no data, as the statement on rows names them, and the filter."""
    statement = Path(str(rows.__file__)).read_text(encoding="utf-8")
    kinds = statement[: statement.index("END AS row_kind")]
    found = set(re.findall(r"THEN '(\w+)'", kinds))
    for module in (stage_tables, held):
        code = Path(str(module.__file__)).read_text(encoding="utf-8")
        found |= set(re.findall(r'ignored(?:_reasons)?(?:\[|, )"(\w+)"', code))
    return found


def test_the_code_gives_no_reason_that_has_no_name() -> None:
    given = given_by_adapters() | given_by_tables() | set(ticket_events.REASONS.values())
    assert given == set(IGNORED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_names_every_reason(lang: str) -> None:
    prefix = "data.intake.ignored."
    named = {key.removeprefix(prefix) for key in texts(lang) if key.startswith(prefix)}
    assert named - {"other"} == set(IGNORED)
