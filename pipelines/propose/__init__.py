"""Propose a profile for a file from its own header and values.

What the file shows beyond doubt becomes YAML; what it leaves open becomes a comment that says why,
and what to write. Nothing is guessed: a proposal with open questions is finished by its reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines import personal
from pipelines.errors import PipelineError, Refused
from pipelines.marked import SchemaError, read
from pipelines.places import known_municipalities
from pipelines.profile import STANDARD, Profile, Profiles, load_profiles
from pipelines.profile_schema import parse
from pipelines.propose import draft, events
from pipelines.propose.assign import Assignment, assign, moments
from pipelines.propose.draft import quoted, said
from pipelines.propose.evidence import Evidence, Reader, gather
from pipelines.read import Document, open_document
from pipelines.recognise import HEADLESS, Recognised, check_asked, recognise
from pipelines.sources import Source, load_sources
from pipelines.typed import DATED
from warehouse.engine import Engine
from warehouse.home import Home

ENOUGH = 0.5
"""A source is proposed where the file is understood as well as this (`Assignment.score`)."""

CLEAR = 0.1
"""It must be understood better than as any other source by this."""

_MARKS = {",": "コンマ", "\t": "タブ", ";": "セミコロン"}


@dataclass(frozen=True)
class Proposal:
    """A profile's YAML. open: what could not be decided, one line each."""

    name: str
    source: str
    text: str
    open: tuple[str, ...]


def propose(path: Path, home: Home, source: str | None = None, name: str | None = None) -> Proposal:
    """Propose a profile for a file. source: what it is, where known; name: the profile's id.

    Raises Refused where the file is no table or holds personal data, and PipelineError where the
    source cannot be told (naming the likely ones) or reads the file without any profile of names.
    """
    profiles = load_profiles(home.profiles)
    check_asked(source, None, profiles)
    document = open_document(path, encoding=profiles.encoding(path.name, None))
    name = name or _name(path.stem)
    if source in (None, events.SOURCE) and events.is_event_log(document):
        parts = events.propose_events(document, name, pattern(path.name))
        return _proposal(name, events.SOURCE, *parts)
    known = _recognised(document, profiles, source)
    if known is not None and (known.adapter is not None or known.profile.id != STANDARD):
        return _as_it_is(known, name)
    with closing(Engine.memory()) as engine:
        evidence = gather(document, Reader(engine, known_municipalities(home)))
        found = _choose(evidence, known.source.id if known else source)
        _refuse_personal(evidence, found, home.config().waived(found.source.id))
        proposal = _written(evidence, found, name, path.name)
    return _checked(proposal, document, profiles)


def _recognised(document: Document, profiles: Profiles, source: str | None) -> Recognised | None:
    """What the file is taken for without any further profile, if it is."""
    try:
        return recognise(document, profiles, source=source)
    except Refused:
        return None


def _as_it_is(found: Recognised, name: str) -> Proposal:
    """A profile that says nothing, for a file that is read by its layout or a profile there is."""
    by = "" if found.profile.id == STANDARD else f"プロファイル「{found.profile.id}」で"
    source = found.source
    note = f"このファイルは{by}「{source.label.ja}」として読めます。新しいプロファイルは要りません"
    lines = [f"# {note}", "", f"id: {quoted(name)}", f"source: {source.id}"]
    return Proposal(name, source.id, "\n".join(lines) + "\n", ())


def write(proposal: Proposal, path: Path) -> None:
    """Write a proposal to a new file. Raises PipelineError where the file exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(proposal.text)
    except FileExistsError as error:
        raise PipelineError(
            f"{path} はすでにあります。上書きしません。別の名前を --out に書いてください",
            f"{path} exists and is not overwritten; name another file with --out",
        ) from error


def _refuse_personal(evidence: Evidence, found: Assignment, waived: Collection[str]) -> None:
    """Raise Refused where the sample holds personal data: it must not go on into a profile."""
    personal.refuse_headers(evidence.names, waived)
    names = {cell.at: cell.header or f"{cell.at + 1}列目" for cell in evidence.cells}
    dated = [c.cell.at for c in found.choices.values() if c.column.type in DATED]
    dated += [cell.at for cell in found.dates.values()]
    personal.Watcher(names, waived, dated).see(evidence.table)


def _name(stem: str) -> str:
    """An id out of a file's name: without digits, blanks and marks at its ends."""
    text = unicodedata.normalize("NFKC", stem)
    text = re.sub(r"[\s,、/\\]+", "_", re.sub(r"\d+", "", text)).strip("_-.年月日()")
    return text or "profile"


def pattern(name: str) -> str:
    """A pattern for a file's name in which the numbers may change."""
    return re.sub(r"\*+", "*", re.sub(r"\d+", "*", re.sub(r"[\[\]?*]", "?", name)))


def _choose(evidence: Evidence, asked: str | None) -> Assignment:
    """The file as the source that it is. Raises PipelineError."""
    sources = load_sources()
    if asked is not None:
        _refuse_layout(sources[asked])
        return assign(evidence, sources[asked])
    found = [assign(evidence, one) for one in sources.values() if one.adapter is None]
    found.sort(key=lambda one: -one.score)
    best, second = found[:2]
    if best.score >= ENOUGH and best.score - second.score >= CLEAR:
        return best
    # Names say too little: two moments in each row do not stand in files of other kinds.
    by_moments = [one for one in found if moments(one)]
    if best.score < ENOUGH and len(by_moments) == 1:
        by_moments[0].by_moments = True
        return by_moments[0]
    near = [one.source for one in found if one.score > max(0.0, best.score - CLEAR)]
    listed = near or [one.source for one in found]
    names = "、".join(f"{one.label.ja}（--source {one.id}）" for one in listed)
    raise PipelineError(
        f"どの種類のファイルか決められません。--source で指定してください: {names}",
        "the kind of file cannot be told; name it with --source: "
        + ", ".join(one.id for one in listed),
    )


