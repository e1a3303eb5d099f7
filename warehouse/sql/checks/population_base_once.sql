-- 人口の行が、基準年の人口と突き合わせる間に増減しました。
-- 同じ推計のファイルを重ねて読み込んでいないか確かめてください。
WITH loaded AS (
    SELECT count(*) AS rows_loaded FROM core_population
),

counted AS (
    SELECT count(*) AS rows_counted FROM mart_population
)

SELECT rows_loaded, rows_counted
FROM loaded
CROSS JOIN counted
WHERE rows_loaded <> rows_counted
