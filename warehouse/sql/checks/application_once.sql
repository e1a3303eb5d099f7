-- 申請件数が負であるか、同じ団体・月・手続・受付方法・場所・処理の行が2行以上あります。
-- 期間の重なるファイルを読み込んでいないか確かめてください。
SELECT municipality, month, procedure, intake, place, processing
FROM core_application
GROUP BY municipality, month, procedure, intake, place, processing
HAVING count(*) > 1 OR min(applications) < 0
