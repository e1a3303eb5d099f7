"""From a metric, cuts and conditions to SQL. Values are bound, never written into the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from warehouse.query.door import Condition
from warehouse.query.registry import Default, Dimension, Metric


@dataclass
class Statement:
    """SQL text and the values bound to its $names."""

    sql: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """Keep a value and return the name that stands for it."""
        for name, known in self.parameters.items():
            if type(known) is type(value) and known == value:
                return f"${name}"
        name = f"p{len(self.parameters) + 1}"
        self.parameters[name] = value
        return f"${name}"

    def predicate(self, condition: Condition) -> str:
        """A condition as SQL."""
        column = condition.dimension.column
        if condition.span is not None:
            ends = zip((">=", "<="), condition.span, strict=True)
            parts = [f"{column} {sign} {self.bind(end)}" for sign, end in ends if end is not None]
            return " AND ".join(parts) or "TRUE"
        known = [self.bind(value) for value in condition.values if value is not None]
        parts = []
        if known:
            parts.append(f"{column} IN ({', '.join(known)})")
        if None in condition.values:
            parts.append(f"{column} IS NULL")
        return f"({' OR '.join(parts)})" if len(parts) > 1 else "".join(parts) or "FALSE"

    def filters(self, metric: Metric, by: Sequence[Dimension], found: Iterable[Condition]) -> str:
        """The WHERE clause: the conditions, and the defaults of the metric that they leave."""
        found = list(found)
        predicates = [self.predicate(condition) for condition in found]
        predicates += [default.where for default in defaults(metric, by, found)]
        return f"\nWHERE {' AND '.join(predicates)}" if predicates else ""


def defaults(metric: Metric, by: Sequence[Dimension], found: Iterable[Condition]) -> list[Default]:
    """The defaults of a metric that apply to this question."""
    filtered = {condition.dimension.id for condition in found}
    named = filtered | {dimension.id for dimension in by}
    return [
        default
        for default in metric.defaults
        if not named & set(default.unless) and not filtered & set(default.unless_filtered)
    ]


def origin(mart: str, dimensions: Iterable[Dimension], *extra: str) -> str:
    """The FROM clause: a mart, with attributes of its municipality where they are used."""
    columns = [one.column for one in dimensions if one.of_municipality]
    columns = list(dict.fromkeys([*columns, *extra]))
    if not columns:
        return f"\nFROM {mart}"
    joined = ", ".join(f"place.{column}" for column in columns)
    return (
        f"\nFROM (SELECT mart.*, {joined} FROM {mart} AS mart"
        "\n    LEFT JOIN core_municipality AS place ON mart.municipality = place.code)"
    )


def _used(by: Iterable[Dimension], found: Iterable[Condition]) -> list[Dimension]:
    return [*by, *(condition.dimension for condition in found)]


def _grouped(by: Sequence[Dimension]) -> str:
    return f"\nGROUP BY {', '.join(one.column for one in by)}" if by else ""


def _selected(by: Sequence[Dimension]) -> str:
    return "".join(f"{one.column} AS {one.id}, " for one in by)


def _number(expression: str, metric: Metric) -> str:
    return f"CAST({expression} AS {'BIGINT' if metric.integer else 'DOUBLE'})"


def _bounds(metric: Metric) -> str:
    """Columns low80, high80 …: bounds of one row; of several they would not add up."""
    return "".join(
        f",\n    CASE WHEN count(*) = 1 THEN max({column}) END AS {end}{level}"
        for level, columns in metric.intervals.items()
        for end, column in zip(("low", "high"), columns, strict=True)
    )


def answer_statement(
    metric: Metric,
    by: Sequence[Dimension],
    found: Sequence[Condition],
    order: str | None,
    divisor: Metric | None,
) -> Statement:
    """The statement whose rows are the cuts, `value` and `n`. divisor: the metric of `per`."""
    statement = Statement()
    if divisor:
        body = _ratio(statement, metric, divisor, by, found)
    elif metric.share_over:
        body = _share(statement, metric, by, found)
    else:
        body = _plain(statement, metric, by, found)
    statement.sql = f"{body}{_ordered(by, order)}"
    return statement


def _plain(
    statement: Statement, metric: Metric, by: Sequence[Dimension], found: Sequence[Condition]
) -> str:
    return (
        f"SELECT\n    {_selected(by)}{_number(metric.value, metric)} AS value,"
        f"\n    CAST(COALESCE({metric.n}, 0) AS BIGINT) AS n{_bounds(metric)}"
        f"{origin(metric.mart, _used(by, found))}"
        f"{statement.filters(metric, by, found)}{_grouped(by)}"
    )


def _share(
    statement: Statement, metric: Metric, by: Sequence[Dimension], found: Sequence[Condition]
) -> str:
    """Part ÷ whole: conditions on the shared dimensions narrow the part alone; n is the whole's."""
    narrow = [one for one in found if one.dimension.id in metric.share_over]
    rest = [one for one in found if one not in narrow]
    part = " AND ".join(statement.predicate(one) for one in narrow) or "TRUE"
    within = [one.column for one in by if one.id not in metric.share_over]
    if len(within) == len(by) and not narrow:
        within = []
    window = f"PARTITION BY {', '.join(within)}" if within else ""
    return (
        f"SELECT {''.join(f'{one.id}, ' for one in by)}value, n FROM ("
        f"\nSELECT\n    {_selected(by)}"
        f"{metric.value} FILTER (WHERE {part})"
        f" / NULLIF(sum({metric.value}) OVER ({window}), 0) AS value,"
        f"\n    {metric.n} FILTER (WHERE {part}) AS part_n,"
        f"\n    CAST(COALESCE(sum({metric.n}) OVER ({window}), 0) AS BIGINT) AS n"
        f"{origin(metric.mart, _used(by, found))}"
        f"{statement.filters(metric, by, rest)}{_grouped(by)}"
        f"\n)" + ("\nWHERE part_n > 0" if by else "")
    )


