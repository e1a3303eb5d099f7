-- One row per municipality × day of the My Number card tables: cards issued, and the population
-- that the published rate divides by. is_newest marks the newest day of each municipality.
WITH counted AS (
    SELECT
        municipality,
        as_of,
        max(CASE WHEN indicator = 'mynumber_cards' THEN value END) AS cards,
        max(CASE WHEN indicator = 'mynumber_population' THEN value END) AS population
    FROM core_indicator
    WHERE source = 'mynumber_card'
    GROUP BY municipality, as_of
)

SELECT
    municipality,
    as_of,
    as_of AS period_from,
    as_of AS period_to,
    as_of = max(as_of) OVER (PARTITION BY municipality) AS is_newest,
    cards,
    population
FROM counted
WHERE cards IS NOT NULL AND population IS NOT NULL
