"""The computation at publish: core tables in, mart_model_* frames out, for many municipalities."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from demography.gap import inputs_from_frames, project
from pipelines.models import compute
from tests.unit.demography.frames import CATEGORIES
from warehouse.engine import Engine
from warehouse.inputs import MODELS

FLOW = ["municipality", "fiscal_year", "age", "kind", "hires", "separations", "reason"]
BANDS = list(range(0, 95, 5))


def engine_with(
    staff: pd.DataFrame,
    workload: pd.DataFrame,
    population: pd.DataFrame,
    hours: float = 1860.0,
    flow: pd.DataFrame | None = None,
) -> Engine:
    engine = Engine.memory()
    categories = CATEGORIES.assign(position=range(len(CATEGORIES)))
    tables = {
        "core_staff": staff,
        "core_staff_flow": nobody_moved() if flow is None else flow,
        "core_workload": workload,
        "core_population": population,
        "core_backtest": pd.DataFrame(
            columns=["municipality", "projected", "counted", "base_year", "year", "years_ahead"],
            dtype="int64",
        ),
        "ref_category": categories,
        "ref_driver": pd.DataFrame(
            {"position": [1], "department_part": ["介護"], "driver": ["75+"]}
        ),
        "ref_driver_change": pd.DataFrame(
            columns=["decided_at", "municipality", "department", "category", "driver"], dtype="str"
        ),
        "ref_config": pd.DataFrame({"annual_hours_per_fte": [hours]}),
    }
    for name, table in tables.items():
        engine.register("arriving", table)
        engine.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
    return engine


def nobody_moved() -> pd.DataFrame:
    numbers = {"fiscal_year": "int64", "age": "int64", "hires": "float64", "separations": "float64"}
    return pd.DataFrame(columns=FLOW, dtype="str").astype(numbers)


def staff_rows(municipality: str, as_of: str, headcount: int, department: str | None = None):
    return pd.DataFrame(
        {
            "municipality": municipality,
            "as_of": pd.Timestamp(as_of).date(),
            "department": pd.Series([department] * 40, dtype="str"),
            "age": range(20, 60),
            "kind": "regular",
            "headcount": headcount,
            "fte": headcount * 1.0,
        }
    )


def workload_rows(municipality: str, survey: str, hours: float, department: str | None = None):
    return pd.DataFrame(
        {
            "municipality": municipality,
            "survey": survey,
            "department": pd.Series([department], dtype="str"),
            "category": "reception",
            "staff_kind": "regular",
            "hours": hours,
        }
    )


def population_rows(municipality: str, base_year: int, persons: int, change: int):
    rows = [
        (municipality, "regional", base_year, base_year + 5 * n, sex, age, persons + change * n)
        for n in range(7)
        for sex in ("male", "female")
        for age in BANDS
    ]
    columns = ["municipality", "series", "base_year", "year", "sex", "age", "population"]
    return pd.DataFrame(rows, columns=columns)


STAFF = pd.concat(
    [
        staff_rows("512010", "2025-04-01", 99),
        staff_rows("512010", "2026-04-01", 10, "市民課"),
        staff_rows("521019", "2024-10-01", 3),
        staff_rows("530018", "2026-04-01", 5),
    ]
)
WORKLOAD = pd.concat(
    [
        workload_rows("512010", "2023", 1.0),
        workload_rows("512010", "2026", 744_000.0, "市民課"),
        workload_rows("521019", "2024", 200_000.0),
        workload_rows("549991", "2024", 5.0),
    ]
)
POPULATION = pd.concat(
    [
        population_rows("512010", 2015, 500, 100),
        population_rows("512010", 2020, 1000, -20),
        population_rows("521019", 2020, 50, -1),
    ]
)


@pytest.fixture(scope="module")
def marts() -> dict[str, pd.DataFrame]:
    return compute(engine_with(STAFF, WORKLOAD, POPULATION))


def test_tables_have_the_columns_of_the_release(marts: dict[str, pd.DataFrame]) -> None:
    assert marts.keys() == MODELS.keys()
    for name, schema in MODELS.items():
        table = pa.Table.from_pandas(marts[name], schema=schema, preserve_index=False)
        assert table.num_rows > 0
        if "scenario" in schema.names:
            assert set(table["scenario"].to_pylist()) == {"baseline"}
        for column in {"municipality", "year", "age"} & set(schema.names):
            assert table[column].null_count == 0


def test_every_municipality_with_staff_is_there_from_its_own_base_year(
    marts: dict[str, pd.DataFrame],
) -> None:
    first = marts["mart_model_staff"].groupby("municipality")["year"].min().to_dict()
    assert first == {"512010": 2026, "521019": 2024, "530018": 2026}
    assert set(marts["mart_model_flow"]["municipality"]) == set(first)
    with_survey = {"512010", "521019"}
    assert set(marts["mart_model_required"]["municipality"]) == with_survey
    assert set(marts["mart_model_gap"]["municipality"]) == with_survey


def test_the_newest_staff_survey_and_projection_count(marts: dict[str, pd.DataFrame]) -> None:
    base = marts["mart_model_staff"].query("municipality == '512010' and year == 2026")
    assert base["headcount"].sum() == 400
    gap = marts["mart_model_gap"].query("municipality == '512010'").set_index("year")
    assert gap.loc[2026, "required_fte"] == pytest.approx(400)
    # 1,000 persons a band in 2020, 20 less every five years: 976 in 2026, 920 in 2040.
    assert gap.loc[2040, "required_fte"] == pytest.approx(400 * 920 / 976)
    assert gap.index.max() == 2050


def test_it_is_what_the_page_computes(marts: dict[str, pd.DataFrame]) -> None:
    """A page gives the same frames from metrics and must show the release's numbers."""
    staff = STAFF[(STAFF["municipality"] == "521019")].drop(columns="department")
    population = POPULATION[POPULATION["municipality"] == "521019"].groupby(
        ["year", "age"], as_index=False
    )["population"]
    inputs = inputs_from_frames(
        staff.rename(columns={"headcount": "value"}).drop(columns="municipality"),
        WORKLOAD[WORKLOAD["municipality"] == "521019"]
        .rename(columns={"hours": "value"})
        .drop(columns="municipality"),
        population.sum().rename(columns={"population": "value"}),
        CATEGORIES,
        base_year=2024,
    )
    page = project(inputs).gap.drop(columns="municipality").reset_index(drop=True)
    mart = marts["mart_model_gap"].query("municipality == '521019'").reset_index(drop=True)
    pd.testing.assert_frame_equal(mart[page.columns.to_list()], page)


