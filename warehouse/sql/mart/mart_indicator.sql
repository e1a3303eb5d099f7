-- One row per municipality × source × indicator × day. is_newest marks the newest day of each
-- indicator. is_yes_no marks indicators of which a day's values are done or not done alone; done
-- and answered count those of them. reported, and one column per status, are 0 or 1.
WITH told AS (
    SELECT
        *,
        max(
            CASE WHEN status = 'reported' AND COALESCE(unit, '') <> '有無' THEN 1 ELSE 0 END
        ) OVER (PARTITION BY source, indicator, as_of) = 0 AS has_no_number,
        max(CASE WHEN unit = '有無' THEN 1 ELSE 0 END)
            OVER (PARTITION BY source, indicator, as_of) = 1 AS has_yes_no
    FROM core_indicator
)

SELECT
    municipality,
    source,
    indicator,
    as_of,
    as_of AS period_from,
    as_of AS period_to,
    as_of = max(as_of) OVER (PARTITION BY source, indicator) AS is_newest,
    category,
    unit,
    status,
    value,
    has_no_number AND has_yes_no AS is_yes_no,
    CASE WHEN status = 'reported' THEN 1 ELSE 0 END AS reported,
    CASE
        WHEN has_no_number AND has_yes_no AND status = 'reported' AND value = 1 THEN 1
        ELSE 0
    END AS done,
    CASE
        WHEN has_no_number AND has_yes_no AND status IN ('reported', 'not_done', 'planned') THEN 1
        ELSE 0
    END AS answered
FROM told
