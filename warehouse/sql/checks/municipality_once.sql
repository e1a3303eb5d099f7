-- 団体一覧に同じ団体コードが2行以上あります。
-- 団体一覧のファイルで、コードの重なりを直してください。
SELECT code, count(*) AS rows_found
FROM core_municipality
GROUP BY code
HAVING count(*) > 1
