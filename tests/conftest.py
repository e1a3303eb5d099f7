"""What all tests share: the repository, the real files beside it, and one demo release."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more about the machine's load than about the code.
settings.register_profile("mado", deadline=None)
settings.load_profile("mado")

ROOT = Path(__file__).parents[1]
REALDATA = (ROOT / "../shared/realdata").resolve()


def run_cli(*arguments: str, home: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` as a user would, with MADO_HOME set."""
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "MADO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if check and result.returncode != 0:
        raise AssertionError(f"{arguments} → {result.returncode}\n{result.stdout}{result.stderr}")
    return result


@pytest.fixture(scope="session")
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    return run_cli


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real public files beside the checkout.

    They are others' and no part of the product, so that a user has none: the test is then
    skipped. What it holds is also held on made-up files in the same layouts.
    """
    if not REALDATA.is_dir():
        pytest.skip("実データのフォルダー（../shared/realdata）がないため省きます")
    return REALDATA


def build_once(shared: Path, scale: str) -> Path:
    """Build a demo home once for all workers of a run: the first builds, the others wait."""
    home = shared / f"demo-{scale}"
    with (shared / f"demo-{scale}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "CURRENT").exists():
            run_cli("pipelines", "demo", "--scale", scale, home=home)
    return home


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo_home(shared_folder: Path) -> Path:
    """MADO_HOME with the demo city, published. Read only: tests that write make their own."""
    return build_once(shared_folder, "city")


@pytest.fixture(scope="session")
def nation_home(shared_folder: Path) -> Path:
    """MADO_HOME with 1,741 fictional municipalities, published. Read only."""
    return build_once(shared_folder, "nation")
