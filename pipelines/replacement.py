"""Which earlier files a later one supersedes as a whole (`replace: period` in its profile).

Only what the later file covers goes: same source and profile with the same constants, all months
of the earlier file among its own, and all places too (municipality, office, department). So the
file of another office, or of a quarter of which one month is delivered again, stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.entry import Entry
from pipelines.profile import Profile
from pipelines.sources import Label, Source
from pipelines.validate import Judge
from warehouse.engine import Engine, identifier

PLACES = ("municipality", "office", "department")
"""Columns that say whose rows a file holds."""


@dataclass(frozen=True)
class Scope:
    """What a file's rows cover. months: YYYY-MM. places: municipality／office／department."""

    months: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True)
class Replacement:
    """The files that go, and those of the same months that stay with the reason."""

    replaced: tuple[Entry, ...] = ()
    beside: tuple[tuple[Entry, Label], ...] = ()


def scope(engine: Engine, source: Source, judge: Judge | None = None) -> Scope:
    """Months and places of the rows of `good`: those of the file, known elsewhere or not.

    judge: where `good` is all that it has kept.
    """
    expressions = f"{source.period.from_} {source.period.to}"
    dated = [c.name for c in source.columns if re.search(rf"\b{c.name}\b", expressions)]
    grouped = ", ".join(map(identifier, dated))
    spans = engine.execute(
        f"SELECT CAST({source.period.from_} AS DATE), CAST({source.period.to} AS DATE) FROM good"
        + (f" GROUP BY {grouped}" if grouped else "")
    )
    months = {month for first, last in spans if first and last for month in _months(first, last)}
    columns = [c.name for c in source.columns if c.name in PLACES]
    found = None if judge is None else judge.distinct(columns)
    if found is None and columns:
        listed = ", ".join(identifier(name) for name in columns)
        found = set(engine.execute(f"SELECT DISTINCT {listed} FROM good"))
    places = {"／".join(str(value or "") for value in row) for row in found or () if columns}
    return Scope(tuple(sorted(months)), tuple(sorted(places)))


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


_OTHER_MONTHS = Label("この期間にない月もあるため", "it also has months that this file lacks")
_OTHER_PLACES = Label("この期間の庁舎・課が違うため", "it is of other offices or departments")
_OTHER_PROFILE = Label(
    "プロファイルかその定数が違うため", "its profile or the profile's constants differ"
)


def replacement(
    known: Sequence[Entry], source: Source, profile: Profile, covered: Scope
) -> Replacement:
    """Compare a file with the entries loaded before it.

    known: entries, superseded ones included: forgetting one of a chain must not revive another.
    Corrected rows that were returned for a file go with it.
    """
    if profile.replace != "period" or not covered.months:
        return Replacement()
    replaced: list[Entry] = []
    beside: list[tuple[Entry, Label]] = []
    for entry in known:
        common = set(entry.months) & set(covered.months)
        if entry.source != source.id or entry.corrects is not None or not common:
            continue
        if entry.profile != profile.id or dict(entry.constants) != dict(profile.constants):
            beside.append((entry, _OTHER_PROFILE))
        elif not set(entry.places) <= set(covered.places):
            beside.append((entry, _OTHER_PLACES))
        elif not set(entry.months) <= set(covered.months):
            beside.append((entry, _OTHER_MONTHS))
        else:
            replaced.append(entry)
    gone = {entry.sha256 for entry in replaced}
    replaced += [entry for entry in known if entry.corrects in gone]
    return Replacement(tuple(replaced), tuple(beside))
