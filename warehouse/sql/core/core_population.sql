-- One row per published area × projection × year × sex × age band: persons on 1 October.
-- A projection's file by sex and age supersedes its file of totals, area by area, so that nothing
-- adds up twice; ages are null and sex is both where totals are all there is.
WITH fine AS (
    SELECT
        projection, area, area_name, prefecture, area_kind, year, sex, age_from, age_to, population,
        is_actual, counts_in_nation, base_year, source_sha256
    FROM lake_ipss_r5_suikei
    UNION ALL
    SELECT
        projection, area, area_name, prefecture, area_kind, year, sex, age_from, age_to, population,
        is_actual, counts_in_nation, base_year, source_sha256
    FROM lake_ipss_h30_suikei
),

totals AS (
    SELECT
        projection, area, area_name, prefecture, area_kind, year, sex, age_from, age_to, population,
        is_actual, counts_in_nation, base_year, source_sha256
    FROM lake_ipss_r5_kekkahyo1
),

superseded AS (
    SELECT DISTINCT projection, area FROM fine
),

kept AS (
    SELECT * FROM fine
    UNION ALL
    SELECT totals.*
    FROM totals
    LEFT JOIN superseded
        ON totals.projection = superseded.projection AND totals.area = superseded.area
    WHERE superseded.area IS NULL
)

SELECT
    area AS municipality,
    area_name,
    prefecture,
    area_kind,
    counts_in_nation,
    projection,
    base_year,
    year,
    is_actual,
    sex,
    age_from,
    age_to,
    CASE
        WHEN age_from IS NULL THEN NULL
        WHEN age_to < 15 THEN '0-14'
        WHEN age_from >= 15 AND age_to < 65 THEN '15-64'
        WHEN age_from >= 65 AND age_to < 75 THEN '65-74'
        WHEN age_from >= 75 THEN '75+'
    END AS age_group,
    population,
    source_sha256
FROM kept
