-- One row per published area × projection × year × sex × age band. population_base is the same
-- cell in the projection's base year; is_newest_projection marks the projection with the newest
-- base year of all that are loaded; is_base_year marks the year that its projection starts from.
WITH newest AS (
    SELECT max(base_year) AS base_year FROM core_population
)

SELECT
    population.municipality,
    population.area_kind,
    population.counts_in_nation,
    population.projection,
    population.base_year,
    population.base_year = newest.base_year AS is_newest_projection,
    population.year,
    population.year AS period_from,
    population.year AS period_to,
    population.year = population.base_year AS is_base_year,
    population.is_actual,
    population.sex,
    population.age_from AS age,
    population.age_to,
    population.age_group,
    population.population,
    base.population AS population_base
FROM core_population AS population
CROSS JOIN newest
LEFT JOIN core_population AS base
    ON population.municipality = base.municipality
    AND population.projection = base.projection
    AND base.year = population.base_year
    AND population.sex = base.sex
    AND COALESCE(population.age_from, -1) = COALESCE(base.age_from, -1)
