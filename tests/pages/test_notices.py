"""What a reader is told before the numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import CITY, list_municipalities, tickets
from tests.pages.test_pages import said
from tests.spec.lake import Lake

WAITS = "pages/frontyard/waits.py"


def home(folder: Path, held: int) -> Path:
    lake = Lake(folder)
    list_municipalities(lake)
    counts = {"rows_read": 150 + held, "accepted": 150, "quarantined": held}
    lake.add("ticket_log", tickets(), source_label_ja="発券機ログ", municipality=CITY, **counts)
    lake.build()
    return lake.home.root


@pytest.mark.parametrize(("held", "told"), [(0, False), (1, False), (40, True)])
def test_many_rows_held_back_are_told_at_the_top(
    opened: Callable[..., AppTest], tmp_path: Path, held: int, told: bool
) -> None:
    shown = said(opened(home(tmp_path, held), WAITS))
    assert ("190行のうち40行を保留しています" in shown) == told
