-- One row per snapshot of a queue (municipality × office × queue × moment) with its day, weekday and
-- half-hour, for means and percentiles over observations.
-- Parts: municipality, month
SELECT
    snapshot.municipality,
    office,
    queue,
    observed_date AS date,
    month_start AS month,
    core_date.weekday,
    slot,
    fiscal_year,
    observed_date AS period_from,
    observed_date AS period_to,
    observed_at,
    waiting,
    open_counters,
    shown_wait_minutes
FROM core_queue_snapshot AS snapshot
INNER JOIN core_date ON snapshot.observed_date = core_date.date
