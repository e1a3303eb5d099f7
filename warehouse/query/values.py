"""Which values of a dimension there are under some filters, for choosing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from warehouse.query.door import conditions
from warehouse.query.labels import labels
from warehouse.query.registry import Metric, dimension_of, metric_of, metrics
from warehouse.query.release import Release, open_release
from warehouse.query.statement import Statement, origin


def values(
    dimension: str,
    where: Mapping[str, Any] | None = None,
    release: Release | None = None,
    *,
    metric: str | None = None,
    lang: str = "ja",
) -> pd.DataFrame:
    """Codes and labels of a dimension that occur under the filters, in reading order.

    metric: only what that metric's data hold; else every mart that has the dimension and all of
    the filters. Columns: code, label. Raises QueryError.
    """
    release = release or open_release()
    where = where or {}
    wanted = dimension_of(dimension, metric_of(metric) if metric else None)
    found: set[Any] = set()
    for asked in _askable(dimension, where, metric):
        conditioned = conditions(where, asked, release)
        statement = Statement()
        used = [wanted, *(one.dimension for one in conditioned)]
        predicates = [statement.predicate(one) for one in conditioned]
        predicates.append(f"{wanted.column} IS NOT NULL")
        rows = release.engine.execute(
            f"SELECT DISTINCT {wanted.column}{origin(asked.mart, used)}"
            f"\nWHERE {' AND '.join(predicates)}",
            statement.parameters,
        )
        found |= {row[0] for row in rows}
    codes = [code for code in wanted.values if code in found]
    codes += sorted(found - set(codes))
    names = labels(dimension, release, lang)
    return pd.DataFrame({"code": codes, "label": [names.get(code, str(code)) for code in codes]})


def _askable(dimension: str, where: Mapping[str, Any], metric: str | None) -> list[Metric]:
    """One metric per mart that has the dimension and every filter."""
    if metric:
        return [metric_of(metric)]
    for name in where:
        dimension_of(name)
    by_mart = {
        one.mart: one
        for one in metrics().values()
        if dimension in one.dimensions and where.keys() <= set(one.dimensions)
    }
    return list(by_mart.values())
