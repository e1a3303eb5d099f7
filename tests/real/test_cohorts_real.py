"""Cohorts and the assumed error of a projection, on published projections."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from python_calamine import CalamineWorkbook

from demography.between import interpolate
from demography.cohorts import trace

POINTS = [2020, 2025, 2030]
projections = arrays(np.float64, (2, 3, 20), elements=st.floats(0, 1e6))


def test_real_cohorts_between_the_points(h30: Path) -> None:
    """Hokkaido: totals as published, and the second baby boom traced to its sixties."""
    with h30.open(encoding="utf-8-sig", newline="") as file:
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


def test_real_cohorts_of_the_nation_come_near_the_quoted_ones(h29: Path) -> None:
    """Ten thousands per birth year; the round is another (H29, which expected more births in
    2018–20 than came), so 6 % apart at most."""
    book = CalamineWorkbook.from_path(h29)
    sexes = [book.get_sheet_by_name(name).to_python() for name in ("M", "F")]
    years = [int(year) for year in sexes[0][2][1:]]
    ages = [np.array([row[1:] for row in sex[4:105]], dtype=float) for sex in sexes]
    values = (ages[0] + ages[1]).T / 10
    quoted = {(1947, 1949): (202.6, 79.2), (1971, 1974): (199.4, 185.2), (2018, 2020): (87.5, 94.7)}
    for born, expected in quoted.items():
        traced = trace(values, years, *born, single_ages=True).set_index("year")
        assert traced.loc[[2020, 2040], "per_age"].tolist() == pytest.approx(expected, rel=0.06)
