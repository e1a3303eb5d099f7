-- 市区町村の人口の合計が、公表された都道府県の人口を超えています（二重に数えています）。
-- 推計のファイルの「市などの別」を確かめてください。
WITH counted AS (
    SELECT projection, prefecture, year, sum(population) AS population
    FROM core_population
    WHERE counts_in_nation
    GROUP BY projection, prefecture, year
),

published AS (
    SELECT projection, prefecture, year, sum(population) AS population
    FROM core_population
    WHERE area_kind = 'prefecture'
    GROUP BY projection, prefecture, year
)

SELECT
    counted.projection,
    counted.prefecture,
    counted.year,
    counted.population AS counted_population,
    published.population AS published_population
FROM counted
INNER JOIN published
    ON counted.projection = published.projection
    AND counted.prefecture = published.prefecture
    AND counted.year = published.year
WHERE counted.population > published.population * 1.001
