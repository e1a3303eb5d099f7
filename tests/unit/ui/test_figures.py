"""What a card says of a change: amount, direction in words, and whether it is for the better."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components import figures
from ui.text import t
from warehouse.query import Metric, catalogue

METRICS = {one.id: one for one in catalogue()}


def context(lang: str) -> Any:
    return SimpleNamespace(lang=lang, t=lambda key, **values: t(key, lang, **values))


def answer(metric: str, value: float | None) -> Any:
    return SimpleNamespace(metric=METRICS[metric], value=value)


@pytest.mark.parametrize(
    ("metric", "now", "before", "verdict", "ja", "en"),
    [
        ("wait_p90", 10.0, 13.1, "good", "前月比 △3.1分 改善", "vs last month −3.1 min, better"),
        ("wait_p90", 13.1, 10.0, "bad", "前月比 +3.1分 悪化", "vs last month +3.1 min, worse"),
        ("wait_p90", 10.04, 10.01, "neutral", "前月比 変わらず", "vs last month unchanged"),
        ("online_rate", 0.21, 0.19, "good", "前月比 +2.0ポイント 改善", None),
        ("online_rate", 0.19, 0.21, "bad", "前月比 △2.0ポイント 悪化", None),
        ("tickets", 1200, 1000, "neutral", "前月比 +200件 増", "vs last month +200 tickets, more"),
        ("tickets", 1000, 1200, "neutral", "前月比 △200件 減", None),
        ("tickets", 1000, None, "neutral", "前月比 記録なし", "vs last month: no record"),
        ("wait_p90", None, 10.0, "neutral", "前月比 記録なし", None),
    ],
)
def test_changes_in_words(
    metric: str, now: float | None, before: float | None, verdict: str, ja: str, en: str | None
) -> None:
    for lang, said in (("ja", ja), ("en", en)):
        if said is None:
            continue
        against = t("common.against.month", lang)
        change = figures.compare(
            context(lang), answer(metric, now), answer(metric, before), against
        )
        assert (change.text, change.verdict) == (said, verdict)


@given(st.floats(0, 500), st.floats(0, 500))
def test_the_change_is_that_of_the_values_shown(now: float, before: float) -> None:
    metric = METRICS["wait_p90"]
    step = figures.difference(answer("wait_p90", now), answer("wait_p90", before))
    assert step is not None
    shown = [float(figures.written(metric, value, "ja").number) for value in (now, before)]
    assert step == pytest.approx(shown[0] - shown[1], abs=1e-9)


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=30))
def test_a_trend_is_a_picture_or_nothing(values: list[float | None]) -> None:
    drawn = figures.spark(values)
    known = [value for value in values if value is not None]
    assert bool(drawn) == (len(known) >= 2)
    assert "nan" not in drawn


@pytest.mark.parametrize("metric", ["wait_p90", "online_rate", "tickets", "population"])
def test_columns_of_tables_follow_the_metric(metric: str) -> None:
    kind, unit, decimals = figures.column_kind(METRICS[metric], "ja")
    declared: Metric = METRICS[metric]
    assert (kind == "share") == (declared.format == "share")
    assert unit == ("" if kind == "share" else declared.unit("ja"))
    assert decimals == declared.decimals
