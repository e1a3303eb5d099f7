-- One row per municipality × month × procedure × intake × place × processing: applications.
SELECT
    municipality,
    month,
    procedure,
    intake,
    place,
    processing,
    applications,
    minutes_per_case,
    source_sha256
FROM lake_applications
