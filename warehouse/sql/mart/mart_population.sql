-- One row per published area × projection × year × sex × age band. population_base is the same
-- cell in the projection's base year. is_newest_projection marks what answers for its series where
-- no projection is asked for: of those with the newest base year the first by name, which of the
-- variants of a national projection is the medium one. is_usual_year marks the year that answers
-- where none is asked for: the base year of a projection, the newest of the resident register.
WITH newest AS (
    SELECT series, max(base_year) AS base_year, max(year) AS year
    FROM core_population
    GROUP BY series
),

usual AS (
    SELECT core_population.series, newest.year, min(core_population.projection) AS projection
    FROM core_population
    INNER JOIN newest
        ON core_population.series = newest.series
        AND core_population.base_year = newest.base_year
    GROUP BY core_population.series, newest.year
)

SELECT
    population.municipality,
    population.area_kind,
    population.counts_in_nation,
    population.series,
    population.projection,
    population.base_year,
    population.projection = usual.projection AS is_newest_projection,
    population.year,
    population.year AS period_from,
    population.year AS period_to,
    CASE
        WHEN population.series = 'register' THEN population.year = usual.year
        ELSE population.year = population.base_year
    END AS is_usual_year,
    population.is_actual,
    population.sex,
    population.age,
    population.age_to,
    population.age_group,
    population.population,
    base.population AS population_base
FROM core_population AS population
INNER JOIN usual ON population.series = usual.series
LEFT JOIN core_population AS base
    ON population.municipality = base.municipality
    AND population.projection = base.projection
    AND base.year = population.base_year
    AND population.sex = base.sex
    AND COALESCE(population.age_from, -1) = COALESCE(base.age_from, -1)
