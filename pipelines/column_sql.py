"""What a column's declaration means for engine and spool."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipelines.rows import text
from pipelines.sources import ARROW, Column
from pipelines.typed import CODED, DUCKDB
from warehouse.engine import identifier


def bounds(column: Column) -> list[str]:
    """SQL: what is true for a value below the least, or above the greatest, that a column has."""
    name = identifier(column.name)
    found = []
    if column.min is not None:
        least = f"DATE {text(column.min)}" if isinstance(column.min, str) else column.min
        found.append(f"{name} < {least}")
    if column.max is not None:
        last = isinstance(column.max, str)
        most = f"DATE {text(str(column.max))} + INTERVAL 1 DAY" if last else column.max
        found.append(f"{name} {'>=' if last else '>'} {most}")
    return found


def nulls(column: Column) -> list[tuple[str, str]]:
    """What a chunk has of a column that the file gives: name and engine type."""
    names = [(column.name, DUCKDB[column.type]), (f"raw_{column.name}", "VARCHAR")]
    return [*names, (f"problem_{column.name}", "VARCHAR")] if column.type in CODED else names


def spooled(columns: Sequence[Column]) -> pa.Schema:
    """Schema of the spool: words are dictionary-encoded."""
    words = pa.dictionary(pa.int32(), pa.string())
    kinds = [(c.name, ARROW[c.type]) for c in columns]
    return pa.schema(
        [
            *((name, pa.int64()) for name in ("rid", "row_id", "source_row")),
            ("sheet", words),
            *((name, words if pa.types.is_string(kind) else kind) for name, kind in kinds),
        ]
    )
