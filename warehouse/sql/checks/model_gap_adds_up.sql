-- 必要な職員数の内訳の合計が、過不足の計算に使った必要数と一致しません。
-- 公開の処理を直す必要があります。管理者に連絡してください。
WITH detail AS (
    SELECT municipality, scenario, year, sum(fte) AS fte
    FROM mart_model_required
    GROUP BY municipality, scenario, year
)

SELECT
    gap.municipality,
    gap.scenario,
    gap.year,
    detail.fte AS detail_fte,
    gap.required_fte,
    gap.available_fte,
    gap.gap_fte
FROM mart_model_gap AS gap
LEFT JOIN detail
    ON gap.municipality = detail.municipality
    AND gap.scenario = detail.scenario
    AND gap.year = detail.year
WHERE abs(COALESCE(detail.fte, 0) - gap.required_fte) > 0.01
    OR abs(gap.required_fte - gap.available_fte - gap.gap_fte) > 0.01
