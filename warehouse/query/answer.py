"""One question, one answer: the number with its period, n, freshness, SQL and source files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd

from warehouse.engine import EngineError
from warehouse.query.door import Condition, check_single, conditions
from warehouse.query.errors import NotAllowed, QueryError, UnknownValue, near
from warehouse.query.frames import files_behind
from warehouse.query.labels import labels, present
from warehouse.query.registry import Dimension, Metric, dimension_of, metric_of
from warehouse.query.release import Release, open_release
from warehouse.query.statement import (
    answer_statement,
    reporters_statement,
    scope_statement,
    summary_statement,
)

OUTSIDE = frozenset({"public", "ministry"})
"""Roles that see nothing built from a few persons, and no municipality's inner detail."""


@dataclass(frozen=True)
class Viewer:
    """Who asks. municipality: the own one, None for none; role: `municipal`, `ministry`, `public`.

    A municipal viewer sees the detail of the own municipality only. Outside viewers see no detail,
    and cells of fewer than `suppression_threshold` cases are null, with `suppressed` true.
    """

    municipality: str | None = None
    role: str = "municipal"


class Reporters(NamedTuple):
    """Municipalities with data, of those that could have some."""

    reported: int
    of: int


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    frame: the cuts, `value` and `n`, one row per group, in reading order (`low80`, `high80` …
    where the metric has intervals; `suppressed` for outside viewers). value: the number where
    nothing was cut by, None where there is no data. period: first and last day or year. as_of: the
    time the data tell about; updated: when they were last loaded (UTC). files: the loaded files
    behind the numbers. release: its name. is_demo: the data are synthetic.
    reporters: only for a sum over municipalities.
    """

    metric: Metric
    by: tuple[str, ...]
    frame: pd.DataFrame
    value: float | int | None
    n: int
    period: tuple[Any, Any] | None
    as_of: date | int | None
    updated: datetime
    release: str
    is_demo: bool
    sql: str
    parameters: dict[str, Any]
    files: pd.DataFrame = field(repr=False)
    reporters: Reporters | None = None


def metric(
    id: str,
    by: str | Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    viewer: Viewer | None = None,
    release: Release | None = None,
    order: str | None = None,
) -> Answer:
    """Ask for a metric, cut by dimensions, under filters.

    where: {dimension: value, list of values, or Span}. order: `value` or `-value`; else the
    reading order of the cuts. Raises QueryError (see warehouse.query.errors).
    """
    asked = metric_of(id)
    release = release or open_release()
    by = [by] if isinstance(by, str) else by
    cuts = [dimension_of(name, asked) for name in dict.fromkeys(by)]
    if order not in {None, "value", "-value"}:
        raise QueryError(f"並び順「{order}」は使えません。value か -value で指定してください")
    found = conditions(where or {}, asked, release)
    if viewer:
        found = _limited(viewer, asked, cuts, found)
    check_single(asked, [cut.id for cut in cuts], found)
    divisor = metric_of(asked.per) if asked.per else None
    statement = answer_statement(asked, cuts, found, order, divisor)
    # n, period and freshness are those of the whole of which a share is taken.
    whole = [one for one in found if one.dimension.id not in (asked.share_over or ())]
    summary = summary_statement(asked, cuts, whole)
    try:
        frame = release.engine.frame(statement.sql, statement.parameters)
        n, first, last, as_of = release.engine.execute(summary.sql, summary.parameters)[0]
    except EngineError as error:
        raise QueryError(
            f"指標「{id}」を計算できません（{error.reason.splitlines()[0]}）"
        ) from error
    if not n:
        _check_present(found, release)
    frame = _tidied(frame, asked)
    if viewer and viewer.role in OUTSIDE and asked.minimum_cell:
        frame, n = _suppressed(frame, n, int(release.config[asked.minimum_cell]))
    period = None if first is None else (first, last)
    files = files_behind(release, asked, divisor, found, period)
    return Answer(
        metric=asked,
        by=tuple(cut.id for cut in cuts),
        frame=frame,
        value=None if cuts else _scalar(frame, asked),
        n=int(n),
        period=period,
        as_of=as_of,
        updated=max(files["loaded_at"]).to_pydatetime() if len(files) else release.built_at,
        release=release.name,
        is_demo=release.is_demo,
        sql=statement.sql,
        parameters=statement.parameters,
        files=files,
        reporters=_reporters(asked, cuts, found, release),
    )


def _limited(
    viewer: Viewer, asked: Metric, cuts: Iterable[Dimension], found: list[Condition]
) -> list[Condition]:
    """Keep a viewer to the detail that is theirs. Raises NotAllowed."""
    used = [*cuts, *(condition.dimension for condition in found)]
    detail = [dimension for dimension in used if dimension.is_detail]
    if asked.detail != "municipal" or not detail:
        return found
    if viewer.role in OUTSIDE:
        raise NotAllowed(f"「{detail[0].label()}」ごとの値は、その団体の職員だけが見られます")
    if viewer.municipality is None:
        return found
    for condition in found:
        if condition.dimension.id == "municipality":
            if condition.values != (viewer.municipality,):
                raise NotAllowed(f"ほかの団体の「{detail[0].label()}」ごとの値は見られません")
            return found
    return [*found, Condition(dimension_of("municipality"), (viewer.municipality,))]


def _check_present(found: Iterable[Condition], release: Release) -> None:
    """Nothing was found: raise UnknownValue where a value is nowhere in the release."""
    for condition in found:
        dimension = condition.dimension
        if dimension.values or dimension.kind not in {"text", "municipality", "prefecture"}:
            continue
        names = labels(dimension.id, release)
        known = {*present(dimension.id, release), *(names if dimension.table else ())}
        for value in condition.values:
            if known and value is not None and value not in known:
                hint = near(value, [*known, *names.values()])
                raise UnknownValue(f"「{dimension.id}」に「{value}」という値はありません。{hint}")


def _tidied(frame: pd.DataFrame, asked: Metric) -> pd.DataFrame:
    """Whole numbers where all are known, else floats; missing is NaN, never zero."""
    whole = asked.integer and not frame["value"].isna().any()
    return frame.assign(value=frame["value"].astype("int64" if whole else "float64"))


def _scalar(frame: pd.DataFrame, asked: Metric) -> float | int | None:
    value = frame["value"].iloc[0]
    if pd.isna(value):
        return None
    return int(value) if asked.integer else float(value)


def _suppressed(frame: pd.DataFrame, n: int, threshold: int) -> tuple[pd.DataFrame, int]:
    """Hide cells of 1 to threshold − 1 cases; their n would give them away, too."""
    hidden = frame["n"].between(1, threshold - 1)
    shown = frame.assign(
        value=frame["value"].astype("float64").mask(hidden),
        n=frame["n"].astype("Int64").mask(hidden),
        suppressed=hidden,
    )
    return shown, 0 if 0 < n < threshold else n


def _reporters(
    asked: Metric, cuts: Sequence[Dimension], found: Sequence[Condition], release: Release
) -> Reporters | None:
    """N of M municipalities, where the answer adds up several."""
    if any(cut.id == "municipality" for cut in cuts):
        return None
    named = [one for one in found if one.dimension.id == "municipality"]
    places = [code for one in named for code in one.values if code is not None]
    if len(places) == 1:
        return None
    reported = reporters_statement(asked, cuts, found)
    scope = scope_statement(found, release.is_demo, release.built_at.date())
    some, everyone = (
        release.engine.execute(statement.sql, statement.parameters)[0][0]
        for statement in (reported, scope)
    )
    if not some:  # areas of a projection that are no municipalities: prefectures, wards
        return None
    return Reporters(some, len(places) or everyone)
