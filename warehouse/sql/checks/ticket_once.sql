-- 同じ窓口・番号・発券時刻の発券が2行以上あります。
-- 期間の重なるファイルを読み込んでいないか確かめてください。
-- Parts: municipality, month
SELECT municipality, counter_id, ticket_number, issued_at, count(*) AS rows_found
FROM core_ticket
WHERE ticket_number IS NOT NULL
GROUP BY municipality, counter_id, ticket_number, issued_at
HAVING count(*) > 1
