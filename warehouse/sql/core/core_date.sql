-- One row per calendar day. Weekday 1 = Monday … 7 = Sunday; a fiscal year begins in April;
-- is_yearend: 29 December to 3 January, when offices close besides holidays.
SELECT
    date,
    year,
    month,
    month_start,
    day,
    weekday,
    fiscal_year,
    holiday IS NOT NULL AS is_holiday,
    holiday,
    (month = 12 AND day >= 29) OR (month = 1 AND day <= 3) AS is_yearend
FROM ref_date
