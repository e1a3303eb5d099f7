"""What staging hands on: the rows of a file as typed records, chunk by chunk.

stage_tables reads plain tables, stage_adapted what an adapter gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.arrays import flags
from pipelines.errors import Refused
from pipelines.sources import Source
from pipelines.typed import Typed

Progress = Callable[[int], None]
"""Called with the number of rows read since the last call."""


@dataclass(frozen=True)
class Records:
    """Records of a chunk.

    table: `rid` (unique), `row_id` (the same for all records of one physical row), `source_row`,
    `sheet`, `flagged` (a cell could not be read, or one of `needed` is blank), and for each column
    its value, `raw_<column>` as written (null where blank) and, for codes, `problem_<column>`.
    faults: rows that are broken as a whole (row_id, source_row, sheet, fault, line).
    """

    table: pa.Table
    faults: pa.Table | None = None


@dataclass
class Staged:
    """What is brought in. The counts are complete once `records` has run to its end.

    given: columns that the file (or its profile) has. single: each physical row has one record.
    rejected: findings of the adapter itself, as columns, with `row_id`.
    """

    given: frozenset[str]
    records: Iterator[Records]
    single: bool
    rejected: pa.Table | None = None
    rows_read: int = 0
    ignored: Counter[str] = field(default_factory=Counter)


def needed(source: Source) -> frozenset[str]:
    """Columns that each row must fill itself: required ones that nothing else can fill."""
    return frozenset(
        c.name
        for c in source.read_columns
        if c.required and c.fill is None and c.type != "municipality"
    )


def typed_records(
    rids: npt.NDArray[np.int64],
    row_ids: npt.NDArray[np.int64],
    source_rows: npt.NDArray[np.int64],
    sheet: str | pa.Array,
    typed: Mapping[str, Typed],
    source: Source,
) -> pa.Table:
    """The table of `Records`. sheet: name of the sheet, or one for each record."""
    required = needed(source)
    if isinstance(sheet, str):
        indices = pa.repeat(pa.scalar(0, pa.int32()), len(rids))
        sheet = pa.DictionaryArray.from_arrays(indices, pa.array([sheet]))
    flagged = np.zeros(len(rids), np.bool_)
    columns: dict[str, pa.Array] = {}
    for name, one in typed.items():
        if not one.all_read:
            flagged |= one.unread
        if name in required and one.value.null_count:
            flagged |= flags(pc.is_null(one.value))
        columns |= {name: one.value, f"raw_{name}": one.written}
        if one.problem is not None:
            columns[f"problem_{name}"] = one.problem
    fixed = {
        "rid": pa.array(rids),
        "row_id": pa.array(row_ids),
        "source_row": pa.array(source_rows),
        "sheet": sheet,
        "flagged": pa.array(flagged),
    }
    return pa.table({**fixed, **columns})


def no_rows() -> Refused:
    """A file that holds no row of data."""
    return Refused(
        "見出しだけで、データの行がありません。出力の条件（期間など）を確かめてください",
        "there is a header but no row of data; check the period of the export",
    )
