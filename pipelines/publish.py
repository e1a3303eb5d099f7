"""From the lake to a release that readers see."""

from __future__ import annotations

from pipelines import held, ingest, ledger, models
from pipelines.errors import PipelineError
from pipelines.sources import load_sources
from warehouse.build import build
from warehouse.home import Home
from warehouse.inputs import Input


def publish(home: Home, wait: float = 0) -> str:
    """Build, check and publish a release from all active files; return its name.

    wait: seconds to wait for another writer. Raises PipelineError where another process is writing
    and where nothing is loaded, and what warehouse.build.build raises; the release before stays in
    each case.
    """
    with ingest.writing(home, wait):
        entries = held.open_entries(home)
        if not entries:
            raise PipelineError(
                "読み込まれたファイルがないため、公開するものがありません。"
                "python -m pipelines load から始めてください",
                "nothing is loaded, so there is nothing to publish; begin with load",
            )
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
        return build(home, inputs, ledger.table(entries), held.table(home), models.compute)
