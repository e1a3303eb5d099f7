-- One row per municipality × source × indicator × day: a value, or why there is none. status tells
-- reported from not_done, planned, no_answer, unpublished and not_applicable; value is null unless
-- reported. An indicator that is either done or not has the unit 有無, and 1 where it is done.
-- Sources that say so in their YAML (feeds: core_indicator) are all here; none is named.
SELECT
    municipality,
    source,
    indicator,
    as_of,
    value,
    status,
    unit,
    category,
    source_sha256
FROM feed_indicator
