"""Decide which source a file belongs to, by its header and shape. A doubtful file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import import_module

from pipelines import personal
from pipelines.adapters.base import Adapter
from pipelines.errors import PipelineError, Refused, Undecided
from pipelines.headers import HeaderMatch, match_header
from pipelines.profile import STANDARD, Profile, standard
from pipelines.read import Document, Sheet
from pipelines.sources import Source, load_sources

HEADER_WITHIN = 30
"""The header stands in the first rows of a sheet, below titles and notes."""


@dataclass(frozen=True)
class Table:
    """A sheet that holds rows of a source. `header` is the index of its header row."""

    sheet: Sheet
    header: int
    match: HeaderMatch


@dataclass(frozen=True)
class Recognised:
    """A file's source and profile, and either its tables or the adapter that reads its sheets.

    skipped: names of sheets that are not read.
    """

    source: Source
    profile: Profile
    tables: tuple[Table, ...] = ()
    adapter: Adapter | None = None
    sheets: tuple[Sheet, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def cells(self) -> frozenset[tuple[str, int]]:
        """Header cells that are understood: (name of the sheet, position)."""
        return frozenset((table.sheet.name, at) for table in self.tables for at in table.match.used)


def adapter_module(name: str) -> Adapter:
    """The adapter module of that name."""
    module: Adapter = import_module(f"pipelines.adapters.{name}")
    return module


def visible_sheets(document: Document) -> list[Sheet]:
    """The sheets to read: hidden ones are somebody's working copy."""
    return [sheet for sheet in document.sheets if not sheet.hidden]


def _best_header(sheet: Sheet, source: Source, profile: Profile) -> Table | None:
    rows = range(min(len(sheet.head), HEADER_WITHIN))
    if profile.header_row is not None:
        rows = range(profile.header_row - 1, min(profile.header_row, len(sheet.head)))
    best: Table | None = None
    for at in rows:
        match = match_header(sheet.head[at], source, profile)
        if match.cells and (best is None or len(match.used) > len(best.match.used)):
            best = Table(sheet, at, match)
    return best


def _tables(
    sheets: Sequence[Sheet], source: Source, profile: Profile
) -> tuple[list[Table], list[Table]]:
    """Tables that fit the source, and those that lack required columns."""
    fitting: list[Table] = []
    lacking: list[Table] = []
    for sheet in sheets:
        table = _best_header(sheet, source, profile)
        if table is not None:
            (lacking if table.match.missing else fitting).append(table)
    return fitting, lacking


def _profiles(
    source: str | None, profile: str | None, profiles: Sequence[Profile], file_name: str
) -> list[tuple[Source, Profile]]:
    """The pairs to try. Raises PipelineError where the asked-for names do not exist."""
    sources = load_sources()
    if source is not None and source not in sources:
        raise PipelineError(
            f"取込元「{source}」はありません。使える名前: {'、'.join(sources)}",
            f"there is no source {source}; there are: {', '.join(sources)}",
        )
    pairs = [(sources[p.source], p) for p in profiles] + [
        (found, standard(found)) for found in sources.values()
    ]
    if source is not None:
        pairs = [pair for pair in pairs if pair[0].id == source]
    if profile is not None:
        pairs = [pair for pair in pairs if pair[1].id == profile]
        if not pairs:
            names = "、".join([STANDARD, *(p.id for p in profiles)])
            raise PipelineError(
                f"プロファイル「{profile}」はありません。使える名前: {names}",
                f"there is no profile {profile}; there are: {names}",
            )
        return pairs
    return [(s, p) for s, p in pairs if p.file is None or fnmatch(file_name, p.file)]


