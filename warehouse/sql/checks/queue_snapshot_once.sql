-- 同じ待ち行列・時刻の観測が2行以上あります。
-- 期間の重なるファイルを読み込んでいないか確かめてください。
-- Parts: municipality, month
SELECT municipality, office, queue, observed_at, count(*) AS rows_found
FROM core_queue_snapshot
GROUP BY municipality, office, queue, observed_at
HAVING count(*) > 1
