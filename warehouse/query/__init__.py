"""The one query door: pages, exports and the command line ask here, and nowhere else."""

from warehouse.decisions import DecisionError, SavedScenario
from warehouse.query.answer import Answer, Reporters, Viewer, metric
from warehouse.query.decisions import (
    change_driver,
    driver_changes,
    save_scenario,
    saved_scenario,
    saved_scenarios,
)
from warehouse.query.door import Span
from warehouse.query.errors import (
    NoRelease,
    NotAllowed,
    QueryError,
    UnknownDimension,
    UnknownMetric,
    UnknownValue,
)
from warehouse.query.frames import (
    events,
    files,
    life_table,
    metrics_from,
    population_assumptions,
    quarantine,
    reference,
    release_list,
    sql,
    status,
    targets,
    tested_projections,
    workforce_rates,
)
from warehouse.query.labels import labels
from warehouse.query.registry import Dimension, Metric, catalogue, dimensions
from warehouse.query.release import Release, open_release
from warehouse.query.values import values
from warehouse.schedule import LATE_AFTER, is_late

__all__ = [
    "LATE_AFTER",
    "Answer",
    "DecisionError",
    "Dimension",
    "Metric",
    "NoRelease",
    "NotAllowed",
    "QueryError",
    "Release",
    "Reporters",
    "SavedScenario",
    "Span",
    "UnknownDimension",
    "UnknownMetric",
    "UnknownValue",
    "Viewer",
    "catalogue",
    "change_driver",
    "dimensions",
    "driver_changes",
    "events",
    "files",
    "is_late",
    "labels",
    "life_table",
    "metric",
    "metrics_from",
    "open_release",
    "population_assumptions",
    "quarantine",
    "reference",
    "release_list",
    "save_scenario",
    "saved_scenario",
    "saved_scenarios",
    "sql",
    "status",
    "targets",
    "tested_projections",
    "values",
    "workforce_rates",
]
