"""Synthetic data of fictional places, in real file formats, through the same pipelines.

`run` writes the files into MADO_HOME/demo-files, loads them as synthetic and publishes a release.
It works in an empty MADO_HOME only, so that invented numbers never stand beside real ones.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines import ingest, ledger, lock, publish
from pipelines.demo import city, nation
from pipelines.demo.world import CITY, CITY_CODE, WATERMARK
from pipelines.errors import PipelineError
from pipelines.stage import Progress
from warehouse.home import Home

SEED = 2040
SCALES: dict[str, Callable[[Path, int], list[Path]]] = {"city": city.write, "nation": nation.write}
_LABELS = {"city": CITY, "nation": "架空の1,741市区町村"}


def files_folder(home: Home) -> Path:
    """Where the demo's files are written."""
    return home.root / "demo-files"


def _state_file(home: Home) -> Path:
    """What demo this MADO_HOME holds: {scale, seed, release}; release null until published."""
    return home.root / "demo.json"


def _state(home: Home) -> dict[str, Any] | None:
    path = _state_file(home)
    if not path.exists():
        return None
    state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return state


def _remember(home: Home, scale: str, seed: int, release: str | None) -> None:
    def write(path: Path) -> None:
        state = {"scale": scale, "seed": seed, "release": release}
        path.write_text(json.dumps(state), encoding="utf-8")

    ledger.write_atomically(_state_file(home), write)


def _refuse_other_data(home: Home, scale: str, seed: int) -> None:
    """Raise PipelineError where MADO_HOME holds anything but this very demo."""
    state = _state(home)
    entries = ledger.entries(home)
    if any(not entry.synthetic for entry in entries):
        raise PipelineError(
            f"{home.root}: 実際のデータがあるため、{WATERMARK}は作れません。"
            "環境変数 MADO_HOME に空のフォルダを指定してください",
            f"{home.root} holds real data; set MADO_HOME to an empty folder for the demo",
        )
    if state is None and (entries or files_folder(home).exists()):
        raise PipelineError(
            f"{home.root}: ほかのファイルがあるため、{WATERMARK}は作れません。"
            "環境変数 MADO_HOME に空のフォルダを指定してください",
            f"{home.root} is not empty; set MADO_HOME to an empty folder for the demo",
        )
    if state is not None and (state["scale"], state["seed"]) != (scale, seed):
        held = f"規模 {state['scale']}、シード {state['seed']}"
        raise PipelineError(
            f"{home.root}: 別の{WATERMARK}（{held}）があります。"
            "環境変数 MADO_HOME に空のフォルダを指定してください",
            f"{home.root} holds another demo (scale {state['scale']}, seed {state['seed']}); "
            "set MADO_HOME to an empty folder",
        )


def _silent(path: Path) -> Progress:
    return lambda rows: None


def run(
    home: Home, scale: str = "city", seed: int = SEED, report: ingest.Reporter = _silent
) -> str:
    """Write, load and publish the demo; return what was done, as one Japanese line.

    scale: `city` (one city with everything) or `nation` (1,741 municipalities, monthly totals).
    report: called with each file that is loaded, gives what is to be called with rows read.
    Running again with the same scale and seed changes nothing and says so; an interrupted run is
    taken up again. Raises PipelineError for an unknown scale, and where MADO_HOME holds other data.
    """
    if scale not in SCALES:
        raise PipelineError(
            f"規模「{scale}」はありません。{'、'.join(SCALES)} のどちらかを指定してください",
            f"there is no scale {scale}; use one of {', '.join(SCALES)}",
        )
    _refuse_other_data(home, scale, seed)
    state = _state(home)
    if state and state["release"] and home.current.exists():
        return (
            f"変更はありません。{WATERMARK}（{_LABELS[scale]}、シード {seed}）は公開済みです"
            f"：{home.current.read_text(encoding='utf-8').strip()}"
        )
    with lock.writing(home):
        _remember(home, scale, seed, None)
        folder = files_folder(home)
        if folder.exists():  # of an interrupted run: it may end in half a file
            shutil.rmtree(folder)
        folder.mkdir()
        paths = SCALES[scale](folder, seed)
        if scale == "city":
            _own_municipality(home)
    own = CITY_CODE if scale == "city" else None
    results = ingest.load(paths, home, municipality=own, synthetic=True, report=report)
    if refused := [result for result in results if result.status == "refused"]:
        raise PipelineError(
            f"{WATERMARK}のファイル {refused[0].file} を取り込めません：{refused[0].message}",
            f"the demo's file {refused[0].file} was refused: {refused[0].message}",
        )
    release = publish.publish(home)
    _remember(home, scale, seed, release)
    rows = sum(result.accepted for result in results)
    held = sum(result.quarantined for result in results)
    return (
        f"{WATERMARK}（{_LABELS[scale]}、シード {seed}）を公開しました：{release}"
        f"（{len(results)}ファイル、{rows:,}行、保留{held:,}行）"
    )


def _own_municipality(home: Home) -> None:
    """Make the demo city the own municipality, where nothing is set yet."""
    path = home.root / "config.toml"
    if not path.exists():
        path.write_text(f'municipality = "{CITY_CODE}"\n', encoding="utf-8")
