"""Frames about a release itself: its files, what was held back, its history, its lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from warehouse import inputs, releases
from warehouse.engine import EngineError
from warehouse.home import Home
from warehouse.query.door import Condition
from warehouse.query.errors import NoRelease, QueryError
from warehouse.query.registry import Metric, catalogue
from warehouse.query.release import Release, open_release

FILE_COLUMNS = (
    "file, sha256, source, source_label_ja AS source_label, source_label_en, owner, licence,"
    " period_from, period_to, rows_read, quarantined, loaded_at"
)


def files_behind(
    release: Release,
    asked: Metric,
    divisor: Metric | None,
    found: Iterable[Condition],
    period: tuple[Any, Any] | None,
) -> pd.DataFrame:
    """The files whose rows a metric's mart holds, narrowed to the municipalities and days asked.

    A file that says neither its municipality nor its period counts.
    """
    marts = [asked.mart, *([divisor.mart] if divisor else [])]
    parameters: list[Any] = [*marts]
    narrow = ""
    for condition in found:
        if condition.dimension.id == "municipality" and condition.values:
            names = ", ".join("?" for _ in condition.values)
            narrow += f" AND (municipality IS NULL OR municipality IN ({names}))"
            parameters += condition.values
    if period and isinstance(period[0], date):
        narrow += " AND (period_from IS NULL OR period_from <= ?)"
        narrow += " AND (period_to IS NULL OR period_to >= ?)"
        parameters += [period[1], period[0]]
    return release.engine.frame(
        f"SELECT {FILE_COLUMNS} FROM meta_file WHERE sha256 IN"
        f" (SELECT sha256 FROM meta_lineage WHERE table_name IN ({', '.join('?' for _ in marts)}))"
        f"{narrow} ORDER BY source, period_from NULLS LAST, file, sha256",
        parameters,
    )


def metrics_from(files: Iterable[str], release: Release | None = None) -> frozenset[str]:
    """Ids of the metrics whose marts hold rows of any of these files (sha256)."""
    release = release or open_release()
    wanted = list(files)
    names = ", ".join("?" for _ in wanted) or "NULL"
    found = release.engine.frame(
        f"SELECT DISTINCT table_name FROM meta_lineage WHERE sha256 IN ({names})", wanted
    )
    tables = frozenset(found["table_name"])
    return frozenset(metric.id for metric in catalogue() if metric.mart in tables)


def files(release: Release | None = None) -> pd.DataFrame:
    """One row per loaded file: the ledger, newest first."""
    return _rows(
        release,
        "SELECT *, source_label_ja AS source_label FROM meta_file"
        " ORDER BY loaded_at DESC, file, sha256",
    )


def quarantine(release: Release | None = None) -> pd.DataFrame:
    """One row per reason for which a row was held back."""
    return _rows(
        release,
        "SELECT * FROM meta_quarantine"
        ' ORDER BY source_file, source_sha256, source_row, "column" NULLS LAST, rule',
    )


def status(release: Release | None = None, municipality: str | None = None) -> pd.DataFrame:
    """One row per source with files: how many, rows, held back, last period, last load.

    municipality: only its files, and those that are of no single one. Columns: source,
    source_label, source_label_en, schedule, files, rows_read, accepted, quarantined, period_from,
    period_to, loaded_at.
    """
    return _rows(
        release,
        "SELECT source, max(source_label_ja) AS source_label,"
        " max(source_label_en) AS source_label_en, max(schedule) AS schedule,"
        " count(*) AS files,"
        " CAST(sum(rows_read) AS BIGINT) AS rows_read,"
        " CAST(sum(accepted) AS BIGINT) AS accepted,"
        " CAST(sum(quarantined) AS BIGINT) AS quarantined,"
        " min(period_from) AS period_from, max(period_to) AS period_to,"
        " max(loaded_at) AS loaded_at FROM meta_file"
        " WHERE $code IS NULL OR municipality IS NULL OR municipality = $code"
        " GROUP BY source ORDER BY source",
        {"code": municipality},
    )


def release_list(home: Home | None = None) -> pd.DataFrame:
    """One row per release on disk, newest first: name, built_at, is_demo, version, is_current."""
    home = home or Home.from_env()
    current = releases.current(home)
    rows = []
    for name in reversed(releases.names(home)):
        try:
            release = open_release(home, name)
        except NoRelease:  # pruned since it was listed
            continue
        rows.append(
            {
                "name": name,
                "built_at": release.built_at,
                "is_demo": release.is_demo,
                "version": release.version,
                "is_current": name == current,
            }
        )
    columns = ["name", "built_at", "is_demo", "version", "is_current"]
    return pd.DataFrame(rows, columns=columns)


def targets(release: Release | None = None) -> pd.DataFrame:
    """Targets: municipality, metric, value, due, basis."""
    return _rows(
        release,
        "SELECT municipality, metric, value, due, basis FROM core_target"
        " ORDER BY municipality, metric, due",
    )


def events(release: Release | None = None) -> pd.DataFrame:
    """Reform events: municipality, event_date, name, department, counter, note."""
    return _rows(
        release,
        "SELECT municipality, event_date, name, department, counter, note FROM core_event"
        " ORDER BY municipality, event_date, name",
    )


def life_table(release: Release | None = None) -> pd.DataFrame:
    """Life tables: area, table_year, sex, age, mortality, survivors, person_years."""
    return _rows(
        release,
        "SELECT area, table_year, sex, age, mortality, survivors, person_years"
        " FROM core_life_table ORDER BY area, table_year, sex, age",
    )


def population_assumptions(release: Release | None = None) -> pd.DataFrame:
    """Assumptions of a projection: area, year_from, sex, age (at the start of the period),
    survival, net_migration, child_woman_ratio, sex_ratio (boys per girl)."""
    return _rows(
        release,
        "SELECT area, year_from, sex, age, survival, net_migration, child_woman_ratio, sex_ratio"
        " FROM core_population_assumption ORDER BY area, year_from, sex, age",
    )


def tested_projections(release: Release | None = None) -> pd.DataFrame:
    """The newest round that a census has tested: municipality, projected, counted, years_ahead."""
    return _rows(
        release,
        "SELECT municipality, projected, counted, years_ahead FROM mart_backtest"
        " WHERE is_newest AND is_usual_year ORDER BY municipality",
    )


def workforce_rates(release: Release | None = None) -> pd.DataFrame:
    """Rates of separation and hiring by municipality and age, as estimated at publish."""
    return _rows(release, "SELECT * FROM mart_model_rate ORDER BY municipality, age")


def reference(name: str) -> pd.DataFrame:
    """A list that ships with the product: `category`, `driver` or `municipality`."""
    if name not in {"category", "driver", "municipality"}:
        raise QueryError(f"「{name}」という一覧はありません。category、driver、municipality です")
    return inputs.reference(name).to_pandas()


def sql(text: str, release: Release | None = None) -> pd.DataFrame:
    """Run one SELECT on a release. Raises QueryError for anything else, and for its errors."""
    release = release or open_release()
    try:
        release.engine.tables_read(text)
    except EngineError as error:
        raise QueryError(
            f"読み取り専用です。正しい SELECT 文を1つだけ書いてください（{_first_line(error)}）"
        ) from error
    try:
        return release.engine.frame(text)
    except EngineError as error:
        raise QueryError(f"SQL を実行できません（{_first_line(error)}）") from error


def _rows(release: Release | None, text: str, parameters: Any = None) -> pd.DataFrame:
    """Rows of a release, the one that readers see where none is named."""
    return (release or open_release()).engine.frame(text, parameters)


def _first_line(error: EngineError) -> str:
    return error.reason.splitlines()[0]
