"""What the gap is computed from, asked of whoever answers metrics: a page or the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from demography.cells import InputError
from demography.inputs import GapInputs, fiscal_year, inputs_from_frames

OF_WORKLOAD = ("municipality", "survey", "department", "category", "staff_kind")


class Ask(Protocol):
    """Asks a metric by some dimensions, for the municipalities that are meant."""

    def __call__(
        self, metric: str, by: Sequence[str], where: Mapping[str, Any] | None = None
    ) -> Any:
        """An answer with `frame` (the dimensions asked for, and `value`) and `as_of`, its day.

        where: conditions beside the municipalities.
        """


@dataclass(frozen=True)
class Lists:
    """What else the gap rests on, as demography.inputs.inputs_from_frames takes it."""

    categories: pd.DataFrame
    department_drivers: pd.DataFrame
    driver_changes: pd.DataFrame
    life_table: pd.DataFrame
    assumptions: pd.DataFrame
    tested: pd.DataFrame
    rates: pd.DataFrame
    hours_per_fte: float


@dataclass(frozen=True)
class Asked:
    """The inputs, and the answers that they rest on: staff, work, population."""

    inputs: GapInputs
    answers: tuple[Any, ...]


def asked(ask: Ask, lists: Lists) -> Asked:
    """Ask for staff, workload, population and the resident register, and build the inputs.

    Raises InputError where there is no staff, and where the numbers cannot be used.
    """
    by = ["municipality", "department", "age", "kind"]
    staff = ask("staff", by)
    if staff.frame.empty:
        raise InputError("職員データがありません。年齢別職員数を取り込んでください")
    if staff.frame["department"].isna().all():
        by.remove("department")
        staff = ask("staff", by)
    fte = ask("staff_fte", by)
    work = ask("workload_hours", OF_WORKLOAD)
    people = ask("population", ("municipality", "year", "sex", "age"))
    if people.frame.empty or people.frame["age"].isna().all():
        people = ask("population", ("municipality", "year"))
    register = ask(
        "population", ("municipality", "year", "sex", "age"), {"series": ["register"]}
    ).frame
    inputs = inputs_from_frames(
        staff.frame,
        work.frame,
        people.frame,
        lists.categories,
        base_year=fiscal_year(_day(staff.as_of)),
        staff_fte=None if fte.frame["value"].isna().all() else fte.frame,
        hours_per_fte=lists.hours_per_fte,
        department_drivers=lists.department_drivers,
        driver_changes=lists.driver_changes,
        life_table=lists.life_table,
        assumptions=lists.assumptions,
        tested=lists.tested,
        rates=lists.rates,
        register=register,
    )
    return Asked(inputs, (staff, work, people))


def _day(value: Any) -> dt.date:
    return pd.Timestamp(str(value)).date()
