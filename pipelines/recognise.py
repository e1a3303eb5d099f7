"""Decide which source a file belongs to, by its header and shape. A doubtful file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from pipelines import refusals
from pipelines.adapters.base import Adapter
from pipelines.errors import PipelineError, Refused
from pipelines.headers import match_header, match_positions, with_names
from pipelines.marked import choice
from pipelines.profile import STANDARD, Broken, Profile, Profiles, fits_name, standard
from pipelines.read import Document, Sheet
from pipelines.recognised import HEADLESS, Recognised, Table
from pipelines.shape import misfit, tells_apart
from pipelines.sources import Column, Source, load_sources

__all__ = [
    "HEADLESS",
    "Recognised",
    "Table",
    "adapter_module",
    "check_asked",
    "recognise",
    "visible_sheets",
]

HEADER_WITHIN = 30
"""The header stands in the first rows of a sheet, below titles and notes."""


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


def _headless(
    sheets: Sequence[Sheet], source: Source, profile: Profile
) -> tuple[list[Table], Column | None]:
    """Tables without a header that have the profile's shape, and what the others lack."""
    fitting: list[Table] = []
    reason: Column | None = None
    for sheet in sheets:
        column = misfit(sheet.head, source, profile)
        if column is None:
            row = max(sheet.head, key=len)
            fitting.append(Table(sheet, HEADLESS, match_positions(row, source, profile)))
        else:
            reason = reason or column
    return fitting, reason


def check_asked(source: str | None, profile: str | None, profiles: Profiles) -> None:
    """Raise PipelineError where the names asked for do not exist or do not go together."""
    sources = load_sources()
    if source is not None and source not in sources:
        ja, en = choice(source, sources)
        raise PipelineError(
            f"取込元「{source}」はありません。{ja}", f"there is no source {source}; {en}"
        )
    if profile is None or profile == STANDARD:
        return
    for broken in profiles.broken:
        if broken.id == profile:
            raise broken.error
    its = next((one for one in profiles if one.id == profile), None)
    if its is None:
        ja, en = choice(profile, [STANDARD, *(one.id for one in profiles)])
        raise PipelineError(
            f"プロファイル「{profile}」はありません。{ja}", f"there is no profile {profile}; {en}"
        )
    if source not in (None, its.source):
        raise PipelineError(
            f"プロファイル「{profile}」は {source} ではなく {its.source} のものです",
            f"the profile {profile} is for {its.source}, not for {source}",
        )


def _pairs(
    source: str | None, profile: str | None, profiles: Profiles, file_name: str
) -> list[tuple[Source, Profile]]:
    """The sources and profiles to try."""
    sources = load_sources()
    pairs = [(sources[p.source], p) for p in profiles] + [
        (found, standard(found)) for found in sources.values()
    ]
    return [
        (of, its)
        for of, its in pairs
        if source in (None, of.id)
        and (
            its.id == profile
            if profile is not None
            else its.file is None or fits_name(its.file, file_name)
        )
    ]


def _stopped(broken: Broken) -> Refused:
    """A file that a broken profile may be for must not be read without it."""
    return Refused(
        f"{broken.error.ja}（直してから読み込み直すか、使わないなら --profile を指定してください）",
        f"{broken.error.en} (correct it and load again, or name another with --profile)",
    )


def _by_name(profiles: Profiles, source: str | None, file_name: str) -> Broken | None:
    """A broken profile whose pattern this file's name fits."""
    for one in profiles.broken:
        other = source is not None and one.source is not None and one.source != source
        if one.file is not None and fits_name(one.file, file_name) and not other:
            return one
    return None


def _by_source(profiles: Profiles, source: str | None) -> Broken | None:
    """A broken profile for any file of this source (None: of a source that nobody knows)."""
    for one in profiles.broken:
        if one.file is None and (source is None or one.source == source):
            return one
    return None


def _candidates(
    document: Document, pairs: Sequence[tuple[Source, Profile]], asked: str | None
) -> tuple[list[Recognised], list[tuple[Source, Table]], Refused | None]:
    """Those that fit, those that lack columns, and why a profile that should fit does not.

    asked: the profile that was named.
    """
    sheets = visible_sheets(document)
    found: list[Recognised] = []
    near: list[tuple[Source, Table]] = []
    problem: Refused | None = None
    for source, profile in pairs:
        if profile.adapter is not None:
            adapter = adapter_module(profile.adapter)
            if adapter.recognise(sheets, with_names(source, profile)):
                found.append(Recognised(source, profile, adapter=adapter, sheets=tuple(sheets)))
            continue
        if profile.positions:
            named = asked is not None or profile.file is not None
            if not named and not tells_apart(source, profile):
                continue
            fitting, reason = _headless(sheets, source, profile)
            if reason is not None and named and problem is None:
                problem = refusals.misfit(profile, reason)
        else:
            fitting, lacking = _tables(sheets, source, profile)
            near.extend((source, table) for table in lacking)
        if fitting:
            read = {table.sheet.name for table in fitting}
            skipped = tuple(s.name for s in document.sheets if s.name not in read)
            found.append(Recognised(source, profile, tuple(fitting), skipped=skipped))
    return found, near, problem


def recognise(
    document: Document,
    profiles: Profiles,
    *,
    source: str | None = None,
    profile: str | None = None,
) -> Recognised:
    """Find the source and profile of a file, or take those asked for.

    Raises Refused where none fits (saying what the nearest one lacks), where more than one does,
    and where a broken profile may be meant. Raises PipelineError where the names asked for do not
    exist, or that profile is broken.
    """
    check_asked(source, profile, profiles)
    pairs = _pairs(source, profile, profiles, document.name)
    if profile is None and (broken := _by_name(profiles, source, document.name)):
        raise _stopped(broken)
    found, near, problem = _candidates(document, pairs, profile)
    found = _narrow(found)
    if profile is None:
        names: list[str | None] = [one.source.id for one in found]
        for name in names or [source]:
            if broken := _by_source(profiles, name):
                raise _stopped(broken)
    if len(found) == 1:
        refusals.refuse_doubtful(found[0])
        return found[0].dated()
    if found:
        raise refusals.ambiguous(found)
    raise problem or refusals.unknown(near, visible_sheets(document), source)


def _only_names(profile: Profile) -> bool:
    """True where a profile says nothing but names of columns. The standard one is none."""
    if profile.id == STANDARD:
        return False
    plain = Profile(profile.id, profile.source, profile.label_ja, profile.label_en)
    return replace(plain, columns=profile.columns, date_columns=profile.date_columns) == profile


def _narrow(found: list[Recognised]) -> list[Recognised]:
    """Leave out what another candidate explains better.

    One explains better when it understands all the header cells that the other does and more, or
    the same with a profile written for this file's name, or the same without a profile that only
    knows further names.
    """

    def better(a: Recognised, b: Recognised) -> bool:
        if a.cells == b.cells:
            if a.source.id != b.source.id:
                return False
            named = bool(a.profile.file) and not b.profile.file
            return named or (a.profile.id == STANDARD and _only_names(b.profile))
        return bool(b.cells) and a.cells > b.cells

    return [one for one in found if not any(better(other, one) for other in found)]
