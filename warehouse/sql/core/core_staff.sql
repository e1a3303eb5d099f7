-- One row per municipality × day × department × age × job × kind: head-count and FTE of staff.
SELECT
    municipality,
    as_of,
    department,
    age,
    job,
    kind,
    headcount,
    fte,
    source_sha256
FROM lake_staff_age
