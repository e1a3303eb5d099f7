"""Fixtures of the spec tests: an empty lake in a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.lake import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)
