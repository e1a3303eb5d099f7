"""The macros of parse.sql, made known to an engine: all of them, or those without dates.

Making the macros for dates known takes as long as reading a small file, because each names others.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pipelines.profile import Profile
from pipelines.sources import Source
from pipelines.typed import DATED
from warehouse.engine import Engine

_NAME = re.compile(r"\bmado_\w+")
_LAST_WITHOUT_DATES = "mado_bool"
"""The macros of parse.sql up to here read words and numbers; all after it read dates and times."""


@cache
def _macros() -> dict[str, str]:
    """Name → statement, in the order of the file: each names only those before it."""
    sql = (Path(__file__).parent / "parse.sql").read_text(encoding="utf-8")
    statements = (
        part.strip().removesuffix(";")
        for part in re.split(r";\s*\n", re.sub(r"(?m)^--.*$", "", sql))
    )
    return {_NAME.findall(one)[0]: one for one in statements if one}


def define_macros(engine: Engine) -> None:
    """Make all macros known to this engine."""
    for statement in _macros().values():
        engine.execute(statement)


def define_needed(engine: Engine, source: Source, profile: Profile) -> None:
    """Make the macros known that files of a source can need: all, or for want of dates a few."""
    kinds = {column.type for column in source.columns}
    if kinds & {*DATED, "time"} or _NAME.search(f"{source}{profile}"):
        define_macros(engine)
        return
    last = list(_macros()).index(_LAST_WITHOUT_DATES)
    for statement in list(_macros().values())[: last + 1]:
        engine.execute(statement)
