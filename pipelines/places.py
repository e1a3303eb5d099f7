"""The municipalities that this installation knows: shipped, loaded, former; by code and by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipelines import ledger
from pipelines.names import Mapped, Names, Place
from pipelines.sources import load_sources
from warehouse.engine import Engine
from warehouse.home import Home
from warehouse.inputs import reference
from warehouse.succession import Change, Succession, changes_of, former_places

LISTS = ("municipality", "municipality_change", "name_mapping")
"""Sources that say what codes and names mean; of several files they are loaded first, in order."""

FORMER = "former"
"""Kind of a code that is known only from a change: no list says what it was."""

Rows = list[dict[str, Any]]


class Places(Mapping[str, str]):
    """Code → kind of all that is known, with what became of codes, and with names."""

    def __init__(self, listed: Rows, changed: Rows, mapped: Rows) -> None:
        shipped = reference("municipality").to_pylist()
        known = {row["code"] for row in shipped}
        rows = [*shipped, *(row for row in listed if row["code"] not in known)]
        changes = [
            *changes_of(rows),
            *(
                Change(r["effective_date"], r["old_code"], r["new_code"], r["reason"])
                for r in changed
            ),
        ]
        former = former_places(changed, rows)
        self.succession = Succession(changes)
        found = [*_places(rows), *_places(former)]
        self._places = {place.code: place for place in found}
        self.names = Names(
            found,
            (Mapped(row["written"], row["prefecture"], row["code"]) for row in mapped),
            self.succession,
        )
        self._kinds: dict[str, str] = {
            **{row["code"]: FORMER for row in former},
            **{row["code"]: row["kind"] for row in rows},
        }

    def place(self, code: str) -> Place:
        """Prefecture and name of a code. Raises KeyError."""
        return self._places[code]

    def __getitem__(self, code: str) -> str:
        return self._kinds[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


def _places(rows: Iterable[dict[str, Any]]) -> Iterator[Place]:
    rows = list(rows)
    names = {row["code"]: row["name"] for row in rows}
    for row in rows:
        parent = names.get(row["parent"]) if row["kind"] == "ward" else None
        yield Place(
            row["code"], row["prefecture"], row["name"], row["kind"] == "prefecture", parent
        )


@cache
def shipped() -> Places:
    """What the product knows before any list is loaded."""
    return Places([], [], [])


def known_municipalities(home: Home) -> Places:
    """The shipped list, and the lists, changes and mappings that were loaded."""
    files: dict[str, list[Path]] = {source: [] for source in LISTS}
    for entry in ledger.active(home):
        if entry.source in files and entry.accepted:
            files[entry.source].append(ledger.parquet(home, entry))
    if not any(files.values()):
        return shipped()
    return _loaded(tuple(tuple(files[source]) for source in LISTS))


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[Path, ...], ...]) -> Places:
    """Files of the lake never change, so that the same ones say the same."""
    tables: list[Rows] = []
    with closing(Engine.memory()) as engine:
        for source, paths in zip(LISTS, files, strict=True):
            engine.register_parquet(source, paths, load_sources()[source].schema)
            tables.append(engine.arrow(f"SELECT * FROM {source}").to_pylist())
    return Places(*tables)
