"""What a planner can change: hiring, digital share, separations, rehire, and the presets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from demography.population import PopulationScenario

HiringRule = Literal["fixed", "replacement", "pool"]
HIRING_RULES: tuple[HiringRule, ...] = ("fixed", "replacement", "pool")


class ScenarioError(ValueError):
    """A scenario that cannot be used: one Japanese line, what and what to do."""


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ScenarioError(
            f"シナリオの「{name}」は {low:g}～{high:g} で書いてください（{value:g}）"
        )


@dataclass(frozen=True)
class Hiring:
    """How many are hired each year.

    rule: `fixed` hires `number` every year; `pool` hires number × (population 20–24 ÷ that of the
    base year)^elasticity; `replacement` fills up to `headcount_target` × today's regular staff,
    reached linearly by `headcount_target_year` (1 = every leaver is replaced).
    number: persons a year; None = the number that today's young staff implies.
    """

    rule: HiringRule = "fixed"
    number: float | None = None
    elasticity: float = 1.0
    headcount_target: float = 1.0
    headcount_target_year: int = 2040

    def __post_init__(self) -> None:
        if self.rule not in HIRING_RULES:
            known = "、".join(HIRING_RULES)
            raise ScenarioError(f"採用の決め方「{self.rule}」はありません（{known} のどれか）")
        if self.number is not None:
            _within("hiring.number", self.number, 0, 100_000)
        _within("hiring.elasticity", self.elasticity, 0, 5)
        _within("hiring.headcount_target", self.headcount_target, 0, 3)
        _within("hiring.headcount_target_year", self.headcount_target_year, 2000, 2100)


@dataclass(frozen=True)
class Scenario:
    """One set of assumptions; raises ScenarioError where a value is out of its range.

    dx_share: share (0–1) of hours that needs nobody any more, by category id, category group
    (`clerical`, …) or `all`; the most specific one counts, categories without one keep their hours.
    dx_year: year in which dx_share is reached, linearly from the base year; dx_years: another year
    for some of its keys.
    separation_multiplier: times the separation rates.
    rehire_rate, rehire_fte: share of those retired by age who come back until 65, and their FTE.
    fixed_term_change: yearly change of fixed-term staff (0 = held constant).
    hours_per_fte: hours that one post works a year from the base year on; None = as configured.
    population: what is changed in the published projection.
    """

    name: str = "baseline"
    label_ja: str = "現状維持"
    label_en: str = "As today"
    hiring: Hiring = field(default_factory=Hiring)
    dx_share: Mapping[str, float] = field(default_factory=dict)
    dx_year: int = 2040
    dx_years: Mapping[str, int] = field(default_factory=dict)
    separation_multiplier: float = 1.0
    rehire_rate: float = 0.70
    rehire_fte: float = 0.86
    fixed_term_change: float = 0.0
    hours_per_fte: float | None = None
    population: PopulationScenario = field(default_factory=PopulationScenario)

    def __post_init__(self) -> None:
        for key, share in self.dx_share.items():
            _within(f"dx.share.{key}", share, 0, 1)
        for key, year in {"": self.dx_year, **self.dx_years}.items():
            _within(f"dx.years.{key}" if key else "dx.year", year, 2000, 2100)
        for key in self.dx_years:
            if key not in self.dx_share:
                raise ScenarioError(
                    f"シナリオの「dx.years.{key}」には、dx.share.{key} の割合も書いてください"
                )
        _within("separation_multiplier", self.separation_multiplier, 0, 10)
        _within("rehire.rate", self.rehire_rate, 0, 1)
        _within("rehire.fte", self.rehire_fte, 0, 1)
        _within("fixed_term_change", self.fixed_term_change, -0.5, 0.5)
        if self.hours_per_fte is not None:
            _within("hours_per_fte", self.hours_per_fte, 500, 4000)

    def dx_target(self, category: str, group: str) -> tuple[float, int]:
        """Share of the hours of a category that is gone, and the year from which it is."""
        for key in (category, group, "all"):
            if key in self.dx_share:
                return float(self.dx_share[key]), self.dx_years.get(key, self.dx_year)
        return 0.0, self.dx_year


BASELINE = Scenario()
"""Hires as many as today's young staff implies, no further digital share. Rehire rate and FTE
follow the national civil service (人事院: about 70 % of those retired by age come back; 70 % of
them work shorter hours, mostly four days of five: 0.3 × 1 + 0.7 × 0.8 = 0.86)."""

PRESETS: tuple[Scenario, ...] = (
    BASELINE,
    Scenario("replacement", "退職補充", "Replace leavers", Hiring(rule="replacement")),
    Scenario("scarce_hiring", "採用難", "Hard to hire", Hiring(rule="pool")),
    Scenario(
        "dx_acceleration",
        "DX加速",
        "More digital",
        dx_share={"clerical": 0.30, "inquiry": 0.20},
        dx_year=2035,
    ),
    Scenario(
        "half_staff",
        "従来の半分の職員",
        "Half the staff",
        Hiring(rule="replacement", headcount_target=0.5),
    ),
)
