-- One row per source that comes by month × municipality × month from its first to its last one:
-- records of that month, and whether there is none. The opening calendar, which looks ahead, counts
-- up to the last month with tickets.
WITH last_ticket AS (
    SELECT municipality, max(date) AS day FROM core_ticket_day GROUP BY municipality
),

recorded AS (
    SELECT
        'ticket_log' AS source,
        ticket.municipality,
        core_date.month_start AS month,
        CAST(sum(ticket.tickets) AS BIGINT) AS records
    FROM core_ticket_day AS ticket
    INNER JOIN core_date ON ticket.date = core_date.date
    GROUP BY ticket.municipality, core_date.month_start
    UNION ALL
    SELECT 'counter_month' AS source, municipality, month, count(*) AS records
    FROM core_counter_month
    GROUP BY municipality, month
    UNION ALL
    SELECT 'applications' AS source, municipality, month, count(*) AS records
    FROM core_application
    GROUP BY municipality, month
    UNION ALL
    SELECT
        'queue_snapshot' AS source,
        snapshot.municipality,
        core_date.month_start AS month,
        count(*) AS records
    FROM core_queue_snapshot AS snapshot
    INNER JOIN core_date ON snapshot.observed_date = core_date.date
    GROUP BY snapshot.municipality, core_date.month_start
    UNION ALL
    SELECT
        'opening' AS source,
        opening.municipality,
        core_date.month_start AS month,
        count(*) AS records
    FROM core_opening AS opening
    INNER JOIN core_date ON opening.date = core_date.date
    INNER JOIN last_ticket
        ON opening.municipality = last_ticket.municipality
        AND core_date.month_start <= last_ticket.day
    GROUP BY opening.municipality, core_date.month_start
),

span AS (
    SELECT source, municipality, min(month) AS first_month, max(month) AS last_month
    FROM recorded
    GROUP BY source, municipality
)

SELECT
    span.source,
    span.municipality,
    core_date.date AS month,
    core_date.fiscal_year,
    core_date.date AS period_from,
    last_day(core_date.date) AS period_to,
    COALESCE(recorded.records, 0) AS records,
    CASE WHEN recorded.records IS NULL THEN 1 ELSE 0 END AS missing
FROM span
INNER JOIN core_date
    ON core_date.day = 1
    AND core_date.date >= span.first_month
    AND core_date.date <= span.last_month
LEFT JOIN recorded
    ON span.source = recorded.source
    AND span.municipality = recorded.municipality
    AND core_date.date = recorded.month
