"""The one query door: pages, exports and the command line ask here, and nowhere else."""

from warehouse.query.answer import Answer, Reporters, Viewer, metric
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
    metrics_from,
    quarantine,
    reference,
    release_list,
    sql,
    status,
    targets,
)
from warehouse.query.labels import labels
from warehouse.query.registry import Dimension, Metric, catalogue, dimensions
from warehouse.query.release import Release, open_release
from warehouse.query.values import values
from warehouse.schedule import LATE_AFTER, is_late

__all__ = [
    "LATE_AFTER",
    "Answer",
    "Dimension",
    "Metric",
    "NoRelease",
    "NotAllowed",
    "QueryError",
    "Release",
    "Reporters",
    "Span",
    "UnknownDimension",
    "UnknownMetric",
    "UnknownValue",
    "Viewer",
    "catalogue",
    "dimensions",
    "events",
    "files",
    "is_late",
    "labels",
    "metric",
    "metrics_from",
    "open_release",
    "quarantine",
    "reference",
    "release_list",
    "sql",
    "status",
    "targets",
    "values",
]
