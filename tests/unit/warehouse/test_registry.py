"""The metrics' YAML: every entry is complete, and every name in it exists."""

from __future__ import annotations

import pytest

from warehouse.engine import Engine
from warehouse.home import Config
from warehouse.inputs import reference, settings
from warehouse.query import Metric, UnknownDimension, UnknownMetric, catalogue, dimensions
from warehouse.query.registry import dimension_of, metric_of

PROMISED = """
tickets tickets_per_open_day open_days wait_mean wait_p50 wait_p90 wait_over_share
service_mean abandonment_rate no_show_rate applications online_rate digital_intake_rate
single_track_rate kakanai_rate matanai_rate mayowanai_rate ikanai_rate
double_track_procedures workload_hours workload_share clerical_share unit_minutes
population population_index staff staff_fte staff_share_50plus required_fte available_fte
staff_gap_fte staff_projected hires_projected separations_projected hiring_pool
waiting_mean waiting_p90 waiting_max open_counters_mean shown_wait_mean
hires_recorded separations_recorded
"""


def test_every_promised_metric_is_there() -> None:
    assert set(PROMISED.split()) - {metric.id for metric in catalogue()} == set()


@pytest.mark.parametrize("metric", catalogue(), ids=lambda metric: metric.id)
def test_a_metric_is_told_in_full(metric: Metric) -> None:
    assert metric.direction in {"up_good", "down_good", "neutral"}
    assert metric.format in {"number", "share", "people"}
    assert metric.source and metric.dimensions and metric.n and metric.value
    for lang in ("ja", "en"):
        assert metric.label(lang) and metric.unit(lang) and metric.caveat(lang)
        assert len(metric.definition(lang)) > 10
        assert metric.definition(lang)[-1] in "。."
    assert metric.format != "share" or metric.unit() == "%"
    if metric.minimum_cell:
        assert metric.minimum_cell in settings(Config()).column_names


def test_dimensions_of_a_shared_mart_are_declared_alike() -> None:
    by_mart: dict[str, set[tuple[str, ...]]] = {}
    for metric in catalogue():
        by_mart.setdefault(metric.mart, set()).add(metric.dimensions)
    assert [mart for mart, found in by_mart.items() if len(found) > 1] == []


def test_fixed_codes_can_stand_in_sql_and_in_an_address() -> None:
    for dimension in dimensions().values():
        for code in dimension.values:
            assert str(code).replace("_", "").replace("-", "").replace("+", "").isalnum()


def test_categories_are_the_eighteen_in_their_order() -> None:
    names = [texts["ja"] for texts in dimensions()["category"].values.values()]
    assert len(names) == 18
    assert names[:3] == ["申請受付", "相談/面談", "入力"] and names[-1] == "その他"


def test_unknown_names_are_told_with_the_near_ones() -> None:
    with pytest.raises(UnknownMetric, match="wait_p90"):
        metric_of("wait_p9")
    with pytest.raises(UnknownDimension, match="weekday"):
        dimension_of("weekdays")
    with pytest.raises(UnknownDimension, match=r"sex.*municipality、prefecture"):
        dimension_of("sex", metric_of("tickets"))


def test_municipalities_are_1741_with_valid_codes_and_known_parents() -> None:
    engine = Engine.memory()
    engine.register("listed", reference("municipality"))
    kinds = ("designated_city", "city", "special_ward", "town", "village")
    count = engine.execute(
        f"SELECT count(*) FROM listed WHERE kind IN {kinds}"
        " AND (valid_to IS NULL OR valid_to > DATE '2026-11-01')"
    )
    assert count == [(1741,)]
    orphans = engine.execute(
        "SELECT code FROM listed WHERE parent NOT IN (SELECT code FROM listed)"
    )
    assert orphans == []
