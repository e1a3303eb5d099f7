"""The real files by name."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def kekkahyo1(realdata: Path) -> Path:
    """IPSS R5, table 1: total population of 1,951 areas."""
    return realdata / "ipss_r5_kekkahyo1.xlsx"


@pytest.fixture(scope="session")
def h30(realdata: Path) -> Path:
    """IPSS H30: sex and five-year bands of 1,857 areas."""
    return realdata / "ipss_h30_suikei_kekka.csv"


@pytest.fixture(scope="session")
def h29(realdata: Path) -> Path:
    """IPSS H29, the nation: single years of age by sex."""
    return realdata / "ipss_h29_national_pyramid.xls"
