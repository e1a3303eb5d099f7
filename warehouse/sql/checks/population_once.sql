-- 同じ地域・推計・年・性・年齢の人口が2行以上あるか、男女別と男女計が両方あります。
-- 同じ推計のファイルを重ねて読み込んでいないか確かめてください。
SELECT municipality, projection, year, age_from, count(*) AS rows_found
FROM core_population
GROUP BY municipality, projection, year, age_from
HAVING count(*) > count(DISTINCT sex)
    OR (count(*) FILTER (WHERE sex = 'both') > 0 AND count(DISTINCT sex) > 1)
