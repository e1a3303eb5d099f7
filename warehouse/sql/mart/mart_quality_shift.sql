-- One row per municipality × office × month whose same month a year before has tickets too: how far
-- apart the two months' distributions over hours of issue, and over outcomes, are. The distance is
-- the total variation distance, half the sum of |p − q|: the share of tickets that would have to
-- move to another hour (outcome) to make both alike; 0 is alike, 1 has nothing in common.
WITH counted AS (
    SELECT
        ticket.municipality,
        COALESCE(ticket.office, '') AS office_key,
        core_date.year,
        core_date.month AS month_no,
        ticket.hour,
        ticket.outcome,
        sum(ticket.tickets) AS tickets
    FROM mart_quality_ticket AS ticket
    INNER JOIN core_date ON ticket.month = core_date.date
    GROUP BY
        ticket.municipality,
        COALESCE(ticket.office, ''),
        core_date.year,
        core_date.month,
        ticket.hour,
        ticket.outcome
),

office_month AS (
    SELECT municipality, office_key, year, month_no, sum(tickets) AS tickets
    FROM counted
    GROUP BY municipality, office_key, year, month_no
),

parts AS (
    SELECT
        municipality, office_key, year, month_no, 'hour' AS kind,
        CAST(hour AS STRING) AS part, tickets
    FROM counted
    UNION ALL
    SELECT
        municipality, office_key, year, month_no, 'outcome' AS kind,
        outcome AS part, tickets
    FROM counted
),

shares AS (
    SELECT
        parts.municipality,
        parts.office_key,
        parts.year,
        parts.month_no,
        parts.kind,
        parts.part,
        sum(parts.tickets) / NULLIF(max(office_month.tickets), 0) AS share
    FROM parts
    INNER JOIN office_month
        ON parts.municipality = office_month.municipality
        AND parts.office_key = office_month.office_key
        AND parts.year = office_month.year
        AND parts.month_no = office_month.month_no
    GROUP BY
        parts.municipality,
        parts.office_key,
        parts.year,
        parts.month_no,
        parts.kind,
        parts.part
),

differences AS (
    SELECT municipality, office_key, year, month_no, kind, part, sum(share) AS difference
    FROM (
        SELECT municipality, office_key, year, month_no, kind, part, share FROM shares
        UNION ALL
        SELECT municipality, office_key, year + 1 AS year, month_no, kind, part, -share AS share
        FROM shares
    ) AS both_years
    GROUP BY municipality, office_key, year, month_no, kind, part
),

distances AS (
    SELECT
        municipality,
        office_key,
        year,
        month_no,
        sum(CASE WHEN kind = 'hour' THEN abs(difference) END) / 2 AS hour_distance,
        sum(CASE WHEN kind = 'outcome' THEN abs(difference) END) / 2 AS outcome_distance
    FROM differences
    GROUP BY municipality, office_key, year, month_no
)

SELECT
    this_year.municipality,
    NULLIF(this_year.office_key, '') AS office,
    core_date.date AS month,
    core_date.fiscal_year,
    core_date.date AS period_from,
    last_day(core_date.date) AS period_to,
    CAST(this_year.tickets AS BIGINT) AS tickets,
    CAST(last_year.tickets AS BIGINT) AS tickets_before,
    hour_distance,
    outcome_distance
FROM office_month AS this_year
INNER JOIN office_month AS last_year
    ON this_year.municipality = last_year.municipality
    AND this_year.office_key = last_year.office_key
    AND this_year.year = last_year.year + 1
    AND this_year.month_no = last_year.month_no
INNER JOIN distances
    ON this_year.municipality = distances.municipality
    AND this_year.office_key = distances.office_key
    AND this_year.year = distances.year
    AND this_year.month_no = distances.month_no
INNER JOIN core_date
    ON this_year.year = core_date.year AND this_year.month_no = core_date.month AND core_date.day = 1
