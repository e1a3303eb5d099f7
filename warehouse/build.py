"""Build a release from the lake: core tables, models, marts, checks, then the pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from warehouse import inputs as given
from warehouse import releases
from warehouse.decisions import DecisionError
from warehouse.engine import Engine, EngineError, Parameters
from warehouse.feeds import create_feeds
from warehouse.home import Home
from warehouse.inputs import Input
from warehouse.lineage import lineage
from warehouse.parts import STATE, Parts, take_over
from warehouse.queries import SQL, BuildError, Query, queries
from warehouse.runner import ChecksFailed, create_tables, run_checks
from warehouse.succession import history_tables

Models = Callable[[Engine], Mapping[str, pd.DataFrame]]


def build(
    home: Home,
    inputs: Mapping[str, Input],
    ledger: pa.Table,
    quarantine: pa.Table,
    models: Models | None = None,
) -> str:
    """Build, check and publish a release; return its name. The caller holds the writer's lock.

    inputs: one Input per source, readable in SQL as `lake_<source>`. ledger, quarantine: tables
    of the shapes in warehouse.inputs (missing columns are null). models: reads core tables through
    `frame` and `arrow` of the engine it is given and returns frames named as in
    warehouse.inputs.MODELS.

    Raises BuildError where the SQL or a model's frame is wrong, ChecksFailed where a check finds
    rows. The release before stays in each case.
    """
    home.releases.mkdir(parents=True, exist_ok=True)
    releases.clear_leftovers(home)
    now = datetime.now(UTC)
    name = releases.new_name(home, now)
    building = home.releases / f"{name}.duckdb.building"
    current = releases.current(home)
    before = releases.path_of(home, current) if current else None

    def make(before: Path | None) -> None:
        engine, state = take_over(before, building)
        try:
            parts = Parts(engine, inputs, state)
            _fill(engine, home, inputs, parts, ledger, quarantine, models, name, now)
            engine.execute("CHECKPOINT")
        finally:
            engine.close()

    try:
        try:
            make(before)
        except ChecksFailed:
            raise
        except (BuildError, EngineError):
            if before is None:
                raise
            # The release before may be damaged where only a build reads it.
            releases.clear_leftovers(home)
            make(None)
    except BaseException:
        releases.clear_leftovers(home)
        raise
    releases.complete(home, building, name)
    releases.point(home, name)
    releases.prune(home)
    return name


def _fill(
    engine: Engine,
    home: Home,
    inputs: Mapping[str, Input],
    parts: Parts,
    ledger: pa.Table,
    quarantine: pa.Table,
    models: Models | None,
    name: str,
    now: datetime,
) -> None:
    try:
        leaves = _register(engine, home, inputs)
    except DecisionError as error:
        raise BuildError(str(error)) from error
    files = given.conform(ledger, given.LEDGER)
    _store(engine, "meta_file", files)
    _store(engine, "meta_quarantine", given.conform(quarantine, given.QUARANTINE))
    feeds = create_feeds(engine, inputs)
    known = {*leaves, "meta_file", "meta_quarantine", *(feed.name for feed in feeds)}
    core = create_tables(engine, queries(SQL / "core", engine), known, parts)
    modelled = _run_models(engine, models)
    known |= {query.name for query in [*core, *modelled]}
    marts = create_tables(engine, queries(SQL / "mart", engine), known, parts)
    run_checks(engine, queries(SQL / "checks", engine), parts)
    _store(engine, STATE, parts.finish())
    _store(engine, "meta_lineage", lineage(engine, [*feeds, *core, *modelled, *marts]))
    _store(
        engine,
        "meta_release",
        pa.table(
            {
                "name": [name],
                "built_at": pa.array([now], pa.timestamp("us", "UTC")),
                "is_demo": [any(files["synthetic"].to_pylist())],
                "version": [given.version()],
            }
        ),
    )


def _register(engine: Engine, home: Home, inputs: Mapping[str, Input]) -> set[str]:
    """Make the lake, the reference lists, the calendar and the settings readable."""
    for source, source_input in inputs.items():
        engine.register_parquet(f"lake_{source}", source_input.files, source_input.schema)
    others = {
        "ref_municipality": given.reference("municipality"),
        "ref_category": given.reference("category"),
        "ref_driver": given.reference("driver"),
        "ref_driver_change": given.driver_changes(home),
        "ref_date": given.calendar(),
        "ref_config": given.settings(home.config()),
        **_histories(engine, inputs),
    }
    for name, table in others.items():
        _store(engine, name, table)
    return {*(f"lake_{source}" for source in inputs), *others}


def _histories(engine: Engine, inputs: Mapping[str, Input]) -> dict[str, pa.Table]:
    """What became of codes, from the lists and changes that are shipped and loaded."""
    listed, changed = (
        engine.arrow(f"SELECT * FROM lake_{source}").to_pylist() if source in inputs else []
        for source in ("municipality", "municipality_change")
    )
    shipped = given.reference("municipality").to_pylist()
    known = {row["code"] for row in shipped}
    others = [row for row in listed if row["code"] not in known]
    return history_tables([*shipped, *others], changed, date.today())


def _store(engine: Engine, name: str, table: pa.Table) -> None:
    engine.register("arriving", table)
    engine.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")


class _Watched(Engine):
    """The same connection, remembering which tables were read, for the lineage of the models."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine._connection, engine.where, shared=False)
        self.read: set[str] = set()

    def frame(self, sql: str, params: Parameters = None) -> pd.DataFrame:
        self.read |= self.tables_read(sql)
        return super().frame(sql, params)

    def arrow(self, sql: str, params: Parameters = None) -> pa.Table:
        self.read |= self.tables_read(sql)
        return super().arrow(sql, params)


def _run_models(engine: Engine, models: Models | None) -> list[Query]:
    """Store one table per model table, empty where no model fills it; return what each read."""
    watched = _Watched(engine)
    frames = models(watched) if models else {}
    if unknown := sorted(frames.keys() - given.MODELS.keys()):
        raise BuildError(f"モデルの表「{unknown[0]}」は定義されていません")
    for name, schema in given.MODELS.items():
        table = schema.empty_table()
        if name in frames:
            try:
                table = pa.Table.from_pandas(frames[name], schema=schema, preserve_index=False)
            except (KeyError, pa.ArrowException) as error:
                raise BuildError(f"モデルの表「{name}」の列が定義と違います（{error}）") from error
        _store(engine, name, table)
    read = frozenset(watched.read)
    return [Query(name, "", "", "", read) for name in given.MODELS]
