"""What an adapter gets and gives.

An adapter is a module of this package, named in a source's or profile's YAML (`adapter: name`):

    def recognise(sheets: Sequence[Sheet], source: Source) -> bool
    def adapt(sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted

`recognise` looks at `sheet.head` only and answers True for its own layout alone: two sources that
both answer True make the file ambiguous, and it is refused. `adapt` raises Refused where the
file cannot be understood as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import pyarrow as pa

from pipelines.places import Places, shipped
from pipelines.profile import Profile
from pipelines.read import Sheet
from pipelines.sources import Source


@dataclass(frozen=True)
class Context:
    """What is known beside the file's cells.

    municipality: six digits, from the command line or config.toml, where the file names none.
    places: the municipalities that are known, by code and by name. waived: headers of columns
    that config.toml lets pass although they may look like personal data.
    """

    file_name: str
    profile: Profile
    municipality: str | None = None
    places: Places = field(default_factory=shipped)
    waived: Collection[str] = ()


class Ignored(NamedTuple):
    """A physical row that is left out for a good reason.

    reason: blank, title, header, total, subtotal (equal to its parts) or filtered; of snapshots
    no_reading; of an event log merged, recalled or unreliable (see ticket_events).
    """

    row: int
    reason: str
    sheet: str = ""


class Finding(NamedTuple):
    """Why a physical row is held back. value: the cell as it was."""

    row: int
    column: str
    value: str
    rule: str
    message_ja: str
    message_en: str
    sheet: str = ""


@dataclass
class Adapted:
    """Records of a source, and what became of every physical row below the header.

    records: columns named as the source's columns (others of them may be left out and are then
    null), of text or of whole numbers, `source_row` int64 and, for workbooks, `sheet` text. One
    physical row may give many records: if one of them fails validation the whole row is held back.
    rejected: rows that the adapter itself holds back; records of such a row are dropped.
    rows_read: physical rows below the headers = rows with records ∪ rejected ∪ ignored.
    """

    records: pa.Table
    ignored: list[Ignored] = field(default_factory=list)
    rejected: list[Finding] = field(default_factory=list)
    rows_read: int = 0


class Adapter(Protocol):
    """The two functions of an adapter module."""

    def recognise(self, sheets: Sequence[Sheet], source: Source) -> bool:
        """True where these sheets have this adapter's layout."""
        ...

    def adapt(self, sheets: Sequence[Sheet], source: Source, context: Context) -> Adapted:
        """Turn the sheets into records."""
        ...
