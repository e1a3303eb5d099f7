"""From the lake to a release that readers see."""

from __future__ import annotations

from pipelines import held, ledger, lock, models
from pipelines.sources import load_sources
from warehouse.build import build
from warehouse.home import Home
from warehouse.inputs import Input


def publish(home: Home) -> str:
    """Build, check and publish a release from all loaded files; return its name.

    Raises PipelineError where another process is writing, and what warehouse.build.build raises;
    the release before stays in each case.
    """
    with lock.writing(home):
        entries = ledger.entries(home)
        inputs = {
            source.id: Input(
                [
                    ledger.parquet(home, entry)
                    for entry in entries
                    if entry.source == source.id and entry.accepted
                ],
                source.schema,
                source.feeds,
            )
            for source in load_sources().values()
        }
        return build(home, inputs, ledger.table(home), held.table(home), models.compute)
