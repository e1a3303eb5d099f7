-- One row per line of a workload survey: hours a year of a task by category and staff kind, with
-- its volume and minutes per case where the survey gives them.
SELECT
    municipality,
    survey,
    department,
    section,
    task,
    work,
    category,
    COALESCE(staff_kind, 'unknown') AS staff_kind,
    hours,
    volume,
    minutes_per_case,
    source_sha256
FROM lake_workload_survey
