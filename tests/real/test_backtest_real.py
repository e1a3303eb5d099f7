"""IPSS 2018's 2020 against the census of 2020, through load, publish and the query door.

Every figure is computed a second time from the cells of the two files.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from demography.backtest import summary
from demography.error_model import DEFAULT, measure
from pipelines.ingest import load
from pipelines.publish import publish
from warehouse import query
from warehouse.home import Home

CITIES = ["11100", "14150", "15100", "22100", "22130", "27140", "33100", "43100"]
"""Designated cities of which IPSS 2018 gives no wards."""
BANDS = ["under_10k", "10k_50k", "50k_100k", "100k_300k", "over_300k"]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, h30: Path, kekkahyo1: Path) -> query.Release:
    home = Home(tmp_path_factory.mktemp("rounds"))
    assert [one.status for one in load([h30, kekkahyo1], home)] == ["stored", "stored"]
    publish(home)
    return query.open_release(home)


@pytest.fixture(scope="module")
def cells(h30: Path, kekkahyo1: Path) -> pd.DataFrame:
    """projected, counted and name by five-digit code, read without the product."""
    then = pd.read_csv(h30, dtype=str, encoding="utf-8-sig")
    then["code"] = then["コード"].str.zfill(5)
    kept = then["市などの別"].isin(["0", "2", "3"]) | then["code"].isin(CITIES)
    then = then[kept & (then["年"] == "2020年")].set_index("code")
    then = then.rename(index={"40305": "40231"})  # 那珂川町 became 那珂川市 in October 2018
    now = pd.read_excel(kekkahyo1, header=None, skiprows=5, engine="calamine")
    now.index = pd.Index([f"{int(code):05}" for code in now[0]])
    both = pd.DataFrame(
        {"projected": then["総数"].astype(int), "counted": now[4].astype(int), "name": now[3]}
    ).dropna()
    both["error"] = both["projected"] / both["counted"] - 1
    both["band"] = pd.cut(
        both["counted"], [0, 1e4, 5e4, 1e5, 3e5, np.inf], right=False, labels=BANDS
    )
    return both


def asked(release: query.Release, metric: str, **more: Any) -> pd.DataFrame:
    return query.metric(metric, release=release, **more).frame


def test_every_area_of_both_rounds_is_compared(release: query.Release, cells: pd.DataFrame) -> None:
    assert len(cells) == 1798
    for metric, column in (("backtest_projected", "projected"), ("backtest_counted", "counted")):
        frame = asked(release, metric, by=["municipality"])
        found = pd.Series(frame["value"].to_numpy(), frame["municipality"].str[:5])
        pd.testing.assert_series_equal(
            found.sort_index(),
            cells[column].sort_index(),
            check_names=False,
            check_dtype=False,
            check_index_type=False,
        )


@pytest.mark.parametrize(
    ("metric", "column", "expected"),
    [
        ("backtest_median_error", "size", lambda one: one.median()),
        ("backtest_mean_error", "size", lambda one: one.mean()),
        ("backtest_p80_error", "size", lambda one: one.quantile(0.8)),
        ("backtest_bias", "error", lambda one: one.mean()),
    ],
)
def test_statistics_by_band(
    release: query.Release,
    cells: pd.DataFrame,
    metric: str,
    column: str,
    expected: Callable[[Any], Any],
) -> None:
    errors = cells.assign(size=cells["error"].abs())
    frame = asked(release, metric, by=["census_band"]).set_index("census_band")
    assert frame.index.tolist() == BANDS
    by_hand = errors.groupby("band", observed=False)[column]
    assert frame["value"].tolist() == pytest.approx(by_hand.agg(expected).tolist())
    assert frame["n"].tolist() == by_hand.size().tolist() == [497, 670, 257, 298, 76]
    whole = query.metric(metric, release=release)
    assert (whole.value, whole.n) == (pytest.approx(expected(errors[column])), 1798)


def test_the_worst_twenty(release: query.Release, cells: pd.DataFrame) -> None:
    frame = asked(release, "backtest_mean_error", by=["municipality"], order="-value").head(20)
    worst = cells["error"].abs().nlargest(20)
    assert frame["municipality"].str[:5].tolist() == worst.index.tolist()
    assert frame["value"].tolist() == pytest.approx(worst.tolist())


def test_a_town_that_became_a_city_is_found_by_the_list(
    release: query.Release, cells: pd.DataFrame
) -> None:
    found = query.metric(
        "backtest_error", where={"municipality": "402311", "year": 2020}, release=release
    )
    assert found.n == 1
    assert found.value == pytest.approx(cells.loc["40231", "error"])
    assert query.metric("backtest_error", where={"municipality": "403059"}, release=release).n == 0


def test_the_model_by_statistics_and_its_coverage(
    release: query.Release, cells: pd.DataFrame
) -> None:
    """The published defaults are these figures rounded; four areas of five lie within 80 %."""
    pairs = release.engine.frame("SELECT projected, counted, years_ahead FROM core_backtest")
    by_door = asked(release, "backtest_bias", by=["census_band"])["value"].tolist()
    assert summary(pairs)["bias"].tolist() == pytest.approx(by_door)
    model = measure(pairs)
    assert model.areas == (497, 670, 257, 298, 76)
    assert model.five_year_sd == pytest.approx(DEFAULT.five_year_sd, abs=0.00006)
    counted = cells["counted"].to_numpy(dtype=float)
    inside = np.abs(np.log(counted / cells["projected"])) <= 1.2816 * model.sd(
        counted, np.array(5.0)
    )
    assert inside.groupby(cells["band"], observed=False).mean().between(0.77, 0.83).all()
