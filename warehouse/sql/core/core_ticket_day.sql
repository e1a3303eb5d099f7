-- One row per municipality × office × department × counter × day of issue: tickets, and what the
-- counter's machine records.
-- Parts: municipality, month
SELECT
    municipality,
    office,
    department,
    counter,
    counter_id,
    issued_date AS date,
    issued_month AS month,
    count(*) AS tickets,
    bool_or(records_finish) AS records_finish,
    bool_or(records_no_show) AS records_no_show,
    bool_or(records_forward) AS records_forward
FROM core_ticket
GROUP BY municipality, office, department, counter, counter_id, issued_date, issued_month
