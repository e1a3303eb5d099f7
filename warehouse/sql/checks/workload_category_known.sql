-- 18の事務分類にない分類の業務量があるか、時間が負です。
-- 元のファイルの事務分類と時間を直して、読み込み直してください。
SELECT municipality, survey, department, task, category, hours
FROM mart_workload
WHERE category_group IS NULL OR hours < 0