def _ratio(
    statement: Statement,
    metric: Metric,
    divisor: Metric,
    by: Sequence[Dimension],
    found: Sequence[Condition],
) -> str:
    """A metric ÷ another, which knows fewer dimensions: it is cut and filtered by those it has."""
    shared = [one for one in by if one.id in divisor.dimensions]
    common = [one for one in found if one.dimension.id in divisor.dimensions]
    top = _plain(statement, metric, by, found)
    bottom = _plain(statement, divisor, shared, common)
    match = " AND ".join(f"part.{one.id} IS NOT DISTINCT FROM whole.{one.id}" for one in shared)
    return (
        f"WITH part AS (\n{top}\n),\nwhole AS (\n{bottom}\n)\nSELECT * FROM ("
        f"\nSELECT {''.join(f'part.{one.id}, ' for one in by)}"
        "part.value / NULLIF(whole.value, 0) AS value, part.n"
        f"\nFROM part LEFT JOIN whole ON {match or 'TRUE'}\n)"
    )


def _ordered(by: Sequence[Dimension], order: str | None) -> str:
    """Rows in reading order of the cuts, or by value with the cuts to settle ties.

    The codes written into the text are those of dimensions.yml, never a caller's.
    """
    keys = []
    if order:
        keys.append(f"value {'DESC' if order.startswith('-') else 'ASC'} NULLS LAST")
    for dimension in by:
        if dimension.values and dimension.kind == "text":
            listed = ", ".join(f"'{code}'" for code in dimension.values)
            keys.append(f"list_position([{listed}], {dimension.id}) NULLS LAST")
        keys.append(f"{dimension.id} NULLS LAST")
    return f"\nORDER BY {', '.join(keys)}" if keys else ""


def summary_statement(
    metric: Metric, by: Sequence[Dimension], found: Sequence[Condition]
) -> Statement:
    """One row about all that was asked for: n, the period's ends, the time it tells about."""
    statement = Statement()
    first, last = metric.period
    statement.sql = (
        f"SELECT CAST(COALESCE({metric.n}, 0) AS BIGINT), min({first}), max({last}),"
        f" {metric.as_of or 'NULL'}"
        f"{origin(metric.mart, _used(by, found))}{statement.filters(metric, by, found)}"
    )
    return statement


def reporters_statement(
    metric: Metric, by: Sequence[Dimension], found: Sequence[Condition]
) -> Statement:
    """One row: the number of municipalities with data; a city's wards are one municipality."""
    statement = Statement()
    statement.sql = (
        f"SELECT count(*) FROM (\nSELECT municipality_code, {metric.n} AS n"
        f"{origin(metric.mart, _used(by, found), 'municipality_code')}"
        f"{statement.filters(metric, by, found)}\nGROUP BY municipality_code\n) AS reported"
        "\nINNER JOIN core_municipality AS place ON reported.municipality_code = place.code"
        "\nWHERE n > 0 AND is_municipality"
    )
    return statement


def scope_statement(found: Sequence[Condition], is_demo: bool, day: date) -> Statement:
    """One row: the number of municipalities that could have reported, on a day."""
    statement = Statement()
    own = [one for one in found if one.dimension.of_municipality]
    predicates = [statement.predicate(one) for one in own]
    today = statement.bind(day)
    statement.sql = (
        "SELECT count(*) FROM core_municipality"
        f"\nWHERE is_municipality AND is_fictional = {statement.bind(is_demo)}"
        f" AND COALESCE(valid_from <= {today}, TRUE) AND COALESCE(valid_to >= {today}, TRUE)"
        f"{''.join(f' AND {one}' for one in predicates)}"
    )
    return statement
