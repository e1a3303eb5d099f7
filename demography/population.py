"""Cohort-component projection in five-year steps and bands, and what a scenario changes in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sex = Literal["both", "male", "female"]
SEXES: tuple[Sex, ...] = ("male", "female")
"""The axis of sexes, in this order."""

OLDEST_AGE = 120
HIGHEST_FACTOR = 10.0


class PopulationError(ValueError):
    """Assumptions or frames that cannot be used: one Japanese line, what and what to do."""


@dataclass(frozen=True)
class RatioChange:
    """A multiplier on the ratios of some cells.

    age_from, age_to: ages at the end of a step, both included; None = the open band. A five-year
    band counts where it begins within them. year_from, year_to: years in which steps end, both
    included; None = to the last. factor: 0–10, 1 changes nothing. sex: whom it concerns.
    """

    age_from: int
    age_to: int | None
    year_from: int
    year_to: int | None
    factor: float
    sex: Sex = "both"

    def __post_init__(self) -> None:
        if not 0 <= self.age_from <= OLDEST_AGE:
            raise PopulationError(f"年齢は 0～{OLDEST_AGE} で書いてください（{self.age_from}）")
        if self.age_to is not None and self.age_to < self.age_from:
            raise PopulationError(
                f"年齢の範囲が逆です（{self.age_from}～{self.age_to}）。小さい方を先にしてください"
            )
        if self.year_to is not None and self.year_to < self.year_from:
            raise PopulationError(
                f"年の範囲が逆です（{self.year_from}～{self.year_to}）。早い方を先にしてください"
            )
        _check_factor("倍率", self.factor)
        if self.sex not in ("both", *SEXES):
            raise PopulationError(f"性別「{self.sex}」は使えません（both、male、female のどれか）")


@dataclass(frozen=True)
class PopulationScenario:
    """What a scenario changes in a projection; the default changes nothing.

    child_woman_factor: times the child–woman ratio of every step. ratios: changes of r, survival
    and net migration together. survival, net_migration: changes of each by itself, which need a
    life table or the assumption file. own_migration: take the net migration rates counted in the
    resident register instead of those of the projection.
    """

    child_woman_factor: float = 1.0
    ratios: tuple[RatioChange, ...] = ()
    survival: tuple[RatioChange, ...] = ()
    net_migration: tuple[RatioChange, ...] = ()
    own_migration: bool = False

    def __post_init__(self) -> None:
        _check_factor("子ども女性比の倍率", self.child_woman_factor)


def _check_factor(name: str, value: float) -> None:
    if not 0 <= value <= HIGHEST_FACTOR:
        raise PopulationError(f"{name}は 0～{HIGHEST_FACTOR:g} で書いてください（{value:g}）")
