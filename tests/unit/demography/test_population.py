"""Years between published points, groups, and cohorts traced."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from python_calamine import CalamineWorkbook

from demography.cohorts import trace
from demography.population import (
    GROUPS,
    fold_open_band,
    group_sums,
    hiring_pool,
    interpolate,
)
from demography.uncertainty import population_sd

POINTS = [2020, 2025, 2030]
projections = arrays(np.float64, (2, 3, 20), elements=st.floats(0, 1e6))


@given(projections)
def test_published_points_are_met_exactly(values: np.ndarray) -> None:
    assert (interpolate(values, POINTS, POINTS) == values).all()


@given(projections, st.integers(2020, 2030))
def test_total_moves_linearly_and_nothing_is_negative(values: np.ndarray, year: int) -> None:
    yearly = interpolate(values, POINTS, [year])[..., 0, :]
    totals = values.sum(axis=-1)
    expected = [np.interp(year, POINTS, total) for total in totals]
    assert yearly.sum(axis=-1) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (yearly >= -1e-9).all()


def test_a_cohort_moves_through_the_bands() -> None:
    """A thousand aged 20–24 in 2020 and 900 aged 25–29 in 2025: two years later 960 aged 22–26."""
    values = np.zeros((2, 20))
    values[0, 4], values[1, 5] = 1000, 900
    two_years_later = interpolate(values, [2020, 2025], [2022])[0]
    assert two_years_later[4] == pytest.approx(960 * 3 / 5)
    assert two_years_later[5] == pytest.approx(960 * 2 / 5)
    assert two_years_later.sum() == pytest.approx(960)


def test_births_come_in_a_fifth_a_year_and_the_oldest_share_one_ratio() -> None:
    values = np.zeros((2, 20))
    values[1, 0] = 500
    values[0, 18:] = [80, 20]
    values[1, 19] = 40
    one_year_later = interpolate(values, [2020, 2025], [2021])[0]
    assert one_year_later[0] == pytest.approx(100)
    assert one_year_later[18] == pytest.approx(80 * 0.88 * 4 / 5)
    assert one_year_later[19] == pytest.approx(20 * 0.88 + 80 * 0.88 / 5)


def test_nothing_is_extrapolated() -> None:
    yearly = interpolate(np.ones((3, 20)), POINTS, [2019, 2031])
    assert np.isnan(yearly).all()


def test_points_at_another_distance_move_band_by_band() -> None:
    values = np.zeros((2, 20))
    values[1, 3] = 30
    assert interpolate(values, [2020, 2023], [2022])[0, 3] == pytest.approx(20)


def test_points_must_increase() -> None:
    with pytest.raises(ValueError, match="increase"):
        interpolate(np.ones((2, 20)), [2025, 2020], [2022])


def test_groups_and_pool() -> None:
    values = np.arange(20, dtype=float)
    sums = dict(zip(GROUPS, group_sums(values), strict=True))
    assert sums == {
        "0-4": 0,
        "5-14": 1 + 2,
        "15-64": sum(range(3, 13)),
        "65+": sum(range(13, 20)),
        "75+": sum(range(15, 20)),
        "all": sum(range(20)),
        "none": 1,
    }
    assert hiring_pool(values) == 4
    assert fold_open_band(values, 90).tolist() == [*range(18), 18 + 19]


def test_groups_need_an_open_band_from_75() -> None:
    with pytest.raises(ValueError, match="75"):
        group_sums(np.ones(15))


def test_trace_splits_bands_evenly_and_says_so() -> None:
    """Births of 1947–49: 71–73 in 2020 lies within 70–74; from 95 on nobody can be told apart."""
    values = np.tile(np.arange(20.0) * 100, (3, 1))
    traced = trace(values, [1930, 2020, 2045], 1947, 1949, single_ages=False)
    first, last = traced.to_dict("records")
    assert (first["year"], first["age_from"], first["age_to"]) == (2020, 71, 73)
    assert first["population"] == pytest.approx(1400 * 3 / 5)
    assert first["per_age"] == pytest.approx(280)
    assert first["is_split"]
    assert np.isnan(last["population"])


def test_trace_whole_bands_and_single_ages() -> None:
    banded = trace(np.arange(20.0)[None, :], [2020], 1941, 1950, single_ages=False)
    assert banded.loc[0, ["age_from", "age_to", "population"]].tolist() == [70, 79, 14 + 15]
    assert not banded.loc[0, "is_split"]
    single = trace(np.arange(106.0)[None, :], [2020], 1947, 1949, single_ages=True)
    assert single.loc[0, "per_age"] == 72


def test_trace_wants_birth_years_in_order() -> None:
    with pytest.raises(ValueError, match="born_to"):
        trace(np.ones((1, 20)), [2020], 1950, 1949, single_ages=False)


REALDATA = Path(__file__).parents[3] / "../shared/realdata"
H30, H29 = REALDATA / "ipss_h30_suikei_kekka.csv", REALDATA / "ipss_h29_national_pyramid.xls"


@pytest.mark.skipif(not H30.exists(), reason="realdata/ipss_h30_suikei_kekka.csv is not here")
def test_real_cohorts_between_the_points() -> None:
    """Hokkaido: totals as published, and the second baby boom traced to its sixties."""
    with H30.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["コード"] == "1000"]
    bands = [name for name in rows[0] if name.endswith("/a")]
    values = np.array([[float(row[band]) for band in bands] for row in rows])
    points = [int(row["年"].removesuffix("年")) for row in rows]
    years = list(range(points[0], points[-1] + 1))
    yearly = interpolate(values, points, years)
    assert yearly[:: points[1] - points[0]] == pytest.approx(values)
    totals = np.array([float(row["総数"]) for row in rows])
    assert yearly.sum(axis=-1) == pytest.approx(np.interp(years, points, totals), abs=2)
    boom = trace(yearly, years, 1971, 1974, single_ages=False).dropna()
    assert boom["per_age"].iloc[-1] < boom["per_age"].iloc[0]
    # Splitting bands evenly moves a cohort's estimate by up to 5 % from year to year.
    assert boom["per_age"].pct_change().dropna().between(-0.06, 0.05).all()


@pytest.mark.skipif(not H29.exists(), reason="realdata/ipss_h29_national_pyramid.xls is not here")
def test_real_cohorts_of_the_nation_come_near_the_quoted_ones() -> None:
    """Ten thousands per birth year; the round is another (H29, which expected more births in
    2018–20 than came), so 6 % apart at most."""
    book = CalamineWorkbook.from_path(H29)
    sexes = [book.get_sheet_by_name(name).to_python() for name in ("M", "F")]
    years = [int(year) for year in sexes[0][2][1:]]
    ages = [np.array([row[1:] for row in sex[4:105]], dtype=float) for sex in sexes]
    values = (ages[0] + ages[1]).T / 10
    quoted = {(1947, 1949): (202.6, 79.2), (1971, 1974): (199.4, 185.2), (2018, 2020): (87.5, 94.7)}
    for born, expected in quoted.items():
        traced = trace(values, years, *born, single_ages=True).set_index("year")
        assert traced.loc[[2020, 2040], "per_age"].tolist() == pytest.approx(expected, rel=0.06)


R5 = REALDATA / "ipss_r5_kekkahyo1.xlsx"


@pytest.mark.skipif(not (R5.exists() and H30.exists()), reason="realdata of IPSS is not here")
def test_assumed_error_is_that_of_the_round_before() -> None:
    """H30's 2020 against the census in R5: four of five areas lie within the 80 % interval."""
    with H30.open(encoding="utf-8-sig", newline="") as file:
        projected = {
            int(row["コード"]): float(row["総数"])
            for row in csv.DictReader(file)
            if row["年"] == "2020年" and row["市などの別"] in "0123"
        }
    sheet = CalamineWorkbook.from_path(R5).get_sheet_by_index(0).to_python()
    counted = {
        int(row[0]): float(row[4])
        for row in sheet
        if isinstance(row[0], float) and row[4] and str(row[1])[0] in "0123"
    }
    areas = sorted(projected.keys() & counted.keys())
    assert len(areas) > 1800
    census = np.array([counted[area] for area in areas])
    error = np.abs(np.log(census / [projected[area] for area in areas]))
    inside = error <= 1.2816 * population_sd(census, np.full(len(areas), 5.0))
    for low, high in ((0, 1e4), (1e4, 5e4), (5e4, 1e5), (1e5, 3e5), (3e5, 1e8)):
        assert 0.75 < inside[(census >= low) & (census < high)].mean() < 0.85
