-- One row per called ticket: its wait and, where observed, its service time, for percentiles.
-- Parts: municipality, month
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
    wait_seconds,
    service_seconds
FROM core_ticket AS ticket
INNER JOIN core_date ON ticket.issued_date = core_date.date
WHERE wait_seconds IS NOT NULL
