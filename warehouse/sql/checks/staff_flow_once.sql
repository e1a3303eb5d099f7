-- 同じ年度・所属・年齢・任用区分・退職事由の採用・退職者数が2行以上あります。
-- 期間の重なるファイルを読み込んでいないか確かめてください。
SELECT municipality, fiscal_year, department, age, kind, reason, count(*) AS rows_found
FROM core_staff_flow
GROUP BY municipality, fiscal_year, department, age, kind, reason
HAVING count(*) > 1
