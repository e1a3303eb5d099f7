"""What people decided about the models, for pages and the command line (warehouse.decisions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from warehouse import decisions
from warehouse.decisions import DriverChange, SavedScenario
from warehouse.home import Home


def saved_scenarios(home: Home | None = None) -> list[SavedScenario]:
    """The current version of every saved scenario, by name. Raises DecisionError."""
    return decisions.scenarios(home or Home.from_env())


def saved_scenario(
    name: str, version: int | None = None, home: Home | None = None
) -> SavedScenario:
    """One saved scenario, the current version or an older one. Raises DecisionError."""
    return decisions.scenario(home or Home.from_env(), name, version)


def save_scenario(
    name: str, content: Mapping[str, Any], by: str, reason: str, home: Home | None = None
) -> SavedScenario:
    """Keep a scenario as the next version of its name. Raises DecisionError."""
    return decisions.save_scenario(home or Home.from_env(), name, content, by, reason)


def driver_changes(municipality: str | None = None, home: Home | None = None) -> pd.DataFrame:
    """Changes of the population groups that work follows, oldest first, with the columns of
    warehouse.decisions.DriverChange. Raises DecisionError."""
    found = decisions.driver_changes(home or Home.from_env(), municipality)
    names = [field.name for field in fields(DriverChange)]
    return pd.DataFrame([asdict(one) for one in found], columns=names).astype("str")


def change_driver(
    municipality: str,
    department: str,
    category: str,
    driver: str,
    by: str,
    reason: str,
    home: Home | None = None,
) -> None:
    """Add a change to the log. Raises DecisionError."""
    decisions.change_driver(
        home or Home.from_env(), municipality, department, category, driver, by, reason
    )
