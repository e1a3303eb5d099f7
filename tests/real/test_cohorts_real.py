"""Cohorts traced through published projections."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from demography.between import interpolate
from demography.cohorts import beside_quoted, trace
from pipelines.ingest import load
from pipelines.publish import publish
from warehouse import query
from warehouse.home import Home


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
    boom = trace(yearly, years, list(range(0, 95, 5)), 1971, 1974).dropna()
    assert boom["per_age"].iloc[-1] < boom["per_age"].iloc[0]
    # Splitting bands evenly moves a cohort's estimate by up to 5 % from year to year.
    assert boom["per_age"].pct_change().dropna().between(-0.06, 0.05).all()


def test_the_table_of_generations_by_the_round_of_2017(
    h29: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Loaded, published and asked by single age, against the sum of the workbook's own cells."""
    home = Home(tmp_path_factory.mktemp("h29"))
    assert [one.status for one in load([h29], home)] == ["stored"]
    publish(home)
    answer = query.metric(
        "population",
        by=["year", "age"],
        where={"projection": "ipss_h29_national"},
        release=query.open_release(home),
    )
    table = answer.frame.pivot(index="age", columns="year", values="value")
    found = beside_quoted(table.T.to_numpy(dtype=float), list(table.columns), list(table.index))

    book = CalamineWorkbook.from_path(h29)
    sexes = [book.get_sheet_by_name(name).to_python() for name in ("M", "F")]
    years = [int(year) for year in sexes[0][2][1:]]
    for row in found.itertuples():
        column = 1 + years.index(row.year)
        ages = range(row.age_from, row.age_to + 1)
        persons = [sum(float(sex[4 + age][column]) for sex in sexes) * 1000 for age in ages]
        assert row.per_age == pytest.approx(sum(persons) / len(persons), abs=1)
        assert not row.is_split
    # Births of 2018–20 came out below what the round of 2017 expected, so 6 % apart at most.
    assert found["difference"].abs().max() < 0.06
    assert (found["per_age"] / 1e4).round(1).tolist() == [203.5, 80.4, 197.6, 182.7, 92.6, 95.0]