def _refuse_layout(source: Source) -> None:
    if source.adapter is not None:
        raise PipelineError(
            f"「{source.label.ja}」は表の形から読むので、列名のプロファイルはありません",
            f"{source.id} is read by its layout; no profile of names can be proposed",
        )


def _written(evidence: Evidence, found: Assignment, name: str, file_name: str) -> Proposal:
    sections = [
        draft.columns(evidence, found),
        draft.dates(evidence, found),
        draft.missing(evidence, found),
        draft.values(found),
        draft.formats(evidence, found),
        draft.units(found),
        draft.ignored(evidence, found),
    ]
    decides = any(s.lines for s in sections if s.key not in ("columns", "date_columns"))
    named = f"file: {quoted(pattern(file_name))}"
    source = found.source
    lines = [
        f"id: {quoted(name)}",
        f"source: {source.id}  # {source.label.ja}",
        f"label: {{ja: {quoted(name)}, en: {quoted(name)}}}",
        named if decides else f"# {named}  # ファイル名で限るとき",
        *(line for section in sections for line in section.text()),
    ]
    open_ = tuple(line for s in sections for line in s.open if line.startswith("要確認"))
    notes = [*_about(evidence, found), *draft.unreadable(found)]
    if found.by_moments:
        kind = draft.kind(found)
        notes, open_ = [*notes, kind], (kind, *open_)
    return _proposal(name, source.id, notes, lines, open_)


def _proposal(
    name: str, source: str, notes: list[str], lines: list[str], open_: tuple[str, ...]
) -> Proposal:
    """The text: notes first, then the YAML."""
    if open_:
        state = (
            f"決められないことが {len(open_)} 件あります。「要確認」の行を直してから使ってください"
        )
    elif not any(re.match(r"[a-z_]+:$", line) for line in lines):
        state = "このファイルは標準のまま読めます。プロファイルは要りません"
    else:
        state = "このまま MADO_HOME/profiles に置けば使えます"
    head = [f"# {line}" for line in (*notes, state)]
    return Proposal(name, source, "\n".join([*head, "", *lines]) + "\n", open_)


def _about(evidence: Evidence, found: Assignment) -> list[str]:
    """Comments on the file as a whole."""
    document = evidence.document
    sheet = f"、シート「{said(evidence.sheet.name)}」" if evidence.sheet.name else ""
    mark = _MARKS.get(document.delimiter or "")
    text = f"、文字コード {document.encoding}、区切り {mark}" if mark else ""
    header = (
        "見出しの行なし" if evidence.header == HEADLESS else f"見出し {evidence.header + 1}行目"
    )
    plain = [
        f"{draft.name_of(choice.cell)}＝{choice.column.label.ja}"
        for choice in found.choices.values()
        if not choice.ja
    ]
    unused = [draft.name_of(cell) for cell in found.left if cell.filled]
    notes = [
        f"「{said(document.name)}」の見出しと値から作ったプロファイルの案です",
        f"{header}{text}{sheet}、調べたデータ {evidence.rows:,}行",
    ]
    if plain and evidence.header != HEADLESS:
        notes.append(f"そのまま読める見出し: {'、'.join(plain)}")
    if unused:
        notes.append(f"使わない列: {'、'.join(unused[: draft.SHOWN])}")
    unnamed = [cell for cell in found.left if cell.filled and cell.at in evidence.unnamed]
    if unnamed:
        places = "、".join(f"{cell.at + 1}列目" for cell in unnamed[: draft.SHOWN])
        notes.append(f"見出しがないか、同じ見出しが2つあるので使えない列: {places}")
    notes += draft.perhaps_words(found)
    if all(
        column.name != "municipality" or column.name in found.choices
        for column in found.source.read_columns
    ):
        return notes
    return [
        *notes,
        "団体コードの列はないので、--municipality か config.toml の municipality が入ります",
    ]


def _checked(proposal: Proposal, document: Document, profiles: Profiles) -> Proposal:
    """The proposal, with what its own check finds: it must be a profile that fits the file."""
    try:
        profile = parse(read(proposal.text, f"{proposal.name}.yml", "profile"), proposal.name)
        others = [one for one in profiles if one.id != profile.id]
        _fits(document, profile, others)
    except (SchemaError, Refused) as error:
        if proposal.open:
            return proposal
        line = f"要確認: {said(error.ja)}"
        text = f"# {line}\n{proposal.text}"
        return Proposal(proposal.name, proposal.source, text, (line,))
    return proposal


def _fits(document: Document, profile: Profile, others: list[Profile]) -> None:
    """Raise Refused where the file is not recognised, or another profile claims it too."""
    found = recognise(document, Profiles([*others, profile]), source=profile.source)
    if found.profile.id != profile.id:
        recognise(document, Profiles([profile]), source=profile.source, profile=profile.id)
