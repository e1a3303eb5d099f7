-- 同じ地域・期間・性別・年齢の将来人口の仮定値が2行以上あります。
-- 同じ仮定値を2つのファイルから読み込んでいないか確かめてください。
SELECT area, year_from, sex, age, count(*) AS rows_found
FROM core_population_assumption
GROUP BY area, year_from, sex, age
HAVING count(*) > 1
