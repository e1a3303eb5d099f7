-- One row per municipality × counter × month × silence: open days on which the counter's office had
-- tickets (counter_days), and those of them on which the counter was silent. A silence begins where
-- a counter with tickets on most of its office's last 60 open days (and on 10 at least) has none
-- for five or more; silent_since is its first day. After 60 days it counts as closed, and its days
-- no more. is_ongoing: the silence lasts until the last day known. Days on which the whole office
-- has no tickets stand in mart_quality_day.
WITH office_day AS (
    SELECT
        municipality,
        COALESCE(office, '') AS office_key,
        date,
        month,
        fiscal_year,
        row_number() OVER (
            PARTITION BY municipality, COALESCE(office, '') ORDER BY date NULLS LAST
        ) AS day_no,
        count(*) OVER (PARTITION BY municipality, COALESCE(office, '')) AS last_no
    FROM mart_quality_day
    WHERE recorded = 1
),

used AS (
    SELECT DISTINCT
        ticket.municipality,
        ticket.office,
        ticket.department,
        ticket.counter_id,
        office_day.office_key,
        office_day.day_no,
        office_day.last_no
    FROM core_ticket_day AS ticket
    INNER JOIN office_day
        ON ticket.municipality = office_day.municipality
        AND COALESCE(ticket.office, '') = office_day.office_key
        AND ticket.date = office_day.date
),

followed AS (
    SELECT
        *,
        lead(day_no) OVER (
            PARTITION BY municipality, counter_id ORDER BY day_no NULLS LAST
        ) AS next_no,
        count(*) OVER (
            PARTITION BY municipality, counter_id ORDER BY day_no NULLS LAST
            RANGE BETWEEN 59 PRECEDING AND CURRENT ROW
        ) AS days_of_60
    FROM used
),

stretch AS (
    SELECT
        *,
        CASE
            WHEN next_no IS NOT NULL THEN next_no - 1
            WHEN last_no > day_no + 60 THEN day_no + 60
            ELSE last_no
        END AS until_no,
        COALESCE(next_no, last_no + 1) - day_no > 5
        AND days_of_60 >= 10
        AND days_of_60 * 2 > CASE WHEN day_no < 60 THEN day_no ELSE 60 END AS falls_silent,
        next_no IS NULL AND last_no <= day_no + 60 AS is_last
    FROM followed
),

silence AS (
    SELECT stretch.*, office_day.date AS silent_since
    FROM stretch
    LEFT JOIN office_day
        ON stretch.falls_silent
        AND stretch.municipality = office_day.municipality
        AND stretch.office_key = office_day.office_key
        AND stretch.day_no + 1 = office_day.day_no
)

SELECT
    silence.municipality,
    silence.office,
    silence.department,
    silence.counter_id,
    silence.municipality || ' ' || silence.counter_id AS counter_key,
    office_day.month,
    office_day.fiscal_year,
    CASE WHEN office_day.day_no > silence.day_no THEN silence.silent_since END AS silent_since,
    min(office_day.date) AS period_from,
    max(office_day.date) AS period_to,
    count(*) AS counter_days,
    CAST(sum(
        CASE WHEN silence.falls_silent AND office_day.day_no > silence.day_no THEN 1 ELSE 0 END
    ) AS BIGINT) AS silent_days,
    bool_or(
        silence.falls_silent AND silence.is_last AND office_day.day_no > silence.day_no
    ) AS is_ongoing
FROM silence
INNER JOIN office_day
    ON silence.municipality = office_day.municipality
    AND silence.office_key = office_day.office_key
    AND office_day.day_no >= silence.day_no
    AND office_day.day_no <= silence.until_no
GROUP BY
    silence.municipality,
    silence.office,
    silence.department,
    silence.counter_id,
    office_day.month,
    office_day.fiscal_year,
    CASE WHEN office_day.day_no > silence.day_no THEN silence.silent_since END
