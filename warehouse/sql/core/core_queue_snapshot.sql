-- One row per municipality × office × queue × moment: what the status page showed, as observed.
-- open_counters, current_number and shown_wait_minutes are null where the page does not show them.
-- Parts: file, municipality, observed_month
SELECT
    municipality,
    office,
    queue,
    observed_at,
    waiting,
    open_counters,
    current_number,
    shown_wait_minutes,
    observed_date,
    CAST(date_trunc('month', observed_date) AS DATE) AS observed_month,
    weekday,
    slot,
    source_sha256
FROM lake_queue_snapshot
