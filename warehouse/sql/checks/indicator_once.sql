-- 同じ団体・取込元・指標・時点の値が2つ以上あります。
-- 合併や名称変更の前後のコードで同じ値を二重に読み込んでいないか確かめてください。
SELECT municipality, source, indicator, as_of
FROM core_indicator
GROUP BY municipality, source, indicator, as_of
HAVING count(*) > 1
