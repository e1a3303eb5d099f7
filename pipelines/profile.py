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

docs/profiles-ja.md explains each key to users. A slip in a profile is a SchemaError that names
the file, the line and the key; it stops only the files that the profile may be for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.marked import Marked, SchemaError, nearest, read_file
from pipelines.profile_model import STANDARD, Events, Ignore, Profile, Queue, standard
from pipelines.profile_schema import parse
from pipelines.sources import load_sources

__all__ = [
    "STANDARD",
    "Broken",
    "Events",
    "Ignore",
    "Profile",
    "Profiles",
    "Queue",
    "fits_name",
    "load_profiles",
    "standard",
]

SHIPPED = Path(__file__).parent / "profiles"


def fits_name(pattern: str, name: str) -> bool:
    """True where a file's name fits a pattern. Width and case of letters do not count."""
    plain, plain_pattern = (unicodedata.normalize("NFKC", t).casefold() for t in (name, pattern))
    return fnmatchcase(plain, plain_pattern)


@dataclass(frozen=True)
class Broken:
    """A profile with a slip, and what can be read of it all the same.

    source: the source that it is for, or that its misspelt name must mean.
    """

    id: str
    source: str | None
    file: str | None
    error: SchemaError


class Profiles(list[Profile]):
    """The profiles that can be used, and the broken ones."""

    def __init__(self, good: list[Profile], broken: tuple[Broken, ...] = ()) -> None:
        super().__init__(good)
        self.broken = broken

    def encoding(self, file_name: str, asked: str | None) -> str | None:
        """The encoding that a file must have: that of the profile asked for, else of those whose
        pattern the name fits. None where none says one, or not all the same."""
        named = {
            profile.encoding
            for profile in self
            if profile.encoding
            and (
                profile.id == asked
                if asked
                else profile.file is not None and fits_name(profile.file, file_name)
            )
        }
        return named.pop() if len(named) == 1 else None


def _peek(path: Path, error: SchemaError) -> Broken:
    """What a broken profile is for, as far as it can be read: from its nodes, else its lines."""
    found: dict[str, str] = {}
    try:
        nodes = read_file(path, "profile").mapping()
        found = {key: nodes[key].text() for key in ("id", "source", "file") if key in nodes}
    except SchemaError:
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        for key, value in re.findall(r"(?m)^(id|source|file)[ \t]*:[ \t]*(.+)$", text):
            plain = re.sub(r"\s+#.*", "", value).strip().strip("\"'")
            if re.match(r"[\w*?]", plain):  # else it is what makes the YAML unreadable
                found.setdefault(key, plain)
    source = found.get("source")
    if source is not None and source not in load_sources():
        source = next(iter(nearest(source, load_sources())), None)
    return Broken(found.get("id", path.stem), source, found.get("file"), error)


def _files(folder: Path) -> list[Path]:
    """The YAML files of a folder, hidden ones (of editors and systems) left out."""
    found = [*folder.glob("*.yml"), *folder.glob("*.yaml")]
    return sorted(path for path in found if not path.name.startswith("."))


def load_profiles(folder: Path) -> Profiles:
    """Shipped profiles and the user's in `folder`; those with a slip are in `.broken`."""
    good: dict[str, Profile] = {}
    broken: list[Broken] = []
    places: dict[str, str] = {}
    for path in [*_files(SHIPPED), *_files(folder)]:
        try:
            top = read_file(path, "profile")
            profile = parse(top, path.stem)
            if profile.id in places:
                raise _twice(top, profile.id, places[profile.id])
        except SchemaError as error:
            broken.append(_peek(path, error))
            continue
        good[profile.id] = profile
        places[profile.id] = path.name
    return Profiles(list(good.values()), tuple(broken))


def _twice(top: Marked, name: str, other: str) -> SchemaError:
    """Two profiles must not have one name: `--profile` could mean either."""
    return (
        top.mapping()
        .get("id", top)
        .error(
            f"id「{name}」は {other} にもあります。別の id にしてください",
            f"the id {name} is that of {other} too; choose another",
        )
    )
