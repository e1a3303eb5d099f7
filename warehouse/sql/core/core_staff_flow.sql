-- One row per municipality × fiscal year × department × age × kind × reason: staff hired and staff
-- who left during the year, each null where the file does not tell.
SELECT
    municipality,
    fiscal_year,
    department,
    age,
    kind,
    hires,
    separations,
    reason,
    source_sha256
FROM lake_staff_flow
