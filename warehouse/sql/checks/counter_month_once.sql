-- 同じ団体・同じ月の窓口の月次集計が2行以上あるか、月が1日の日付になっていません。
-- 月次集計のファイルの重なりを直してください。
SELECT monthly.municipality, monthly.month, count(*) AS rows_found
FROM core_counter_month AS monthly
LEFT JOIN core_date ON monthly.month = core_date.date
GROUP BY monthly.municipality, monthly.month
HAVING count(*) > 1 OR max(COALESCE(core_date.day, 0)) <> 1
