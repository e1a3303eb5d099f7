-- One row per municipality × month: totals of all its counters, as reported instead of tickets.
SELECT
    municipality,
    month,
    issued,
    called,
    no_show,
    abandoned,
    served,
    wait_minutes,
    waits_over_target,
    service_minutes,
    source_sha256
FROM lake_counter_month
