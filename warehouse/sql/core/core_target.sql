-- One row per target: the value a metric should reach by a day, and what it rests on.
SELECT
    municipality,
    metric,
    value,
    due,
    basis,
    source_sha256
FROM lake_target
