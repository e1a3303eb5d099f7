-- One row per ticket as the machine recorded it. wait = call − issue, service = finish − call, both
-- null where a time is missing; outcome called: called, and the machine records neither finish nor
-- no-show. counter_id is office/department/counter.
-- Parts: file, municipality, issued_month
SELECT
    municipality,
    office,
    department,
    counter,
    concat_ws('/', COALESCE(office, ''), COALESCE(department, ''), COALESCE(counter, ''))
        AS counter_id,
    procedure,
    COALESCE(channel, 'unknown') AS channel,
    ticket_number,
    issued_at,
    called_at,
    finished_at,
    outcome,
    forwarded_from,
    wait_seconds,
    service_seconds,
    issued_date,
    CAST(date_trunc('month', issued_date) AS DATE) AS issued_month,
    weekday,
    issued_hour,
    issued_slot,
    COALESCE(records_finish, FALSE) AS records_finish,
    COALESCE(records_no_show, FALSE) AS records_no_show,
    COALESCE(records_forward, FALSE) AS records_forward,
    source_file,
    source_sha256,
    source_row
FROM lake_ticket_log
