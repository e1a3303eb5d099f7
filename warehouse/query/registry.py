"""Metrics and dimensions, as the YAML files of warehouse/metrics declare them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from warehouse.inputs import reference
from warehouse.query.errors import UnknownDimension, UnknownMetric, near

FOLDER = Path(__file__).parents[1] / "metrics"
Texts = Mapping[str, str]


@dataclass(frozen=True)
class LabelTable:
    """Where the labels of codes stand in a release; label_en: the English ones, where kept."""

    table: str
    code: str
    label: str
    label_en: str | None = None


@dataclass(frozen=True)
class Dimension:
    """What a metric can be cut by. `column` is the column of the marts."""

    id: str
    labels_of: Texts
    kind: str
    column: str
    of_municipality: bool
    values: Mapping[Any, Texts]
    table: LabelTable | None
    all_word: str | None
    is_detail: bool

    def label(self, lang: str = "ja") -> str:
        """The name shown to readers."""
        return self.labels_of[lang]


@dataclass(frozen=True)
class Default:
    """A condition that applies unless one of the dimensions is named.

    `unless`: named as a cut or a filter; `unless_filtered`: named as a filter only.
    """

    where: str
    unless: tuple[str, ...] = ()
    unless_filtered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """One metric. `value` and `n` are SQL over the columns of `mart`; see warehouse/metrics."""

    id: str
    texts: Mapping[str, Texts]
    source: str
    direction: str
    format: str
    decimals: int
    integer: bool
    mart: str
    value: str
    n: str
    dimensions: tuple[str, ...]
    period: tuple[str, str]
    defaults: tuple[Default, ...] = ()
    single: tuple[str, ...] = ()
    share_over: tuple[str, ...] = ()
    per: str | None = None
    as_of: str | None = None
    intervals: Mapping[int, Sequence[str]] = field(default_factory=dict)
    minimum_cell: str | None = None
    detail: str | None = None

    def label(self, lang: str = "ja") -> str:
        """The name shown to readers."""
        return self.texts["label"][lang]

    def unit(self, lang: str = "ja") -> str:
        """The unit shown after a value."""
        return self.texts["unit"][lang]

    def definition(self, lang: str = "ja") -> str:
        """What it is, with its formula, in plain words."""
        return self.texts["definition"][lang]

    def caveat(self, lang: str = "ja") -> str:
        """What a reader must know before using it."""
        return self.texts["caveat"][lang]


@functools.cache
def dimensions() -> dict[str, Dimension]:
    """All dimensions by id, in the order of dimensions.yml."""
    declared = yaml.safe_load((FOLDER / "dimensions.yml").read_text(encoding="utf-8"))
    return {name: _dimension(name, entry) for name, entry in declared.items()}


def _dimension(name: str, entry: dict[str, Any]) -> Dimension:
    known = {"label", "kind", "column", "of", "values", "labels", "all", "detail"}
    if unknown := entry.keys() - known:
        raise ValueError(f"dimensions.yml: {name}: unknown {sorted(unknown)}")
    values = entry.get("values", {})
    if values == "categories":
        rows = reference("category").to_pylist()
        values = {row["category"]: {"ja": row["label_ja"], "en": row["label_en"]} for row in rows}
    elif values == "hours":
        values = {hour: {"ja": f"{hour}時", "en": f"{hour}:00"} for hour in range(24)}
    elif values == "half_hours":
        clocks = [f"{slot // 2}:{slot % 2 * 30:02}" for slot in range(48)]
        values = {slot: {"ja": f"{clock}～", "en": clock} for slot, clock in enumerate(clocks)}
    return Dimension(
        id=name,
        labels_of=entry["label"],
        kind=entry["kind"],
        column=entry.get("column", name),
        of_municipality=entry.get("of") == "municipality",
        values=values,
        table=LabelTable(**entry["labels"]) if "labels" in entry else None,
        all_word=entry.get("all"),
        is_detail=entry.get("detail", False),
    )


@functools.cache
def metrics() -> dict[str, Metric]:
    """All metrics by id, in the order of the files' names and of their entries."""
    found: dict[str, Metric] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        if path.name == "dimensions.yml":
            continue
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            shared = {key: value for key, value in group.items() if key != "metrics"}
            for name, entry in group["metrics"].items():
                if name in found:
                    raise ValueError(f"{path.name}: {name} is declared twice")
                found[name] = _metric(f"{path.name}: {name}", name, {**shared, **entry})
    return found


TEXTS = ("label", "unit", "definition", "caveat")
TUPLES = {"dimensions", "period", "share_over", "single"}
FIELDS = TUPLES | {"mart", "value", "n", "source", "direction", "per", "as_of", "intervals"}
FIELDS |= {"minimum_cell", "detail"}
FIXED = {"format", "decimals", "integer", "defaults"}


def _metric(where: str, name: str, entry: dict[str, Any]) -> Metric:
    texts = {key: entry.pop(key) for key in TEXTS}
    for key, text in texts.items():
        if text.keys() != {"ja", "en"}:
            raise ValueError(f"{where}: {key} needs ja and en")
    if unknown := entry.keys() - FIELDS - FIXED:
        raise ValueError(f"{where}: unknown {sorted(unknown)}")
    entry.setdefault("as_of", f"max({entry['period'][1]})")
    given: dict[str, Any] = {
        key: tuple(value) if key in TUPLES else value
        for key, value in entry.items()
        if key in FIELDS
    }
    metric = Metric(
        id=name,
        texts=texts,
        format=entry.get("format", "number"),
        decimals=entry.get("decimals", 0),
        integer=entry.get("integer", False),
        defaults=tuple(
            Default(
                default["where"],
                tuple(default.get("unless", ())),
                tuple(default.get("unless_filtered", ())),
            )
            for default in entry.get("defaults", ())
        ),
        **given,
    )
    used = {*metric.dimensions, *metric.single, *metric.share_over}
    used |= {one for default in metric.defaults for one in default.unless}
    if unknown := used - dimensions().keys():
        raise ValueError(f"{where}: unknown dimensions {sorted(unknown)}")
    return metric


def metric_of(name: str) -> Metric:
    """The metric of that id. Raises UnknownMetric with the near names."""
    if name not in metrics():
        raise UnknownMetric(
            f"指標「{name}」はありません。{near(name, metrics())}"
            "（一覧: python -m warehouse metrics）"
        )
    return metrics()[name]


def dimension_of(name: str, metric: Metric | None = None) -> Dimension:
    """The dimension of that id. Raises UnknownDimension where `metric` cannot be cut by it."""
    allowed = metric.dimensions if metric else tuple(dimensions())
    if name in allowed:
        return dimensions()[name]
    if name in dimensions() and metric:
        raise UnknownDimension(
            f"指標「{metric.id}」は「{name}」で分けられません。使えるもの: {'、'.join(allowed)}"
        )
    hint = near(name, allowed) or f"使えるもの: {'、'.join(allowed)}"
    raise UnknownDimension(f"切り口「{name}」はありません。{hint}")


def catalogue() -> list[Metric]:
    """All metrics, for lists and documentation."""
    return list(metrics().values())
