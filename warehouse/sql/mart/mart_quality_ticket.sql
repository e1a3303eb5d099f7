-- One row per municipality × office × department × counter × month × hour of issue × outcome:
-- tickets, those never called, those that came when called (coming) and of them those without a
-- finish, and the moments recorded (issue, call, finish) and of them those at :00 seconds.
-- Parts: municipality, month
SELECT
    ticket.municipality,
    ticket.office,
    ticket.department,
    ticket.counter_id,
    ticket.municipality || ' ' || ticket.counter_id AS counter_key,
    ticket.issued_hour AS hour,
    ticket.outcome,
    core_date.month_start AS month,
    core_date.fiscal_year,
    min(ticket.issued_date) AS period_from,
    max(ticket.issued_date) AS period_to,
    count(*) AS tickets,
    count(*) FILTER (WHERE ticket.called_at IS NULL) AS without_call,
    count(ticket.called_at) FILTER (WHERE ticket.outcome <> 'no_show') AS coming,
    count(ticket.called_at) FILTER (
        WHERE ticket.outcome <> 'no_show' AND ticket.finished_at IS NULL
    ) AS without_finish,
    count(ticket.issued_at) + count(ticket.called_at) + count(ticket.finished_at) AS moments,
    count(*) FILTER (WHERE second(ticket.issued_at) = 0)
    + count(*) FILTER (WHERE second(ticket.called_at) = 0)
    + count(*) FILTER (WHERE second(ticket.finished_at) = 0) AS whole_minutes
FROM core_ticket AS ticket
INNER JOIN core_date ON ticket.issued_date = core_date.date
GROUP BY
    ticket.municipality,
    ticket.office,
    ticket.department,
    ticket.counter_id,
    ticket.issued_hour,
    ticket.outcome,
    core_date.month_start,
    core_date.fiscal_year
