"""The documentation says what the code does: every command, source, metric and page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import catalogue
from pages import PAGES
from pipelines.sources import load_sources
from ui.text import t
from warehouse import query

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/guide-ja.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", catalogue.PAGES)
def test_catalogue_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == catalogue.PAGES[name](), f"docs/{name} は古くなっています。make docs を実行"


@pytest.mark.parametrize("module", ["pipelines", "warehouse", "demography"])
def test_every_command_stands_in_the_readme(module: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    listed = re.search(r"\{([a-z,_-]+)\}", shown)
    assert listed is not None
    commands = listed.group(1).split(",")
    assert [c for c in commands if f"python -m {module} {c}" not in README] == []


def test_the_readme_names_no_command_that_is_not_there() -> None:
    for module, command in set(re.findall(r"python -m (pipelines|warehouse) ([a-z]+)", README)):
        shown = subprocess.run(
            [sys.executable, "-m", module, command, "--help"], cwd=ROOT, capture_output=True
        )
        assert shown.returncode == 0, f"python -m {module} {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_every_page_stands_in_the_guide(page: object) -> None:
    title = t(f"{page.section}.{page.key}.title", "ja")  # type: ignore[attr-defined]
    assert f"| {title} |" in GUIDE


def test_every_metric_is_defined_in_both_languages() -> None:
    metrics = query.catalogue()
    assert len(metrics) >= 22
    for metric in metrics:
        for lang in ("ja", "en"):
            assert metric.label(lang) and len(metric.definition(lang)) > 10, metric.id
        assert metric.source, metric.id


def test_every_source_says_whose_it_is() -> None:
    for source in load_sources().values():
        assert source.owner and source.licence and source.label.ja and source.label.en


def test_every_setting_stands_in_the_readme_or_the_sources() -> None:
    from warehouse.home import Config

    known = README + GUIDE
    assert [name for name in Config.__dataclass_fields__ if name not in known] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} → {target}"
