"""The ledger: one JSON per loaded file, written last. Its entry is the commit of a load.

An entry is active as long as no later file replaces it as a whole. Everything that reads rows of
the lake (the next load, publish, the rows held back) takes active entries only; a replaced file
stays where it is and speaks again when the later one is forgotten.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.entry import Entry as Entry
from pipelines.entry import active_of
from pipelines.errors import PipelineError
from pipelines.sources import Source, load_sources
from warehouse.home import Home

SCHEMA = pa.schema(
    [
        *(
            pa.field(f.name, {"int": pa.int64(), "bool": pa.bool_()}.get(str(f.type), pa.string()))
            for f in fields(Entry)
        ),
        *(
            pa.field(name, pa.string())
            for name in (
                *("source_label_ja", "source_label_en"),
                *("owner", "licence", "landing_page", "schedule"),
            )
        ),
    ]
)
"""Columns of the ledger as a table: the entry (lists and mappings as JSON text), its source."""


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file beside `path`, then put it there: whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        write(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def clear_partial(home: Home) -> None:
    """Remove what killed writers left half written. For the holder of the lock."""
    for folder in (home.raw, home.lake):
        for path in folder.rglob("*.partial"):
            path.unlink()


def commit(home: Home, entry: Entry) -> None:
    """Write the entry; from here on the file counts as loaded."""
    content = json.dumps(asdict(entry), ensure_ascii=False, indent=1)
    write_text(home.ledger / f"{entry.sha256}.json", content + "\n")


def write_text(path: Path, content: str) -> None:
    """Put a UTF-8 text there: whole or not at all."""

    def write(partial: Path) -> None:
        partial.write_text(content, encoding="utf-8")

    write_atomically(path, write)


def find(home: Home, sha256: str) -> Entry | None:
    """The entry of a file, or None where it is not loaded. Raises PipelineError."""
    path = home.ledger / f"{sha256}.json"
    return _read(path) if path.exists() else None


def may_hold(home: Home, size: int) -> bool:
    """False where no loaded file has so many bytes. A file whose bytes are gone may have any."""
    raws = (home.raw / path.stem for path in home.ledger.glob("*.json"))
    return any(not raw.exists() or raw.stat().st_size == size for raw in raws)


def entries(home: Home) -> list[Entry]:
    """All entries, in the order in which they were loaded. Raises PipelineError."""
    found = [_read(path) for path in home.ledger.glob("*.json")]
    return sorted(found, key=lambda entry: (entry.loaded_at, entry.sha256))


def active(home: Home) -> list[Entry]:
    """The entries that no later one replaces, in the order of loading. Raises PipelineError."""
    return active_of(entries(home))


def resolve(home: Home, start: str) -> Entry:
    """The one entry whose sha256 begins with `start`. Raises PipelineError for none or several."""
    start = start.strip().lower()
    found = [entry for entry in entries(home) if start and entry.sha256.startswith(start)]
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{e.sha256[:12]}（{e.file}）" for e in found[:5])
        raise PipelineError(
            f"{start} で始まるファイルは{len(found)}つあります。もっと長く書いてください: {names}",
            f"{len(found)} loaded files begin with {start}; write more of it: "
            + ", ".join(e.sha256[:12] for e in found[:5]),
        )
    raise no_such_file(start)


def no_such_file(start: str) -> PipelineError:
    """Says that no loaded file's sha256 begins so."""
    return PipelineError(
        f"{start} で始まるファイルはありません。status --json の sha256 を確かめてください",
        f"no loaded file begins with {start}; see the sha256 in status --json",
    )


def _read(path: Path) -> Entry:
    try:
        return Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise PipelineError(
            f"取込台帳 {path.name} が壊れています。控えから戻すか、このファイルを消して元データを"
            "読み込み直してください",
            f"the ledger entry {path.name} is damaged; restore it, or delete it and load again",
        ) from error


def parquet(home: Home, entry: Entry) -> Path:
    """Where a file's accepted rows are."""
    return home.lake / entry.source / f"{entry.sha256}.parquet"


def quarantine(home: Home, entry: Entry) -> Path:
    """Where a file's rows held back are; exists only where there are any."""
    return home.quarantine / f"{entry.sha256}.parquet"


def overlapping(
    home: Home,
    source: Source,
    first: str | None,
    last: str | None,
    without: Collection[str] = (),
) -> Iterator[Path]:
    """Parquet of the active files of a source whose period touches first…last (ISO dates).

    without: sha256 of files to leave out.
    """
    for entry in active(home):
        if entry.source == source.id and entry.accepted and entry.sha256 not in without:
            known = entry.period_from and entry.period_to and first and last
            if not known or (
                str(entry.period_from) <= str(last) and str(first) <= str(entry.period_to)
            ):
                yield parquet(home, entry)


def table(known: Sequence[Entry]) -> pa.Table:
    """Entries as a table, with each file's source described, as SCHEMA says."""
    sources = load_sources()
    rows: list[dict[str, Any]] = []
    for entry in known:
        source = sources[entry.source]
        rows.append(
            {
                **{name: _plain(value) for name, value in asdict(entry).items()},
                "source_label_ja": source.label.ja,
                "source_label_en": source.label.en,
                "owner": source.owner,
                "licence": source.licence,
                "landing_page": source.landing_page,
                "schedule": source.schedule,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _plain(value: Any) -> Any:
    """A value that a column of a table can hold: lists and mappings become JSON text."""
    return (
        json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple | dict) else value
    )
