"""Staff and surveyed work as cells of arrays, out of the frames of metrics."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demography.arrays import FloatArray
from demography.workforce import AGES, KINDS


class InputError(ValueError):
    """The frames cannot be used: one Japanese line, what and what to do."""


def with_municipality(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column `municipality`, empty where it is one municipality's."""
    return frame if "municipality" in frame.columns else frame.assign(municipality="")


def staff_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a staff metric with an age on the axis and a known kind, one per cell."""
    if frame.empty:
        raise InputError("職員データがありません。年齢別職員数を取り込んでください")
    age = pd.to_numeric(frame["age"])
    if age.isna().any():
        raise InputError("年齢のない職員がいます。年齢別の職員数を取り込んでください")
    unknown = sorted(set(frame["kind"]) - set(KINDS))
    if unknown:
        known = "、".join(KINDS)
        raise InputError(f"職員の区分「{unknown[0]}」は使えません（{known} のどれか）")
    cells = with_municipality(frame).assign(
        age=age.clip(int(AGES[0]), int(AGES[-1])).astype("int64")
    )
    keys = [key for key in ("municipality", "department", "age", "kind") if key in cells.columns]
    return cells.groupby(keys, dropna=False)["value"].sum(skipna=False).reset_index()


def fte_cells(people: pd.DataFrame, fte: pd.DataFrame) -> pd.DataFrame:
    """FTE of each cell of `people`; its head-count where none is recorded."""
    keys = [key for key in people.columns if key != "value"]
    found = people[keys].merge(fte, on=keys, how="left")
    return found.assign(value=found["value"].fillna(people["value"]))


def staff_array(cells: pd.DataFrame, municipalities: pd.Index) -> FloatArray:
    """(M, ages, kinds) from cells of staff, in the order of AGES and KINDS."""
    result = np.zeros((len(municipalities), len(AGES), len(KINDS)))
    rows = municipalities.get_indexer(pd.Index(cells["municipality"]))
    ages = cells["age"].to_numpy() - int(AGES[0])
    kinds = pd.Index(KINDS).get_indexer(pd.Index(cells["kind"]))
    np.add.at(result, (rows, ages, kinds), cells["value"].to_numpy(dtype=np.float64))
    return result


def newest_survey(
    workload: pd.DataFrame | None, categories: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series[float]]:
    """(newest survey as municipality, department, category, kind, hours; its year by municipality).

    The year is the first four digits in the survey's name; NaN where it has none.
    """
    if workload is None or workload.empty:
        columns = ["municipality", "department", "category", "kind"]
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
        return empty.assign(hours=pd.Series(dtype="float64")), pd.Series(dtype="float64")
    frame = with_municipality(workload).rename(columns={"staff_kind": "kind", "value": "hours"})
    unknown = sorted(set(frame["category"]) - set(categories["category"]))
    if unknown:
        raise InputError(
            f"事務分類「{unknown[0]}」は分類の一覧にありません。業務量調査を確認してください"
        )
    frame = frame.assign(
        department=frame["department"].fillna("").astype("str"),
        kind=frame["kind"].fillna("unknown"),
    )
    if "survey" not in frame.columns:
        frame = frame.assign(survey="")
    survey = frame["survey"].astype("str")
    frame = frame[survey == survey.groupby(frame["municipality"]).transform("max")]
    year = frame["survey"].astype("str").str.extract(r"(\d{4})")[0].astype("float64")
    return frame, year.groupby(frame["municipality"]).max()


def task_rows(
    survey: pd.DataFrame, municipalities: pd.Index, categories: pd.DataFrame
) -> pd.DataFrame:
    """Hours by municipality (`row`), `department` and category (`column`): positions on the axes.

    survey: as newest_survey gives it.
    """
    keys = ["municipality", "department", "category"]
    summed = survey.groupby(keys, as_index=False)["hours"].sum()
    return pd.DataFrame(
        {
            "row": municipalities.get_indexer(summed["municipality"]),
            "department": summed["department"],
            "column": pd.Index(categories["category"]).get_indexer(summed["category"]),
            "hours": summed["hours"].astype("float64"),
        }
    )
