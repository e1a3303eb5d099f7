"""Profiles: how one maker's or one office's file differs from what its source expects.

A profile is a YAML file, shipped in pipelines/profiles or written by the user under
MADO_HOME/profiles, with

    id, source, label {ja, en}
    file        pattern of file names that the profile is for (`北支所*.csv`)
    encoding    where the detection would be wrong
    header_row  row of the column names, where the detection would be wrong
    columns     column: [further header names]
    constants   column: value for the whole file (office, municipality, …)
    values      column: {stored value: [further words]}
    settings    name: value (closing_time: "17:15")
    adapter     module of pipelines/adapters where it is another than the source's
    positions   column: number of the cell from 1, for files without a header
    formats     column: how its dates or times are written (%Y%m%d), where detection is wrong
    date_columns  column: [headers of the cell with the date, where its own holds the time alone]
    ignore      [{column or header, values}]: rows with one of these values are left out
    units       column: factor that turns the file's numbers into the column's unit
    dates       "1904" where numbers of days are counted from 1904
    replace     "period": a later file takes the place of an earlier one of the same period
    events      {codes, queues, reliable_laps}: what a machine's event log means
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import PipelineError
from pipelines.sources import Source, load_sources

STANDARD = "standard"
"""Name of the profile that every source has without a file: the source's own YAML."""

SHIPPED = Path(__file__).parent / "profiles"


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


def _fail(path: Path, ja: str, en: str) -> PipelineError:
    return PipelineError(f"プロファイル {path.name}: {ja}", f"profile {path.name}: {en}")


def _parse(given: Any, path: Path) -> Profile:
    if not isinstance(given, dict) or "source" not in given:
        raise _fail(path, "source（取込元）を書いてください", "names no source")
    source = load_sources().get(str(given["source"]))
    if source is None:
        raise _fail(
            path,
            f"取込元「{given['source']}」はありません",
            f"there is no source {given['source']}",
        )
    known = set(Profile.__dataclass_fields__) - {"label_ja", "label_en"} | {"label"}
    if unknown := sorted(set(given) - known):
        raise _fail(path, f"「{unknown[0]}」という項目はありません", f"unknown key {unknown[0]}")
    names = {column.name for column in source.read_columns}
    for part in ("columns", "constants", "values"):
        for name in given.get(part) or {}:
            if name not in names:
                raise _fail(
                    path,
                    f"{part} の「{name}」という列は {source.id} にありません",
                    f"{part}: {source.id} has no column {name}",
                )
    for name in given.get("settings") or {}:
        if name not in source.settings:
            raise _fail(path, f"設定「{name}」はありません", f"there is no setting {name}")
    label = given.get("label") or {}
    return Profile(
        id=str(given.get("id", path.stem)),
        source=source.id,
        label_ja=str(label.get("ja", path.stem)),
        label_en=str(label.get("en", path.stem)),
        file=given.get("file"),
        encoding=given.get("encoding"),
        header_row=given.get("header_row"),
        columns={k: tuple(map(str, v)) for k, v in (given.get("columns") or {}).items()},
        constants={k: str(v) for k, v in (given.get("constants") or {}).items()},
        values={
            column: {str(stored): tuple(map(str, words)) for stored, words in mapping.items()}
            for column, mapping in (given.get("values") or {}).items()
        },
        settings={k: str(v) for k, v in (given.get("settings") or {}).items()},
        adapter=given.get("adapter", source.adapter),
        positions={k: int(v) for k, v in (given.get("positions") or {}).items()},
        formats={k: str(v) for k, v in (given.get("formats") or {}).items()},
        date_columns={k: tuple(map(str, v)) for k, v in (given.get("date_columns") or {}).items()},
        ignore=tuple(
            Ignore(one.get("column"), one.get("header"), tuple(map(str, one["values"])))
            for one in given.get("ignore") or []
        ),
        units={k: float(v) for k, v in (given.get("units") or {}).items()},
        dates=None if given.get("dates") is None else str(given["dates"]),
        replace=given.get("replace"),
        events=_events(given["events"]) if given.get("events") else None,
    )


def _events(given: Any) -> Events:
    queues = tuple(
        Queue(
            id=str(queue["id"]),
            counter=str(queue["counter"]),
            department=str(queue["department"]),
            office=queue.get("office"),
            procedure=queue.get("procedure"),
            first=queue.get("from"),
            last=queue.get("to"),
        )
        for queue in given["queues"]
    )
    codes = {name: tuple(map(str, words)) for name, words in given["codes"].items()}
    return Events(codes, queues, int(given.get("reliable_laps", 2)))


def load_profiles(folder: Path) -> list[Profile]:
    """Shipped profiles and the user's in `folder`. Raises PipelineError naming file and key."""
    profiles: list[Profile] = []
    for path in [*sorted(SHIPPED.glob("*.yml")), *sorted(folder.glob("*.yml"))]:
        try:
            given = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise _fail(path, "YAML として読めません", "is not readable as YAML") from error
        profiles.append(_parse(given, path))
    return profiles
