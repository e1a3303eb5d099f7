-- One row per area × five-year period × sex × age at its start: assumptions of a projection, each
-- null where the file does not tell. The child-woman ratio and the sex ratio (boys per girl at 0–4)
-- hold for the whole period; their rows may have no age.
SELECT
    area,
    year_from,
    sex,
    age_from AS age,
    survival,
    net_migration,
    child_woman_ratio,
    sex_ratio,
    source_sha256
FROM lake_population_assumption
