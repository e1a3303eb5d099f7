-- One row per area × earlier regional round × later census: persons projected for the year of a
-- census by a round that began before it, and persons counted, which open a later round. Areas are
-- those that make up the nation in the earlier round, without prefectures that it gives in place
-- of their municipalities. An area that changed its code in between, or was merged, is found
-- through the code that stands for it today; the parts of a merger are added up. An area that was
-- split has no row. A part that the earlier file leaves out would look like people who came.
WITH known AS (
    SELECT
        core_population.projection,
        core_population.base_year,
        core_population.year,
        core_population.municipality,
        core_population.area_kind,
        core_population.is_actual,
        core_population.counts_in_nation,
        COALESCE(place.current_code, core_population.municipality) AS place,
        sum(core_population.population) AS population
    FROM core_population
    LEFT JOIN core_municipality AS place ON core_population.municipality = place.code
    WHERE core_population.series = 'regional' AND core_population.area_kind <> 'prefecture'
    GROUP BY
        core_population.projection, core_population.base_year, core_population.year,
        core_population.municipality, core_population.area_kind, core_population.is_actual,
        core_population.counts_in_nation, place.current_code
),

projected AS (
    SELECT projection, base_year, year, place, sum(population) AS population
    FROM known
    WHERE counts_in_nation AND NOT is_actual
    GROUP BY projection, base_year, year, place
),

-- Of rounds that open with the same census the first by name speaks.
opening AS (
    SELECT base_year, min(projection) AS projection
    FROM known
    WHERE is_actual AND year = base_year
    GROUP BY base_year
),

counted AS (
    SELECT
        known.projection,
        known.year,
        known.place,
        CASE WHEN count(*) = 1 THEN min(known.municipality) ELSE known.place END AS municipality,
        min(known.area_kind) AS area_kind,
        sum(known.population) AS population
    FROM known
    INNER JOIN opening
        ON known.projection = opening.projection
        AND known.year = opening.base_year
    WHERE known.is_actual
    GROUP BY known.projection, known.year, known.place
)

SELECT
    counted.municipality,
    counted.area_kind,
    projected.projection,
    projected.base_year,
    counted.projection AS counted_by,
    counted.year,
    counted.year - projected.base_year AS years_ahead,
    CAST(projected.population AS BIGINT) AS projected,
    CAST(counted.population AS BIGINT) AS counted
FROM projected
INNER JOIN counted
    ON projected.place = counted.place
    AND projected.year = counted.year
    AND projected.projection <> counted.projection
WHERE projected.base_year < counted.year AND counted.population > 0
