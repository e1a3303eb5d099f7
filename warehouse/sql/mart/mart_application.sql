-- One row per municipality × month × procedure × intake × place × processing: applications, and
-- those of them that each rate counts, with the denominators of the rates that need more recorded.
SELECT
    application.municipality,
    application.month,
    core_date.fiscal_year,
    application.month AS period_from,
    last_day(application.month) AS period_to,
    application.procedure,
    application.intake,
    application.place,
    application.processing,
    track.double_track_class,
    application.applications,
    CASE WHEN application.intake = 'online' THEN application.applications ELSE 0 END AS online,
    CASE
        WHEN application.intake IN ('online', 'counter_digital', 'remote', 'kiosk')
            THEN application.applications
        ELSE 0
    END AS digital_intake,
    CASE
        WHEN application.processing IS NULL THEN 0 ELSE application.applications
    END AS processing_known,
    CASE
        WHEN application.processing = 'digital' THEN application.applications ELSE 0
    END AS processed_digitally,
    CASE
        WHEN application.intake IN ('online', 'counter_digital', 'remote', 'kiosk')
            AND application.processing = 'digital'
            THEN application.applications
        ELSE 0
    END AS single_track,
    CASE
        WHEN application.intake IN ('counter_digital', 'counter_paper')
            THEN application.applications
        ELSE 0
    END AS at_counter,
    CASE
        WHEN application.intake = 'counter_digital' THEN application.applications ELSE 0
    END AS counter_digital,
    CASE
        WHEN application.place IS NULL AND application.intake <> 'mail' THEN 0
        ELSE application.applications
    END AS place_known,
    CASE
        WHEN application.place IN ('home', 'near') OR application.intake = 'mail'
            THEN application.applications
        ELSE 0
    END AS outside_hall
FROM core_application AS application
INNER JOIN core_date ON application.month = core_date.date
LEFT JOIN mart_double_track AS track
    ON application.municipality = track.municipality
    AND application.procedure = track.procedure
    AND application.month = track.month
