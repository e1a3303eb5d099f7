"""Codes of municipalities as they were on the day of each row.

A code that had ended by then gives way to its successor, one that had not begun to the code that
the same body had before; a row of a code that was split by then is held back. Few codes have such
a history, so that most files are not touched at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.arrays import whole
from pipelines.places import Places
from pipelines.sources import Source
from warehouse.engine import Engine, identifier
from warehouse.succession import WINDOWS

UNDATED = "NULL"
"""Period of a source whose rows are of no day (a mapping of names): its codes stay as written."""


def day_of(source: Source, spell: Callable[[str], str] = str) -> str:
    """SQL: the day of one row, over the columns that are read from files.

    It is what the source's period takes the least of. spell: writes out what stands for settings.
    """
    sql = re.sub(r"\b(min|max)\(", "(", source.period.from_)
    derived = {c.name: c.derive for c in source.columns if c.derive is not None}
    sql = re.sub(
        r"\b\w+\b", lambda word: f"({derived[word[0]]})" if word[0] in derived else word[0], sql
    )
    return f"TRY_CAST({spell(sql)} AS DATE)"


class ByDate:
    """Resolves the municipalities of one file's rows by their day."""

    def __init__(
        self,
        engine: Engine,
        source: Source,
        known: Mapping[str, str],
        spell: Callable[[str], str] = str,
    ) -> None:
        """known: codes, with their history where they are `Places`. spell: see `day_of`."""
        windows = known.succession.table if isinstance(known, Places) else WINDOWS.empty_table()
        self._codes = windows["code"].combine_chunks()
        self._day = day_of(source, spell)
        dated = source.period.from_ != UNDATED
        self._columns = [c.name for c in source.read_columns if dated and c.type == "municipality"]
        engine.register("succession", windows)

    def touches(self, codes: pa.Array | pa.ChunkedArray) -> bool:
        """True where one of these codes has a history, so that `resolved` may change its rows."""
        if not self._columns:
            return False
        codes = whole(codes)
        words = codes.dictionary if isinstance(codes, pa.DictionaryArray) else codes
        distinct = pc.unique(words)
        return bool(pc.any(pc.is_in(distinct, self._codes)).as_py())

    def resolved(self, sql: str, *, problems: bool = True) -> str:
        """SQL like `sql`, with the municipalities of its rows resolved by date.

        sql: rows with the source's typed columns, and with `problem_…` of each column of
        municipalities unless `problems` is false. A row without a readable day is taken as of
        today. What is resolved already stays as it is.
        """
        for name in self._columns:
            code, problem = identifier(name), identifier(f"problem_{name}")
            found = (
                f"CASE WHEN past.code IS NULL THEN typed.{code} ELSE past.resolved END AS {code}"
            )
            if problems:
                found += f", coalesce(typed.{problem}, past.problem) AS {problem}"
            sql = f"""
                SELECT typed.* EXCLUDE (row_day) REPLACE ({found})
                FROM (SELECT *, coalesce({self._day}, current_date) AS row_day
                    FROM ({sql})) AS typed
                LEFT JOIN succession AS past
                    ON typed.{code} = past.code
                    AND typed.row_day BETWEEN past.from_day AND past.to_day"""
        return sql
