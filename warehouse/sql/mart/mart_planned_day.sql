-- One row per municipality × office × day of its opening calendar: the most counters that one of
-- its counter groups plans open; a line that names no number counts as one. office_key is empty
-- where no office is told.
SELECT
    opening.municipality,
    COALESCE(opening.office, '') AS office_key,
    opening.date,
    core_date.month_start AS month,
    max(COALESCE(opening.counters_open, 1)) AS counters_open
FROM core_opening AS opening
INNER JOIN core_date ON opening.date = core_date.date
GROUP BY opening.municipality, COALESCE(opening.office, ''), opening.date, core_date.month_start
