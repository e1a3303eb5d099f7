"""Scenarios as mappings: read from YAML, JSON or a link, and written back the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from demography.population import PopulationError, PopulationScenario, RatioChange
from demography.scenario import Hiring, Scenario, ScenarioError

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
    "dx.years": "dx_years",
    "separation_multiplier": "separation_multiplier",
    "rehire.rate": "rehire_rate",
    "rehire.fte": "rehire_fte",
    "fixed_term_change": "fixed_term_change",
    "hours_per_fte": "hours_per_fte",
    "population": "population",
}
"""Key of a file → field of Scenario, or of Hiring."""

_SECTIONS = ("label", "hiring", "dx", "rehire")
_CHANGES = ("ratios", "survival", "net_migration")


def from_mapping(given: object) -> Scenario:
    """A Scenario from a parsed file; what is left out keeps its default.

    Keys: name, label {ja, en}, hiring {rule, number, elasticity, headcount_target,
    headcount_target_year}, dx {year, share {category | group | all: 0–1}, years {category | group |
    all: year}}, separation_multiplier, rehire {rate, fte}, fixed_term_change, hours_per_fte,
    population {child_woman_factor, own_migration, from_assumptions, year_from, ratios | survival |
    net_migration: [{age_from, age_to, year_from, year_to, factor, sex}]}. Raises ScenarioError for
    an unknown key or a wrong value.
    """
    if not isinstance(given, Mapping):
        raise ScenarioError("シナリオは「項目: 値」の形で書いてください")
    flat: dict[str, Any] = {}
    for key, value in given.items():
        if key in _SECTIONS:
            flat.update({f"{key}.{inner}": item for inner, item in _section(key, value).items()})
        else:
            flat[str(key)] = value
    hiring: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in flat.items():
        if key not in _FIELDS:
            raise _unknown(key, _FIELDS)
        (hiring if key.startswith("hiring.") else rest)[_FIELDS[key]] = _typed(key, value)
    named = {"label_ja": str(rest["name"]), "label_en": str(rest["name"])} if "name" in rest else {}
    return Scenario(**(named | rest), hiring=Hiring(**hiring))


def to_mapping(scenario: Scenario) -> dict[str, Any]:
    """What from_mapping reads back as the same scenario; values that are defaults are left out."""
    default = Scenario(scenario.name, scenario.label_ja, scenario.label_en)
    written: dict[str, Any] = {"name": scenario.name}
    if (scenario.label_ja, scenario.label_en) != (scenario.name, scenario.name):
        written["label"] = {"ja": scenario.label_ja, "en": scenario.label_en}
    for key, name in _FIELDS.items():
        section, _, inner = key.partition(".")
        if section in ("name", "label"):
            continue
        holder, usual = (
            (scenario.hiring, default.hiring) if section == "hiring" else (scenario, default)
        )
        value = getattr(holder, name)
        if value == getattr(usual, name):
            continue
        if section == "population":
            value = _population_written(value)
        elif isinstance(value, Mapping):
            value = dict(value)
        if inner:
            written.setdefault(section, {})[inner] = value
        else:
            written[key] = value
    return written


def _population_written(population: PopulationScenario) -> dict[str, Any]:
    default = PopulationScenario()
    return {
        field.name: [asdict(change) for change in value] if isinstance(value, tuple) else value
        for field in fields(population)
        if (value := getattr(population, field.name)) != getattr(default, field.name)
    }


def _section(key: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ScenarioError(f"シナリオの「{key}」の下は「項目: 値」の形で書いてください")
    return {str(inner): item for inner, item in value.items()}


def _unknown(key: str, known: Mapping[str, Any] | Sequence[str]) -> ScenarioError:
    return ScenarioError(
        f"シナリオに「{key}」という項目はありません（書ける項目: {'、'.join(known)}）"
    )


def _typed(key: str, value: Any) -> Any:
    if key in ("name", "label.ja", "label.en", "hiring.rule"):
        return str(value)
    if key in ("dx.share", "dx.years"):
        what = "割合" if key == "dx.share" else "年"
        if not isinstance(value, Mapping):
            raise ScenarioError(f"シナリオの「{key}」は「事務分類: {what}」の形で書いてください")
        read = _number if key == "dx.share" else _whole
        return {str(inner): read(f"{key}.{inner}", item) for inner, item in value.items()}
    if key in ("hiring.number", "hours_per_fte") and value is None:
        return None
    if key == "population":
        return _population(_section(key, value))
    return _whole(key, value) if key.endswith("year") else _number(key, value)


def _population(given: Mapping[str, Any]) -> PopulationScenario:
    read: dict[str, Any] = {}
    for key, value in given.items():
        name = f"population.{key}"
        if key in _CHANGES:
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise ScenarioError(f"シナリオの「{name}」は「- 項目: 値」の並びで書いてください")
            read[key] = tuple(_change(name, one) for one in value)
        elif key in ("own_migration", "from_assumptions"):
            if not isinstance(value, bool):
                raise ScenarioError(f"シナリオの「{name}」は true か false で書いてください")
            read[key] = value
        elif key == "child_woman_factor":
            read[key] = _number(name, value)
        elif key == "year_from":
            read[key] = None if value is None else _whole(name, value)
        else:
            raise _unknown(name, [one.name for one in fields(PopulationScenario)])
    return _checked("population", PopulationScenario, read)


def _change(name: str, given: object) -> RatioChange:
    section = _section(name, given)
    read: dict[str, Any] = {"age_to": None, "year_to": None}
    known = [one.name for one in fields(RatioChange)]
    for key, value in section.items():
        if key not in known:
            raise _unknown(f"{name}.{key}", known)
        if key == "sex":
            read[key] = str(value)
        elif value is not None or key not in read:
            whole = key.startswith(("age", "year"))
            read[key] = (_whole if whole else _number)(f"{name}.{key}", value)
    if missing := [key for key in ("age_from", "year_from", "factor") if key not in read]:
        raise ScenarioError(f"シナリオの「{name}」に {missing[0]} を書いてください")
    return _checked(name, RatioChange, read)


def _checked(name: str, kind: Any, values: Mapping[str, Any]) -> Any:
    try:
        return kind(**values)
    except PopulationError as error:
        raise ScenarioError(f"シナリオの「{name}」: {error}") from error


def _number(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ScenarioError(f"シナリオの「{key}」は数で書いてください（{value}）")
    return float(value)


def _whole(key: str, value: Any) -> int:
    number = _number(key, value)
    if number != int(number):
        raise ScenarioError(f"シナリオの「{key}」は整数で書いてください（{value}）")
    return int(number)
