-- 同じ地域・年・性別・年齢の生命表の行が2行以上あります。
-- 同じ生命表を2つのファイルから読み込んでいないか確かめてください。
SELECT area, table_year, sex, age, count(*) AS rows_found
FROM core_life_table
GROUP BY area, table_year, sex, age
HAVING count(*) > 1
