"""The one door between the page データ取込 and the pipelines (docs/adr/0012).

The page sees what stands here and nothing behind it. Whatever goes wrong on a user's side is a
PipelineError with one line in each language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines import held, ingest, ledger, lock
from pipelines import publish as publishing
from pipelines.errors import PipelineError
from pipelines.ingest import Reporter
from pipelines.names import Place
from pipelines.places import FORMER, known_municipalities
from pipelines.preview import Item, Preview, Row, marked_rows, preview
from pipelines.profile import STANDARD, load_profiles
from pipelines.results import LoadResult
from pipelines.sources import Label, load_sources
from pipelines.templates import Template, templates
from pipelines.templates import write as write_template
from warehouse.engine import EngineError
from warehouse.home import ConfigError, Home
from warehouse.releases import ReleaseError
from warehouse.runner import BuildError

__all__ = [
    "Home",
    "Item",
    "Label",
    "LoadResult",
    "PipelineError",
    "Preview",
    "Row",
    "Template",
    "Wanted",
    "holds_demo",
    "load",
    "loaded",
    "marked_rows",
    "municipalities",
    "own_municipality",
    "preview",
    "profiles",
    "publish",
    "sources",
    "templates",
    "waiting",
    "write_template",
]

WAIT_SECONDS = 5
"""How long a reader waits for another writer before being told who it is."""


@dataclass(frozen=True)
class Wanted:
    """A file to take, and what the clerk decided about it (None: what was recognised)."""

    path: Path
    source: str | None = None
    profile: str | None = None
    municipality: str | None = None


def holds_demo(home: Home) -> bool:
    """True where `home` holds synthetic data, beside which no real file may stand."""
    return any(entry.synthetic for entry in ledger.entries(home))


def load(files: Sequence[Wanted], home: Home, report: Reporter) -> list[LoadResult]:
    """Store files, one result each in the order given. report: see pipelines.ingest.load.

    Lists of municipalities are taken first: others' codes may stand in them. Raises PipelineError
    where the home holds demo data, where another process is writing (naming it), where a setting
    is wrong, and where the disk cannot be written.
    """
    if holds_demo(home):
        raise PipelineError(
            "模擬データの入った保存場所には、実際のファイルを取り込めません。"
            "空の保存場所（MADO_HOME）で始めてください",
            "this MADO_HOME holds demo data; start with an empty one to load real files",
        )
    results: dict[int, LoadResult] = {}
    with _told(), lock.writing(home, WAIT_SECONDS):
        for index in sorted(range(len(files)), key=lambda at: files[at].source != "municipality"):
            one = files[index]
            results[index] = ingest.load(
                [one.path],
                home,
                source=one.source,
                profile=one.profile,
                municipality=one.municipality,
                report=report,
            )[0]
    return [results[index] for index in range(len(files))]


def publish(home: Home) -> str:
    """Publish all that is loaded; return the release's name.

    Raises PipelineError where another process is writing and where a check finds rows; the
    release before stays.
    """
    with _told():
        return publishing.publish(home, WAIT_SECONDS)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what else can fail into one line in each language."""
    try:
        yield
    except (BuildError, ReleaseError) as error:
        raise PipelineError(
            f"公開できませんでした。前の公開版はそのままです。{error}",
            f"could not be published; the release before stays. {error}",
        ) from error
    except ConfigError as error:
        raise PipelineError(str(error), f"a setting is wrong: {error}") from error
    except OSError as error:
        raise PipelineError(
            f"保存場所に書き込めません（{error.strerror}）。空き容量と権限を確かめてください",
            f"cannot write into MADO_HOME ({error.strerror}); check space and permissions",
        ) from error
    except EngineError as error:
        reason = str(error).splitlines()[0]
        raise PipelineError(
            f"保存場所のデータを読めません。何も変えていません。{reason}",
            f"the data in MADO_HOME cannot be read; nothing was changed. {reason}",
        ) from error


def loaded(home: Home) -> frozenset[str]:
    """The sha256 of every loaded file that no other replaces. Raises PipelineError."""
    return frozenset(entry.sha256 for entry in ledger.active(home))


def waiting(home: Home) -> pd.DataFrame:
    """The rows held back that wait for a correction, as warehouse.inputs.QUARANTINE."""
    return held.table(home).to_pandas()


def sources() -> Mapping[str, Label]:
    """Every source's name by its id."""
    return {source.id: source.label for source in load_sources().values()}


def profiles(home: Home, source: str | None) -> Mapping[str, Label]:
    """Names of the profiles for a source (None: of all), the standard one first."""
    with _told():
        found = load_profiles(home.profiles)
    named = {p.id: Label(p.label_ja, p.label_en) for p in found if source in (None, p.source)}
    return {STANDARD: Label("標準", "standard"), **named}


def municipalities(home: Home) -> Mapping[str, Label]:
    """Code → name of the municipalities that a file can belong to.

    Prefectures are left out, and those that are known only because they ended.
    """
    known = known_municipalities(home)
    return {
        code: _municipality(known.place(code))
        for code, kind in sorted(known.items())
        if kind not in ("prefecture", FORMER)
    }


def _municipality(place: Place) -> Label:
    said = f"{place.prefecture} {place.name}（{place.code}）"
    return Label(said, said)


def own_municipality(home: Home) -> str | None:
    """The code that config.toml names. Raises PipelineError where it cannot be read."""
    with _told():
        return home.config().municipality
