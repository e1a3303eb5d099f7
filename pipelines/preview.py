"""What loading a file would do: what it was taken for, its first rows, what would be held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipelines import held, ingest, ledger, returnable, returned
from pipelines.errors import PipelineError, Refused, Undecided
from pipelines.ledger import Entry
from pipelines.profile import load_profiles
from pipelines.read import open_document
from pipelines.recognise import Recognised, recognise
from pipelines.results import LoadResult
from pipelines.shadow import shadow
from pipelines.sources import Label, Source, load_sources
from warehouse.home import Home
from warehouse.inputs import QUARANTINE

ROWS = 6
"""Rows of a file that a preview shows."""

RECORDS = 2_000
"""Records of the lake that are searched for those of the first rows."""


@dataclass(frozen=True)
class Item:
    """One column that is read from files, as a preview shows it.

    header: the file's name for it; None where the file has no such column. stored: False where it
    is needed on the way alone. words: stored value → the word that clerks write.
    """

    name: str
    type: str
    label: Label
    header: str | None
    position: int | None
    stored: bool
    words: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """A row as written, the records that it became, and why it would be held back."""

    number: int
    cells: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...] = ()
    reasons: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What a file was taken for and what would become of it.

    result: as of loading; status `stored` means that it can be taken. options: ids to choose from
    where `result.ask` names what is lacking, empty for any. header_row: as a spreadsheet counts,
    None where the layout has no single header. headers: of the sheet that `rows` come from.
    paired: each row is one record at most, so that cells and values stand side by side.
    unused: headers that no item uses. records: the first of the file, whatever row they come from.
    held: one line per reason, as warehouse.inputs.QUARANTINE; marked: the same rows as a workbook
    to correct, unmarked: why there is none. corrects: name of the file whose rows these are again.
    replaces: names of the files that it supersedes.
    """

    result: LoadResult
    options: tuple[str, ...] = ()
    source: Source | None = None
    profile: str | None = None
    encoding: str | None = None
    sheets: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    header_row: int | None = None
    headers: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    paired: bool = False
    records: tuple[Mapping[str, Any], ...] = ()
    held: pd.DataFrame = field(default_factory=QUARANTINE.empty_table().to_pandas)
    marked: bytes | None = None
    unmarked: Label | None = None
    entry: Entry | None = None
    corrects: str | None = None
    replaces: tuple[str, ...] = ()


def preview(
    path: Path,
    home: Home,
    *,
    source: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
) -> Preview:
    """Load a file into a shadow of `home` and say what became of it. `home` stays as it is.

    Raises PipelineError where what was named does not exist or a setting is wrong.
    """
    with shadow(home) as copy:
        result = ingest.load(
            [path], copy, source=source, profile=profile, municipality=municipality
        )[0]
        if result.status == "refused":
            return Preview(result, _options(path, copy, source, profile) if result.ask else ())
        entry = ledger.find(copy, result.sha256 or "")
        assert entry is not None
        if result.status == "unchanged":
            return Preview(result, source=load_sources()[entry.source], entry=entry)
        return _described(path, copy, result, entry)


def _options(path: Path, home: Home, source: str | None, profile: str | None) -> tuple[str, ...]:
    """Ids among which an undecided file has to be told."""
    profiles = load_profiles(home.profiles)
    try:
        recognise(open_document(path), profiles, source=source, profile=profile)
    except Undecided as error:
        return error.options
    except Refused:
        return ()
    return ()


def _described(path: Path, home: Home, result: LoadResult, entry: Entry) -> Preview:
    profiles = load_profiles(home.profiles)
    encoding = profiles.encoding(entry.file, entry.profile)
    document = open_document(path, encoding)
    back = returned.read(home, document, profiles) if entry.corrects else None
    if back is not None:
        found = back.found
    else:
        found = recognise(document, profiles, source=entry.source, profile=entry.profile)
    rejected = held.table(home, entry.sha256).to_pandas()
    reasons, records = _reasons(rejected), _records(home, entry)
    table = found.tables[0] if found.tables else None
    sheet = table.sheet if table else found.sheets[0]
    first = table.header + 1 if table else 0
    names = table.names if table else {}
    headers = tuple(names.get(at, "") for at in range(table.width)) if table else ()
    written = dict(enumerate(sheet.head[first:], start=first + 1))
    if back is not None:
        written = dict(sorted(back.rows.get(sheet.name, {}).items()))
    rows = [
        Row(number, tuple(cells), records.get(number, ()), reasons.get((sheet.name, number), ()))
        for number, cells in written.items()
        if any(cell.strip() for cell in cells)
    ][:ROWS]
    marked, unmarked = marked_rows(home, entry.sha256) if entry.quarantined else (None, None)
    return Preview(
        result,
        source=found.source,
        profile=found.profile.id,
        encoding=document.encoding,
        sheets=tuple(sheet.name for sheet in _read(found) if sheet.name),
        skipped=found.skipped,
        header_row=first or None,
        paired=table is not None and all(len(row.records) <= 1 for row in rows),
        headers=headers,
        unused=tuple(text for _, text in table.match.other) if table else (),
        items=_items(found, headers),
        rows=tuple(rows),
        records=tuple(one for row in records.values() for one in row)[:ROWS],
        held=rejected,
        marked=marked,
        unmarked=unmarked,
        entry=entry,
        corrects=back.entry.file if back else None,
        replaces=tuple(one.file for one in ledger.entries(home) if one.sha256 in result.replaces),
    )


def marked_rows(home: Home, sha256: str) -> tuple[bytes | None, Label | None]:
    """The open rows of a file as a workbook to correct, or why they are not corrected so."""
    try:
        return returnable.workbook(home, sha256), None
    except PipelineError as error:
        return None, Label(error.ja, error.en)


def _read(found: Recognised) -> Sequence[Any]:
    return [table.sheet for table in found.tables] or list(found.sheets)


def _reasons(rejected: pd.DataFrame) -> dict[tuple[str, int], tuple[Label, ...]]:
    said: dict[tuple[str, int], tuple[Label, ...]] = {}
    for row in rejected.head(RECORDS).itertuples():
        at = (str(row.sheet or ""), int(str(row.source_row)))
        said[at] = (*said.get(at, ()), Label(str(row.message_ja), str(row.message_en)))
    return said


def _records(home: Home, entry: Entry) -> dict[int, tuple[Mapping[str, Any], ...]]:
    """The first records of the lake, by the row that they come from; of the first sheet alone."""
    if not entry.accepted:
        return {}
    with pq.ParquetFile(ledger.parquet(home, entry)) as file:
        batch = next(file.iter_batches(batch_size=RECORDS))
    found: dict[int, tuple[Mapping[str, Any], ...]] = {}
    last = 0
    for record in batch.to_pylist():
        number = record["source_row"]
        if number < last:
            break
        last = number
        found[number] = (*found.get(number, ()), record)
    return found


def _items(found: Recognised, headers: tuple[str, ...]) -> tuple[Item, ...]:
    """The columns that a preview shows; all that are stored where no header names any."""
    cells = found.tables[0].match.cells if found.tables else {}
    items = []
    for column in found.source.read_columns:
        at = cells.get(column.name)
        if at is None and not (column.stored and (column.headers or not found.tables)):
            continue
        header = None if at is None else headers[at] if at < len(headers) else ""
        words = {stored: written[0] for stored, written in column.values if written}
        items.append(Item(column.name, column.type, column.label, header, at, column.stored, words))
    return tuple(items)
