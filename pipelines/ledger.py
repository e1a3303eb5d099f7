"""The ledger: one JSON per loaded file, written last. Its entry is the commit of a load."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.errors import PipelineError
from pipelines.sources import Source, load_sources
from warehouse.home import Home


@dataclass(frozen=True)
class Entry:
    """What is known of a loaded file.

    period_from, period_to: ISO dates or None. loaded_at: ISO, UTC. ignored_reasons: reason → rows.
    """

    sha256: str
    file: str
    source: str
    profile: str
    municipality: str | None
    period_from: str | None
    period_to: str | None
    rows_read: int
    accepted: int
    quarantined: int
    duplicates: int
    ignored: int
    ignored_reasons: dict[str, int]
    loaded_at: str
    loaded_by: str
    result: str
    synthetic: bool


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
"""Columns of the ledger as a table: the entry (ignored_reasons as JSON text), then its source."""


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
    write_atomically(
        home.ledger / f"{entry.sha256}.json", lambda path: _write_text(path, content + "\n")
    )


def _write_text(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")


def find(home: Home, sha256: str) -> Entry | None:
    """The entry of a file, or None where it is not loaded. Raises PipelineError."""
    path = home.ledger / f"{sha256}.json"
    return _read(path) if path.exists() else None


def entries(home: Home) -> list[Entry]:
    """All entries, in the order in which they were loaded. Raises PipelineError."""
    found = [_read(path) for path in home.ledger.glob("*.json")]
    return sorted(found, key=lambda entry: (entry.loaded_at, entry.sha256))


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


def overlapping(home: Home, source: Source, first: str | None, last: str | None) -> Iterator[Path]:
    """Parquet of the loaded files of a source whose period touches first…last (ISO dates)."""
    for entry in entries(home):
        if entry.source == source.id and entry.accepted:
            known = entry.period_from and entry.period_to and first and last
            if not known or (
                str(entry.period_from) <= str(last) and str(first) <= str(entry.period_to)
            ):
                yield parquet(home, entry)


def table(home: Home) -> pa.Table:
    """The whole ledger, with each file's source described, as SCHEMA says."""
    sources = load_sources()
    rows: list[dict[str, Any]] = []
    for entry in entries(home):
        source = sources[entry.source]
        rows.append(
            {
                **asdict(entry),
                "ignored_reasons": json.dumps(entry.ignored_reasons, ensure_ascii=False),
                "source_label_ja": source.label.ja,
                "source_label_en": source.label.en,
                "owner": source.owner,
                "licence": source.licence,
                "landing_page": source.landing_page,
                "schedule": source.schedule,
            }
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)
