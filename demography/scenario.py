"""What a planner can change: hiring, digital share, separations, rehire, and the presets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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
    dx_year: year in which dx_share is reached, linearly from the base year.
    separation_multiplier: times the default separation rates.
    rehire_rate, rehire_fte: share of those retired by age who come back until 65, and their FTE.
    fixed_term_change: yearly change of fixed-term staff (0 = held constant).
    """

    name: str = "baseline"
    label_ja: str = "現状維持"
    label_en: str = "As today"
    hiring: Hiring = field(default_factory=Hiring)
    dx_share: Mapping[str, float] = field(default_factory=dict)
    dx_year: int = 2040
    separation_multiplier: float = 1.0
    rehire_rate: float = 0.70
    rehire_fte: float = 0.86
    fixed_term_change: float = 0.0

    def __post_init__(self) -> None:
        for key, share in self.dx_share.items():
            _within(f"dx.share.{key}", share, 0, 1)
        _within("dx.year", self.dx_year, 2000, 2100)
        _within("separation_multiplier", self.separation_multiplier, 0, 10)
        _within("rehire.rate", self.rehire_rate, 0, 1)
        _within("rehire.fte", self.rehire_fte, 0, 1)
        _within("fixed_term_change", self.fixed_term_change, -0.5, 0.5)

    def dx_target(self, category: str, group: str) -> float:
        """Share of the hours of a category that is gone from dx_year on."""
        for key in (category, group, "all"):
            if key in self.dx_share:
                return float(self.dx_share[key])
        return 0.0


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

_FIELDS: dict[str, str] = {
    "name": "name",
    "label.ja": "label_ja",
    "label.en": "label_en",
    "hiring.rule": "rule",
    "hiring.number": "number",
    "hiring.elasticity": "elasticity",
    "hiring.headcount_target": "headcount_target",
    "hiring.headcount_target_year": "headcount_target_year",
    "dx.share": "dx_share",
    "dx.year": "dx_year",
    "separation_multiplier": "separation_multiplier",
    "rehire.rate": "rehire_rate",
    "rehire.fte": "rehire_fte",
    "fixed_term_change": "fixed_term_change",
}
_SECTIONS = ("label", "hiring", "dx", "rehire")


def from_mapping(given: object) -> Scenario:
    """A Scenario from a parsed YAML or JSON file; what is left out keeps its default.

    Keys: name, label {ja, en}, hiring {rule, number, elasticity, headcount_target,
    headcount_target_year}, dx {year, share {category | group | all: 0–1}}, separation_multiplier,
    rehire {rate, fte}, fixed_term_change. Raises ScenarioError for an unknown key or a wrong value.
    """
    if not isinstance(given, Mapping):
        raise ScenarioError("シナリオは「項目: 値」の形で書いてください")
    flat: dict[str, Any] = {}
    for key, value in given.items():
        if key in _SECTIONS:
            if not isinstance(value, Mapping):
                raise ScenarioError(f"シナリオの「{key}」の下は「項目: 値」の形で書いてください")
            flat.update({f"{key}.{inner}": item for inner, item in value.items()})
        else:
            flat[str(key)] = value
    hiring: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in flat.items():
        if key not in _FIELDS:
            known = "、".join(_FIELDS)
            raise ScenarioError(f"シナリオに「{key}」という項目はありません（書ける項目: {known}）")
        (hiring if key.startswith("hiring.") else rest)[_FIELDS[key]] = _typed(key, value)
    named = {"label_ja": str(rest["name"]), "label_en": str(rest["name"])} if "name" in rest else {}
    return Scenario(**(named | rest), hiring=Hiring(**hiring))


def _typed(key: str, value: Any) -> Any:
    if key in ("name", "label.ja", "label.en", "hiring.rule"):
        return str(value)
    if key == "dx.share":
        if not isinstance(value, Mapping):
            raise ScenarioError("シナリオの「dx.share」は「事務分類: 割合」の形で書いてください")
        return {str(inner): _number(f"{key}.{inner}", item) for inner, item in value.items()}
    if key == "hiring.number" and value is None:
        return None
    number = _number(key, value)
    return int(number) if key.endswith("year") else number


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioError(f"シナリオの「{key}」は数で書いてください（{value}）")
    return float(value)
