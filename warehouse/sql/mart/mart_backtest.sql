-- One row per area × earlier regional round × later census, as core_backtest. error is projected −
-- counted as a share of the counted persons. census_band is the population band by the counted
-- persons. is_newest marks the newest round that a census has tested, is_usual_year its newest
-- census.
WITH newest AS (
    SELECT max(base_year) AS base_year FROM core_backtest
),

tested AS (
    SELECT
        core_backtest.base_year,
        min(core_backtest.projection) AS projection,
        max(core_backtest.year) AS year
    FROM core_backtest
    INNER JOIN newest ON core_backtest.base_year = newest.base_year
    GROUP BY core_backtest.base_year
),

ends AS (
    SELECT projection, max(year) AS year FROM core_backtest GROUP BY projection
)

SELECT
    pair.municipality,
    pair.area_kind,
    pair.projection,
    pair.base_year,
    pair.counted_by,
    pair.year,
    pair.year AS period_from,
    pair.year AS period_to,
    pair.years_ahead,
    COALESCE(pair.projection = tested.projection, FALSE) AS is_newest,
    pair.year = ends.year AS is_usual_year,
    CASE
        WHEN pair.counted < 10000 THEN 'under_10k'
        WHEN pair.counted < 50000 THEN '10k_50k'
        WHEN pair.counted < 100000 THEN '50k_100k'
        WHEN pair.counted < 300000 THEN '100k_300k'
        ELSE 'over_300k'
    END AS census_band,
    pair.projected,
    pair.counted,
    (pair.projected - pair.counted) / NULLIF(CAST(pair.counted AS DOUBLE), 0) AS error,
    abs(pair.projected - pair.counted) / NULLIF(CAST(pair.counted AS DOUBLE), 0) AS error_size
FROM core_backtest AS pair
INNER JOIN ends ON pair.projection = ends.projection
LEFT JOIN tested ON pair.base_year = tested.base_year
