"""Open releases: each file once per process, by name, and never one that is half written."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse import releases
from warehouse.engine import Engine, EngineError
from warehouse.home import Home
from warehouse.query.errors import NoRelease

OPEN_AT_ONCE = 4
TRIES = 5


@dataclass(frozen=True, eq=False)
class Release:
    """One published state of all tables. Shared by threads; closes when nobody holds it.

    built_at: moment of the build (UTC). config: the settings that its numbers were made with
    (wait_target_seconds, suppression_threshold, …). cache: what the door remembers of it.
    """

    name: str
    built_at: datetime
    is_demo: bool
    version: str
    config: Mapping[str, float]
    engine: Engine
    cache: dict[Any, Any] = field(default_factory=dict)


_open: OrderedDict[tuple[Path, str], Release] = OrderedDict()
_lock = threading.Lock()


def open_release(home: Home | None = None, name: str | None = None) -> Release:
    """The release that CURRENT names now, or the one named. Raises NoRelease.

    Open it once for all questions of one page: a publish in between must not mix two states.
    """
    home = home or Home.from_env()
    for _ in range(TRIES):
        wanted = name or releases.current(home)
        if wanted is None:
            raise NoRelease(
                "公開済みのデータがありません。python -m pipelines publish を実行してください"
            )
        try:
            return _cached(home, wanted)
        except EngineError as error:
            # Three newer releases may have been published since CURRENT was read.
            if releases.path_of(home, wanted).exists():
                raise NoRelease(f"リリース「{wanted}」を開けません（{error.reason}）") from error
            if wanted in {name, releases.current(home)}:
                break
    raise NoRelease(
        f"リリース「{wanted}」がありません。あるもの: {'、'.join(releases.names(home)) or 'なし'}"
    )


def _cached(home: Home, name: str) -> Release:
    key = (home.releases.resolve(), name)
    with _lock:
        if key not in _open:
            _open[key] = _opened(home, name)
        _open.move_to_end(key)
        # The engine closes when its last holder lets go of it, so a query in flight is safe.
        while len(_open) > OPEN_AT_ONCE:
            _open.popitem(last=False)
        return _open[key]


def _opened(home: Home, name: str) -> Release:
    path = releases.path_of(home, name)
    if not path.exists():
        raise EngineError(path.name, "no such file", "")
    engine = Engine.read_only(path)
    row = engine.frame("SELECT * FROM meta_release").iloc[0]
    config = engine.frame("SELECT * FROM ref_config").iloc[0]
    return Release(
        name=str(row["name"]),
        built_at=row["built_at"].to_pydatetime(),
        is_demo=bool(row["is_demo"]),
        version=str(row["version"]),
        config={str(key): float(value) for key, value in config.items()},
        engine=engine,
    )
