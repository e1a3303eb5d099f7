"""What is looked for in each chunk of a plain table before its rows are judged."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from pipelines.personal import Watcher
from pipelines.recognised import Table
from pipelines.second_table import SecondTable
from pipelines.sources import Source
from pipelines.typed import DATED


class Lookout:
    """Looks out for personal data and for a second table. waived: see Watcher."""

    def __init__(self, table: Table, source: Source, waived: Collection[str]) -> None:
        dated = {column.name for column in source.read_columns if column.type in DATED}
        dates = {at for name, at in table.match.cells.items() if name in dated}
        dates |= set(table.match.dates.values())
        self._lookers = (Watcher(table.names, waived, dates), SecondTable(table))

    def see(self, chunk: pa.Table) -> None:
        """Look at the next chunk. Raises Refused."""
        for looker in self._lookers:
            looker.see(chunk)