def test_unnamed_departments_are_null(marts: dict[str, pd.DataFrame]) -> None:
    named = marts["mart_model_required"].groupby("municipality")["department"].unique()
    assert named["512010"].tolist() == ["市民課"]
    assert pd.isna(named["521019"]).all()


def test_nothing_without_staff() -> None:
    assert compute(engine_with(STAFF[:0], WORKLOAD, POPULATION)) == {}


def test_hours_per_fte_come_from_the_settings() -> None:
    engine = engine_with(STAFF, WORKLOAD, POPULATION, hours=1488.0)
    gap = compute(engine)["mart_model_gap"].query("municipality == '512010' and year == 2026")
    assert gap["required_fte"].tolist() == pytest.approx([500])


def test_many_municipalities_take_seconds() -> None:
    """A third of the nation, every interval simulated."""
    count = 580
    codes = [f"{51 + n // 40:02}{n % 40:03}0" for n in range(count)]

    def everywhere(rows: pd.DataFrame) -> pd.DataFrame:
        block = pd.concat([rows] * count, ignore_index=True)
        return block.assign(municipality=np.repeat(codes, len(rows)))

    engine = engine_with(
        everywhere(staff_rows("", "2026-04-01", 5)),
        everywhere(workload_rows("", "2025", 370_000.0)),
        everywhere(population_rows("", 2020, 800, -10)),
    )
    started = time.process_time()
    gap = compute(engine)["mart_model_gap"]
    assert time.process_time() - started < 20
    assert gap["municipality"].nunique() == count
    assert (gap["gap_low95"] < gap["gap_high95"])[gap["year"] > 2026].all()


def test_recorded_flows_give_the_rates_and_the_hires() -> None:
    """Each age loses a tenth a year, six join at 22: neither is the default."""
    leaving = [
        ("272060", year, age, "regular", 0.0, 2.0, "voluntary")
        for year in range(2021, 2026)
        for age in range(20, 58)
    ]
    joining = [("272060", year, 22, "regular", 6.0, 0.0, None) for year in range(2021, 2026)]
    flow = pd.DataFrame([*leaving, *joining], columns=FLOW)
    staff = pd.concat([staff_rows("272060", f"{year}-04-01", 20) for year in range(2021, 2027)])
    rates = compute(engine_with(staff, WORKLOAD, POPULATION, flow=flow))["mart_model_rate"]
    assert set(rates["source"]) == {"own"}
    assert set(rates["hires"]) == {6.0}
    found = rates.set_index("age")
    assert found.loc[range(25, 50), "separation"].between(0.06, 0.15).all()
    assert found.loc[22, "hire_share"] > 0.5
    without = compute(engine_with(staff, WORKLOAD, POPULATION))["mart_model_rate"]
    assert set(without["source"]) == {"default"} and without["hires"].isna().all()
