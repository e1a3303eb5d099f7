-- One row per line of a workload survey, with its category's group. is_newest_survey marks the
-- newest survey of each municipality; volume_hours are the hours whose volume is known.
SELECT
    workload.municipality,
    survey,
    TRY_CAST(survey AS INT) AS period_from,
    TRY_CAST(survey AS INT) AS period_to,
    survey = max(survey) OVER (PARTITION BY workload.municipality) AS is_newest_survey,
    department,
    section,
    task,
    work,
    workload.category,
    ref_category.category_group,
    staff_kind,
    hours,
    volume,
    CASE WHEN volume > 0 THEN hours END AS volume_hours
FROM core_workload AS workload
LEFT JOIN ref_category ON workload.category = ref_category.category
