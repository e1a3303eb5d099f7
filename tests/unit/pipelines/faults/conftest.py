"""A home with one good file: what a refusal must leave as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.faults import House, log, tickets
from warehouse.home import Home


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Shared by all tests of refusals: none of them may change it."""
    folder = tmp_path_factory.mktemp("settled")
    (folder / "good.csv").write_bytes(log(tickets(20, "2026/09/01")).encode("cp932"))
    house = House(Home(folder / "home"))
    assert house.load(folder / "good.csv").accepted == 20
    return house


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An empty home of one's own."""
    return House(Home(tmp_path / "home"))
