-- One row per municipality × office × day that should have tickets or has some: expected (open by
-- the opening calendar of that office and month, else a weekday that is no holiday and not 29
-- December to 3 January), recorded (expected, and there are tickets), and the tickets. Expected are
-- days from the office's first ticket to the municipality's last one; without a calendar, an office
-- silent for 92 days counts as closed for good.
WITH counted AS (
    SELECT
        municipality,
        COALESCE(office, '') AS office_key,
        date,
        sum(tickets) AS tickets
    FROM core_ticket_day
    GROUP BY municipality, COALESCE(office, ''), date
),

span AS (
    SELECT
        municipality,
        office_key,
        min(date) AS first_day,
        max(date) AS last_day,
        max(max(date)) OVER (PARTITION BY municipality) AS last_known
    FROM counted
    GROUP BY municipality, office_key
),

calendar AS (
    SELECT DISTINCT municipality, office_key, month FROM mart_planned_day
),

expected AS (
    SELECT
        span.municipality,
        span.office_key,
        core_date.date,
        CASE WHEN calendar.month IS NULL THEN 'weekday' ELSE 'opening' END AS basis
    FROM span
    INNER JOIN core_date
        ON core_date.date >= span.first_day AND core_date.date <= span.last_known
    LEFT JOIN calendar
        ON span.municipality = calendar.municipality
        AND span.office_key = calendar.office_key
        AND core_date.month_start = calendar.month
    LEFT JOIN mart_planned_day AS planned
        ON span.municipality = planned.municipality
        AND span.office_key = planned.office_key
        AND core_date.date = planned.date
    WHERE CASE
        WHEN calendar.month IS NOT NULL THEN COALESCE(planned.counters_open, 0) > 0
        ELSE
            core_date.weekday <= 5
            AND NOT core_date.is_holiday
            AND NOT core_date.is_yearend
            AND core_date.date <= span.last_day + INTERVAL '92' DAY
    END
),

days AS (
    SELECT municipality, office_key, date FROM expected
    UNION
    SELECT municipality, office_key, date FROM counted
)

SELECT
    days.municipality,
    NULLIF(days.office_key, '') AS office,
    days.date,
    core_date.month_start AS month,
    core_date.weekday,
    core_date.fiscal_year,
    days.date AS period_from,
    days.date AS period_to,
    expected.basis,
    CASE WHEN expected.basis IS NULL THEN 0 ELSE 1 END AS expected,
    CASE WHEN expected.basis IS NULL OR counted.tickets IS NULL THEN 0 ELSE 1 END AS recorded,
    CAST(COALESCE(counted.tickets, 0) AS BIGINT) AS tickets
FROM days
INNER JOIN core_date ON days.date = core_date.date
LEFT JOIN expected
    ON days.municipality = expected.municipality
    AND days.office_key = expected.office_key
    AND days.date = expected.date
LEFT JOIN counted
    ON days.municipality = counted.municipality
    AND days.office_key = counted.office_key
    AND days.date = counted.date
