-- ファイルの読込件数が「採用＋保留＋重複＋対象外」と一致しません。
-- そのファイルを読み込み直してください。
SELECT file, rows_read, accepted, quarantined, duplicates, ignored
FROM meta_file
WHERE rows_read <> accepted + quarantined + duplicates + ignored
