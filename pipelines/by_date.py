"""Codes of municipalities as they were on the day of each row.

A code that had ended by then gives way to its successor, one that had not begun to the code that
the same body had before; a row of a code that was split by then is held back. Few codes have such
a history, so that most files are not touched at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.places import Places
from pipelines.sources import Source
from warehouse.engine import Engine, identifier


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


def by_date(
    engine: Engine,
    source: Source,
    places: Places,
    codes: Collection[str],
    sql: str,
    spell: Callable[[str], str] = str,
) -> str:
    """SQL like `sql`, with the municipalities of its rows resolved by date.

    sql: rows with the source's typed columns and, for each column of municipalities, `problem_…`.
    codes: those that can stand in the rows; where none of them has a history, `sql` is given back.
    A row without a readable day is taken as of today.
    """
    columns = [column.name for column in source.read_columns if column.type == "municipality"]
    windows = places.succession.table()
    if (
        not columns
        or not pc.any(pc.is_in(windows["code"], pa.array(list(codes), pa.string()))).as_py()
    ):
        return sql
    engine.register("succession", windows)
    for name in columns:
        code, problem = identifier(name), identifier(f"problem_{name}")
        sql = f"""
            SELECT typed.* REPLACE (
                CASE WHEN past.code IS NULL THEN typed.{code} ELSE past.resolved END AS {code},
                coalesce(typed.{problem}, past.problem) AS {problem})
            FROM (SELECT *, coalesce({day_of(source, spell)}, current_date) AS row_day
                FROM ({sql})) AS typed
            LEFT JOIN succession AS past
                ON typed.{code} = past.code
                AND typed.row_day BETWEEN past.from_day AND past.to_day"""
        sql = f"SELECT * EXCLUDE (row_day) FROM ({sql})"
    return sql
