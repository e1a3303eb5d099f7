"""Columns as numbers: units of a profile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa
import pytest

from pipelines.macros import define_macros
from pipelines.profile import Profile
from pipelines.sources import load_sources
from pipelines.typed import Typed, Typist
from warehouse.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    with closing(Engine.memory()) as memory:
        define_macros(memory)
        yield memory


def read(engine: Engine, column: str, words: list[str], units: dict[str, float]) -> Typed:
    source = load_sources()["applications"]
    profile = Profile("a", source.id, "試", "test", units=units)
    return Typist(engine, source, profile, {}).read(column, pa.array(words))


def test_whole_numbers_may_be_written_as_parts_of_a_larger_unit(engine: Engine) -> None:
    found = read(engine, "applications", ["1.5", "2", "0.0004", "千", ""], {"applications": 1000.0})
    assert found.value.to_pylist() == [1500, 2000, 0, None, None]
    assert found.unread.tolist() == [False, False, False, True, False]


def test_without_a_unit_a_part_is_no_whole_number(engine: Engine) -> None:
    assert read(engine, "applications", ["1.5", "2"], {}).value.to_pylist() == [None, 2]


def test_a_number_too_large_for_its_column_cannot_be_read(engine: Engine) -> None:
    found = read(engine, "applications", ["3000000", "2000000"], {"applications": 1000.0})
    assert found.value.to_pylist() == [None, 2_000_000_000]
    assert found.unread.tolist() == [True, False]
