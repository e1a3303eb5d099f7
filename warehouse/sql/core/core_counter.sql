-- One row per counter that issued tickets, with its label, its days, and what its machine records.
SELECT
    municipality,
    counter_id,
    max(office) AS office,
    max(department) AS department,
    max(counter) AS counter,
    concat_ws(
        ' ',
        max(office),
        max(department),
        max(
            CASE
                WHEN counter <> '' AND translate(counter, '0123456789', '') = ''
                    THEN counter || '番'
                ELSE counter
            END
        )
    ) AS label,
    min(date) AS first_day,
    max(date) AS last_day,
    bool_or(records_finish) AS records_finish,
    bool_or(records_no_show) AS records_no_show,
    bool_or(records_forward) AS records_forward
FROM core_ticket_day
GROUP BY municipality, counter_id
