-- 同じ団体・基準日・所属・年齢・職種・任用区分の職員が2行以上あるか、人数が負です。
-- 重なるファイルを読み込んでいないか確かめてください。
SELECT municipality, as_of, department, age, job, kind
FROM core_staff
GROUP BY municipality, as_of, department, age, job, kind
HAVING count(*) > 1 OR min(headcount) < 0
