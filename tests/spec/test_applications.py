"""Applications: intake rates, the four 「ない」, and the double-track class of a procedure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.lake import Lake, same
from warehouse import query
from warehouse.engine import Engine
from warehouse.home import Config
from warehouse.inputs import settings as settings_of
from warehouse.query import Span

ROWS = """
municipality | month   | procedure | intake          | place | processing | applications
512010       | 2026-10 | 転入      | online          | home  | digital    | 20
512010       | 2026-10 | 転入      | online          | home  | paper      | 10
512010       | 2026-10 | 転入      | counter_digital | hall  | digital    | 30
512010       | 2026-10 | 転入      | counter_paper   | hall  | paper      | 20
512010       | 2026-10 | 転入      | kiosk           | hall  | digital    | 8
512010       | 2026-10 | 転入      | kiosk           | near  | digital    | 2
512010       | 2026-10 | 転入      | mail            | -     | paper      | 10
"""


def test_rates_are_shares_of_all_applications(lake: Lake) -> None:
    lake.add("applications", ROWS)
    release = lake.release()
    expected = {
        "applications": 100,
        "online_rate": 0.30,
        "digital_intake_rate": 0.70,
        "single_track_rate": 0.60,
        "kakanai_rate": 30 / 50,
        "ikanai_rate": (20 + 10 + 2 + 10) / 100,
    }
    for metric, value in expected.items():
        assert query.metric(metric, release=release).value == pytest.approx(value), metric


def test_digital_processing_counts_whatever_the_intake_and_what_is_recorded(lake: Lake) -> None:
    lake.add(
        "applications",
        """
        municipality | month   | procedure | intake        | place | processing | applications
        512010       | 2026-10 | 転入      | counter_paper | hall  | digital    | 30
        512010       | 2026-10 | 転入      | online        | home  | digital    | 10
        512010       | 2026-10 | 転入      | online        | home  | paper      | 10
        512010       | 2026-10 | 転入      | mail          | home  | -          | 50
        """,
    )
    release = lake.release()
    digital = query.metric("digital_processing_rate", release=release)
    assert (digital.value, digital.n) == (pytest.approx(0.8), 50)
    assert query.metric("single_track_rate", release=release).value == pytest.approx(0.2)


def test_a_kiosk_counts_by_where_it_stands(lake: Lake) -> None:
    lake.add("applications", ROWS)
    same(
        query.metric(
            "ikanai_rate", by=["intake", "place"], where={"intake": "kiosk"}, release=lake.release()
        ).frame,
        """
        intake | place | value | n
        kiosk  | near  | 1     | 2
        kiosk  | hall  | 0     | 8
        """,
    )


def test_intakes_come_in_the_order_of_the_registry(lake: Lake) -> None:
    lake.add("applications", ROWS)
    frame = query.metric("applications", by=["intake"], release=lake.release()).frame
    assert list(frame["intake"]) == ["online", "counter_digital", "counter_paper", "kiosk", "mail"]


CLASSES = """
municipality | month   | procedure | intake          | processing | applications
512010       | 2026-10 | 4％紙     | online          | digital    | 4
512010       | 2026-10 | 4％紙     | counter_paper   | paper      | 96
512010       | 2026-10 | 5％半分紙 | online          | digital    | 7
512010       | 2026-10 | 5％半分紙 | counter_digital | paper      | 7
512010       | 2026-10 | 5％半分紙 | counter_paper   | paper      | 266
512010       | 2026-10 | 95％一貫  | online          | digital    | 19
512010       | 2026-10 | 95％一貫  | counter_paper   | paper      | 1
512010       | 2026-10 | 混在      | online          | digital    | 6
512010       | 2026-10 | 混在      | counter_paper   | paper      | 4
512010       | 2026-10 | 申請なし  | online          | digital    | 0
512010       | 2026-09 | 4％紙     | online          | digital    | 10
"""


def test_double_track_classes_are_tested_in_order_and_at_their_limits(lake: Lake) -> None:
    lake.add("applications", CLASSES)
    release = lake.release()
    same(
        query.metric(
            "double_track_procedures", by=["procedure", "double_track_class"], release=release
        ).frame,
        """
        procedure | double_track_class | value | n
        4％紙     | paper              | 1     | 1
        5％半分紙 | pattern_a          | 1     | 1
        95％一貫  | target             | 1     | 1
        混在      | pattern_b          | 1     | 1
        """,
    )
    same(
        query.metric(
            "double_track_procedures",
            by=["month", "double_track_class"],
            where={"procedure": "4％紙"},
            release=release,
        ).frame,
        """
        month      | double_track_class | value | n
        2026-09-01 | target             | 1     | 1
        2026-10-01 | paper              | 1     | 1
        """,
    )
    same(
        query.metric(
            "applications",
            by=["double_track_class"],
            where={"month": Span("2026-10", None)},
            release=release,
        ).frame,
        """
        double_track_class | value | n
        paper              | 100   | 100
        pattern_a          | 280   | 280
        pattern_b          | 10    | 10
        target             | 20    | 20
        -                  | 0     | 0
        """,
    )


def test_digital_intake_of_unknown_processing_has_no_class(lake: Lake) -> None:
    lake.add(
        "applications",
        """
        municipality | month   | procedure | intake | processing | applications
        512010       | 2026-10 | 転入      | online | -          | 10
        """,
    )
    release = lake.release()
    frame = query.metric("double_track_procedures", by=["double_track_class"], release=release)
    assert frame.frame["double_track_class"].isna().all()
    assert query.metric("single_track_rate", release=release).value is None


SQL = Path(__file__).parents[2] / "warehouse/sql/mart/mart_double_track.sql"
COUNT = st.integers(0, 400)


def classed(digital: int, on_paper: int, paper: int) -> str:
    """The class as the definition says it, in fractions that know no rounding."""
    everything = digital + on_paper + paper
    if 20 * (digital + on_paper) < everything:
        return "paper"
    if 2 * on_paper >= digital + on_paper:
        return "pattern_a"
    return "target" if 20 * digital >= 19 * everything else "pattern_b"


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(COUNT, COUNT, COUNT).filter(any), min_size=1, max_size=200))
def test_every_class_is_the_one_of_the_definition(counts: list[tuple[int, int, int]]) -> None:
    kinds = (("online", "digital"), ("kiosk", "paper"), ("mail", "paper"))
    rows = [
        {
            "municipality": "512010",
            "procedure": f"{number:03}",
            "month": date(2026, 10, 1),
            "intake": intake,
            "processing": processing,
            "applications": count,
        }
        for number, cells in enumerate(counts)
        for (intake, processing), count in zip(kinds, cells, strict=True)
    ]
    engine = Engine.memory()
    engine.register("core_application", pa.Table.from_pylist(rows))
    engine.register("ref_config", settings_of(Config()))
    engine.register("core_date", pa.table({"date": [date(2026, 10, 1)], "fiscal_year": [2026]}))
    text = SQL.read_text(encoding="utf-8")
    found = engine.execute(f"SELECT double_track_class FROM ({text}) ORDER BY procedure NULLS LAST")
    assert [row[0] for row in found] == [classed(*cells) for cells in counts]
