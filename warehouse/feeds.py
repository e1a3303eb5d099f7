"""Relations that several sources feed: one list of sources, none of them named in SQL.

A source's YAML says `feeds: core_population`. All that say so are read in SQL as
`feed_population`: their columns, and `source` with the id of each row's source.
"""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.engine import Engine, identifier
from warehouse.inputs import Input
from warehouse.queries import BuildError, Query


def create_feeds(engine: Engine, inputs: Mapping[str, Input]) -> list[Query]:
    """Make `feed_<table>` for each core table that sources feed; return what each reads.

    The `lake_<source>` relations exist already. Raises BuildError where sources of one feed differ
    in their columns or types.
    """
    fed: dict[str, list[str]] = {}
    for source, given in sorted(inputs.items()):
        if given.feeds:
            fed.setdefault(given.feeds, []).append(source)
    return [_create(engine, table, sources, inputs) for table, sources in sorted(fed.items())]


def _create(engine: Engine, table: str, sources: list[str], inputs: Mapping[str, Input]) -> Query:
    name = f"feed_{table.removeprefix('core_')}"
    first = sources[0]
    for source in sources:
        if not inputs[source].schema.equals(inputs[first].schema):
            raise BuildError(f"{table}: 取込元 {first} と {source} の列が違います")
    columns = ", ".join(map(identifier, inputs[first].schema.names))
    text = "\nUNION ALL\n".join(
        f"SELECT '{source}' AS source, {columns} FROM lake_{source}" for source in sources
    )
    engine.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS {text}")
    reads = frozenset(f"lake_{source}" for source in sources)
    return Query(name, "", f"Rows of all sources that feed {table}.", text, reads)
