-- One row per loaded file: rows read and what became of them. A file counts in the month in which
-- its period ends; one whose period lies ahead of its loading, or that has none, in the month in
-- which it was loaded. municipality is null where a file holds several or none.
WITH dated AS (
    SELECT
        *,
        CASE
            WHEN period_to <= CAST(loaded_at AS DATE) THEN period_to
            ELSE CAST(loaded_at AS DATE)
        END AS as_of
    FROM meta_file
)

SELECT
    dated.sha256 AS source_sha256,
    dated.source,
    dated.municipality,
    core_date.month_start AS month,
    core_date.fiscal_year,
    dated.period_from,
    dated.period_to,
    dated.as_of,
    dated.rows_read,
    dated.accepted,
    dated.quarantined,
    dated.duplicates,
    dated.ignored
FROM dated
INNER JOIN core_date ON dated.as_of = core_date.date
