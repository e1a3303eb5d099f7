"""What a profile consists of; pipelines/profile.py says how its YAML gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.sources import Source

STANDARD = "standard"
"""Name of the profile that every source has without a file: the source's own YAML."""


@dataclass(frozen=True)
class Ignore:
    """Rows to leave out (reason `filtered`): those whose cell equals one of `values`.

    The cell is that of `column` (of the source) or of `header` (of the file); one of them is given.
    """

    column: str | None
    header: str | None
    values: tuple[str, ...]


@dataclass(frozen=True)
class Queue:
    """A queue of an event log: its id in the file, and whose tickets those are.

    first, last: its range of ticket numbers, both inclusive; null where it has none.
    """

    id: str
    counter: str
    department: str
    office: str | None = None
    procedure: str | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True)
class Events:
    """What an event log means.

    codes: issued, called, cancelled → the words that the file writes for it. reliable_laps: how
    often a day's numbers may go round before the machine stops recording issues.
    """

    codes: Mapping[str, tuple[str, ...]]
    queues: tuple[Queue, ...]
    reliable_laps: int = 2


@dataclass(frozen=True)
class Profile:
    """Differences from a source; the module's docstring explains each field."""

    id: str
    source: str
    label_ja: str
    label_en: str
    file: str | None = None
    encoding: str | None = None
    header_row: int | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    adapter: str | None = None
    positions: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    date_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    units: Mapping[str, float] = field(default_factory=dict)
    dates: str | None = None
    replace: str | None = None
    events: Events | None = None


def standard(source: Source) -> Profile:
    """The profile of a file that is as the source's YAML says."""
    return Profile(STANDARD, source.id, source.label.ja, source.label.en, adapter=source.adapter)
