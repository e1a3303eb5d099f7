-- One row per reform event: what changed, where and when.
SELECT
    municipality,
    event_date,
    name,
    department,
    counter,
    note,
    source_sha256
FROM lake_event
