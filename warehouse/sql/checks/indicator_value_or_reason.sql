-- 指標に値も理由もないか、値がないはずの状態（未実施・未回答など）に値があります。
-- 取込元の定義（状態と値の対応）を確かめてください。
SELECT municipality, source, indicator, as_of, status, value
FROM core_indicator
WHERE status IS NULL
    OR (status = 'reported' AND value IS NULL)
    OR (status <> 'reported' AND value IS NOT NULL)
