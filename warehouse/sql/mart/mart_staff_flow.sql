-- One row per municipality × fiscal year × department × age × kind × reason: hires and separations,
-- with the days of the fiscal year (April to March).
WITH fiscal_years AS (
    SELECT fiscal_year, min(date) AS period_from, max(date) AS period_to
    FROM core_date
    GROUP BY fiscal_year
)

SELECT
    flow.municipality,
    flow.fiscal_year,
    period_from,
    period_to,
    department,
    age,
    kind,
    COALESCE(reason, 'unknown') AS reason,
    hires,
    separations
FROM core_staff_flow AS flow
INNER JOIN fiscal_years ON flow.fiscal_year = fiscal_years.fiscal_year
