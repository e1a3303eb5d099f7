-- 呼出が発券より前、または完了が呼出より前の発券があります。
-- 元のファイルの時刻を直して、読み込み直してください。
-- Parts: municipality, month
SELECT source_file, source_row, issued_at, called_at, finished_at
FROM core_ticket
WHERE called_at < issued_at OR finished_at < called_at OR wait_seconds < 0 OR service_seconds < 0
