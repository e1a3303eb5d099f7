"""Which population group work follows: defaults, departments, and what people decided."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from demography.drivers import DriverError, drivers
from demography.groups import GROUPS

CATEGORIES = pd.DataFrame(
    {"category": ["reception", "visit", "liaison"], "driver": ["all", "75+", "none"]}
)
DEPARTMENTS = pd.DataFrame({"department_part": ["子育て", "介護"], "driver": ["0-4", "75+"]})
WORK = pd.DataFrame(
    [
        ("272060", "市民課", "reception"),
        ("272060", "市民課", "visit"),
        ("272060", "子育て支援課", "reception"),
        ("272060", "子育て支援課", "liaison"),
        ("272060", "介護保険課", "visit"),
    ],
    columns=["municipality", "department", "category"],
)


def decided(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["department", "category", "driver"])
    return frame.assign(municipality="272060")


def test_work_follows_its_category_and_the_group_that_its_department_serves() -> None:
    assert drivers(WORK, CATEGORIES) == ["all", "75+", "all", "none", "75+"]
    assert drivers(WORK, CATEGORIES, DEPARTMENTS) == ["all", "75+", "0-4", "none", "75+"]


def test_what_was_decided_comes_first_and_the_most_specific_of_it() -> None:
    changes = decided(
        ("", "", "15-64"),
        ("", "visit", "65+"),
        ("子育て支援課", "", "5-14"),
        ("子育て支援課", "reception", "0-4"),
    )
    found = drivers(WORK, CATEGORIES, DEPARTMENTS, changes)
    assert found == ["15-64", "65+", "0-4", "5-14", "65+"]
    elsewhere = drivers(WORK.assign(municipality="131016"), CATEGORIES, DEPARTMENTS, changes)
    assert elsewhere == ["all", "75+", "0-4", "none", "75+"]


def test_of_equal_decisions_the_last_one_counts() -> None:
    changes = decided(("市民課", "visit", "65+"), ("市民課", "visit", "all"))
    assert drivers(WORK, CATEGORIES, None, changes)[1] == "all"


def test_an_unknown_group_is_named_with_the_known_ones() -> None:
    with pytest.raises(DriverError, match=r"「80\+」.*75\+"):
        drivers(WORK, CATEGORIES, None, decided(("", "", "80+")))


def test_the_shipped_lists_name_groups_that_exist() -> None:
    folder = Path(__file__).parents[3] / "warehouse" / "reference"
    for name in ("driver", "category"):
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            assert {row["driver"] for row in csv.DictReader(file)} <= set(GROUPS)
