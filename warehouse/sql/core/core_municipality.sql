-- One row per code of a local government: prefectures, municipalities, wards of designated cities,
-- and areas that exist in projections only. Population and band come from the base year of the
-- newest regional projection loaded; both are null where none is loaded, the band also for what is
-- no municipality. municipality_code is the city of a ward, else the code itself. current_code is
-- the code that stands for it today (after renames and mergers), null where it was split.
WITH named AS (
    SELECT code, prefecture, name, kana, kind, parent, valid_from, valid_to
    FROM ref_municipality
    UNION ALL
    SELECT DISTINCT code, prefecture, name, kana, kind, parent, valid_from, valid_to
    FROM lake_municipality
    WHERE code NOT IN (SELECT code FROM ref_municipality)
),

listed AS (
    SELECT named.*, FALSE AS is_former
    FROM named
    UNION ALL
    SELECT
        code, prefecture, name, kana, kind, parent, valid_from, valid_to, TRUE AS is_former
    FROM ref_former
),

newest AS (
    SELECT max(base_year) AS base_year FROM core_population WHERE series = 'regional'
),

counted AS (
    SELECT municipality, sum(population) AS population
    FROM core_population
    INNER JOIN newest ON core_population.base_year = newest.base_year
    WHERE series = 'regional' AND is_actual AND year = core_population.base_year
    GROUP BY municipality
),

known AS (
    SELECT
        listed.*,
        ref_successor.current_code,
        ref_successor.code IS NOT NULL OR is_former AS has_ended
    FROM listed
    LEFT JOIN ref_successor ON listed.code = ref_successor.code
),

numbered AS (
    SELECT
        *,
        6 * CAST(substr(code, 1, 1) AS INT) + 5 * CAST(substr(code, 2, 1) AS INT) AS prefecture_sum,
        count(*) OVER (PARTITION BY name, kind IN ('prefecture', 'ward'), has_ended)
            AS namesakes
    FROM known
)

SELECT
    numbered.code,
    numbered.name,
    CASE
        WHEN has_ended THEN numbered.name || '（' || numbered.prefecture || '・旧）'
        WHEN namesakes > 1 THEN numbered.name || '（' || numbered.prefecture || '）'
        ELSE numbered.name
    END AS label,
    numbered.kana,
    numbered.prefecture,
    substr(numbered.code, 1, 2) || '000'
    || CAST((11 - prefecture_sum % 11) % 10 AS STRING) AS prefecture_code,
    numbered.kind,
    numbered.parent,
    CASE WHEN numbered.kind = 'ward' THEN COALESCE(numbered.parent, numbered.code)
        ELSE numbered.code END AS municipality_code,
    CASE WHEN has_ended THEN numbered.current_code ELSE numbered.code END AS current_code,
    numbered.kind IN ('designated_city', 'city', 'special_ward', 'town', 'village')
        AS is_municipality,
    substr(numbered.code, 1, 2) > '50' AS is_fictional,
    CAST(counted.population AS BIGINT) AS population,
    newest.base_year AS population_year,
    CASE
        WHEN numbered.kind IN ('prefecture', 'ward', 'projection_area') THEN NULL
        WHEN counted.population < 10000 THEN 'under_10k'
        WHEN counted.population < 50000 THEN '10k_50k'
        WHEN counted.population < 100000 THEN '50k_100k'
        WHEN counted.population < 300000 THEN '100k_300k'
        WHEN counted.population >= 300000 THEN 'over_300k'
    END AS band,
    numbered.valid_from,
    numbered.valid_to
FROM numbered
CROSS JOIN newest
LEFT JOIN counted ON numbered.code = counted.municipality
