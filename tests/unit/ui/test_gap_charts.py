"""The sentence above the posts by department says what the table holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from ui.components.context import Ctx
from ui.components.gap_charts import _most_changed


def said(key: str, **words: Any) -> str:
    return f"{key} {words['name']} {words['change']}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([2.0, -3.0, 5.0], ".work.summary b △3.0"),
        ([2.0, 0.0, 5.0], ".work.summary_more c +5.0"),
        ([0.01, 0.0, -0.01], ".work.summary_same"),
        ([], ""),
    ],
)
def test_what_changes_most_is_named_by_its_direction(changes: list[float], expected: str) -> None:
    ctx = cast(Ctx, SimpleNamespace(t=said, lang="ja"))
    table = pd.DataFrame({"name": list("abc")[: len(changes)], "change": changes})
    assert _most_changed(ctx, table, 2026).startswith(expected)
    assert bool(_most_changed(ctx, table, 2026)) == bool(changes)
