"""Load files: recognise, validate, store. A file is stored whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines import lake, ledger, lock, pending, privacy, returned
from pipelines.accounting import Facts, entry_of
from pipelines.adapters.base import Context
from pipelines.dedupe import dedupe
from pipelines.entry import Entry, closed, replaced_by
from pipelines.errors import PipelineError, Refused, Undecided
from pipelines.lookup import municipality_code
from pipelines.macros import define_needed
from pipelines.places import LISTS, Places, known_municipalities
from pipelines.profile import Profiles, load_profiles
from pipelines.read import Document, Fingerprint, open_document
from pipelines.recognise import Recognised, check_asked, recognise
from pipelines.replacement import Replacement, Scope, replacement, scope
from pipelines.results import LoadResult, held_rows, judged, refused, unchanged
from pipelines.returned import Returned
from pipelines.sources import Source
from pipelines.stage import Progress, Staged
from pipelines.stage_adapted import stage_adapted
from pipelines.stage_tables import stage_tables
from pipelines.validate import adds_up, validate
from warehouse.engine import Engine
from warehouse.home import Home

Reporter = Callable[[Path], Progress]
"""Called at the start of each file; gives what is to be called with rows read."""

LIST_BYTES = 2 << 20
"""A list of codes or names is no larger; only files up to this size are looked at beforehand."""


@dataclass(frozen=True)
class _Options:
    source: str | None
    profile: str | None
    municipality: str | None
    synthetic: bool
    store: bool


@dataclass(frozen=True)
class _File:
    """A file to judge: where its bytes are, and the name that it came with.

    before: its entry, where a loaded file is judged anew. without: sha256 of files with which it
    is then not compared.
    """

    path: Path
    name: str
    fingerprint: Fingerprint
    before: Entry | None = None
    without: frozenset[str] = frozenset()

    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes."""
        return self.fingerprint.value


@contextmanager
def writing(home: Home, wait: float = 0) -> Iterator[None]:
    """Hold the lock of `home`, with what a killed writer left behind cleared or completed.

    wait: seconds to wait for another writer. Raises PipelineError naming the one at work.
    """
    with lock.writing(home, wait):
        ledger.clear_partial(home)
        shutil.rmtree(home.work, ignore_errors=True)
        complete(home)
        yield


def complete(home: Home) -> None:
    """Do what a change to loaded files has left to do. The caller holds the lock."""
    if pending.read(home) is not None:
        profiles = load_profiles(home.profiles)
        pending.complete(home, lambda entry, without: _judge_anew(home, entry, without, profiles))


def _judge_anew(home: Home, entry: Entry, without: frozenset[str], profiles: Profiles) -> None:
    """Judge a loaded file once more from its original bytes; its place in the order stays.

    A file that is refused by now (a rule or a profile has changed) keeps the rows it has.
    """
    options = _Options(
        entry.source,
        entry.profile,
        entry.given_municipality or entry.municipality,
        entry.synthetic,
        store=True,
    )
    path = home.raw / entry.sha256
    file = _File(path, entry.file, Fingerprint(path), entry, without)
    with suppress(Refused):
        _load_one(file, home, profiles, options, lambda rows: None)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant: a folder stands for those in it, hidden ones and locks left out."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                inner
                for inner in path.rglob("*")
                if inner.is_file() and not inner.name.startswith((".", "~$"))
            )
        else:
            yield path


def _own_municipality(home: Home, given: str | None, known: Places) -> str | None:
    """The code for files that name none. Raises PipelineError where the given one is unknown."""
    written = given or home.config().municipality
    if written is None:
        return None
    code, problem = municipality_code(written, known)
    if problem or code is None:
        place = "--municipality" if given else "config.toml の municipality"
        raise PipelineError(
            f"{place} の「{written}」という市区町村はありません。6桁の団体コードを確かめてください",
            f"there is no municipality {written}; check the six digits",
        )
    return code


def load(
    paths: Iterable[Path],
    home: Home,
    *,
    source: str | None = None,
    profile: str | None = None,
    municipality: str | None = None,
    synthetic: bool = False,
    store: bool = True,
    wait: float = 0,
    report: Reporter = lambda path: lambda rows: None,
) -> list[LoadResult]:
    """Load files and folders; one result per file, in the order given.

    source, profile: take these instead of recognising. municipality: code for files that name
    none. synthetic: the files are demo data. store=False judges and keeps nothing. wait: seconds
    to wait while another process is writing.
    Raises PipelineError where the options are wrong or another process is writing; a file that
    cannot be taken is a result with status `refused`.
    """
    options = _Options(source, profile, municipality, synthetic, store)
    files = list(dict.fromkeys(_files(paths)))
    with writing(home, wait) if store else nullcontext():
        profiles = load_profiles(home.profiles)
        check_asked(source, profile, profiles)
        results: dict[Path, LoadResult] = {}
        for path in sorted(files, key=lambda p: _turn(p, home, profiles, options)):
            file = _File(path, path.name, Fingerprint(path))
            try:
                results[path] = _load_one(file, home, profiles, options, report(path))
                if store:
                    complete(home)
            except Refused as error:
                results[path] = refused(path, file.fingerprint.known, error)
    return [results[path] for path in files]


def _recognise(
    file: _File, home: Home, profiles: Profiles, options: _Options
) -> tuple[Document, Recognised, Returned | None]:
    """The file, what it is, and the rows that it brings again where it is a returned workbook."""
    encoding = profiles.encoding(file.name, options.profile)
    document = open_document(file.path, encoding)
    document.name = file.name
    if (back := returned.read(home, document, profiles)) is not None:
        return document, back.found, back
    found = recognise(document, profiles, source=options.source, profile=options.profile)
    return document, found, None


