"""The command: what it refuses, what it leaves behind, and that running again changes nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from pipelines import demo, ingest, ledger
from pipelines.demo import ticket_files
from pipelines.errors import PipelineError
from warehouse.home import Home

EVENTS = "団体コード,実施日,取組\r\n{code},2026/04/01,書かない窓口\r\n"


def load_events(home: Home, folder: Path, code: str, *, synthetic: bool) -> None:
    path = folder / "改革.csv"
    path.write_text(EVENTS.format(code=code), "utf-8")
    results = ingest.load([path], home, synthetic=synthetic)
    assert [result.status for result in results] == ["stored"]


def everything(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_home_with_real_data_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    load_events(home, tmp_path, "272060", synthetic=False)
    before = everything(home.root)
    with pytest.raises(PipelineError, match=r"実際のデータがあるため.*MADO_HOME") as error:
        demo.run(home)
    assert "\n" not in str(error.value)
    assert everything(home.root) == before


def test_synthetic_data_of_another_origin_is_refused_too(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    load_events(home, tmp_path, "272060", synthetic=True)
    with pytest.raises(PipelineError, match="ほかのファイルがあるため"):
        demo.run(home)


def test_a_folder_of_the_users_is_not_overwritten(tmp_path: Path) -> None:
    home = Home(tmp_path)
    own = demo.files_folder(home) / "大切なファイル.txt"
    own.parent.mkdir()
    own.write_text("消さない", "utf-8")
    with pytest.raises(PipelineError, match="ほかのファイルがあるため"):
        demo.run(home)
    assert own.read_text("utf-8") == "消さない"


def test_an_unknown_scale_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="city、nation"):
        demo.run(Home(tmp_path), "world")
    assert list(tmp_path.iterdir()) == []


def test_another_demo_is_not_mixed_in(tmp_path: Path) -> None:
    state = {"scale": "city", "seed": 2040, "release": None}
    (tmp_path / "demo.json").write_text(json.dumps(state), "utf-8")
    for scale, seed in (("nation", 2040), ("city", 1)):
        with pytest.raises(PipelineError, match="別の模擬データ（規模 city、シード 2040）"):
            demo.run(Home(tmp_path), scale, seed)


def test_every_file_went_through_the_pipelines_as_synthetic(demo_home: Path) -> None:
    home = Home(demo_home)
    entries = ledger.entries(home)
    assert {entry.file for entry in entries} == {
        path.name for path in demo.files_folder(home).iterdir()
    }
    assert all(entry.synthetic for entry in entries)
    rest = [entry for entry in entries if entry.source != "ticket_log"]
    assert {entry.source for entry in rest} == {
        "applications",
        "event",
        "ipss_h30_suikei",
        "ipss_r5_suikei",
        "municipality",
        "opening",
        "queue_snapshot",
        "staff_age",
        "staff_flow",
        "target",
        "workload_survey",
    }
    assert sum(entry.quarantined + entry.duplicates for entry in rest) == 0


def test_exactly_the_planned_faults_are_held_back(demo_home: Path) -> None:
    tickets = [entry for entry in ledger.entries(Home(demo_home)) if entry.source == "ticket_log"]
    faults = dict(ticket_files.FAULTS)
    assert sum(entry.duplicates for entry in tickets) == faults.pop("duplicate")
    assert sum(entry.quarantined for entry in tickets) == sum(faults.values())
    assert all(entry.ignored_reasons == {"total": 1} for entry in tickets)


def test_running_again_changes_nothing_and_says_so(demo_home: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "copy")
    shutil.copytree(demo_home, home.root, ignore=shutil.ignore_patterns("raw"))
    before = everything(home.root)
    message = demo.run(home)
    release = home.current.read_text("utf-8").strip()
    assert message.startswith("変更はありません")
    assert message.endswith(release)
    assert everything(home.root) == before


def test_an_interrupted_run_is_taken_up_again(demo_home: Path, tmp_path: Path) -> None:
    """Killed before publishing, one load lost: only that file is loaded, the rest is unchanged."""
    home = Home(tmp_path / "copy")
    shutil.copytree(demo_home, home.root)
    home.current.unlink()
    state = json.loads((home.root / "demo.json").read_text("utf-8"))
    (home.root / "demo.json").write_text(json.dumps({**state, "release": None}), "utf-8")
    before = {entry.sha256: entry.loaded_at for entry in ledger.entries(home)}
    lost = next(entry for entry in ledger.entries(home) if entry.source == "event")
    (home.ledger / f"{lost.sha256}.json").unlink()
    message = demo.run(home)
    assert re.search(r"公開しました：mado-\S+（85ファイル", message)
    after = {entry.sha256: entry.loaded_at for entry in ledger.entries(home)}
    assert set(after) == set(before)
    assert {sha for sha in after if after[sha] != before[sha]} == {lost.sha256}


def test_nothing_of_the_nation_is_held_back(nation_home: Path) -> None:
    entries = ledger.entries(Home(nation_home))
    assert all(entry.synthetic for entry in entries)
    assert sum(entry.quarantined + entry.duplicates for entry in entries) == 0
    assert sum(entry.source == "counter_month" for entry in entries) == 12
