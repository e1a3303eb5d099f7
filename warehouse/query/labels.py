"""Labels of codes, and which values of a dimension a release holds."""

from __future__ import annotations

from typing import Any

from warehouse.query.registry import Dimension, dimension_of, metrics
from warehouse.query.release import Release, open_release


def labels(dimension: str, release: Release | None = None, lang: str = "ja") -> dict[Any, str]:
    """Code → label. Where a dimension has no labels of its own, its values as text."""
    release = release or open_release()
    key = ("labels", dimension, lang)
    if key not in release.cache:
        release.cache[key] = _labels(dimension_of(dimension), release, lang)
    return dict(release.cache[key])


def _labels(dimension: Dimension, release: Release, lang: str) -> dict[Any, str]:
    if dimension.values:
        return {code: texts[lang] for code, texts in dimension.values.items()}
    if dimension.table:
        table = dimension.table
        label = table.label_en if lang == "en" and table.label_en else table.label
        rows = release.engine.execute(
            f"SELECT DISTINCT {table.code}, {label} FROM {table.table} ORDER BY ALL NULLS LAST"
        )
        return {code: label or str(code) for code, label in rows}
    return {code: str(code) for code in present(dimension.id, release)}


def present(dimension: str, release: Release) -> list[Any]:
    """Every value that any mart of the release holds in a dimension, in order, without null."""
    key = ("present", dimension)
    if key not in release.cache:
        declared = dimension_of(dimension)
        marts = sorted({one.mart for one in metrics().values() if dimension in one.dimensions})
        if declared.of_municipality:
            query = f"SELECT DISTINCT {declared.column} AS code FROM core_municipality"
        else:
            query = " UNION ".join(
                f"SELECT DISTINCT {declared.column} AS code FROM {mart}" for mart in marts
            )
        rows = release.engine.execute(
            f"SELECT code FROM ({query}) WHERE code IS NOT NULL ORDER BY code NULLS LAST"
        )
        release.cache[key] = [row[0] for row in rows]
    return list(release.cache[key])
