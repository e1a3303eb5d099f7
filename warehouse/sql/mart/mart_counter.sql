-- One row per municipality × office × department × counter × procedure × channel × day × hour of
-- issue: additive counts and seconds. Municipality-months without tickets have one row from their
-- monthly totals, whose day, hour and below are null. Each rate has its own denominator, which
-- counts only what the machine or the report records.
-- Parts: municipality, month
WITH ticketed AS (
    SELECT DISTINCT ticket.municipality, core_date.month_start AS month
    FROM core_ticket AS ticket
    INNER JOIN core_date ON ticket.issued_date = core_date.date
),

by_hour AS (
    SELECT
        ticket.municipality,
        office,
        department,
        counter_id,
        procedure,
        channel,
        issued_date AS date,
        month_start AS month,
        core_date.weekday,
        issued_hour AS hour,
        fiscal_year,
        issued_date AS period_from,
        issued_date AS period_to,
        count(*) AS tickets,
        count(*) AS abandonment_known,
        count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
        count(called_at) AS called,
        count(called_at) FILTER (WHERE records_no_show) AS no_show_known,
        count(*) FILTER (WHERE outcome = 'no_show' AND records_no_show) AS no_show,
        count(wait_seconds) AS waits,
        CAST(sum(wait_seconds) AS BIGINT) AS wait_seconds,
        count(wait_seconds) AS target_known,
        count(*) FILTER (WHERE wait_seconds > wait_target_seconds) AS waits_over_target,
        count(service_seconds) AS services,
        CAST(sum(service_seconds) AS BIGINT) AS service_seconds,
        count(*) FILTER (WHERE records_forward) AS forward_known,
        count(forwarded_from) FILTER (WHERE records_forward) AS forwarded
    FROM core_ticket AS ticket
    INNER JOIN core_date ON ticket.issued_date = core_date.date
    CROSS JOIN ref_config
    GROUP BY ALL
),

by_month AS (
    SELECT
        monthly.municipality,
        CAST(NULL AS STRING) AS office,
        CAST(NULL AS STRING) AS department,
        CAST(NULL AS STRING) AS counter_id,
        CAST(NULL AS STRING) AS procedure,
        CAST(NULL AS STRING) AS channel,
        CAST(NULL AS DATE) AS date,
        monthly.month,
        CAST(NULL AS INT) AS weekday,
        CAST(NULL AS INT) AS hour,
        fiscal_year,
        monthly.month AS period_from,
        last_day(monthly.month) AS period_to,
        issued AS tickets,
        CASE WHEN abandoned IS NULL THEN 0 ELSE issued END AS abandonment_known,
        abandoned,
        called,
        CASE WHEN no_show IS NULL THEN 0 ELSE called END AS no_show_known,
        no_show,
        CASE WHEN wait_minutes IS NULL THEN 0 ELSE called END AS waits,
        CAST(round(wait_minutes * 60) AS BIGINT) AS wait_seconds,
        CASE WHEN waits_over_target IS NULL THEN 0 ELSE called END AS target_known,
        waits_over_target,
        CASE WHEN service_minutes IS NULL THEN 0 ELSE served END AS services,
        CAST(round(service_minutes * 60) AS BIGINT) AS service_seconds,
        0 AS forward_known,
        CAST(NULL AS BIGINT) AS forwarded
    FROM core_counter_month AS monthly
    INNER JOIN core_date ON monthly.month = core_date.date
    LEFT JOIN ticketed
        ON monthly.municipality = ticketed.municipality AND monthly.month = ticketed.month
    WHERE ticketed.month IS NULL
)

SELECT * FROM by_hour
UNION ALL
SELECT * FROM by_month
