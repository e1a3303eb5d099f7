-- 内数が全体を超えている窓口の件数があります（呼出＞発券、不在＞呼出など）。
-- 元のファイルの件数を直して、読み込み直してください。
SELECT municipality, month, tickets, called, abandoned, no_show, waits_over_target
FROM mart_counter
WHERE called > tickets
    OR abandoned > abandonment_known
    OR no_show > no_show_known
    OR waits_over_target > target_known
    OR forwarded > forward_known
    OR tickets < 0
