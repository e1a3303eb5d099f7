"""What people decide about the models, kept under MADO_HOME with who, when and why.

Scenarios: `scenarios/<name>.yml`, a mapping as the models read it, with a section `saved` where it
was saved from the screen. Every save is a new version; the older ones stand in
`scenarios/history/<name>.v<version>.yml`. A file that someone puts there by hand is version 1.

Drivers: `decisions/drivers.csv`, one line per change of the population group that a department's
work follows. Lines are added, never changed: the last one for the same work counts.
"""

from __future__ import annotations

import csv
import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from warehouse.home import Home

SAVED = "saved"
_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|.][^\x00-\x1f/\\:*?\"<>|]{0,59}")
_TEXT_LIMIT = 1000


class DecisionError(ValueError):
    """A decision that cannot be kept or read: one Japanese line, what and what to do."""


@dataclass(frozen=True)
class SavedScenario:
    """One version of a scenario. content: the mapping without the section `saved`."""

    name: str
    version: int
    at: str
    by: str
    reason: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class DriverChange:
    """Work that follows another population group than it would by itself.

    municipality: its code. department, category: which work; empty = all of them. driver: a group
    of demography.groups.GROUPS. decided_at: moment (ISO, UTC). decided_by,
    reason: who decided it and why.
    """

    decided_at: str
    decided_by: str
    municipality: str
    department: str
    category: str
    driver: str
    reason: str


def scenarios(home: Home) -> list[SavedScenario]:
    """The current version of every saved scenario, by name. Raises DecisionError naming a file
    that is no mapping."""
    return [_read(path) for path in sorted(_folder(home).glob("*.yml"))]


def scenario(home: Home, name: str, version: int | None = None) -> SavedScenario:
    """One scenario, the current version or an older one. Raises DecisionError where there is no
    such."""
    path = _folder(home) / f"{_checked_name(name)}.yml"
    found = _read(path) if path.exists() else None
    if found and version not in (None, found.version):
        old = _old(home, name, version or 0)
        found = _read(old) if old.exists() else None
    if found is None:
        raise DecisionError(
            f"シナリオ「{name}」{f'の第{version}版' if version else ''}はありません。"
            "保存されているシナリオから選んでください"
        )
    return found


def save_scenario(
    home: Home, name: str, content: Mapping[str, Any], by: str, reason: str
) -> SavedScenario:
    """Keep a scenario as the next version of its name; return it.

    Raises DecisionError where the name cannot be a file's name, or by or reason is empty.
    """
    _check_said(by, reason)
    path = _folder(home) / f"{_checked_name(name)}.yml"
    with _alone(path.parent):
        before = _read(path) if path.exists() else None
        version = before.version + 1 if before else 1
        saved = SavedScenario(
            name, version, _now(), by.strip(), reason.strip(), {**content, "name": name}
        )
        if before:
            _write(_old(home, name, before.version), _as_text(before))
        _write(path, _as_text(saved))
    return saved


def driver_changes(home: Home, municipality: str | None = None) -> list[DriverChange]:
    """All changes, oldest first, or those of one municipality. Raises DecisionError where the file
    cannot be read."""
    path = _drivers(home)
    if not path.exists():
        return []
    names = [field.name for field in fields(DriverChange)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        found = [DriverChange(**{name: row[name] or "" for name in names}) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise DecisionError(
            f"{path.name}: 読めません。列は {'、'.join(names)} です（{type(error).__name__}）"
        ) from error
    return [one for one in found if municipality in (None, one.municipality)]


def change_driver(
    home: Home,
    municipality: str,
    department: str,
    category: str,
    driver: str,
    by: str,
    reason: str,
) -> DriverChange:
    """Add a change to the log and return it. Raises DecisionError where by or reason is empty."""
    _check_said(by, reason)
    change = DriverChange(
        _now(), by.strip(), municipality, department, category, driver, reason.strip()
    )
    path = _drivers(home)
    with _alone(path.parent):
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, asdict(change).keys(), lineterminator="\n")
            if new:
                file.write("\ufeff")
                writer.writeheader()
            writer.writerow(asdict(change))
            file.flush()
            os.fsync(file.fileno())
    return change


def _folder(home: Home) -> Path:
    return home.root / "scenarios"


def _old(home: Home, name: str, version: int) -> Path:
    return _folder(home) / "history" / f"{name}.v{version}.yml"


def _drivers(home: Home) -> Path:
    return home.root / "decisions" / "drivers.csv"


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name != name.strip():
        raise DecisionError(
            f"シナリオの名前「{name}」は使えません。60字までで、/ や : などの記号を除いてください"
        )
    return name


def _check_said(by: str, reason: str) -> None:
    for label, text in (("記入者", by), ("理由", reason)):
        if not text.strip():
            raise DecisionError(f"{label}を書いてください")
        if len(text) > _TEXT_LIMIT or "\n" in text.strip():
            raise DecisionError(f"{label}は{_TEXT_LIMIT}字までの1行で書いてください")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(path: Path) -> SavedScenario:
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise DecisionError(f"{path.name}: UTF-8 の YAML として読めません（{reason}）") from error
    if not isinstance(given, dict):
        raise DecisionError(f"{path.name}: 「項目: 値」の形で書いてください")
    content = {str(key): value for key, value in given.items() if key != SAVED}
    saved = given.get(SAVED)
    saved = saved if isinstance(saved, dict) else {}
    name = str(content.get("name") or path.stem.partition(".v")[0])
    version = saved.get("version")
    return SavedScenario(
        name,
        version if isinstance(version, int) else 1,
        str(saved.get("at", "")),
        str(saved.get("by", "")),
        str(saved.get("reason", "")),
        content,
    )


def _as_text(one: SavedScenario) -> str:
    saved = {"version": one.version, "at": one.at, "by": one.by, "reason": one.reason}
    return yaml.safe_dump({**one.content, SAVED: saved}, allow_unicode=True, sort_keys=False)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time into a folder, so that no version and no line is lost."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
