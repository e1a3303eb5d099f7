-- One row per municipality × office × open day within the days that its tickets cover. Open days
-- are those of the opening calendar where one is loaded for that office and month, else the days
-- on which tickets were issued (basis). day_id counts a day once however many offices were open.
WITH ticket_day AS (
    SELECT DISTINCT
        municipality,
        COALESCE(office, '') AS office_key,
        date
    FROM core_ticket_day
),

covered AS (
    SELECT
        municipality,
        core_date.month_start AS month,
        min(ticket_day.date) AS first_day,
        max(ticket_day.date) AS last_day
    FROM ticket_day
    INNER JOIN core_date ON ticket_day.date = core_date.date
    GROUP BY municipality, core_date.month_start
),

span AS (
    SELECT
        municipality,
        min(first_day) AS first_day,
        max(last_day) AS last_day
    FROM covered
    GROUP BY municipality
),

calendar AS (
    SELECT DISTINCT municipality, office_key, month FROM mart_planned_day
),

opened AS (
    SELECT planned.municipality, planned.office_key, planned.date, 'opening' AS basis
    FROM mart_planned_day AS planned
    INNER JOIN covered
        ON planned.municipality = covered.municipality AND planned.month = covered.month
    INNER JOIN span ON planned.municipality = span.municipality
    WHERE planned.counters_open > 0
        AND planned.date >= span.first_day
        AND planned.date <= span.last_day
    UNION ALL
    SELECT ticket_day.municipality, ticket_day.office_key, ticket_day.date, 'tickets' AS basis
    FROM ticket_day
    INNER JOIN core_date ON ticket_day.date = core_date.date
    LEFT JOIN calendar
        ON ticket_day.municipality = calendar.municipality
        AND ticket_day.office_key = calendar.office_key
        AND core_date.month_start = calendar.month
    WHERE calendar.month IS NULL
)

SELECT
    opened.municipality,
    NULLIF(opened.office_key, '') AS office,
    opened.date,
    core_date.month_start AS month,
    core_date.weekday,
    core_date.fiscal_year,
    opened.date AS period_from,
    opened.date AS period_to,
    opened.municipality || ' ' || CAST(opened.date AS STRING) AS day_id,
    opened.basis
FROM opened
INNER JOIN core_date ON opened.date = core_date.date
