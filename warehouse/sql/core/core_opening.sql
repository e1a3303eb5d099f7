-- One row per office × counter group × day of its calendar: opening hours and counters planned
-- open. A day with no counter open is a closed day.
SELECT
    municipality,
    office,
    counter_group,
    date,
    open_at,
    close_at,
    counters_open,
    source_sha256
FROM lake_opening
