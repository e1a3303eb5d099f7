"""Staff as of a day, and what the models computed: defaults, intervals, what adds up."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.engine import Engine
from warehouse.query import QueryError
from warehouse.runner import BuildError, ChecksFailed

STAFF = """
municipality | as_of      | department | age | kind       | headcount | fte
512010       | 2025-04-01 | 市民課     | 49  | regular    | 10        | 10
512010       | 2026-04-01 | 市民課     | 50  | regular    | 9         | 9
512010       | 2026-04-01 | 市民課     | 25  | fixed_term | 3         | 1.5
512028       | 2025-04-01 | 住民課     | 55  | regular    | 4         | -
"""


def test_the_newest_day_of_each_municipality_counts(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    release = lake.release()
    same(
        query.metric("staff", by=["municipality", "as_of"], release=release).frame,
        """
        municipality | as_of      | value | n
        512010       | 2025-04-01 | 10    | 10
        512010       | 2026-04-01 | 12    | 12
        512028       | 2025-04-01 | 4     | 4
        """,
    )
    assert query.metric("staff", release=release).value == 16
    assert query.metric("staff_share_50plus", release=release).value == (9 + 4) / 16
    with pytest.raises(QueryError, match="as_of"):
        both = {"as_of": ["2025-04-01", "2026-04-01"]}
        query.metric("staff", where=both, release=release)


def test_fte_is_not_given_where_some_of_it_is_not_recorded(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    same(
        query.metric("staff_fte", by="municipality", release=lake.release()).frame,
        """
        municipality | value | n
        512010       | 10.5  | 12
        512028       | -     | 4
        """,
    )


def gap(municipality: str, year: int, required: float, available: float) -> dict[str, object]:
    """A row of mart_model_gap, its interval ten either side."""
    difference = required - available
    bounds = {"low80": -10, "high80": 10, "low95": -20, "high95": 20}
    return {
        **{"municipality": municipality, "scenario": "baseline", "year": year},
        **{"required_fte": required, "available_fte": available, "gap_fte": difference},
        **{f"gap_{name}": difference + width for name, width in bounds.items()},
    }


def computed(engine: Engine) -> Mapping[str, pd.DataFrame]:
    """Model tables as publishing makes them; reads core_staff as the real models do."""
    assert len(engine.frame("SELECT municipality FROM core_staff")) == 4
    gaps = [gap("512010", 2030, 100, 90), gap("512010", 2040, 100, 70), gap("512028", 2040, 50, 45)]
    required = [
        {
            **{name: row[name] for name in ("municipality", "scenario", "year")},
            **{"department": "市民課", "category": category},
            **{"hours": 930.0 * row["required_fte"], "fte": row["required_fte"] / 2},  # type: ignore[operator]
        }
        for row in gaps
        for category in ("reception", "planning")
    ]
    return {
        "mart_model_gap": pd.DataFrame(gaps),
        "mart_model_required": pd.DataFrame(required),
    }


def test_models_answer_for_2040_and_the_baseline_unless_told_otherwise(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    release = lake.release(computed)
    assert query.metric("staff_gap_fte", release=release).value == 35
    assert query.metric("required_fte", release=release).value == 150
    assert query.metric("staff_gap_fte", where={"year": 2030}, release=release).value == 10
    same(
        query.metric(
            "required_fte", by="category", where={"municipality": "512010"}, release=release
        ).frame,
        """
        category  | value | n
        reception | 50    | 1
        planning  | 50    | 1
        """,
    )


def test_an_interval_is_given_for_one_municipality_and_never_added_up(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    release = lake.release(computed)
    where = {"municipality": "512010"}
    same(
        query.metric("staff_gap_fte", by="year", where=where, release=release).frame,
        """
        year | value | n | low80 | high80 | low95 | high95
        2030 | 10    | 1 | 0     | 20     | -10   | 30
        2040 | 30    | 1 | 20    | 40     | 10    | 50
        """,
    )
    both = query.metric("staff_gap_fte", release=release).frame
    assert both[["low80", "high95"]].isna().all(axis=None)


def test_the_files_that_the_models_read_stand_behind_their_numbers(lake: Lake) -> None:
    staff = lake.add("staff_age", STAFF)
    lake.add("target", "municipality | metric | value | due\n512010 | wait_p90 | 15 | 2027-03-31")
    answer = query.metric("staff_gap_fte", release=lake.release(computed))
    assert list(answer.files["sha256"]) == [staff]


def test_a_gap_that_differs_from_its_parts_stops_the_release(lake: Lake) -> None:
    lake.add("staff_age", STAFF)

    def wrong(engine: Engine) -> Mapping[str, pd.DataFrame]:
        tables = dict(computed(engine))
        tables["mart_model_required"] = tables["mart_model_required"].iloc[1:]
        return tables

    with pytest.raises(ChecksFailed, match="model_gap_adds_up"):
        lake.build(wrong)


def test_a_model_table_of_another_shape_is_named(lake: Lake) -> None:
    with pytest.raises(BuildError, match="mart_model_gap"):
        lake.build(lambda engine: {"mart_model_gap": pd.DataFrame({"year": [2040]})})
    with pytest.raises(BuildError, match="mart_model_other"):
        lake.build(lambda engine: {"mart_model_other": pd.DataFrame({"year": [2040]})})


def flow(municipality: str, year: int, retirements: float, separations: float) -> dict[str, object]:
    """A row of mart_model_flow with eight hires."""
    return {
        **{"municipality": municipality, "scenario": "baseline", "year": year},
        **{"hires": 8.0, "separations": separations, "retirements": retirements},
        **{"pool_20_24": 500.0},
    }


def older(year: int, age: int, kind: str, headcount: float) -> dict[str, object]:
    """A row of mart_model_staff of one municipality."""
    return {
        **{"municipality": "512010", "scenario": "baseline", "year": year},
        **{"age": age, "kind": kind, "headcount": headcount, "fte": headcount},
    }


def staffed(_: Engine) -> Mapping[str, pd.DataFrame]:
    """Staff of two years, and the flows of three; nobody retires in 2027."""
    people = [
        *(older(2030, age, "regular", count) for age, count in ((30, 6.0), (49, 3.0), (50, 1.0))),
        *(older(2040, age, "regular", count) for age, count in ((40, 6.0), (59, 3.0), (60, 1.0))),
        older(2040, 62, "rehired", 2.0),
    ]
    flows = [
        *(flow("512010", 2026, 5, 2), flow("512010", 2027, 0, 2.5), flow("512010", 2028, 4, 3)),
        flow("512028", 2026, 1, 0.5),
    ]
    return {"mart_model_staff": pd.DataFrame(people), "mart_model_flow": pd.DataFrame(flows)}


def test_retirements_and_other_separations_are_all_separations(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    release = lake.release(staffed)
    same(
        query.metric("retirements_projected", by="year", release=release).frame,
        """
        year | value | n
        2026 | 6     | 2
        2027 | 0     | 1
        2028 | 4     | 1
        """,
    )
    same(
        query.metric("other_separations_projected", by="year", release=release).frame,
        """
        year | value | n
        2026 | 2.5   | 2
        2027 | 2.5   | 1
        2028 | 3     | 1
        """,
    )
    for year in (2026, 2027, 2028):
        both, retired, other = (
            query.metric(name, where={"year": year}, release=release).value
            for name in (
                *("separations_projected", "retirements_projected"),
                "other_separations_projected",
            )
        )
        assert both == pytest.approx(retired + other)  # type: ignore[operator]


def test_the_share_of_50_and_over_is_that_of_the_year_and_kind_asked_for(lake: Lake) -> None:
    lake.add("staff_age", STAFF)
    release = lake.release(staffed)
    same(
        query.metric("staff_share_50plus_projected", by=["year"], release=release).frame,
        """
        year | value | n
        2030 | 0.1   | 1
        2040 | 0.5   | 1
        """,
    )
    regular = query.metric(
        "staff_share_50plus_projected", where={"kind": "regular"}, release=release
    )
    assert regular.value == pytest.approx(0.4), "2040 unless another year is named"