def recognise(
    document: Document,
    profiles: Sequence[Profile],
    *,
    source: str | None = None,
    profile: str | None = None,
) -> Recognised:
    """Find the source and profile of a file, or take those asked for.

    Raises Refused where none fits (saying what the nearest one lacks), where more than one does,
    and where a header names personal data.
    """
    sheets = visible_sheets(document)
    found: list[Recognised] = []
    near: list[tuple[Source, Table]] = []
    for candidate, its_profile in _profiles(source, profile, profiles, document.name):
        if its_profile.adapter is not None:
            adapter = adapter_module(its_profile.adapter)
            if adapter.recognise(sheets, candidate):
                found.append(
                    Recognised(candidate, its_profile, adapter=adapter, sheets=tuple(sheets))
                )
            continue
        fitting, lacking = _tables(sheets, candidate, its_profile)
        near.extend((candidate, table) for table in lacking)
        if fitting:
            read = {table.sheet.name for table in fitting}
            skipped = tuple(s.name for s in document.sheets if s.name not in read)
            found.append(Recognised(candidate, its_profile, tuple(fitting), skipped=skipped))
    for table in [t for r in found for t in r.tables] or [t for _, t in near]:
        personal.refuse_headers(text for _, text in table.match.other)
    found = _narrow(found)
    if len(found) == 1:
        _refuse_twice(found[0])
        return found[0]
    if found:
        raise _ambiguous(found)
    raise _unknown(near, document, source)


def _narrow(found: list[Recognised]) -> list[Recognised]:
    """Leave out what another candidate explains better.

    One explains better when it understands all the header cells that the other does and more, or
    the same with a profile written for this file's name.
    """

    def better(a: Recognised, b: Recognised) -> bool:
        if a.cells == b.cells:
            return a.source.id == b.source.id and bool(a.profile.file) and not b.profile.file
        return bool(b.cells) and a.cells > b.cells

    return [one for one in found if not any(better(other, one) for other in found)]


def _ambiguous(found: list[Recognised]) -> Refused:
    sources = list(dict.fromkeys((r.source.id, r.source.label.ja) for r in found))
    if len(sources) > 1:
        names = "、".join(f"{label}（--source {key}）" for key, label in sources)
        return Undecided(
            f"どの種類のファイルか決められません。次のどれかを指定してください: {names}",
            "more than one source fits; name one with --source: "
            + ", ".join(key for key, _ in sources),
            "source",
            tuple(key for key, _ in sources),
        )
    names = "、".join(f"--profile {r.profile.id}" for r in found)
    return Undecided(
        f"合うプロファイルが複数あります。次のどれかを指定してください: {names}",
        f"more than one profile fits; name one: {names}",
        "profile",
        tuple(r.profile.id for r in found),
    )


def _unknown(near: list[tuple[Source, Table]], document: Document, asked: str | None) -> Refused:
    nearest = max(
        near,
        key=lambda pair: (
            len(pair[1].match.used) - len(pair[1].match.missing),
            len(pair[1].match.used),
        ),
        default=None,
    )
    if nearest is None and asked is not None:
        label = load_sources()[asked].label
        return Refused(
            f"「{label.ja}」の列が見つかりません。見出しの行があるか、列名を確かめてください"
            "（列名が違う場合はプロファイルに書けます）",
            f"no column of {asked} was found; check the header, or map other names in a profile",
        )
    if nearest is None or (asked is None and len(nearest[1].match.used) < 2):
        return Undecided(
            "どの種類のファイルか分かりません。"
            "見出しの行があるか確かめるか、--source で種類を指定してください",
            "the kind of file is unknown; check that it has a header, or name it with --source",
            "source",
        )
    source, table = nearest
    missing = "、".join(f"「{column.label.ja}」" for column in table.match.missing)
    where = f"シート「{table.sheet.name}」の" if table.sheet.name else ""
    return Refused(
        f"「{source.label.ja}」として読むには{missing}の列が足りません（"
        f"{where}{table.header + 1}行目を見出しとみなしました）。"
        "列名が違う場合はプロファイルに書いてください",
        f"as {source.id} the file lacks the columns "
        + ", ".join(column.name for column in table.match.missing)
        + f" (row {table.header + 1} taken as the header); map other names in a profile",
    )


def _refuse_twice(found: Recognised) -> None:
    for table in found.tables:
        for name in table.match.twice:
            raise Refused(
                f"「{name}」という列が2つあります。どちらを使うか分かるように列名を直してください",
                f"the column {name} stands twice; rename one",
            )