def _turn(path: Path, home: Home, profiles: Profiles, options: _Options) -> int:
    """When a file is loaded: lists of codes and names before all that is judged by them."""
    try:
        if path.stat().st_size <= LIST_BYTES:
            file = _File(path, path.name, Fingerprint(path))
            return LISTS.index(_recognise(file, home, profiles, options)[1].source.id)
    except (OSError, ValueError, Refused):
        pass
    return len(LISTS)


def _load_one(
    file: _File, home: Home, profiles: Profiles, options: _Options, progress: Progress
) -> LoadResult:
    """Load one file. Raises Refused where it cannot be taken."""
    if file.before is None and ledger.may_hold(home, file.fingerprint.size):
        known_entry = ledger.find(home, file.sha256)
        if known_entry is not None:
            later = replaced_by(ledger.entries(home)).get(file.sha256)
            return unchanged(file.path, known_entry, options.source, options.profile, later)
    document, found, back = _recognise(file, home, profiles, options)
    source, profile = found.source, found.profile
    waived = privacy.waived_columns(document, home.config(), source.id)
    privacy.refuse_personal(document, found, waived)
    # A list of municipalities may bring the very code that config.toml names: it does not ask.
    needed = any(column.name == "municipality" for column in source.columns)
    known = known_municipalities(home)
    asked = options.municipality or (back.entry.given_municipality if back else None)
    municipality = _own_municipality(home, asked, known) if needed else None
    with (
        TemporaryDirectory(dir=_workspace(home, options)) as folder,
        closing(Engine.scratch(Path(folder))) as engine,
    ):
        define_needed(engine, source, profile)
        original = Fingerprint(file.path)
        keep = options.store and file.before is None
        original.begin(Path(folder) / "original" if keep else None)
        if found.adapter is not None:
            context = Context(file.name, profile, municipality, known, waived)
            adapted = found.adapter.adapt(found.sheets, source, context)
            staged = stage_adapted(engine, adapted, source, profile, known, progress)
        else:
            staged = stage_tables(engine, found.tables, source, profile, known, progress, waived)
        _need_municipality(source, staged, municipality)
        judge = validate(
            engine,
            *(source, profile, staged, Path(folder)),
            municipality=municipality,
            known=known,
        )
        if brought := _brought_again(home, file):
            returned.set_aside(engine, brought)
        covered = scope(engine, source, None if brought else judge)
        instead = _replacement(home, file, found, covered, back)
        without = file.without | {entry.sha256 for entry in instead.replaced}
        first, last = lake.period(engine, source, "good")
        earlier = list(ledger.overlapping(home, source, first, last, without))
        summed = adds_up(source, staged)
        dedupe(engine, source, judge, file.name, earlier, Path(folder), adds_up=summed)
        if back is not None:
            returned.narrow(engine, back.rows)
            covered = scope(engine, source)
        lake.create_accepted(engine, source, adds_up=summed)
        facts = Facts(
            *(file.name, original.value, options.synthetic, municipality, covered, instead),
            before=file.before,
            back=back,
            waived=waived,
        )
        entry = entry_of(engine, found, staged, facts)
        held = held_rows(engine)
        if options.store:
            _announce(home, file, instead)
            whole = not (summed or back or brought)
            tables = lake.whole_chunks(engine, judge) if whole else lake.batches(engine)
            lake.store(home, entry, original, engine, source, tables)
    return judged(
        file.path,
        entry,
        source.label,
        stored=options.store,
        skipped=found.skipped,
        instead=instead,
        original=back.entry if back else None,
        hidden=privacy.hidden_rows(found),
        held=held,
    )


def _workspace(home: Home, options: _Options) -> Path | None:
    """Where a load puts what memory does not hold. Under MADO_HOME the next writer finds and
    clears what a killed one left; a check leaves MADO_HOME alone."""
    if not options.store:
        return None
    home.work.mkdir(parents=True, exist_ok=True)
    return home.work


def _brought_again(home: Home, file: _File) -> dict[str, set[int]]:
    """Rows of a file judged anew that returned workbooks have brought in another form."""
    if file.before is None or file.before.corrects is not None:
        return {}
    known = [e for e in ledger.active(home) if file.sha256 in (e.sha256, e.corrects)]
    return closed(known).get(file.sha256, {})


def _replacement(
    home: Home, file: _File, found: Recognised, covered: Scope, back: Returned | None
) -> Replacement:
    """What the file replaces. Judged anew it replaces what it did, as far as that is there."""
    if back is not None:
        return Replacement()
    known = ledger.entries(home)
    if file.before is not None:
        before = file.before
        return Replacement(tuple(e for e in known if e.sha256 in before.replaces))
    return replacement(known, found.source, found.profile, covered)


def _announce(home: Home, file: _File, instead: Replacement) -> None:
    """Rows that others lack because of a replaced file come back once this one is stored."""
    gone = {entry.sha256 for entry in instead.replaced}
    if file.before is None and gone:
        touched = [e.sha256 for e in ledger.active(home) if gone & set(e.repeats)]
        pending.begin(home, pending.Pending(judge=tuple(touched)))


def _need_municipality(source: Source, staged: Staged, municipality: str | None) -> None:
    lacks = any(
        column.type == "municipality" and column.required and column.name not in staged.given
        for column in source.read_columns
    )
    if lacks and municipality is None:
        raise Undecided(
            "団体コードの列がありません。--municipality 272060 のように指定するか、"
            "config.toml に municipality を書いてください",
            "no column of municipality codes; give --municipality or set it in config.toml",
            "municipality",
        )
