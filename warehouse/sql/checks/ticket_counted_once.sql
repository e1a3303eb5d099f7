-- 集計した発券数が、読み込んだ発券の行数と一致しません。
-- 1989年から2060年までの日付でない発券がないか確かめてください。
WITH loaded AS (
    SELECT municipality, count(*) AS tickets FROM core_ticket GROUP BY municipality
),

counted AS (
    SELECT municipality, sum(tickets) AS tickets
    FROM mart_counter
    WHERE date IS NOT NULL
    GROUP BY municipality
)

SELECT
    loaded.municipality,
    loaded.tickets AS rows_loaded,
    counted.tickets AS tickets_counted
FROM loaded
LEFT JOIN counted ON loaded.municipality = counted.municipality
WHERE loaded.tickets <> COALESCE(counted.tickets, 0)
