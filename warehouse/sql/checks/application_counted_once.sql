-- 集計した申請件数が、読み込んだ申請件数と一致しません。
-- 月が1日の日付になっているか確かめてください。
WITH loaded AS (
    SELECT municipality, sum(applications) AS applications
    FROM core_application
    GROUP BY municipality
),

counted AS (
    SELECT municipality, sum(applications) AS applications
    FROM mart_application
    GROUP BY municipality
)

SELECT
    loaded.municipality,
    loaded.applications AS loaded_applications,
    counted.applications AS counted_applications
FROM loaded
LEFT JOIN counted ON loaded.municipality = counted.municipality
WHERE loaded.applications <> COALESCE(counted.applications, 0)
