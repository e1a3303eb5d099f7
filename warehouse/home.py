"""MADO_HOME: where everything that changes is kept, and the settings of this installation."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ConfigError(Exception):
    """config.toml cannot be read, or holds a value of the wrong kind."""


@dataclass(frozen=True)
class Waiver:
    """A column that may look like personal data and is none. reason: why, in the user's words."""

    source: str
    column: str
    reason: str


@dataclass(frozen=True)
class Config:
    """Settings of one installation (config.toml); every one has a default.

    municipality: six-digit code of the own municipality, used where a file names none.
    wait_target_minutes: a wait above this counts as long.
    annual_hours_per_fte: hours that one full-time post works a year (7.75 h × 240 days).
    suppression_threshold: cells built from fewer persons are hidden in what leaves the house.
    digital_from, paper_majority, target_from: thresholds of the double-track classes.
    waiver: columns that are loaded although they look like personal data ([[waiver]] with source,
    column and reason).
    """

    municipality: str | None = None
    wait_target_minutes: float = 15.0
    annual_hours_per_fte: float = 1860.0
    suppression_threshold: int = 10
    digital_from: float = 0.05
    paper_majority: float = 0.5
    target_from: float = 0.95
    waiver: tuple[Waiver, ...] = ()

    def waived(self, source: str) -> dict[str, str]:
        """Column → reason of the waivers for one source."""
        return {one.column: one.reason for one in self.waiver if one.source == source}


@dataclass(frozen=True)
class Home:
    """The folders under MADO_HOME. Making one of these creates nothing on disk."""

    root: Path

    @classmethod
    def from_env(cls) -> Home:
        """Use MADO_HOME, or ./var where it is not set."""
        return cls(Path(os.environ.get("MADO_HOME") or "var"))

    @property
    def raw(self) -> Path:
        """Original bytes of each loaded file, named by their sha256."""
        return self.root / "raw"

    @property
    def lake(self) -> Path:
        """Accepted rows as Parquet: lake/<source>/<sha256>.parquet."""
        return self.root / "lake"

    @property
    def ledger(self) -> Path:
        """One JSON per loaded file. A file counts as loaded when its ledger entry exists."""
        return self.lake / "ledger"

    @property
    def quarantine(self) -> Path:
        """Rows held back: lake/quarantine/<sha256>.parquet."""
        return self.lake / "quarantine"

    @property
    def work(self) -> Path:
        """What a load cannot hold in memory, while it runs."""
        return self.root / "work"

    @property
    def profiles(self) -> Path:
        """The user's own source profiles."""
        return self.root / "profiles"

    @property
    def releases(self) -> Path:
        """Published DuckDB files."""
        return self.root / "releases"

    @property
    def current(self) -> Path:
        """Text file with the name of the release that readers use."""
        return self.root / "CURRENT"

    def config(self) -> Config:
        """Read config.toml.

        Raises ConfigError where it is not TOML, names an unknown setting or holds a wrong type.
        """
        path = self.root / "config.toml"
        if not path.exists():
            return Config()
        try:
            given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: TOML として読めません（{error}）") from error
        defaults = Config()
        values: dict[str, Any] = {}
        for key, value in given.items():
            if key not in Config.__dataclass_fields__:
                raise ConfigError(f"{path}: 「{key}」という設定はありません")
            if key == "waiver":
                values[key] = _waivers(value, path)
                continue
            default = getattr(defaults, key)
            if (
                isinstance(default, float)
                and isinstance(value, int)
                and not isinstance(value, bool)
            ):
                value = float(value)
            expected = str if default is None else type(default)
            if type(value) is not expected:
                raise ConfigError(f"{path}: 「{key}」は {expected.__name__} で書いてください")
            values[key] = value
        return Config(**values)


def _waivers(given: Any, path: Path) -> tuple[Waiver, ...]:
    """Waivers as written. Raises ConfigError where one lacks its source, column or reason."""
    names = set(Waiver.__dataclass_fields__)
    for one in given if isinstance(given, list) else [None]:
        if (
            not isinstance(one, dict)
            or set(one) != names
            or not all(isinstance(text, str) and text.strip() for text in one.values())
        ):
            raise ConfigError(
                f"{path}: [[waiver]] には source（種類）、column（列名）、"
                "reason（理由）を書いてください"
            )
    return tuple(Waiver(**one) for one in given)
