-- One row per municipality × procedure × month with applications, and its double-track class:
-- paper (digital intake below digital_from), pattern_a (at least paper_majority of the digital
-- intake processed on paper), target (single track from target_from), else pattern_b; in this
-- order. Where processing is not recorded for any digital intake there is no class beyond paper.
WITH procedure_month AS (
    SELECT
        municipality,
        procedure,
        month,
        CAST(sum(applications) AS BIGINT) AS applications,
        CAST(COALESCE(sum(applications) FILTER (
            WHERE intake IN ('online', 'counter_digital', 'remote', 'kiosk')
        ), 0) AS BIGINT) AS digital_intake,
        CAST(COALESCE(sum(applications) FILTER (
            WHERE intake IN ('online', 'counter_digital', 'remote', 'kiosk')
            AND processing = 'paper'
        ), 0) AS BIGINT) AS digital_on_paper,
        CAST(COALESCE(sum(applications) FILTER (
            WHERE intake IN ('online', 'counter_digital', 'remote', 'kiosk')
            AND processing = 'digital'
        ), 0) AS BIGINT) AS single_track
    FROM core_application
    GROUP BY municipality, procedure, month
    HAVING sum(applications) > 0
)

SELECT
    procedure_month.municipality,
    procedure_month.procedure,
    procedure_month.municipality || ' ' || procedure_month.procedure AS procedure_id,
    procedure_month.month,
    procedure_month.month AS period_from,
    last_day(procedure_month.month) AS period_to,
    core_date.fiscal_year,
    procedure_month.month
    = max(procedure_month.month) OVER (PARTITION BY procedure_month.municipality)
        AS is_newest_month,
    applications,
    digital_intake,
    digital_on_paper,
    single_track,
    CASE
        WHEN digital_intake / NULLIF(applications, 0) < digital_from THEN 'paper'
        WHEN digital_intake > digital_on_paper + single_track THEN NULL
        WHEN digital_on_paper / NULLIF(digital_intake, 0) >= paper_majority THEN 'pattern_a'
        WHEN single_track / NULLIF(applications, 0) >= target_from THEN 'target'
        ELSE 'pattern_b'
    END AS double_track_class
FROM procedure_month
INNER JOIN core_date ON procedure_month.month = core_date.date
CROSS JOIN ref_config
