-- One row per municipality × day × department × age × job × kind of staff. is_newest marks the
-- newest day of each municipality; age_known counts those whose age is recorded.
SELECT
    municipality,
    as_of,
    as_of AS period_from,
    as_of AS period_to,
    as_of = max(as_of) OVER (PARTITION BY municipality) AS is_newest,
    department,
    age,
    job,
    kind,
    headcount,
    fte,
    CASE WHEN age IS NULL THEN 0 ELSE headcount END AS age_known,
    CASE WHEN age >= 50 THEN headcount ELSE 0 END AS aged_50plus
FROM core_staff
