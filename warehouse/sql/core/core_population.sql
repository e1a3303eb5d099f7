-- One row per published area × projection × year × sex × age band: persons on the source's day
-- (1 October of projections, 1 January of the resident register). `series` says what a figure is:
-- regional (projected by municipality), national (projected for the country as a whole, area
-- 000000) or register (counted residents). They are never added up with each other.
-- Of several sources of one projection the one with the most cells for an area and year speaks, so
-- that nothing adds up twice: single years of age before five-year bands, bands before age groups,
-- groups before totals. Age groups are published as 0–14, 15–64, 65 and over, and 75 and over;
-- they speak where all four are loaded, the third without the fourth, and the persons whose age
-- nobody knows stay as a row without ages. Ages are null and sex is both where there is no more.
-- `age` is the first age of a band of one or five years or of the oldest, null for an age group.
WITH fed AS (
    SELECT
        source, COALESCE(series, 'regional') AS series, projection, area, area_name, prefecture,
        area_kind, counts_in_nation, base_year, year, is_actual, sex, age_from, age_to, population,
        source_sha256,
        COALESCE(
            sex = 'both' AND (age_to >= age_from + 5 OR (age_to IS NULL AND age_from <= 75)), FALSE
        ) AS is_group
    FROM feed_population
),

grouped AS (
    SELECT
        source, projection, area, year,
        sum(population) FILTER (WHERE age_from = 75) AS from_75,
        sum(population) FILTER (WHERE age_from = 65) AS from_65,
        sum(population) FILTER (WHERE age_from < 75) AS of_known_age,
        count(*) AS age_groups
    FROM fed
    WHERE is_group
    GROUP BY source, projection, area, year
),

counted AS (
    SELECT projection, area, year, max(population) AS persons
    FROM fed
    WHERE sex = 'both' AND age_from IS NULL
    GROUP BY projection, area, year
),

whole AS (
    SELECT
        grouped.source, grouped.projection, grouped.area, grouped.year, grouped.from_75,
        grouped.of_known_age
    FROM grouped
    LEFT JOIN counted
        ON grouped.projection = counted.projection
        AND grouped.area = counted.area
        AND grouped.year = counted.year
    WHERE grouped.age_groups = 4
        AND grouped.from_75 <= grouped.from_65
        AND grouped.of_known_age <= COALESCE(counted.persons, grouped.of_known_age)
),

told AS (
    SELECT * FROM fed WHERE NOT is_group
    UNION ALL
    SELECT
        fed.source, fed.series, fed.projection, fed.area, fed.area_name, fed.prefecture,
        fed.area_kind, fed.counts_in_nation, fed.base_year, fed.year, fed.is_actual, fed.sex,
        fed.age_from,
        CASE WHEN fed.age_from = 65 THEN 74 ELSE fed.age_to END AS age_to,
        CAST(
            CASE WHEN fed.age_from = 65 THEN fed.population - whole.from_75 ELSE fed.population END
            AS BIGINT
        ) AS population,
        fed.source_sha256, fed.is_group
    FROM fed
    INNER JOIN whole
        ON fed.source = whole.source
        AND fed.projection = whole.projection
        AND fed.area = whole.area
        AND fed.year = whole.year
    WHERE fed.is_group
    UNION ALL
    SELECT
        whole.source, fed.series, fed.projection, fed.area, fed.area_name, fed.prefecture,
        fed.area_kind, fed.counts_in_nation, fed.base_year, fed.year, fed.is_actual, fed.sex,
        fed.age_from, fed.age_to,
        CAST(fed.population - whole.of_known_age AS BIGINT) AS population,
        fed.source_sha256, fed.is_group
    FROM fed
    INNER JOIN whole
        ON fed.projection = whole.projection
        AND fed.area = whole.area
        AND fed.year = whole.year
    WHERE fed.sex = 'both' AND fed.age_from IS NULL AND fed.population > whole.of_known_age
),

offered AS (
    SELECT source, projection, area, year, count(*) AS cells
    FROM told
    GROUP BY source, projection, area, year
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY projection, area, year ORDER BY cells DESC NULLS LAST, source NULLS LAST
        ) AS place
    FROM offered
),

begun AS (
    SELECT projection, min(year) AS year FROM offered GROUP BY projection
)

SELECT
    told.area AS municipality,
    told.area_name,
    told.prefecture,
    told.area_kind,
    told.counts_in_nation,
    told.series,
    told.projection,
    COALESCE(told.base_year, begun.year) AS base_year,
    told.year,
    told.is_actual,
    told.sex,
    told.age_from,
    told.age_to,
    CASE WHEN NOT told.is_group THEN told.age_from END AS age,
    CASE
        WHEN told.age_from IS NULL THEN NULL
        WHEN told.age_to < 15 THEN '0-14'
        WHEN told.age_from >= 15 AND told.age_to < 65 THEN '15-64'
        WHEN told.age_from >= 65 AND told.age_to < 75 THEN '65-74'
        WHEN told.age_from >= 75 THEN '75+'
    END AS age_group,
    told.population,
    told.source_sha256
FROM told
INNER JOIN ranked
    ON told.source = ranked.source
    AND told.projection = ranked.projection
    AND told.area = ranked.area
    AND told.year = ranked.year
INNER JOIN begun ON told.projection = begun.projection
WHERE ranked.place = 1
