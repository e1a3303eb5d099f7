"""Bring the records that an adapter gives up for judgement, typed and in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import rows
from pipelines.adapters.base import Adapted
from pipelines.arrays import flags, whole, words_of
from pipelines.profile import Profile
from pipelines.rows import SHEET_STEP
from pipelines.sources import Source
from pipelines.stage import Progress, Records, Staged, no_rows, typed_records
from pipelines.typed import Typist
from warehouse.engine import Engine

BATCH = 200_000
"""Records of an adapter that are judged at a time."""


def stage_adapted(
    engine: Engine,
    adapted: Adapted,
    source: Source,
    profile: Profile,
    known: Mapping[str, str],
    progress: Progress,
) -> Staged:
    """Bring in the records of an adapter, without those of rows that it rejects itself.

    Raises Refused where there is no row of data.
    """
    if not adapted.records.num_rows and not adapted.rejected:
        raise no_rows()
    table = adapted.records.combine_chunks()
    present = frozenset(table.column_names) & {column.name for column in source.read_columns}
    if "sheet" not in table.column_names:
        table = table.append_column("sheet", pa.repeat("", table.num_rows))
    sheets = words_of(table["sheet"].combine_chunks())
    numbers = {name: at + 1 for at, name in enumerate(sorted(_sheets(adapted, sheets)))}
    steps = np.array([numbers[name] for name in sheets.dictionary.to_pylist()], np.int64)
    row_ids = steps[sheets.indices.to_numpy()] * SHEET_STEP + table["source_row"].to_numpy()
    rejected = rows.rejected(adapted.rejected, numbers)
    if adapted.rejected:
        held = np.unique(rejected["row_id"].to_numpy())
        keep = pa.array(~np.isin(row_ids, held))
        table, row_ids = table.filter(keep), row_ids[flags(keep)]

    def records() -> Iterator[Records]:
        typist = Typist(engine, source, profile, known)
        for first in range(0, table.num_rows, BATCH):
            batch = table.slice(first, BATCH)
            typed = {}
            for column in source.read_columns:
                constant = profile.constants.get(column.name)
                if column.name in present:
                    cells = whole(batch[column.name])
                    if constant is not None:
                        cells = cells.cast(pa.string())
                        blank = pc.equal(pc.fill_null(cells, ""), "")
                        cells = pc.if_else(blank, constant, cells)
                    typed[column.name] = typist.read(column.name, cells)
                elif constant is not None:
                    cells = pa.repeat(constant, batch.num_rows)
                    typed[column.name] = typist.read(column.name, cells)
            rids = np.arange(first, first + batch.num_rows)
            ids = row_ids[first : first + batch.num_rows]
            sheet = batch["sheet"].combine_chunks()
            yield Records(
                typed_records(rids, ids, batch["source_row"].to_numpy(), sheet, typed, source)
            )
        progress(adapted.rows_read)

    return Staged(
        present | set(profile.constants),
        records(),
        single=False,
        rejected=rejected,
        rows_read=adapted.rows_read,
        ignored=Counter(row.reason for row in adapted.ignored),
    )


def _sheets(adapted: Adapted, sheets: pa.DictionaryArray) -> set[str]:
    return {*sheets.dictionary.to_pylist(), *(finding.sheet for finding in adapted.rejected)}
