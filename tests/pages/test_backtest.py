"""推計の検証: what the page says of two rounds, and of one alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import said
from tests.spec.lake import Lake
from tests.spec.test_backtest import round_of

Opened = Callable[..., AppTest]
PAGE = "pages/future/backtest.py"
CODES = ("272060", "272078", "273210", "402311")


def rounds(root: Path, *, earlier: bool = True) -> Path:
    """Errors of +10 %, −5 % and −1 % in towns of 1,000 and of +2 % in a city of 100,000."""
    lake = Lake(root)
    then = (1100, 950, 990, 102_000)
    now = (1000, 1000, 1000, 100_000)
    if earlier:
        cells = [f"{code} city 2020 {n}" for code, n in zip(CODES, then, strict=True)]
        lake.add("ipss_h30_suikei", round_of("ipss_h30", 2015, *cells))
    cells = [f"{code} city 2020 {n}" for code, n in zip(CODES, now, strict=True)]
    lake.add("ipss_r5_kekkahyo1", round_of("ipss_r5", 2020, *cells))
    lake.build()
    return root


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rounds(tmp_path_factory.mktemp("tested"))


def test_the_first_line_says_how_large_the_error_was(opened: Opened, tested: Path) -> None:
    shown = said(opened(tested, PAGE))
    # |errors|: 1, 2, 5, 10 %; the quantile 0.8 lies 0.4 of the way from 5 to 10.
    assert (
        "社人研 平成30年推計の2020年の人口は、国勢調査と比べて中央値で3.5%の誤差でした"
        "（4地域、8割は7.0%以内）。平均では1.5%多く見込んでいました。" in shown
    )
    assert "誤差の中央値は、人口～1万人の地域で5.0%、～30万人の地域で2.0%でした" in shown


def test_the_largest_errors_come_first(opened: Opened, tested: Path) -> None:
    (table,) = [one.value for one in opened(tested, PAGE).dataframe if "counted" in one.value]
    assert table["name"].tolist() == ["泉大津市", "高槻市", "那珂川市", "豊能町"]
    assert table["error"].tolist() == pytest.approx([0.1, -0.05, 0.02, -0.01])


def test_a_prefecture_narrows_everything(opened: Opened, tested: Path) -> None:
    shown = said(opened(tested, PAGE, pref="400009"))
    assert "中央値で2.0%の誤差でした（1地域" in shown
    assert "誤差の大きかった1地域" in shown


def test_sizes_that_were_not_measured_say_so(opened: Opened, tested: Path) -> None:
    """Four areas are too few for an error model of their own: the default stands."""
    (table,) = [one.value for one in opened(tested, PAGE).dataframe if "ahead" in one.value]
    after_five = table[table["ahead"] == 5].iloc[0]
    assert after_five["under_10k"] == pytest.approx(0.0375, abs=0.0005)
    assert after_five["over_300k"] == pytest.approx(0.0201, abs=0.0005)


def test_one_round_alone_says_what_is_missing(opened: Opened, tmp_path: Path) -> None:
    shown = said(opened(rounds(tmp_path, earlier=False), PAGE))
    assert "2回分の推計が要ります" in shown
    assert "ipss_h30_suikei" in shown
